"""A corpus in one SQLite file, with its vectors in files beside it.

A writer takes the write lock, appends the vectors behind the last row ever committed, waits until they are on the disk, and
only then commits the rows that name them: a crash at any moment loses nothing committed and shows nothing that was not.
Readers (threads and other processes) see the last commit; each search works on a snapshot in memory, brought up to it first.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from sqlalchemy import Column, Connection, Select, func, select

from whosays.errors import StoreError
from whosays.outbox import News
from whosays.store import fulltext, migrations, rows, telling, writing
from whosays.store.connections import Connections
from whosays.store.corpus import ArticleCandidate, Candidate, EmbeddingModel, Filter, Indexed, Outcome, StoredClaim
from whosays.store.schema import (
    articles,
    claim_paragraphs,
    claims,
    counters,
    meta,
    paragraphs,
    passages,
    placements,
    removals,
)
from whosays.store.slots import Added, Slots, Snapshot, State
from whosays.store.vectors import RESCORED, VectorFiles, nearest
from whosays.store.writing import CLAIMS, PASSAGES, REMOVALS, counter
from whosays.types import Article, OutletRecord, Paragraph, Vector, Vectors


class SqliteCorpus:
    """`Corpus` over SQLite. May be used by several threads at once, and by several processes."""

    def __init__(self, connections: Connections, files: VectorFiles, dimension: int) -> None:
        self._connections = connections
        self._files = files
        self._dimension = dimension
        self._lock = threading.Lock()
        self._slots = Slots(files.words, files.passages.rows(0))

    @classmethod
    def open(cls, address: str, model: EmbeddingModel) -> Self:
        """Open the store at `sqlite:///PATH`, or make it, for vectors of this model.

        Raises StoreError where it cannot be opened, or is of another schema or model: the message says how to index again.
        """
        path = Path(address.removeprefix("sqlite:///"))
        ours = {"model": model.name, "dimension": str(model.dimension), "digest": model.digest}
        connections = Connections(path)
        try:
            known = migrations.bring_up(connections, path)
            if "model" not in known:
                with connections.writing() as connection:
                    known = _adopted(connection, path, known, ours)
            _check(path, known, ours)
            corpus = cls(connections, VectorFiles(path, known["store"], model.dimension), model.dimension)
            with connections.reading() as connection:
                # A file that is missing or cut short is found now, not at the first question.
                corpus._snapshot(connection)
                corpus._files.claims.rows(counter(connection, CLAIMS))
        except BaseException:
            connections.close()
            raise
        return corpus

    def put(self, indexed: Indexed, news: News | None = None) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is.

        Alerts that `news` makes of it are kept in the same transaction.
        """
        with self._connections.writing() as connection:
            outcome = writing.put(connection, self._files, indexed)
            if news is not None and outcome is not Outcome.UNCHANGED:
                telling.tell(connection, news)
        return outcome

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""
        with self._connections.reading() as connection:
            known = connection.execute(select(articles.c.digest).where(articles.c.key == article.id)).scalar()
        return known == rows.digest(article)

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""
        with self._connections.writing() as connection:
            return writing.remove(connection, article)

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""
        with self._connections.reading() as connection:
            snapshot = self._snapshot(connection)
        slots, cosines = nearest(vector, snapshot.codes, snapshot.vectors, snapshot.blocked(where), max(RESCORED, 2 * limit))
        return _best(zip(snapshot.paragraphs[slots].tolist(), cosines.tolist(), strict=True), limit)

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is BM25's, higher is better."""
        with self._connections.reading() as connection:
            snapshot = self._snapshot(connection)
            query = fulltext.any_of(connection, fulltext.PASSAGES, words)
            if query is None:
                return []
            blocked = snapshot.blocked(where)
            # Two passages of one paragraph count once, so more of them are asked for.
            most = 2 * limit if where == Filter() else None
            ranked = fulltext.ranked(connection, fulltext.PASSAGES, query, most)
            return _best(((int(snapshot.paragraphs[slot]), score) for slot, score in ranked if not blocked[slot]), limit)

    def matching_articles(self, words: Sequence[str], limit: int, where: Filter) -> list[ArticleCandidate]:
        """Propose articles whose title or text holds any of the words, best first; the score is BM25's, higher is better."""
        with self._connections.reading() as connection:
            query = fulltext.any_of(connection, fulltext.ARTICLES, words)
            if query is None:
                return []
            kept = self._articles_in(connection, where)
            ranked = fulltext.ranked(connection, fulltext.ARTICLES, query, limit if kept is None else None)
            best = dict(islice(((row, score) for row, score in ranked if kept is None or row in kept), limit))
            keys = {
                row.id: row.key
                for row in connection.execute(_where_in(select(articles.c.id, articles.c.key), articles.c.id, best))
            }
        return [ArticleCandidate(article=keys[row], score=score) for row, score in best.items()]

    def paragraphs(self, ids: Iterable[int]) -> Mapping[int, Paragraph]:
        """Return the paragraphs of these ids."""
        with self._connections.reading() as connection:
            found = connection.execute(_where_in(_PARAGRAPHS, paragraphs.c.id, ids))
            return {row.id: rows.to_paragraph(row) for row in found}

    def paragraphs_of(self, article: str) -> Sequence[Paragraph]:
        """Return all quotable paragraphs of an article, in order."""
        with self._connections.reading() as connection:
            found = connection.execute(_PARAGRAPHS.where(articles.c.key == article).order_by(paragraphs.c.position))
            return [rows.to_paragraph(row) for row in found]

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles of these ids."""
        with self._connections.reading() as connection:
            return {row.key: rows.to_article(row) for row in connection.execute(_where_in(select(articles), articles.c.key, ids))}

    def article_at(self, url: str) -> Article | None:
        """Return the article with this address; of several the one stored last."""
        with self._connections.reading() as connection:
            last = connection.execute(select(func.max(articles.c.id)).where(articles.c.url == url)).scalar()
            row = connection.execute(select(articles).where(articles.c.id == last)).first()
            return None if row is None else rows.to_article(row)

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of at most `limit` articles that were published before a moment, the oldest first."""
        old = select(articles.c.key).where(articles.c.published < moment).order_by(articles.c.published, articles.c.id)
        with self._connections.reading() as connection:
            return connection.execute(old.limit(limit)).scalars().all()

    def claims(self, paragraphs: Iterable[int]) -> Sequence[StoredClaim]:
        """Return the claims that stand, in part at least, in these paragraphs (ids), in text order, each once."""
        wanted = _where_in(select(claim_paragraphs.c.claim), claim_paragraphs.c.paragraph, paragraphs)
        statement = (
            select(claims, articles.c.key)
            .join(articles, articles.c.id == claims.c.article)
            .where(claims.c.id.in_(wanted))
            .order_by(claims.c.article, claims.c.position)
        )
        with self._connections.reading() as connection:
            vectors = self._files.claims.rows(counter(connection, CLAIMS))
            return [
                StoredClaim(claim=rows.to_claim(row), vector=np.array(vectors[row.slot])) for row in connection.execute(statement)
            ]

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vector of each of these paragraphs (of its first passage); zeros where it is gone meanwhile."""
        first = select(passages.c.paragraph, func.min(passages.c.slot).label("slot")).group_by(passages.c.paragraph)
        with self._connections.reading() as connection:
            slots = {row.paragraph: row.slot for row in connection.execute(_where_in(first, passages.c.paragraph, ids))}
            vectors = self._files.passages.rows(counter(connection, PASSAGES))
        result = np.zeros((len(ids), self._dimension), dtype=np.float32)
        for i, id in enumerate(ids):
            if id in slots:
                result[i] = vectors[slots[id]]
        return result

    def story_of(self, article: str) -> str | None:
        """Return the story that an article belongs to; None where it is not stored, or was stored before there were stories."""
        of = select(placements.c.story).join(articles, articles.c.id == placements.c.article).where(articles.c.key == article)
        with self._connections.reading() as connection:
            story = connection.execute(of).scalar()
        return None if story is None else str(story)

    def articles_in(self, story: str) -> Sequence[str]:
        """Return the ids of the articles of a story, in the order in which they came."""
        if not story.isdecimal():
            return []
        of = select(articles.c.key).join(placements, placements.c.article == articles.c.id)
        with self._connections.reading() as connection:
            return connection.execute(of.where(placements.c.story == int(story)).order_by(articles.c.id)).scalars().all()

    def originals(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return for each of these articles that is a copy of one text the id of the article that had it first."""
        first = articles.alias()
        pairs = (
            select(articles.c.key, first.c.key)
            .join(placements, placements.c.article == articles.c.id)
            .join(first, first.c.id == placements.c.original)
        )
        with self._connections.reading() as connection:
            return dict(connection.execute(_where_in(pairs, articles.c.key, ids)).all())

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""
        columns = (articles.c.outlet, func.count(), func.min(articles.c.published), func.max(articles.c.published))
        with self._connections.reading() as connection:
            found = connection.execute(select(*columns).group_by(articles.c.outlet).order_by(articles.c.outlet)).all()
        return [OutletRecord(outlet=outlet, articles=n, oldest=oldest, newest=newest) for outlet, n, oldest, newest in found]

    def revision(self) -> str:
        """Return what is another text whenever an article that can be quoted came, changed or went. Costs no search.

        What comes counts on the rows of passages and claims, what goes the removals; a changed article does both.
        """
        with self._connections.reading() as connection:
            return "-".join(str(counter(connection, name)) for name in (PASSAGES, CLAIMS, REMOVALS))

    def close(self) -> None:
        """Let go of the files."""
        self._connections.close()

    def _snapshot(self, connection: Connection) -> Snapshot:
        """Bring the table in memory up to the commit that the connection sees."""
        values = dict(connection.execute(select(counters.c.name, counters.c.value)).all())
        state = State(slots=values[PASSAGES], removals=values[REMOVALS])
        with self._lock:
            snapshot = self._slots.snapshot
            # A connection that began before another thread's may see less than what is in memory already.
            if state.slots > snapshot.state.slots or state.removals > snapshot.state.removals:
                known = snapshot.state
                vectors = self._files.passages.rows(state.slots)
                codes = self._files.codes.rows(state.slots)[known.slots :]
                self._slots.advance(state, _added(connection, known), _removed(connection, known), codes, vectors)
            return self._slots.snapshot

    @staticmethod
    def _articles_in(connection: Connection, where: Filter) -> frozenset[int] | None:
        """Return the rows of the articles that a filter lets pass; None for all."""
        if where == Filter():
            return None
        statement = select(articles.c.id)
        if where.window.start is not None:
            statement = statement.where(articles.c.published >= where.window.start)
        if where.window.end is not None:
            statement = statement.where(articles.c.published < where.window.end)
        if where.outlets:
            wanted = {name.casefold() for name in where.outlets}
            held = connection.execute(select(articles.c.outlet).distinct()).scalars()
            statement = statement.where(articles.c.outlet.in_([name for name in held if name and name.casefold() in wanted]))
        return frozenset(connection.execute(statement).scalars())


_PARAGRAPHS = select(paragraphs, articles.c.key).join(articles, articles.c.id == paragraphs.c.article)


def _adopted(connection: Connection, path: Path, known: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Make a store that has no model yet one of this model, unless another process was quicker; return what it says of itself."""
    if connection.execute(select(meta.c.key).where(meta.c.key == "model")).first() is None:
        writing.adopt(connection, path, known["store"], ours)
    return dict(connection.execute(select(meta.c.key, meta.c.value)).all())


def _check(path: Path, known: Mapping[str, str], ours: Mapping[str, str]) -> None:
    if any(known[key] != ours[key] for key in ("dimension", "digest")):
        raise StoreError(
            f"{path} was indexed with {known['model']} ({known['dimension']} dimensions, {known['digest'][:8]}), not with "
            f"{ours['model']} ({ours['dimension']}, {ours['digest'][:8]}); run `whosays ingest` into a new store, "
            f"or set WHOSAYS_ENCODER={known['model']}"
        )


def _added(connection: Connection, known: State) -> list[Added]:
    statement = (
        select(passages.c.slot, passages.c.paragraph, articles.c.published, articles.c.outlet)
        .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
        .join(articles, articles.c.id == paragraphs.c.article)
        .where(passages.c.slot >= known.slots)
    )
    return [
        Added(slot=slot, paragraph=paragraph, published=published, outlet=outlet)
        for slot, paragraph, published, outlet in connection.execute(statement)
    ]


def _removed(connection: Connection, known: State) -> Sequence[int]:
    return connection.execute(select(removals.c.slot).where(removals.c.id >= known.removals)).scalars().all()


def _best(ranked: Iterable[tuple[int, float]], limit: int) -> list[Candidate]:
    """Return the first `limit` paragraphs of (paragraph, score), each at its best."""
    best: dict[int, float] = {}
    for paragraph, score in ranked:
        if paragraph not in best:
            if len(best) == limit:
                break
            best[paragraph] = score
    return [Candidate(paragraph=paragraph, score=score) for paragraph, score in best.items()]


def _where_in(statement: Select[Any], column: Column[Any], values: Iterable[Any]) -> Select[Any]:
    return statement.where(column.in_(list(values)))
