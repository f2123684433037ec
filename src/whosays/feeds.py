"""Which feeds are read, what they told of, and what became of it: values, and the store that keeps them.

What a feed tells of is kept before any of it is read, together with what the feed's server is to be asked by next time: whatever
ends the process, nothing is lost, and nothing is read twice but what was at hand. Times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

#: Failures in a row after which a feed's operator is told.
FAILING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that is read.

    `folder` is where it lies in a list of feeds. `due` None: it is read as soon as may be. `asked` is when it was last asked,
    `read` when it last answered as it should, and `failures` how often in a row it has not since, `error` why. `told`: its
    operators know that it fails, or has `ended` (410: it is not asked any more).

    `etag` and `last_modified` are what its server is asked by; `every`, `skip_hours` and `skip_days` what it says of itself (see
    `whosays.reading.entries.FeedRead`); `gap` is how far apart its entries lie (the median), `newest` the date of the last one.
    """

    url: str
    added: datetime
    title: str | None = None
    site: str | None = None
    folder: str | None = None
    due: datetime | None = None
    asked: datetime | None = None
    read: datetime | None = None
    failures: int = 0
    error: str = ""
    told: bool = False
    ended: bool = False
    etag: str | None = None
    last_modified: str | None = None
    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    gap: timedelta | None = None
    newest: datetime | None = None
    interval: timedelta | None = None

    @property
    def failing(self) -> bool:
        """Say whether something is wrong with it that its operator should look at."""
        return self.ended or self.failures >= FAILING


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFound:
    """A feed that is at an address, or that the page there names."""

    url: str
    title: str | None = None
    site: str | None = None


class Standing(StrEnum):
    """What became of a page that a feed told of."""

    WAITING = "waiting"
    #: Its article is in the store, read in full.
    READ = "read"
    #: Of its article only what the feed itself gives is in the store.
    FEED_TEXT = "feed text"
    REFUSED = "refused"
    #: Its outlet has taken it back: the article is not in the store any more.
    WITHDRAWN = "withdrawn"
    #: The operator has removed the article: it does not come again.
    REMOVED = "removed"
    #: It is older than articles are kept.
    EXPIRED = "expired"


#: Not read again, whatever feeds tell of it.
FINAL = frozenset({Standing.REMOVED, Standing.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry of a feed: `key` names it within the feed, `digest` is that of what the feed says of it (`told`, JSON).

    `address` names its page, whichever feed tells of it: the canonical one. `at_once`: what it says must not wait.
    """

    key: str
    digest: str
    address: str
    told: str
    at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that feeds told of. `feed` told of it first, or last that it has changed; None where that is gone.

    `due` is when it is looked at next; None: never. `looks` counts how often it was looked at since it last changed, and
    `failures` how often in a row that failed. `why` is the reason of a standing that needs one. `article` is the id of what is,
    or was, in the store of it, `title` its headline.
    """

    address: str
    feed: str | None
    told: str
    standing: Standing = Standing.WAITING
    due: datetime | None = None
    article: str | None = None
    title: str | None = None
    why: str = ""
    read: datetime | None = None
    looks: int = 0
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None


class Feeds(Protocol):
    """The store. Safe to call from several threads and processes; every method may raise StoreError."""

    def add(self, feed: Feed) -> bool:
        """Keep a feed; False where its address is there already: that one stays as it is."""

    def remove(self, url: str) -> bool:
        """Let a feed go, and what it told of that was not read yet; say whether it was there."""

    def feeds(self) -> Sequence[Feed]:
        """Return the feeds, by address."""

    def feed(self, url: str) -> Feed | None:
        """Return the feed at this address."""

    def due(self, now: datetime, limit: int) -> Sequence[Feed]:
        """Return feeds that are to be asked by `now`, those first that have waited longest."""

    def read_soon(self, url: str) -> bool:
        """Have a feed asked as soon as may be, even one that has ended; say whether it is there."""

    def note(self, feed: Feed, was: str, listed: Sequence[Listed], now: datetime) -> int:
        """Keep how a feed's reading went and what it told of, in one transaction; return how many entries were new or changed.

        `was` is its address before: it may have moved, and may meet itself there. The pages of such entries are due now, or some
        minutes after they were last read, but for those that are final, or that another feed has told of before. Nothing is kept
        of a feed that is gone.
        """

    def set_told(self, *urls: str) -> None:
        """Note that the operators know that these feeds fail."""

    def pages_due(self, now: datetime, limit: int) -> Sequence[Page]:
        """Return pages that are to be looked at by `now`, those that were never read first."""

    def page(self, address: str) -> Page | None:
        """Return the page of this address."""

    def page_of(self, article: str) -> Page | None:
        """Return the page that gave an article."""

    def is_removed(self, article: str) -> bool:
        """Say whether an operator has removed an article, by whichever of the pages that lead to it."""

    def keep_page(self, page: Page) -> bool:
        """Keep what became of a page, in place of what was; False where that is final, and is to stay so (see `FINAL`)."""

    def pages(self, standing: Standing, limit: int) -> Sequence[Page]:
        """Return pages of this standing, the last read first."""

    def pages_read_before(self, moment: datetime, limit: int) -> Sequence[Page]:
        """Return pages with an article in the store that were last read before a moment, the oldest first."""

    def tidy(self, now: datetime) -> None:
        """Forget entries that their feeds have not listed for long, and pages that nothing tells of any more."""

    def alone(self) -> bool:
        """Say whether this process may poll: no other does, from now until this store is closed or the process ends."""

    def take_hosts(self, hosts: Sequence[str], reader: str, now: datetime, until: datetime, limit: int) -> Sequence[str]:
        """Return the first of these hosts that this one of several readers may ask from now on; nobody else may before `until`.

        What is due there is to be looked up after that: another reader may have read it just before.
        """

    def hold_hosts(self, hosts: Collection[str], reader: str, until: datetime) -> None:
        """Hold on to hosts that a reader has taken."""

    def leave_host(self, host: str, reader: str, until: datetime) -> None:
        """Leave a host to others from a time on, until when it is to rest; the one who has asked it last knows how long."""

    def close(self) -> None:
        """Let go of the files."""
