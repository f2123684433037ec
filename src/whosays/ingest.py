"""Articles → store: split, read for claims, embedded and stored, each article in one transaction.

Articles that the store holds already cost a comparison. The others are read for claims and embedded together, some `_BATCH`
passages at a time: texts of like length are faster side by side. When the process is killed nothing but that batch is lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from whosays import stories, text
from whosays.errors import OutdatedError, ReindexedError
from whosays.outbox import News
from whosays.relevance import claim_text
from whosays.retrieve import Embeds, passages
from whosays.store.corpus import Corpus, Indexed, Outcome, Passage
from whosays.types import Article, Block, Claim, IngestReport, Reading, Refused, Vectors

_log = logging.getLogger(__name__)

#: Passages that are worked on together: some seconds of work, some megabytes.
_BATCH = 384


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an ingest is: inputs read, paragraphs embedded and stored, seconds since it began."""

    inputs: int
    paragraphs: int
    seconds: float


#: What finds the claims in the paragraphs of each article.
FindClaims = Callable[[Sequence[tuple[Article, Sequence[Block]]]], Sequence[Sequence[Claim]]]
#: What finds out what an article may be to those who follow topics, just before it is stored.
FindNews = Callable[[Indexed], News | None]


#: What gives the store, the encoder and the finder of news anew, once the store has gone over to another model.
Renew = Callable[[], "tuple[Corpus, Embeds, FindNews]"]


def ingest(
    readings: Iterable[Reading],
    corpus: Corpus,
    encoder: Embeds,
    find: FindClaims,
    report_progress: Callable[[Progress], None] = lambda progress: None,
    stopping: Callable[[], bool] = lambda: False,
    *,
    resolved_with: str | None = None,
    find_news: FindNews = lambda indexed: None,
    renew: Renew | None = None,
) -> IngestReport:
    """Store every article that is read, and report what became of each input.

    `resolved_with` is the digest of the list of actors that `find` resolves claims with. What `find_news` makes of an article is
    stored with it. Where the store goes over to another model meanwhile, what was embedded and is not yet stored is embedded anew
    by what `renew` gives.
    Where `stopping` turns true, what is at hand is finished and stored, and the rest is not read. Raises StoreError.
    """
    work = _Work(corpus, encoder, find, resolved_with, find_news, renew)
    started = time.monotonic()
    for count, reading in enumerate(readings, 1):
        work.take(reading)
        report_progress(Progress(inputs=count, paragraphs=work.paragraphs, seconds=time.monotonic() - started))
        if stopping():
            break
    work.store()
    return IngestReport(
        added=tuple(work.done[Outcome.ADDED]),
        changed=tuple(work.done[Outcome.CHANGED]),
        unchanged=tuple(work.done[Outcome.UNCHANGED]),
        refused=tuple(work.refused),
        paragraphs=work.paragraphs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """An article with all but its vectors; its claims once they are looked for."""

    article: Article
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    claims: tuple[Claim, ...] | None = None

    def searched(self) -> list[str]:
        """Return what is searched: the passages."""
        return [self.article.text[slice(*passage.span)] for passage in self.passages]

    def compared(self) -> list[str]:
        """Return what is compared with bounds: the claims, and how the article begins, by which its story is told."""
        claims = [claim_text(self.article, claim) for claim in self.claims or ()]
        return [*claims, stories.lead(self.article.title, self.article.text, self.blocks)]


def _apart(texts: Sequence[Sequence[str]], embed: Callable[[Sequence[str]], Vectors]) -> list[Vectors]:
    """Embed several lots of texts together; return each lot's vectors."""
    vectors, ends = embed([text for lot in texts for text in lot]), list(accumulate(map(len, texts)))
    return [vectors[end - len(lot) : end] for lot, end in zip(texts, ends, strict=True)]


def _with_what_was_known(article: Article, corpus: Corpus) -> Article:
    """Return the article with its stored outlet, title, author, date and address where this reading says nothing of them.

    The same page read from a feed and by itself, or a text without its options, must not lose what is known of it.
    """
    stored = corpus.articles([article.id]).get(article.id)
    if stored is None:
        return article
    return replace(
        article,
        url=article.url or stored.url,
        outlet=article.outlet or stored.outlet,
        title=article.title or stored.title,
        author=article.author or stored.author,
        published=article.published or stored.published,
    )


@dataclass(slots=True)
class _Work:
    """What is under way: articles that wait for their vectors, and what became of those before."""

    corpus: Corpus
    encoder: Embeds
    find: FindClaims
    resolved_with: str | None
    find_news: FindNews
    renew: Renew | None
    pending: dict[str, _Pending] = field(default_factory=dict)
    waiting: int = 0
    paragraphs: int = 0
    done: dict[Outcome, list[str]] = field(default_factory=lambda: {outcome: [] for outcome in Outcome})
    refused: list[Refused] = field(default_factory=list)

    def take(self, reading: Reading) -> None:
        if isinstance(reading, Refused):
            self.refused.append(reading)
            return
        if reading.id in self.pending:
            # Twice in one input: the later version must find the earlier one in the store.
            self.store()
        reading = _with_what_was_known(reading, self.corpus)
        if self.corpus.unchanged(reading):
            self.done[Outcome.UNCHANGED].append(reading.id)
            return
        blocks = text.blocks(reading.text, outlet=reading.outlet, title=reading.title)
        parts = passages(reading.text, blocks)
        if not parts:
            self.refused.append(Refused(where=reading.id, reason="there is no paragraph in it that could be quoted"))
            return
        self.pending[reading.id] = _Pending(article=reading, blocks=blocks, passages=parts)
        self.waiting += len(parts)
        if self.waiting >= _BATCH:
            self.store()

    def store(self) -> None:
        """Read all that is pending for claims, embed and store it."""
        self._look_for_claims()
        while self.pending:
            try:
                self._store()
            except ReindexedError:
                if self.renew is None:
                    raise
                self.corpus, self.encoder, self.find_news = self.renew()
        self.waiting = 0

    def _look_for_claims(self) -> None:
        items = list(self.pending.values())
        for item, claims in zip(items, self._found(items), strict=True):
            if claims is None:
                del self.pending[item.article.id]
                reason = "it could not be analysed; please report this, with the article"
                self.refused.append(Refused(where=item.article.id, reason=reason))
            else:
                self.pending[item.article.id] = replace(item, claims=tuple(claims))

    def _found(self, items: Sequence[_Pending]) -> list[Sequence[Claim] | None]:
        """Return the claims in each article; None where they cannot be found out."""
        try:
            return list(self.find([(item.article, item.blocks) for item in items]))
        except Exception:
            # One text that no rule foresaw must not cost the rest; it is told of, and the log has the place.
            if len(items) > 1:
                return [claims for item in items for claims in self._found([item])]
            _log.exception("who says what could not be found out in %s", items[0].article.id)
            return [None]

    def _store(self) -> None:
        items = list(self.pending.values())
        searched = _apart([item.searched() for item in items], self.encoder.embed)
        # Not rounded: a thousandth more or less would move a claim over the edge of a card, or an article into another story.
        compared = _apart([item.compared() for item in items], self.encoder.encode)
        for item, vectors, others in zip(items, searched, compared, strict=True):
            assert item.claims is not None
            indexed = Indexed(
                article=item.article,
                blocks=item.blocks,
                passages=item.passages,
                vectors=vectors,
                claims=item.claims,
                claim_vectors=others[:-1],
                lead=others[-1],
                resolved_with=self.resolved_with,
            )
            self.done[self._put(indexed)].append(item.article.id)
            self.paragraphs += sum(not block.furniture for block in item.blocks)
            del self.pending[item.article.id]

    def _put(self, indexed: Indexed) -> Outcome:
        while True:
            try:
                return self.corpus.put(indexed, self.find_news(indexed))
            except ReindexedError:
                raise
            except OutdatedError:
                # Somebody began to follow a topic meanwhile: this article may be news to him.
                continue
