"""A poller over a real store and real HTTP, whose clock is turned by hand; its engine knows words alone, and no claims."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.feed_site import Item, Site
from tests.orsel import WordEncoder
from tests.patience import PATIENCE
from whosays.feeds import Feed
from whosays.ingest import ingest
from whosays.observe.metrics import PollerMetrics
from whosays.polling import Poller, PollReport
from whosays.reading.address import LOCAL
from whosays.reading.fetch import Fetcher, Limits
from whosays.store.feeds import SqlFeeds
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Article, IngestReport, Reading

START = datetime(2031, 5, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = Limits(timeout=timedelta(seconds=PATIENCE), silence=timedelta(seconds=PATIENCE))


class Clock:
    """A clock that stands still until it is turned; whoever sleeps by it turns it."""

    def __init__(self) -> None:
        self.time = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Turn the clock by so much."""
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def turn(self, **time: float) -> None:
        """Turn the clock: `hours=1`."""
        self.time += timedelta(**time)


class WordLibrary:
    """The engine of these tests: a real store, vectors of words, and no claims."""

    def __init__(self, corpus: SqlCorpus) -> None:
        self.corpus = corpus
        self.ingested: list[str] = []

    def ingest(self, readings: Iterable[Reading]) -> IngestReport:
        every = list(readings)
        self.ingested += [reading.id for reading in every if isinstance(reading, Article)]
        return ingest(every, self.corpus, WordEncoder(), lambda articles: [()] * len(articles))

    def remove(self, article: str) -> bool:
        return self.corpus.remove(article)

    def holds(self, id: str) -> bool:
        return bool(self.corpus.articles([id]))

    def article(self, id: str) -> Article | None:
        return self.corpus.articles([id]).get(id)

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        return self.corpus.published_before(moment, limit)


@dataclass(slots=True)
class Polling:
    """All that a test needs: it adds feeds, turns the clock, has the poller read, and looks what came."""

    clock: Clock
    feeds: SqlFeeds
    library: WordLibrary
    poller: Poller
    metrics: PollerMetrics

    def add(self, *urls: str) -> None:
        for url in urls:
            self.feeds.add(Feed(url=url, added=self.clock.time))

    async def read(self, **later: float) -> PollReport:
        """Turn the clock, and read what is due then."""
        self.clock.turn(**later)
        return await self.poller.once()

    def feed(self) -> Feed:
        [feed] = self.feeds.feeds()
        return feed


@asynccontextmanager
async def polling(
    folder: Path, *, retention: timedelta | None = None, clock: Clock | None = None, shared: str | None = None
) -> AsyncIterator[Polling]:
    """Open a poller over the store in a folder, made where there is none, or over one that it shares with others."""
    address = shared or f"sqlite:///{folder}/store.db"
    feeds, corpus, clock = SqlFeeds.open(address), SqlCorpus.open(address, WordEncoder()), clock or Clock()
    library = WordLibrary(corpus)
    metrics = PollerMetrics()
    async with Fetcher(reach=LOCAL, limits=LIMITS, note=metrics.fetched) as fetcher:
        poller = Poller(
            feeds,
            lambda: library,
            fetcher,
            retention=retention,
            shared=shared is not None,
            now=clock.now,
            sleep=clock.sleep,
            chance=lambda: 0.5,
            metrics=metrics,
        )
        try:
            yield Polling(clock, feeds, library, poller, metrics)
        finally:
            poller.close()
            feeds.close()
            corpus.close()


def bridge(site: Site, path: str = "/bridge", title: str = "Bridge falls", **parts: object) -> Item:
    """Serve an article, and return the entry of a feed that links to it."""
    url = site.page(path, title)
    return Item(url=url, title=title, id=path, published=START - HOUR, **parts)  # type: ignore[arg-type]
