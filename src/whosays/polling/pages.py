"""One page that a feed told of: fetched, read, stored, or let go; what became of it is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from whosays.errors import ContentError, FetchError, GoneError, RefusedAddressError
from whosays.feeds import FINAL, Feeds, Page, Standing
from whosays.polling import schedule
from whosays.polling.library import Shelf
from whosays.polling.listing import Told, told_of, without_texts
from whosays.polling.politeness import Hosts, host_of
from whosays.polling.report import Came, PollReport
from whosays.polling.withdrawn import is_withdrawal
from whosays.reading.fetch import Fetcher
from whosays.reading.fetched import Fetched, NotModified
from whosays.reading.linked import is_front_page, read_entry, read_page
from whosays.reading.robots import Robots
from whosays.store.corpus import Outcome
from whosays.types import Article, Reading, Refused

_log = logging.getLogger(__name__)

#: Answers after which asking later may help.
_TRANSIENT = frozenset({408, 425, 429})
_ASKS_FOR_REST = frozenset({429, 503})
_USUAL_REST = timedelta(minutes=5)
#: After so many tries what the feed itself gives is better than to wait on.
_PATIENCE = 2
_IN_STORE = frozenset({Standing.READ, Standing.FEED_TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Looks at pages. `since` returns the day before which articles are not kept, None where all are."""

    feeds: Feeds
    shelf: Shelf
    fetcher: Fetcher
    robots: Robots
    hosts: Hosts
    report: Callable[[], PollReport]
    now: Callable[[], datetime]
    chance: Callable[[], float]
    since: Callable[[], datetime | None]

    async def look(self, page: Page) -> None:
        """Look at a page that is due, and keep what became of it. Raises StoreError and ModelError; then it is due still."""
        try:
            told = told_of(page.told)
        except msgspec.DecodeError:
            await self._keep(replace(page, standing=Standing.REFUSED, due=None, why="another version of whosays kept it"))
            return
        if is_withdrawal(told.entry.title, told.entry.text):
            await self._withdraw(page, f"its feed says so: {told.entry.title or 'a notice stands in its place'}")
        elif told.entry.url is None:
            await self._own_text(page, told, "")
        else:
            await self._fetch(page, told, told.entry.url)

    async def _fetch(self, page: Page, told: Told, url: str) -> None:
        host = host_of(url)
        try:
            permission = await self.robots.may(url)
            if not permission.allowed:
                if permission.wait is None:
                    await self._own_text(page, told, permission.reason)
                else:
                    await self._later(page, told, permission.reason, permission.wait)
                return
            in_full = page.standing is Standing.READ
            async with self.hosts.turn(host, permission.delay):
                got = await self.fetcher.get_if_changed(
                    url, etag=page.etag if in_full else None, last_modified=page.last_modified if in_full else None
                )
        except GoneError as error:
            await self._missing(page, told, str(error), error.status)
        except (RefusedAddressError, ContentError) as error:
            await self._own_text(page, told, str(error))
        except FetchError as error:
            if error.status in _ASKS_FOR_REST:
                self.hosts.rest(host, error.retry_after or _USUAL_REST)
            if error.status is None or error.status >= 500 or error.status in _TRANSIENT:
                await self._later(page, told, str(error), error.retry_after)
            else:
                await self._own_text(page, told, str(error))
        else:
            await self._read(page, told, url, got)

    async def _read(self, page: Page, told: Told, url: str, got: Fetched | NotModified) -> None:
        if isinstance(got, NotModified):
            self._count(Came.UNCHANGED)
            await self._keep(schedule.looked_at(page, self.now(), self.chance()))
            return
        if is_front_page(got.url, url):
            await self._missing(page, told, f"{url} leads to a front page", 404)
            return
        reading = await asyncio.to_thread(self._article, got, told)
        page = replace(page, etag=got.etag, last_modified=got.last_modified)
        if isinstance(reading, Article) and is_withdrawal(reading.title, reading.text):
            await self._withdraw(page, f"its page says so: {reading.title or 'a notice stands in its place'}")
        elif isinstance(reading, Refused):
            await self._refuse(page, reading.reason)
        elif reading.text.strip() != told.entry.text.strip():
            await self._store(page, reading, Standing.READ)
        else:
            await self._own_text(page, told, "its page holds no article that could be told from what is around it")

    def _article(self, got: Fetched, told: Told) -> Reading:
        return read_page(got.text, got.url, told.entry, outlet=told.outlet, known=self.shelf.library().holds)

    async def _own_text(self, page: Page, told: Told, why: str) -> None:
        """Take what the feed itself gives, unless there is better in the store; `why` says why the page is not read."""
        if page.standing is Standing.READ:
            self._count(Came.UNCHANGED)
            await self._keep(schedule.looked_at(page, self.now(), self.chance()))
            return
        reading = await asyncio.to_thread(
            lambda: read_entry(told.entry, page.address, outlet=told.outlet, why=why or None, known=self.shelf.library().holds)
        )
        if isinstance(reading, Refused):
            await self._refuse(page, reading.reason)
        else:
            await self._store(page, reading, Standing.FEED_TEXT, why)

    async def _store(self, page: Page, reading: Article, standing: Standing, why: str = "", due: datetime | None = None) -> None:
        since = self.since()
        if since is not None and reading.published is not None and reading.published < since:
            await self._keep(replace(page, standing=Standing.EXPIRED, due=None, title=reading.title, read=self.now()))
            return
        if await self._is_final(page):
            return
        if await self._is_removed(reading):
            # By another page: this one leads to the same article.
            await self._keep(replace(page, standing=Standing.REMOVED, due=None, article=reading.id, read=self.now()))
            return
        outcome = await self.shelf.put(page, reading)
        if isinstance(outcome, Refused):
            await self._refuse(page, outcome.reason)
            return
        self._count(Came(outcome.value))
        if outcome is not Outcome.UNCHANGED:
            if standing is Standing.FEED_TEXT:
                self._count(Came.FEED_TEXT, page.address, why)
            if reading.published is None:
                self._count(Came.UNDATED, page.address, "neither its feed nor its page says when it was published")
        kept = schedule.looked_at(page, self.now(), self.chance())
        kept = replace(kept, standing=standing, why=why, article=reading.id, title=reading.title)
        if standing is Standing.READ:
            kept = replace(kept, told=without_texts(page.told))
        # A page that gives no article is not looked at for changes; one that did not answer may be had later.
        kept = kept if standing is Standing.READ else replace(kept, due=due, failures=page.failures)
        stays = await self._keep(kept) and not await self._is_removed(reading)
        if not stays and outcome is not Outcome.UNCHANGED:
            # Its operator has removed it meanwhile. What was in the store before he takes away himself.
            await self.shelf.remove(reading.id)

    async def _later(self, page: Page, told: Told, why: str, retry_after: timedelta | None) -> None:
        self._count(Came.LATER, page.address, why)
        again = schedule.not_had(page, why, self.now(), self.chance(), retry_after)
        if page.standing is Standing.WAITING and again.failures >= _PATIENCE:
            reading = await asyncio.to_thread(read_entry, told.entry, page.address, outlet=told.outlet, known=self._holds)
            if isinstance(reading, Article):
                await self._store(replace(page, failures=again.failures), reading, Standing.FEED_TEXT, why, again.due)
                return
        await self._keep(again)

    async def _missing(self, page: Page, told: Told, why: str, status: int | None) -> None:
        if page.standing is Standing.WITHDRAWN:
            await self._keep(schedule.looked_at(page, self.now(), self.chance()))
        elif page.standing is not Standing.READ:
            self._count(Came.DEAD, page.address, why)
            await self._own_text(page, told, why)
        elif (again := schedule.missing(page, status, self.now())) is not None:
            self._count(Came.LATER, page.address, f"{why}: it is asked once more before its article is let go")
            await self._keep(again)
        else:
            await self._withdraw(page, why)

    async def _withdraw(self, page: Page, why: str) -> None:
        if page.article is not None:
            await self.shelf.remove(page.article)
        kept = schedule.looked_at(page, self.now(), self.chance())
        if page.standing is not Standing.WITHDRAWN:
            self._count(Came.WITHDRAWN, page.address, why)
            _log.warning("%s is withdrawn, and quoted no more: %s", page.address, why)
        await self._keep(replace(kept, standing=Standing.WITHDRAWN, why=why, etag=None, last_modified=None))

    async def _refuse(self, page: Page, why: str) -> None:
        if page.standing in _IN_STORE:
            # What was read once is better than what cannot be read now.
            self._count(Came.UNCHANGED)
            await self._keep(schedule.looked_at(page, self.now(), self.chance()))
            return
        self._count(Came.REFUSED, page.address, why)
        await self._keep(replace(page, standing=Standing.REFUSED, why=why, due=None, read=self.now()))

    def _holds(self, id: str) -> bool:
        return self.shelf.library().holds(id)

    def _count(self, came: Came, where: str = "", why: str = "") -> None:
        self.report().add(came, where, why)

    async def _is_final(self, page: Page) -> bool:
        """Say whether a page that was fetched, which may take minutes, has been removed meanwhile."""
        now = await asyncio.to_thread(self.feeds.page, page.address)
        return now is not None and now.standing in FINAL

    async def _is_removed(self, reading: Article) -> bool:
        return await asyncio.to_thread(self.feeds.is_removed, reading.id)

    async def _keep(self, page: Page) -> bool:
        return await asyncio.to_thread(self.feeds.keep_page, page)
