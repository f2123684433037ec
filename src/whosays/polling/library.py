"""Where articles go: what polling needs of an engine, and a shelf that hands it what was read, several articles at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from time import perf_counter
from typing import Protocol, TypeVar

from whosays.feeds import Feeds, Page, Standing
from whosays.observe.metrics import PollerMetrics
from whosays.store.corpus import Outcome
from whosays.types import Article, IngestReport, Reading, Refused

_log = logging.getLogger(__name__)

T = TypeVar("T")
#: Articles that are read for claims and embedded together: what waits while others are at work.
_TOGETHER = 8


class Library(Protocol):
    """What polling needs of `whosays.engine.Engine`."""

    def ingest(self, readings: Iterable[Reading]) -> IngestReport:
        """Store what is read."""

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""

    def holds(self, id: str) -> bool:
        """Say whether the store holds an article of this id."""

    def article(self, id: str) -> Article | None:
        """Return a stored article, or None."""

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of articles that were published before a moment, the oldest first."""


class Shelf:
    """Puts articles into the library, in one thread: whoever waits is put together with others that do.

    The library is opened when the first article comes: a poller with nothing to read loads no models.
    """

    def __init__(
        self, feeds: Feeds, open_library: Callable[[], Library], metrics: PollerMetrics, now: Callable[[], datetime]
    ) -> None:
        self._feeds = feeds
        self._metrics = metrics
        self._now = now
        self._open = open_library
        self._opening = Lock()
        self._opened: Library | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shelf")
        self._waiting: list[tuple[Article, asyncio.Future[Outcome | Refused]]] = []
        self._putting = asyncio.Lock()

    def library(self) -> Library:
        """Return the library. Call it in a thread: opening takes a while. Raises ConfigError, ModelError and StoreError."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    async def put(self, page: Page, article: Article) -> Outcome | Refused:
        """Store the article of a page; what another page gave in full stays as that gave it. Raises StoreError and ModelError."""
        other = await asyncio.to_thread(self._feeds.page_of, article.id)
        if other is not None and other.address != page.address and other.standing is Standing.READ:
            return Outcome.UNCHANGED
        future: asyncio.Future[Outcome | Refused] = asyncio.get_running_loop().create_future()
        self._waiting.append((article, future))
        async with self._putting:
            if not future.done():
                await self._put_waiting()
        result = await future
        if not isinstance(result, Refused) and page.article is not None and page.article != article.id:
            # The same page under another name: what it was before would be quoted beside it.
            await self.remove(page.article)
        return result

    async def remove(self, article: str) -> bool:
        """Remove an article; say whether it was there. Raises StoreError."""
        return await self._in_thread(lambda: self.library().remove(article))

    async def call(self, work: Callable[[Library], T]) -> T:
        """Return what some work on the library returns, and raise what it raises."""
        return await self._in_thread(lambda: work(self.library()))

    def close(self) -> None:
        """Wait for what is at hand."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _put_waiting(self) -> None:
        together, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
        articles = [article for article, _ in together]
        try:
            report = await self._in_thread(lambda: self._ingest(articles))
        except Exception as error:
            # Whoever waits, this one too, hears of it by his future.
            for _, future in together:
                if not future.done():
                    future.set_exception(error)
            return
        except asyncio.CancelledError:
            for _, future in together:
                future.cancel()
            raise
        for article, future in together:
            if not future.done():
                future.set_result(_outcome(article.id, report))
            if article.published is not None and article.id in report.added:
                self._metrics.article_lag.observe(max(0.0, (self._now() - article.published).total_seconds()))

    def _ingest(self, articles: Sequence[Article]) -> IngestReport:
        library = self.library()
        # What the models take to load, once, is no article's.
        began = perf_counter()
        report = library.ingest(articles)
        took = perf_counter() - began
        self._metrics.ingest.observe(took)
        self._metrics.paragraphs.inc(report.paragraphs)
        if stored := len(report.added) + len(report.changed):
            told = {"articles": stored, "paragraphs": report.paragraphs, "duration_ms": round(1000 * took)}
            _log.info("articles are stored", extra=told)
        return report

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _outcome(id: str, report: IngestReport) -> Outcome | Refused:
    for refused in report.refused:
        if refused.where == id:
            return refused
    if id in report.added:
        return Outcome.ADDED
    return Outcome.CHANGED if id in report.changed else Outcome.UNCHANGED
