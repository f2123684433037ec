"""The facade: all that whosays can do with a store, in one object that several threads may share."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from whosays import context, respond, retrieve, summary
from whosays.alerts.making import Newsroom
from whosays.attribution.actors import Actors
from whosays.attribution.listed import ActorsFile, Listed
from whosays.config import Settings
from whosays.corrected import CorrectedCorpus
from whosays.crossencoder import Reads
from whosays.current import Current, OfModel
from whosays.encode import Encoder
from whosays.errors import InputError
from whosays.feeds import FeedFound
from whosays.ingest import FindNews, Progress, ingest
from whosays.outbox import News, Outbox
from whosays.parts import load_encoder, load_finder, load_reader, open_corrections, open_encoded, open_outbox, web_of
from whosays.reading import Web, read
from whosays.reading.article import is_web_address
from whosays.reading.find import find
from whosays.store.corpus import Corpus, Indexed
from whosays.types import Answer, Article, Block, Claim, Context, IngestReport, OutletRecord, Query, Quotation, Reading, Refused

if TYPE_CHECKING:
    from whosays.attribution.find import Finder

T = TypeVar("T")


def _now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Articles in, answers out. Every method may raise StoreError or ModelError."""

    def __init__(
        self,
        *,
        corpus: Corpus,
        encoder: Encoder,
        load_reader: Callable[[], Reads],
        load_finder: Callable[[], Finder],
        actors: Callable[[], Listed],
        kept_out: Callable[[], frozenset[str]] = frozenset,
        web: Web | None = None,
        outbox: Outbox | None = None,
        clock: Callable[[], datetime] = _now,
        renew: Callable[[], tuple[Corpus, Encoder]] | None = None,
    ) -> None:
        """Take the parts, and the ids of the articles that `read` refuses. `actors` returns the list as it is now.

        With an `outbox`, who follows a topic is told what articles say on it, as of when they come (`clock`). `renew` returns the
        corpus for another encoder, once the store has gone over to that one.
        """
        self._web = replace(web or Web(), known=self.holds)
        self._reader = _Once(load_reader)
        self._finder = _Once(load_finder)
        self._actors = actors
        self._kept_out = kept_out
        self._ingesting = Lock()
        self._clock = clock
        self._outbox = outbox
        self._current = Current(self._with(corpus, encoder), None if renew is None else lambda: self._with(*renew()))

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime] = _now) -> Engine:
        """Load the encoder and open the store; other models are loaded when a question is first asked, or an article first read.

        Raises ConfigError, ModelError, and StoreError where the store is of another model or schema.
        """
        encoder, stored = open_encoded(settings)
        actors = ActorsFile(settings.actors)
        corrections = open_corrections(settings.store)

        def renew() -> tuple[Corpus, Encoder]:
            # Only the index is another one: what it stands on is shared with what was opened first, and closed with that.
            other = load_encoder(replace(settings, encoder=stored.model()))
            return CorrectedCorpus(stored.reopened(other), corrections, actors), other

        return cls(
            corpus=CorrectedCorpus(stored, corrections, actors),
            encoder=encoder,
            load_reader=partial(load_reader, settings),
            load_finder=partial(load_finder, settings),
            actors=actors.now,
            kept_out=partial(demo_ids, settings.demo_corpus),
            web=web_of(settings),
            outbox=open_outbox(settings.store),
            clock=clock,
            renew=renew,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def ask(self, question: str, now: datetime, follows: Query | None = None) -> Answer:
        """Return what each side says on a question. `now` is aware; "last week" is counted from it. Raises LanguageError.

        `follows` is the query of the card before: a question that cannot stand alone ("and the League?") keeps its topic.
        """
        reader = self._reader.get()
        if follows is None:
            return self._current.asking(lambda of: respond.respond(of.corpus, of.encoder, reader, question, now))
        known = self._actors().actors()
        return self._current.asking(
            lambda of: respond.respond_after(of.corpus, of.encoder, reader, known, question, now, follows)
        )

    def summarise(self, topic: str, now: datetime) -> Answer:
        """Return the best claims of each side on a topic, or in a stored article (its id or address). Raises LanguageError."""
        reader = self._reader.get()
        return self._current.asking(lambda of: summary.summarise(of.corpus, of.encoder, reader, topic, now))

    def survey(self, topic: str, now: datetime) -> Answer:
        """Return all claims on a topic, or in a stored article, not just each side's best ones. Raises LanguageError."""
        reader = self._reader.get()
        return self._current.asking(lambda of: summary.survey(of.corpus, of.encoder, reader, topic, now))

    def context(self, quotation: Quotation) -> Context | None:
        """Return the paragraphs around a quotation; None where its article is gone or has changed."""
        return context.context(self._corpus, quotation)

    def search(self, query: str, limit: int) -> Sequence[tuple[str, float]]:
        """Return the ids of at most `limit` articles with their scores, by their best paragraphs, best first."""
        return self._current.asking(lambda of: retrieve.rank_articles(of.corpus, of.encoder, query, limit))

    def ingest(
        self,
        readings: Iterable[Reading],
        report_progress: Callable[[Progress], None] = lambda progress: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> IngestReport:
        """Store what is read; see `whosays.ingest`. One caller at a time: a second one waits."""
        with self._ingesting:
            listed = self._actors()
            # A list that is ill-formed ends it here, not with each article.
            find = partial(self._find, listed.actors())
            of = self._current.parts

            def renew() -> tuple[Corpus, retrieve.Embeds, FindNews]:
                nonlocal of
                of = self._current.behind(of)
                return of.corpus, of.encoder, partial(self._find_news, of)

            return ingest(
                readings,
                of.corpus,
                of.encoder,
                find,
                report_progress,
                stopping,
                resolved_with=listed.digest,
                find_news=partial(self._find_news, of),
                renew=renew,
            )

    def read(self, address: str) -> IngestReport | FeedFound:
        """Read the page at a web address into the store, or find the feed there: at it, or named by a page that holds no article.

        Raises InputError for what is no such address.

        Call it from a thread that runs no event loop.
        """
        if not is_web_address(address):
            raise InputError(f"{address} is no web address: give one that begins with http:// or https://")
        if address in self._kept_out():
            return IngestReport(refused=(_refused(address),))  # their outlets do not exist: there is nothing to fetch
        found = find(address, self._web)
        return found if isinstance(found, FeedFound) else self.ingest(refusing(self._kept_out(), [found]))

    def remove(self, article: str) -> bool:
        """Remove an article (its id) with all that hangs on it; say whether it was there."""
        return self._current.asking(lambda of: of.corpus.remove(article))

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of at most `limit` articles that were published before a moment, the oldest first."""
        return self._corpus.published_before(moment, limit)

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what the store holds of each outlet."""
        return self._corpus.outlets()

    def revision(self) -> str:
        """Return what changes whenever an article comes, changes or goes, or a correction is made."""
        return self._corpus.revision()

    def articles(self, ids: Iterable[str]) -> Sequence[Article]:
        """Return those of these articles that the store holds."""
        return list(self._corpus.articles(ids).values())

    def article(self, id: str) -> Article | None:
        """Return a stored article, or None."""
        return self._corpus.articles([id]).get(id)

    def holds(self, id: str) -> bool:
        """Say whether the store holds an article of this id."""
        return bool(self._corpus.articles([id]))

    def article_at(self, url: str) -> Article | None:
        """Return the stored article with this address, or None."""
        return self._corpus.article_at(url)

    def claims_in(self, article: str) -> Sequence[Claim]:
        """Return the claims of a stored article, in text order, as corrected."""
        paragraphs = [paragraph.id for paragraph in self._corpus.paragraphs_of(article)]
        return self._current.asking(lambda of: [stored.claim for stored in of.corpus.claims(paragraphs)])

    def prepare(self) -> None:
        """Load the model that a first question would have to wait for. Raises ModelError.

        What is loaded by then stays: from now on the collector of garbage leaves it alone, which else looks at all of it while
        a question waits.
        """
        self._reader.get()
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Let go of the store's files."""
        self._corpus.close()
        if self._outbox is not None:
            self._outbox.close()

    def _names(self) -> list[str]:
        return [record.outlet for record in self._corpus.outlets() if record.outlet]

    @property
    def _corpus(self) -> Corpus:
        return self._current.parts.corpus

    def _with(self, corpus: Corpus, encoder: Encoder) -> OfModel:
        outbox = self._outbox
        newsroom = Newsroom(outbox, encoder, encoder.digest, self._reader.get, self._names) if outbox is not None else None
        return OfModel(corpus=corpus, encoder=encoder, newsroom=newsroom)

    def _find_news(self, of: OfModel, indexed: Indexed) -> News | None:
        return of.newsroom.prepare(indexed, self._clock()) if of.newsroom is not None else None

    def _find(self, actors: Actors, articles: Sequence[tuple[Article, Sequence[Block]]]) -> list[tuple[Claim, ...]]:
        from whosays.attribution.find import claims_of  # noqa: PLC0415 - answering finds no claims

        found = self._finder.get().attributions_in(articles)
        return [tuple(claims_of(*article, own, actors)) for article, own in zip(articles, found, strict=True)]


class _Once(Generic[T]):
    """A model that is loaded when it is first wanted, once, whichever thread wants it."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._loading = Lock()
        self._loaded: T | None = None

    def get(self) -> T:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


def refusing(kept_out: frozenset[str], readings: Iterable[Reading]) -> Iterator[Reading]:
    """Pass readings on, but for the demo articles: whoever asks a store of his own must not be answered from them."""
    for reading in readings:
        if isinstance(reading, Article) and reading.id in kept_out:
            yield _refused(reading.id)
        else:
            yield reading


def _refused(demo: str) -> Refused:
    return Refused(where=demo, reason="it is a demo article, which stays in the demo store: ask it with --demo")


@cache
def demo_ids(corpus: Path) -> frozenset[str]:
    """Return the ids of the demo articles in a folder."""
    return frozenset(reading.id for reading in read([str(corpus)]) if isinstance(reading, Article))
