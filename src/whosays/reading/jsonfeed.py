"""JSON Feed, 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yarl import URL

from whosays.errors import InputError
from whosays.reading.article import is_web_address, read_date
from whosays.reading.entries import MOST_ENTRIES, Entry, FeedRead
from whosays.reading.markup import line_of, text_of


def read(text: str, url: str) -> FeedRead:
    """Return the feed. Raises InputError where it is none."""
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError("it is no JSON that can be read") from error
    if not isinstance(feed, dict) or "jsonfeed.org/version" not in str(feed.get("version", ""))[:100]:
        raise InputError("it is JSON, but no JSON feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise InputError("it is a JSON feed without items")
    notes = [] if len(items) <= MOST_ENTRIES else [f"it has {len(items):,} entries; the first {MOST_ENTRIES:,} were read"]
    entries = []
    for number, item in enumerate(items[:MOST_ENTRIES], 1):
        if isinstance(item, dict):
            entries.append(_entry(item, url, number, notes))
        else:
            notes.append(f"entry {number}: it is no JSON object")
    return FeedRead(
        title=line_of(_string(feed, "title")) or None,
        entries=tuple(entries),
        site=_address(_string(feed, "home_page_url"), url),
        language=_string(feed, "language").lower()[:20] or None,
        next_page=_address(_string(feed, "next_url"), url),
        notes=tuple(notes),
    )


def _entry(item: Mapping[str, Any], url: str, number: int, notes: list[str]) -> Entry:
    id = item.get("id")
    plain = _string(item, "content_text")
    return Entry(
        id=str(id)[:2_000] if isinstance(id, str | int) and str(id)[:1] else None,
        url=_address(_string(item, "url") or _string(item, "external_url"), url),
        title=line_of(_string(item, "title")) or None,
        published=_date(item, "date_published", number, notes),
        updated=_date(item, "date_modified", number, notes),
        author=", ".join(_authors(item)) or None,
        summary=text_of(_string(item, "summary")),
        content=text_of(_string(item, "content_html"))
        or "\n\n".join(part.strip() for part in plain.split("\n\n") if part.strip()),
    )


def _authors(item: Mapping[str, Any]) -> list[str]:
    authors = item.get("authors")
    known = authors if isinstance(authors, list) else [item.get("author")]
    return [name for author in known[:20] if isinstance(author, dict) and (name := line_of(_string(author, "name")))]


def _date(item: Mapping[str, Any], name: str, number: int, notes: list[str]) -> datetime | None:
    value = _string(item, name)[:60]
    try:
        return read_date(value)
    except ValueError:
        notes.append(f"entry {number}: its date {value[:40]!r} cannot be read")
        return None


def _string(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _address(value: str, base: str) -> str | None:
    value = value.strip()
    if not value or len(value) > 2_000:
        return None
    try:
        whole = str(URL(base).join(URL(value))) if is_web_address(base) else value
    except (ValueError, TypeError):
        return None
    return whole if is_web_address(whole) else None
