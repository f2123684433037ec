"""A feed's bytes → its entries and hints: RSS 0.9x to 2.0, Atom, JSON Feed, news sitemaps; told by content, not by name.

Nothing here fetches. What is malformed is read as far as it goes, and told in `notes`.
"""

from __future__ import annotations

import io
import re
import zlib
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import lxml.etree
from yarl import URL

from whosays.errors import InputError
from whosays.reading import jsonfeed, sitemap
from whosays.reading.article import is_web_address
from whosays.reading.charset import decode
from whosays.reading.entries import MOST_ENTRIES, Entry, FeedRead
from whosays.reading.markup import line_of, root_name, text_of, xml_root
from whosays.reading.unpacking import GZIP_MAGIC, Unpacking, unpacked

_FEEDS = frozenset({"rss", "rdf", "feed"})
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
#: Bytes of a feed, unpacked; one with a hundred articles in full has less than two million.
MAX_FEED = 10_000_000
#: Bytes of the entries of an RSS or Atom feed that are read.
_MOST_TEXT = 4_000_000
#: A clock may be a little fast; what is further ahead is told.
_SKEW = timedelta(minutes=10)
#: Before feeds there were none: such a date is a zero that nobody meant.
_FIRST_YEAR = 1971
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=30)


def read_feed(body: bytes, url: str, *, charset: str | None = None, now: datetime | None = None) -> FeedRead:
    """Return what a feed or sitemap holds, at most MOST_ENTRIES entries. Raises InputError where it is neither.

    `url` is where it was got from, `charset` what its server named; a date after `now` is taken for now.
    """
    now = now or datetime.now(UTC)
    if len(body) > MAX_FEED:
        raise InputError(f"the feed is larger than {MAX_FEED // 1_000_000} MB")
    if body.startswith(GZIP_MAGIC):
        try:
            body = unpacked(body, MAX_FEED)
        except ValueError as error:
            raise InputError(str(error)) from error
    text = decode(body, charset)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _dated(jsonfeed.read(text, url), now)
    name = root_name(text)
    if name not in _FEEDS | _SITEMAPS:
        raise InputError("it is no RSS or Atom feed, no JSON feed and no sitemap")
    root, notes = xml_root(text)
    found = sitemap.read(root, url) if name in _SITEMAPS else _read_xml(root, url)
    return _dated(replace(found, notes=(*notes, *found.notes)), now)


def looks_like_feed(body: bytes, content_type: str) -> bool:
    """Say whether these bytes begin as a feed or sitemap does; servers call them by many names."""
    head = body[:4_096]
    if head.startswith(GZIP_MAGIC):
        try:
            head = next(Unpacking("gzip").feed(head), b"")[:4_096]
        except zlib.error:
            return False
    text = decode(head)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return "jsonfeed.org/version" in text.replace("\\/", "/") or content_type == "application/feed+json"
    return root_name(text + " >") in _FEEDS | _SITEMAPS


def _read_xml(root: lxml.etree._Element, url: str) -> FeedRead:
    notes: list[str] = []
    _cut(root, notes)
    # Well-formed by now, and without a DOCTYPE: feedparser's strict parser takes it, and its tolerant one is never needed. Markup
    # within texts is ours to read, so that it neither cleans nor completes it.
    feed = feedparser.parse(
        io.BytesIO(lxml.etree.tostring(root, encoding="utf-8")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            **({"content-location": url} if is_web_address(url) else {}),
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    head = feed.feed
    entries = [_entry(entry, number, notes) for number, entry in enumerate(feed.entries, 1)]
    return FeedRead(
        title=line_of(_string(head, "title")) or None,
        entries=tuple(entries),
        site=_address(_string(head, "link")),
        language=_string(head, "language").strip().lower()[:20] or None,
        every=_every(root),
        skip_hours=frozenset(hour for hour in _numbers(root, "skiphours", "hour") if 0 <= hour <= 23),
        skip_days=frozenset(_DAYS.index(day) for day in _texts(root, "skipdays", "day") if day in _DAYS),
        next_page=next((_address(str(link.get("href"))) for link in head.get("links", ()) if link.get("rel") == "next"), None),
        notes=tuple(notes),
    )


def _cut(root: lxml.etree._Element, notes: list[str]) -> None:
    """Take out of a feed what is beyond measure: entries past MOST_ENTRIES, or past _MOST_TEXT bytes of all of them together."""
    items = [element for element in root.iter() if _local(element) in ("item", "entry")]
    size = kept = 0
    for item in items[:MOST_ENTRIES]:
        size += len(lxml.etree.tostring(item, encoding="utf-8", with_tail=False))
        if size > _MOST_TEXT:
            break
        kept += 1
    if kept < len(items):
        notes.append(f"it has {len(items):,} entries; the first {kept:,} were read")
    for item in items[kept:]:
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)


def _entry(entry: Any, number: int, notes: list[str]) -> Entry:
    parts = [text_of(str(content.get("value") or "")) for content in entry.get("content", ())]
    for kind in ("published", "updated"):
        if dict.get(entry, kind) and not dict.get(entry, f"{kind}_parsed"):
            notes.append(f"entry {number}: its date {str(dict.get(entry, kind))[:40]!r} cannot be read")
    return Entry(
        id=_string(entry, "id")[:2_000] or None,
        url=_address(_string(entry, "link")),
        title=line_of(_string(entry, "title")) or None,
        published=_time(dict.get(entry, "published_parsed")),
        updated=_time(dict.get(entry, "updated_parsed")),
        author=line_of(_string(entry, "author")) or None,
        summary=text_of(_string(entry, "summary")),
        content=max(parts, key=len, default=""),
    )


def _dated(feed: FeedRead, now: datetime) -> FeedRead:
    """Return the feed with dates that can be: what lies ahead is now, what was before all feeds is none."""
    notes: list[str] = []
    entries = [
        replace(
            entry, published=_possible(entry.published, now, number, notes), updated=_possible(entry.updated, now, number, notes)
        )
        for number, entry in enumerate(feed.entries, 1)
    ]
    return replace(feed, entries=tuple(entries), notes=(*feed.notes, *notes))


def _possible(time: datetime | None, now: datetime, number: int, notes: list[str]) -> datetime | None:
    if time is None or (time.year >= _FIRST_YEAR and time <= now):
        return time
    if time < now:
        notes.append(f"entry {number}: it is dated {time.year}, which nobody means; taken for undated")
        return None
    if time > now + _SKEW:
        notes.append(f"entry {number}: it is dated {time:%Y-%m-%d %H:%M} UTC, which is still to come; taken for now")
    return now


def _time(parsed: Any) -> datetime | None:
    """Return a time as feedparser has it; None where there is none, or it lies beyond the calendar."""
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _string(values: Any, name: str) -> str:
    value = dict.get(values, name)
    return value if isinstance(value, str) else ""


def _address(value: str) -> str | None:
    value = value.strip()
    if not value or len(value) > 2_000 or not is_web_address(value):
        return None
    try:
        return str(URL(value))
    except (ValueError, TypeError):
        return None


def _every(root: lxml.etree._Element) -> timedelta | None:
    """Return how often a feed says that it changes: RSS' ttl (minutes), else the syndication module's period and frequency."""
    minutes = next(_numbers(root, None, "ttl"), 0)
    if minutes > 0:
        return min(timedelta(minutes=minutes), _LONGEST)
    period = _PERIODS.get(next(_texts(root, None, "updateperiod"), ""))
    if period is None:
        return None
    return period / max(1, min(next(_numbers(root, None, "updatefrequency"), 1), 60))


def _texts(root: lxml.etree._Element, within: str | None, name: str) -> Iterator[str]:
    """Yield the texts of a feed's elements of this name (in lower case), of its head alone."""
    heads = [root, *(child for child in root if _local(child) == "channel")]
    for head in heads:
        for child in head:
            if within is None and _local(child) == name:
                yield (child.text or "").strip().lower()
            elif within is not None and _local(child) == within:
                yield from ((part.text or "").strip().lower() for part in child if _local(part) == name)


def _numbers(root: lxml.etree._Element, within: str | None, name: str) -> Iterator[int]:
    return (int(text) for text in _texts(root, within, name) if re.fullmatch(r"[0-9]{1,7}", text))


def _local(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
