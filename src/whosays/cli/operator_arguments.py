"""The arguments of what only an operator does: `feedback`, `correct`, `reindex`, `migrate`."""

from __future__ import annotations

import argparse
from pathlib import Path

_FEEDBACK = """\
Corrections that are not applied, because their words have changed, are listed too.
With --json a line a report: {"id", "fault", "at", "settled", "question", "status", "quotation", "article", "outlet",
"published", "url", "claim", "who", "to_do"}, where "quotation" is null if the card as a whole is meant; and a line a
correction that is not applied: {"stale", "said", "to_do"}.
--export writes labels as `eval --sides` reads them, a JSON line an article:
{"id", "claims": [{"content", "source", "cue", "speaker", "role", "side", "stance"}], "sides", "unanswerable",
"questions": [{"question", "relevant", "disputed", "reports": [{"report", "fault", "settled", "claim"}]}]}.
Labels are the claims as corrected; what an open report is about is labelled as it was shown: look at it before you score.
"""
_CORRECT = """\
A report of `feedback` that is corrected is settled, with all others of the same fault on the same words.
What is not given stays as it was found, or as it was corrected before.
"""
_MIGRATE = """\
Articles, claims, vectors, chats, topics, alerts, feeds: all of it as it is, numbers too; nothing is computed anew.
Stop what writes into FROM before (serve, poll, ingest). FROM is not changed. TO must not exist yet, or be empty.
Killed or stopped with Ctrl-C, the same command goes on where it was. At the end both are compared, row by row and
vector by vector, and asked the same; until then TO cannot be opened.
With --json one line: {"from", "to", "tables": [{"table", "rows", "digest"}], "vectors", "articles", "late"}, where "articles"
is of how many both were asked, and "late" how many rows were written into FROM meanwhile (they were copied, too).
"""
_REINDEX = """\
All passages and claims are embedded anew, by another model, while a bot goes on answering and articles go on coming; then the
store goes over to it at once, and so do running bots and pollers. Their question at hand is asked anew, none fails.
Killed or stopped with Ctrl-C, the same command goes on where it was; with the store's own model it lets go of what was begun.
With --json one line: {"model", "texts"}, where "texts" is how many were embedded, null where the store is of that model already.
"""


def _add_feedback(to: argparse.ArgumentParser) -> None:
    to.add_argument("--all", action="store_true", help="those that are settled, too")
    what = to.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="print JSON")
    what.add_argument("--export", type=Path, metavar="FILE", help="write them as evaluation cases, JSON lines")
    what.add_argument("--settle", type=positive, nargs="+", metavar="ID", help="note that these reports were dealt with")


def _add_migration(to: argparse.ArgumentParser) -> None:
    to.add_argument("source", metavar="FROM", help="the store's address, sqlite:///PATH or postgresql://…")
    to.add_argument("target", metavar="TO", help="the address that it is to have")
    to.add_argument("--json", action="store_true", help="print JSON")


def _add_reindexing(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--encoder", metavar="MODEL", help="a model's name or folder (default: $WHOSAYS_ENCODER, else all-MiniLM-L6-v2)"
    )
    to.add_argument("--json", action="store_true", help="print JSON")


def _add_correction(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "claim", metavar="REPORT|ARTICLE:START-END", help="a report's number, or an article's id and the words' place"
    )
    to.add_argument(
        "--side", type=_name, metavar="NAME|observer|open", help="the party that is spoken for; any name of it will do"
    )
    to.add_argument("--speaker", type=_name, metavar="NAME", help="who says it")
    to.add_argument("--role", metavar="ROLE", help="his office, as it is shown; another speaker has none without it")
    stances = "claims, denies, accuses, demands, promises, warns, doubts or believes"
    to.add_argument("--stance", choices=stances.replace(" or", ",").split(", "), metavar="STANCE", help=stances)
    to.add_argument("--hide", action="store_true", help="show the claim nowhere")
    to.add_argument("--of", metavar="NAME", help="which of joint speakers is meant")
    to.add_argument("--undo", action="store_true", help="let what was corrected there go")


#: Name, summary, details, and what adds the arguments.
OPERATORS = (
    ("feedback", "list what readers say is wrong, with what they were shown", _FEEDBACK, _add_feedback),
    ("reindex", "embed all articles anew, with another model", _REINDEX, _add_reindexing),
    ("correct", "say who really says a claim, and for whom; a running bot's next answer shows it", _CORRECT, _add_correction),
)

#: The same of what goes from one address to another.
MOVES = (("migrate", "move a store to another address, from SQLite to PostgreSQL or back", _MIGRATE, _add_migration),)


def positive(text: str) -> int:
    """Return a whole number of 1 or more, for argparse."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 1_000_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a name is wanted")
    return text.strip()
