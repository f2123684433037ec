"""One feed that is due: asked for what is new, or noted to have failed; what it tells of is kept before any of it is read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whosays.errors import FetchError, GoneError, InputError, RefusedAddressError, WhosaysError
from whosays.feeds import Feed, Feeds
from whosays.polling import schedule
from whosays.polling.listing import listed
from whosays.polling.politeness import Hosts, host_of
from whosays.polling.report import Came, PollReport
from whosays.reading.entries import FeedRead
from whosays.reading.feed import read_feed
from whosays.reading.fetch import Fetcher
from whosays.reading.fetched import NotModified

_log = logging.getLogger(__name__)

_ASKS_FOR_REST = frozenset({429, 503})
_USUAL_REST = timedelta(minutes=5)
#: Sitemaps of an index that are read: the newest.
_SITEMAPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks feeds. `handle` is told the address of each once it has moved; `since` as for `Reader`."""

    feeds: Feeds
    fetcher: Fetcher
    hosts: Hosts
    report: Callable[[], PollReport]
    handle: Callable[[str], None]
    now: Callable[[], datetime]
    chance: Callable[[], float]
    since: Callable[[], datetime | None]

    async def ask(self, feed: Feed, host: str) -> None:
        """Ask a feed, and keep what it told of, or that it failed. Raises StoreError."""
        entries: FeedRead | None = None
        try:
            async with self.hosts.turn(host):
                got = await self.fetcher.get_if_changed(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            moved = got.url if got.permanent else feed.url
            said = schedule.Said(url=moved, etag=got.etag, last_modified=got.last_modified, max_age=got.max_age)
            if isinstance(got, NotModified):
                said = replace(said, unchanged=True)
            else:
                entries = await self._with_sitemaps(await self._parsed(got.body, got.url, got.charset))
                said = _said(said, entries)
        except GoneError as error:
            after = schedule.gone if error.status == 410 else None
            changed = after(feed, str(error), self.now()) if after else self._failed(feed, error)
        except FetchError as error:
            if error.status in _ASKS_FOR_REST:
                self.hosts.rest(host, error.retry_after or _USUAL_REST)
            changed = self._failed(feed, error)
        except InputError as error:
            changed = self._failed(feed, error)
        except WhosaysError:
            raise
        except Exception:
            _log.exception("%s could not be read", feed.url)
            changed = self._failed(feed, InputError("it could not be read; the log says where that failed"))
        else:
            changed = schedule.answered(feed, said, self.now(), self.chance())
        await self._note(feed, changed, entries)

    async def _note(self, feed: Feed, changed: Feed, entries: FeedRead | None) -> None:
        found = () if entries is None else listed(entries.entries, changed.url, changed.title, self.since())
        new = await asyncio.to_thread(self.feeds.note, changed, feed.url, found, self.now())
        self.handle(changed.url)
        if changed.failures:
            self.report().add(Came.FEEDS_FAILED, feed.url, changed.error)
        else:
            self.report().add(Came.FEEDS_UNCHANGED if entries is None else Came.FEEDS_READ)
            if changed.url != feed.url:
                _log.info("feed %s has moved to %s", feed.url, changed.url)
            if new:
                _log.info("feed %s: %d new or changed", changed.url, new)
        for line in entries.notes if entries is not None else ():
            _log.info("feed %s: %s", changed.url, line)

    def _failed(self, feed: Feed, error: InputError) -> Feed:
        now, chance = self.now(), self.chance()
        if not isinstance(error, FetchError):
            return schedule.failed(feed, str(error), now, chance)
        silent = error.status is None and not isinstance(error, RefusedAddressError)
        return schedule.failed(feed, str(error), now, chance, error.retry_after, silent=silent)

    async def _parsed(self, body: bytes, url: str, charset: str | None) -> FeedRead:
        return await asyncio.to_thread(read_feed, body, url, charset=charset, now=self.now())

    async def _with_sitemaps(self, index: FeedRead) -> FeedRead:
        """Return an index of sitemaps with the entries of its newest ones; any other feed as it is."""
        entries = list(index.entries)
        for url in index.feeds[:_SITEMAPS] if not entries else ():
            async with self.hosts.turn(host_of(url)):
                got = await self.fetcher.get(url)
            entries += (await self._parsed(got.body, got.url, got.charset)).entries
        return replace(index, entries=tuple(entries))


def _said(said: schedule.Said, read: FeedRead) -> schedule.Said:
    dates: Iterable[datetime | None] = (entry.published or entry.updated for entry in read.entries)
    return replace(
        said,
        title=read.title,
        site=read.site,
        every=read.every,
        skip_hours=read.skip_hours,
        skip_days=read.skip_days,
        dates=tuple(date for date in dates if date is not None),
    )
