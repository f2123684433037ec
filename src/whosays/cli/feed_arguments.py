"""The arguments of what has to do with feeds: `feeds`, `poll` and `remove`."""

from __future__ import annotations

import argparse

_FEEDS = """\
Without more it lists them: when each was read and how fresh it is, those that fail first.
  add URL…      a feed, or a page that names one
  remove URL…   what was read of it stays
  now URL…      read as soon as the poller comes by, even one that has ended
  import FILE…  lists of feeds (OPML)
  export FILE   writes one; - is stdout
  starter       well-known public world news; not checked from here
  withdrawn     the articles that their outlets have taken back
With --json a line a feed: {"url", "title", "folder", "added", "read", "newest", "every_seconds", "due", "failures",
"error", "ended"}; of `withdrawn` a line an article: {"article", "title", "address", "why", "at"}.
"""
_POLL = """\
It goes on until it is stopped; with --once it reads what is due and ends. `serve` polls by itself.
What could not be read is listed with its reason; exit code 1 then, with --once.
"""
_REMOVE = """\
It goes with its claims, corrections and vectors, and feeds do not bring it again; `ingest` may.
"""


def _add_feeds(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "add", "remove", "now", "import", "export", "starter", "withdrawn"),
        help="what to do (default: list)",
    )
    to.add_argument("what", nargs="*", metavar="URL|FILE", help="the feeds' addresses, or the lists' files")
    to.add_argument("--json", action="store_true", help="print JSON")


def _add_poll(to: argparse.ArgumentParser) -> None:
    to.add_argument("--once", action="store_true", help="read what is due, and end")
    # Whoever started it holds the other end: it ends with him, however he ends, and hands its numbers to him.
    to.add_argument("--until-stdin-ends", action="store_true", help=argparse.SUPPRESS)


def _add_remove(to: argparse.ArgumentParser) -> None:
    to.add_argument("articles", nargs="+", metavar="URL|ID", help="an article's address or id")


#: Name, summary, details, and what adds the arguments.
FEEDS = (
    ("feeds", "list the feeds that are read, and how fresh they are; add and remove some", _FEEDS, _add_feeds),
    ("poll", "read feeds whenever they are due", _POLL, _add_poll),
    ("remove", "remove articles from the store", _REMOVE, _add_remove),
)
