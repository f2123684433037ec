"""An RSS or Atom feed → Articles: the pages that it links to, with the feed's own text where a page cannot be read."""

from __future__ import annotations

import io
from calendar import timegm
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import lxml.etree
import lxml.html

from whosays.errors import FetchError
from whosays.reading.article import MIN_PAGE_WORDS, Details, admit, is_web_address, read_date
from whosays.reading.fetch import Fetched
from whosays.reading.page import extract
from whosays.types import Article, Reading, Refused

_BLOCKS = ("p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "figcaption", "br")


def read_feed(body: bytes, where: str, defaults: Details, get: Callable[[str], Fetched]) -> Iterator[Reading]:
    """Yield an article or a refusal for each entry of a feed, in the feed's order.

    `where` is the feed's address or file; `get` fetches a linked page and raises FetchError. The feed's word counts for the title
    and the time of an entry, the page's for its text; `defaults` for what neither says.
    """
    # A stream, not the bytes: feedparser would try to open these as a file of that name.
    feed = feedparser.parse(io.BytesIO(body), response_headers={"content-location": where} if is_web_address(where) else {})
    if not feed.entries:
        reason = "it is no RSS or Atom feed" if feed.bozo or not feed.version else "the feed has no entries"
        yield Refused(where=where, reason=reason)
    for number, entry in enumerate(feed.entries, 1):
        yield _read_entry(entry, f"{where} entry {number}", _details(entry, feed.feed.get("title")), defaults, get)


def _read_entry(entry: Any, where: str, told: Details, defaults: Details, get: Callable[[str], Fetched]) -> Reading:
    details = told.completed(defaults)
    own_text = max((_text(part) for part in _parts(entry)), key=len)
    if told.url is None:
        return admit(where, own_text, details, min_words=MIN_PAGE_WORDS)
    try:
        read = extract(get(told.url).html, told.url, details)
    except FetchError as error:
        read = Refused(where=told.url, reason=str(error))
    if isinstance(read, Article):
        return replace(read, title=told.title or read.title, published=read_date(told.published) or read.published)
    fallback = admit(told.url, own_text, details, min_words=MIN_PAGE_WORDS)
    if isinstance(fallback, Article):
        return fallback
    return Refused(where=told.url, reason=f"{read.reason}; and of the feed's own text: {fallback.reason}")


def _time(entry: Any) -> datetime | None:
    """Return an entry's time; None where it names none, or one that feedparser has moved beyond the calendar."""
    time = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(time), UTC) if time else None
    except (ValueError, OverflowError, OSError):
        return None


def _details(entry: Any, outlet: str | None) -> Details:
    return Details(
        id=None if entry.get("link") else entry.get("id"),
        url=entry.get("link") or None,
        outlet=outlet,
        title=" ".join(entry.get("title", "").split()) or None,
        author=entry.get("author"),
        published=_time(entry),
    )


def _parts(entry: Any) -> list[str]:
    return [entry.get("summary", ""), *(content.get("value", "") for content in entry.get("content", ()))]


def _text(html: str) -> str:
    """Return the text of a piece of HTML, its blocks as paragraphs."""
    if not html.strip():
        return ""
    try:
        root = lxml.html.fragment_fromstring(html, create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return ""
    for element in root.iter(*_BLOCKS):
        element.tail = "\n\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().split("\n\n"))
    return "\n\n".join(line for line in lines if line)
