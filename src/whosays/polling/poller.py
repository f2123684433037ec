"""Has feeds asked when they are due and looks at the pages they tell of: one host at a time in turn, many hosts side by side.

What a feed tells of is kept with its answer, before any of it is read; what became of a page is kept when its article is stored.
So a process that is killed loses nothing, and reads again at most what was at hand, which adds nothing. Several may share a
store (`whosays.polling.sharing`).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from whosays.errors import WhosaysError
from whosays.feeds import Feed, Feeds, Page
from whosays.observe.metrics import PollerMetrics
from whosays.polling.asking import Asker
from whosays.polling.housekeeping import Housekeeping
from whosays.polling.library import Library, Shelf
from whosays.polling.pages import Reader
from whosays.polling.politeness import PAUSE, Hosts, host_of
from whosays.polling.report import FEEDS, PollReport
from whosays.polling.sharing import Sharing
from whosays.reading.fetch import Fetcher
from whosays.reading.robots import Robots

_log = logging.getLogger(__name__)

#: How often the store is asked what is due: a feed that is added, or is to be read now, waits no longer.
LOOK_EVERY = timedelta(seconds=3)
#: What is looked for at a time, and pages of one host before its feeds are asked again.
_MOST, _PAGES_IN_TURN = 1_000, 20
#: A host that wants to be left alone longer than this is not waited for.
_SHORT_REST = timedelta(seconds=90)
#: After a fault of the store's or the engine's.
_RECOVERY = timedelta(minutes=1)


@dataclass(slots=True)
class _Due:
    feeds: list[Feed] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


class Poller:
    """Reads feeds into a library. `retention`: articles that were published longer ago are let go; None keeps them.

    `shared`: other processes read the same feeds.
    """

    def __init__(
        self,
        feeds: Feeds,
        open_library: Callable[[], Library],
        fetcher: Fetcher,
        *,
        retention: timedelta | None = None,
        shared: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        pause: timedelta = PAUSE,
        metrics: PollerMetrics | None = None,
    ) -> None:
        """Take the clock, what waits, and what draws a number from 0 to 1. The fetcher is the caller's to close.

        What is counted goes into `metrics`.
        """
        self._feeds = feeds
        self._retention = retention
        self._now = now
        self._metrics = metrics or PollerMetrics()
        self._shelf = Shelf(feeds, open_library, self._metrics, now)
        self._hosts = Hosts(now, sleep, pause)
        self._sharing = Sharing(feeds, now) if shared else None
        self._asker = Asker(
            feeds=feeds,
            fetcher=fetcher,
            hosts=self._hosts,
            report=lambda: self._report,
            handle=self._handle,
            now=now,
            chance=chance,
            since=self._since,
        )
        self._reader = Reader(
            feeds=feeds,
            shelf=self._shelf,
            fetcher=fetcher,
            robots=Robots(fetcher, now),
            hosts=self._hosts,
            report=lambda: self._report,
            now=now,
            chance=chance,
            since=self._since,
        )
        self._house = Housekeeping(
            feeds=feeds,
            shelf=self._shelf,
            report=lambda: self._report,
            now=now,
            since=self._since,
            alone=feeds.alone if shared else lambda: True,
        )
        self._report = PollReport()
        self._visits: dict[str, asyncio.Task[None]] = {}
        self._faults: list[WhosaysError] = []
        self._handled: set[str] | None = None

    async def once(self, stop: asyncio.Event | None = None) -> PollReport:
        """Read all that is due, each feed and page once, and say what came. Raises StoreError, ModelError and ConfigError."""
        self._report, self._handled, self._faults = PollReport(), set(), []
        holding = self._hold()
        try:
            await self._house.keep()
            while await self._begin(stop):
                await asyncio.wait(self._visits.values(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end_visits()
            holding.cancel()
            self._handled = None
            self._count()
        if self._faults:
            raise self._faults[0]
        return self._report

    async def run(self, stop: asyncio.Event) -> None:
        """Read what is due, until `stop` is set; what is at hand then is finished."""
        waiting, holding = asyncio.ensure_future(stop.wait()), self._hold()
        try:
            while not stop.is_set():
                try:
                    await self._house.keep()
                    await self._begin(stop)
                except WhosaysError as error:
                    _log.error("feeds are read later: %s", error)
                await asyncio.wait(
                    {waiting, *self._visits.values()},
                    timeout=LOOK_EVERY.total_seconds(),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._say()
        finally:
            waiting.cancel()
            await self._end_visits()
            holding.cancel()
            self._say()

    def close(self) -> None:
        """Wait for the article at hand, and let go of the threads."""
        self._shelf.close()

    async def _begin(self, stop: asyncio.Event | None) -> bool:
        """Visit the hosts of what is due, but for those that are visited now; say whether any visit is under way."""
        over = (stop is not None and stop.is_set()) or (self._handled is not None and self._faults)
        if not over:
            found = await asyncio.to_thread(self._due)
            free = [host for host in found if host not in self._visits and self._hosts.rests(host) <= _SHORT_REST]
            if self._sharing is not None:
                free, found = await asyncio.to_thread(self._own, self._sharing, free)
            for host in free:
                task = self._visits[host] = asyncio.create_task(self._visit(host, found[host], stop))
                task.add_done_callback(lambda _, host=host: self._visits.pop(host, None))  # type: ignore[misc]
        return bool(self._visits)

    def _own(self, sharing: Sharing, hosts: list[str]) -> tuple[list[str], dict[str, _Due]]:
        """Return those of these hosts that are this reader's now, with what is due there."""
        taken = sharing.take(hosts)
        # Another reader may have read all of it just before.
        found = self._due() if taken else {}
        for host in taken:
            if host not in found:
                sharing.leave(host, timedelta())
        return [host for host in taken if host in found], found

    def _hold(self) -> asyncio.Future[None]:
        """Hold on to the hosts that are visited, until that is cancelled."""
        return asyncio.ensure_future(self._sharing.hold()) if self._sharing is not None else asyncio.Future()

    def _due(self) -> dict[str, _Due]:
        found: dict[str, _Due] = defaultdict(_Due)
        now = self._now()
        feeds, pages_due = self._feeds.due(now, _MOST), self._feeds.pages_due(now, _MOST)
        self._metrics.feeds_due.set(len(feeds))
        self._metrics.pages_due.set(len(pages_due))
        self._metrics.feed_lag.set(max((_overdue(feed, now) for feed in feeds), default=0.0))
        for feed in feeds:
            if self._handled is None or feed.url not in self._handled:
                found[host_of(feed.url)].feeds.append(feed)
        for page in pages_due:
            pages = found[host_of(page.address)].pages
            if len(pages) < _PAGES_IN_TURN and (self._handled is None or page.address not in self._handled):
                pages.append(page)
        return {host: due for host, due in found.items() if due.feeds or due.pages}

    async def _visit(self, host: str, due: _Due, stop: asyncio.Event | None) -> None:
        """Ask the feeds and look at the pages of one host, one after the other. Raises nothing: the others go on."""
        try:
            for feed in due.feeds:
                if (stop is not None and stop.is_set()) or self._hosts.rests(host) > _SHORT_REST:
                    return
                self._handle(feed.url)
                await self._asker.ask(feed, host)
            for page in due.pages:
                if (stop is not None and stop.is_set()) or self._hosts.rests(host) > _SHORT_REST:
                    return
                self._handle(page.address)
                await self._reader.look(page)
        except WhosaysError as error:
            self._faults = [error]
            self._hosts.rest(host, _RECOVERY)
            _log.error("what %s has is read later: %s", host, error)
        except Exception:
            self._hosts.rest(host, _RECOVERY)
            _log.exception("what %s has could not be read", host)
        finally:
            if self._sharing is not None:
                await asyncio.to_thread(self._sharing.leave, host, self._hosts.rests(host))

    def _since(self) -> datetime | None:
        return None if self._retention is None else self._now() - self._retention

    def _handle(self, what: str) -> None:
        if self._handled is not None:
            self._handled.add(what)

    async def _end_visits(self) -> None:
        if visits := list(self._visits.values()):
            await asyncio.wait(visits)

    def _say(self) -> None:
        if self._report.counts:
            for where, why in self._report.lines:
                _log.info("%s: %s", where, why)
            _log.info("%s", self._report.words())
            self._count()
            self._report = PollReport()

    def _count(self) -> None:
        for came, number in self._report.counts.items():
            if came in FEEDS:
                self._metrics.feeds_read.labels(came.value.removeprefix("feeds ")).inc(number)
            else:
                self._metrics.articles.labels(came.value).inc(number)


def _overdue(feed: Feed, now: datetime) -> float:
    """Return how many seconds ago a feed was to be asked; one that is to be read soon was due when it was added."""
    due = feed.due if feed.due is not None else feed.added if feed.read is None else now
    return (now - due).total_seconds()
