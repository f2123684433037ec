"""What a feed holds: the values that reading one gives, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Entries of a feed that are read; most feeds have some twenty.
MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article that a feed tells of. Times are None where it gives none. Texts are plain, blocks parted by blank lines."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    author: str | None = None
    summary: str = ""
    content: str = ""

    @property
    def text(self) -> str:
        """The fullest text that the feed itself gives."""
        return max(self.content, self.summary, key=len)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """A feed as read.

    `every` is how often it says that it changes; `skip_hours` (0 to 23, UTC) and `skip_days` (0 is Monday) when it says that it
    does not; `next_page` where older entries are. `feeds` are the sitemaps that a sitemap index names, newest first. `notes` say
    what was wrong with it and was read nevertheless.
    """

    title: str | None = None
    entries: tuple[Entry, ...] = ()
    site: str | None = None
    language: str | None = None
    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    next_page: str | None = None
    feeds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
