"""Sitemaps: those for news give title and date; plain ones an address and when it changed; an index names others.

https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.etree

from whosays.reading.article import is_web_address, read_date
from whosays.reading.entries import MOST_ENTRIES, Entry, FeedRead
from whosays.reading.markup import line_of

_MOST_MAPS = 100
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def read(root: lxml.etree._Element, url: str) -> FeedRead:
    """Return what a sitemap names, the newest first; of an index, the sitemaps. When a page changed is no date of its article."""
    if _local(root) == "sitemapindex":
        return _read_index(root)
    notes: list[str] = []
    entries, titles, languages = [], [], []
    for number, element in enumerate(root, 1):
        if _local(element) != "url":
            continue
        told = {_local(part): (part.text or "").strip() for part in element.iter() if isinstance(part.tag, str)}
        # Pictures and videos of a page have a title and an address of their own.
        news = next((part for part in element if _local(part) == "news"), None)
        title = next((line_of(part.text or "") for part in news if _local(part) == "title"), None) if news is not None else None
        address = next(((part.text or "").strip() for part in element if _local(part) == "loc"), "")
        if len(address) > 2_000 or not is_web_address(address):
            notes.append(f"entry {number}: it has no address")
            continue
        if news is not None:
            titles.append(told.get("name"))
            languages.append(told.get("language"))
        entries.append(
            Entry(
                id=address,
                url=address,
                title=title or None,
                published=_date(told.get("publication_date") if news is not None else None, number, notes),
                updated=_date(told.get("lastmod"), number, notes),
            )
        )
    if len(entries) > MOST_ENTRIES:
        notes.append(f"it has {len(entries):,} entries; the newest {MOST_ENTRIES:,} were read")
    entries.sort(key=lambda entry: entry.published or entry.updated or _LONG_AGO, reverse=True)
    return FeedRead(
        title=next((line_of(title) for title in titles if title), None),
        entries=tuple(entries[:MOST_ENTRIES]),
        language=next((language.lower()[:20] for language in languages if language), None),
        notes=tuple(notes),
    )


def _read_index(root: lxml.etree._Element) -> FeedRead:
    notes: list[str] = []
    maps = []
    for number, element in enumerate(root, 1):
        told = {_local(part): (part.text or "").strip() for part in element}
        address = told.get("loc", "")
        if len(address) <= 2_000 and is_web_address(address):
            maps.append((_date(told.get("lastmod"), number, notes) or _LONG_AGO, address))
    maps.sort(key=lambda pair: pair[0], reverse=True)
    if len(maps) > _MOST_MAPS:
        notes.append(f"it names {len(maps):,} sitemaps; the newest {_MOST_MAPS} are kept")
    return FeedRead(feeds=tuple(address for _, address in maps[:_MOST_MAPS]), notes=tuple(notes))


def _date(value: str | None, number: int, notes: list[str]) -> datetime | None:
    try:
        return read_date(value)
    except ValueError:
        notes.append(f"entry {number}: its date {(value or '')[:40]!r} cannot be read")
        return None


def _local(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
