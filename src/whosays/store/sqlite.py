"""A corpus in one SQLite file, with its vectors in files beside it.

A writer takes the write lock, appends the vectors behind the last row ever committed, waits until they are on the disk, and
only then commits the rows that name them: a crash at any moment loses nothing committed and shows nothing that was not.
Readers (threads and other processes) see the last commit; each search works on a snapshot in memory, brought up to it first.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from sqlalchemy import Column, Connection, Select, Table, delete, func, insert, inspect, select, update

from whosays.errors import StoreError
from whosays.store import fulltext, rows
from whosays.store.connections import Connections
from whosays.store.corpus import ArticleCandidate, Candidate, EmbeddingModel, Filter, Indexed, Outcome, Passage, StoredClaim
from whosays.store.schema import (
    SCHEMA_VERSION,
    articles,
    claim_paragraphs,
    claims,
    counters,
    meta,
    metadata,
    paragraphs,
    passages,
    removals,
)
from whosays.store.slots import Added, Slots, Snapshot, State
from whosays.store.vectors import RESCORED, VectorFiles, nearest, sign_bits
from whosays.types import Article, OutletRecord, Paragraph, Vector, Vectors

#: Names of counters: rows ever given out in the vector files, and removals.
PASSAGES, CLAIMS, REMOVALS = "passages", "claims", "removals"


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
        ours = {
            "schema": str(SCHEMA_VERSION),
            "model": model.name,
            "dimension": str(model.dimension),
            "digest": model.digest,
        }
        connections = Connections(path)
        try:
            with connections.reading() as connection:
                known = _meta(connection)
            if not known:
                with connections.writing() as connection:
                    # Another process may have been quicker.
                    known = _meta(connection) or _create(connection, path, ours, model.dimension)
            _check(path, known, ours)
            corpus = cls(connections, VectorFiles(path, known["store"], model.dimension), model.dimension)
            with connections.reading() as connection:
                # A file that is missing or cut short is found now, not at the first question.
                corpus._snapshot(connection)
                corpus._files.claims.rows(_counter(connection, CLAIMS))
        except BaseException:
            connections.close()
            raise
        return corpus

    def put(self, indexed: Indexed) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is."""
        article = indexed.article
        parts = _passages(indexed)
        self._check_shape(indexed.vectors, len(parts), "passages")
        self._check_shape(indexed.claim_vectors, len(indexed.claims), "claims")
        with self._connections.writing() as connection:
            old = connection.execute(select(articles.c.id, articles.c.digest).where(articles.c.key == article.id)).first()
            if old is not None and old.digest == rows.digest(article):
                return Outcome.UNCHANGED
            if old is not None:
                _remove(connection, old.id)
            row = _inserted(connection, articles, rows.from_article(article))
            fulltext.add(connection, fulltext.ARTICLES, [(row, _all_words(article.title, article.text))])
            ids = {
                position: _inserted(
                    connection,
                    paragraphs,
                    {"article": row, "position": position, "start": block.span.start, "end": block.span.end},
                )
                for position, block in enumerate(indexed.blocks)
                if not block.furniture
            }
            self._add_passages(connection, article.text, parts, ids, indexed.vectors)
            self._add_claims(connection, row, indexed, ids)
        return Outcome.ADDED if old is None else Outcome.CHANGED

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""
        with self._connections.reading() as connection:
            known = connection.execute(select(articles.c.digest).where(articles.c.key == article.id)).scalar()
        return known == rows.digest(article)

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""
        with self._connections.writing() as connection:
            row = connection.execute(select(articles.c.id).where(articles.c.key == article)).scalar()
            if row is not None:
                _remove(connection, row)
        return row is not None

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
            vectors = self._files.claims.rows(_counter(connection, CLAIMS))
            return [
                StoredClaim(claim=rows.to_claim(row), vector=np.array(vectors[row.slot])) for row in connection.execute(statement)
            ]

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vector of each of these paragraphs (of its first passage); zeros where it is gone meanwhile."""
        first = select(passages.c.paragraph, func.min(passages.c.slot).label("slot")).group_by(passages.c.paragraph)
        with self._connections.reading() as connection:
            slots = {row.paragraph: row.slot for row in connection.execute(_where_in(first, passages.c.paragraph, ids))}
            vectors = self._files.passages.rows(_counter(connection, PASSAGES))
        result = np.zeros((len(ids), self._dimension), dtype=np.float32)
        for i, id in enumerate(ids):
            if id in slots:
                result[i] = vectors[slots[id]]
        return result

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""
        columns = (articles.c.outlet, func.count(), func.min(articles.c.published), func.max(articles.c.published))
        with self._connections.reading() as connection:
            found = connection.execute(select(*columns).group_by(articles.c.outlet).order_by(articles.c.outlet)).all()
        return [OutletRecord(outlet=outlet, articles=n, oldest=oldest, newest=newest) for outlet, n, oldest, newest in found]

    def close(self) -> None:
        """Let go of the files."""
        self._connections.close()

    def _add_passages(
        self, connection: Connection, text: str, parts: Sequence[Passage], ids: Mapping[int, int], vectors: Vectors
    ) -> None:
        first = _counted(connection, PASSAGES, len(parts))
        self._files.passages.write(first, vectors)
        self._files.codes.write(first, sign_bits(vectors))
        values = [
            {"slot": slot, "paragraph": ids[part.position], "start": part.span.start, "end": part.span.end}
            for slot, part in enumerate(parts, first)
        ]
        _insert_all(connection, passages, values)
        fulltext.add(connection, fulltext.PASSAGES, [(slot, text[slice(*part.span)]) for slot, part in enumerate(parts, first)])

    def _add_claims(self, connection: Connection, article: int, indexed: Indexed, ids: Mapping[int, int]) -> None:
        order = sorted(range(len(indexed.claims)), key=lambda i: rows.beginning(indexed.claims[i]))
        first = _counted(connection, CLAIMS, len(order))
        self._files.claims.write(first, indexed.claim_vectors[order])
        places = []
        for position, claim in enumerate(indexed.claims[i] for i in order):
            values = {"article": article, "position": position, "slot": first + position, **rows.from_claim(claim)}
            row = _inserted(connection, claims, values)
            places += [{"claim": row, "paragraph": ids[at]} for at in sorted(set(claim.paragraphs)) if at in ids]
        _insert_all(connection, claim_paragraphs, places)

    def _check_shape(self, vectors: Vectors, count: int, of: str) -> None:
        if vectors.shape != (count, self._dimension) or not np.isfinite(vectors).all():
            raise StoreError(f"{count} {of} need as many finite vectors of {self._dimension} numbers, not {vectors.shape}")

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


def _create(connection: Connection, path: Path, ours: Mapping[str, str], dimension: int) -> dict[str, str]:
    """Make the tables and, before they are committed, the files."""
    if inspect(connection).get_table_names():
        raise StoreError(f"{path} is a database, but not one of whosays; name another file with --store or WHOSAYS_STORE")
    known = {**ours, "store": secrets.token_hex(8)}
    metadata.create_all(connection)
    fulltext.create(connection)
    _insert_all(connection, meta, [{"key": key, "value": value} for key, value in known.items()])
    _insert_all(connection, counters, [{"name": name, "value": 0} for name in (PASSAGES, CLAIMS, REMOVALS)])
    VectorFiles(path, known["store"], dimension).create()
    return known


def _meta(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table(counters.name):
        return {}
    return dict(connection.execute(select(meta.c.key, meta.c.value)).all())


def _check(path: Path, known: Mapping[str, str], ours: Mapping[str, str]) -> None:
    if known["schema"] != ours["schema"]:
        raise StoreError(
            f"{path} was made by another version of whosays (schema {known['schema']}, this one has {ours['schema']}); "
            "run `whosays ingest` into a new store"
        )
    if any(known[key] != ours[key] for key in ("dimension", "digest")):
        raise StoreError(
            f"{path} was indexed with {known['model']} ({known['dimension']} dimensions, {known['digest'][:8]}), not with "
            f"{ours['model']} ({ours['dimension']}, {ours['digest'][:8]}); run `whosays ingest` into a new store, "
            f"or set WHOSAYS_ENCODER={known['model']}"
        )


def _passages(indexed: Indexed) -> Sequence[Passage]:
    """Return the passages of an article. Raises StoreError where they are not those of its blocks."""
    quotable = {position for position, block in enumerate(indexed.blocks) if not block.furniture}
    if not indexed.passages:
        return [Passage(position, indexed.blocks[position].span) for position in sorted(quotable)]
    if {passage.position for passage in indexed.passages} != quotable:
        raise StoreError(f"{indexed.article.id}: each paragraph needs a passage, and each passage a paragraph")
    return indexed.passages


def _remove(connection: Connection, article: int) -> None:
    """Remove an article's rows, take its words out of the index and remember its slots as gone."""
    text = connection.execute(select(articles.c.title, articles.c.text).where(articles.c.id == article)).one()
    of_article = (
        select(passages.c.slot, passages.c.start, passages.c.end)
        .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
        .where(paragraphs.c.article == article)
    )
    old = connection.execute(of_article).all()
    fulltext.remove(connection, fulltext.ARTICLES, [(article, _all_words(text.title, text.text))])
    fulltext.remove(connection, fulltext.PASSAGES, [(row.slot, text.text[row.start : row.end]) for row in old])
    first = _counted(connection, REMOVALS, len(old))
    _insert_all(connection, removals, [{"id": first + i, "slot": row.slot} for i, row in enumerate(old)])
    connection.execute(delete(articles).where(articles.c.id == article))


def _all_words(title: str | None, text: str) -> str:
    return f"{title}\n\n{text}" if title else text


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


def _counter(connection: Connection, name: str) -> int:
    value: int = connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar_one()
    return value


def _counted(connection: Connection, name: str, more: int) -> int:
    """Count on by `more`, and return where the counter stood."""
    before = _counter(connection, name)
    connection.execute(update(counters).where(counters.c.name == name).values(value=before + more))
    return before


def _inserted(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _insert_all(connection: Connection, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    if values:
        connection.execute(insert(table), values)


def _where_in(statement: Select[Any], column: Column[Any], values: Iterable[Any]) -> Select[Any]:
    return statement.where(column.in_(list(values)))
