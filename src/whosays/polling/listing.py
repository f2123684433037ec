"""What a feed lists, as it is kept until its pages are read: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from whosays.feeds import Listed
from whosays.polling.withdrawn import is_withdrawal
from whosays.reading.canonical import canonical
from whosays.reading.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a feed tells of a page: the entry, and the feed's name, which is its outlet's where the page names none."""

    entry: Entry
    outlet: str | None = None


_READER = msgspec.json.Decoder(Told)


def listed(entries: Sequence[Entry], feed: str, outlet: str | None, since: datetime | None = None) -> tuple[Listed, ...]:
    """Return the entries of a feed that are to be kept, in its order, each once; those dated before `since` are left out."""
    found: dict[str, Listed] = {}
    for entry in entries:
        dated = entry.updated or entry.published
        if since is not None and dated is not None and dated < since:
            continue
        address = canonical(entry.url) if entry.url else None
        told = _encoded(Told(entry=entry, outlet=outlet))
        # Some feeds write a tracker of its own into each link, each time that they are asked.
        digest = _digest(_encoded(Told(entry=replace(entry, url=address))))
        key = entry.id or address or digest
        address = address or f"{feed}#{_digest(key)[:16]}"
        withdrawn = is_withdrawal(entry.title, entry.text)
        found.setdefault(key, Listed(key=key, digest=digest, address=address, told=told, at_once=withdrawn))
    return tuple(found.values())


def told_of(text: str) -> Told:
    """Return what a feed told of a page, as `listed` wrote it down."""
    return _READER.decode(text)


def without_texts(text: str) -> str:
    """Return what a feed told of a page without its texts, which nobody needs once the page was read in full."""
    told = told_of(text)
    return _encoded(replace(told, entry=replace(told.entry, summary="", content="")))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _encoded(told: Told) -> str:
    try:
        return msgspec.json.encode(told).decode()
    except UnicodeEncodeError:
        # Half a surrogate pair, which a JSON feed may hold and no store can: the rest of the entry is as good as any.
        entry = told.entry
        words = {name: getattr(entry, name) for name in ("id", "url", "title", "author", "summary", "content")}
        clean = {name: text and text.encode("utf-8", "replace").decode() for name, text in words.items()}
        outlet = told.outlet and told.outlet.encode("utf-8", "replace").decode()
        return msgspec.json.encode(Told(entry=replace(entry, **clean), outlet=outlet)).decode()
