"""What is too old goes: entries that no feed lists any more, articles that were published longer ago than they are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whosays.feeds import Feeds, Page, Standing
from whosays.polling.library import Shelf
from whosays.polling.report import Came, PollReport

_EVERY = timedelta(hours=1)
#: Looked for at a time: articles by their date, pages by when they were read.
_ARTICLES, _PAGES = 200, 1_000


@dataclass(slots=True, kw_only=True)
class Housekeeping:
    """Lets go of what is too old, once in an hour. Of several readers the one does that says yes to `alone`.

    `since` returns the day before which articles are not kept, None where all are.
    """

    feeds: Feeds
    shelf: Shelf
    report: Callable[[], PollReport]
    now: Callable[[], datetime]
    since: Callable[[], datetime | None]
    alone: Callable[[], bool]
    _kept: datetime | None = None

    async def keep(self) -> None:
        """Let go of what is too old, if it is time. Raises StoreError, ModelError and ConfigError."""
        now = self.now()
        if self._kept is not None and now - self._kept < _EVERY:
            return
        if not await asyncio.to_thread(self.alone):
            return
        self._kept = now
        await asyncio.to_thread(self.feeds.tidy, now)
        if (since := self.since()) is None:
            return
        while ids := await self.shelf.call(lambda library: library.published_before(since, _ARTICLES)):
            if not any([await self.shelf.remove(id) for id in ids]):
                break
            for id in ids:
                page = await asyncio.to_thread(self.feeds.page_of, id)
                if page is not None:
                    await self._expire(page)
        # Nobody says when an undated article was published: it counts from when it was read.
        for page in await asyncio.to_thread(self.feeds.pages_read_before, since, _PAGES):
            article = await self.shelf.call(lambda library, id=page.article or "": library.article(id))  # type: ignore[misc]
            if article is not None and article.published is None:
                await self.shelf.remove(article.id)
                await self._expire(page)

    async def _expire(self, page: Page) -> None:
        self.report().add(Came.EXPIRED)
        await asyncio.to_thread(self.feeds.keep_page, replace(page, standing=Standing.EXPIRED, due=None))
