"""A corpus in a database: rows by SQL that every kind understands, vectors and words by the index of its kind.

A writer commits the rows of an article, its vectors and its words together: a crash at any moment loses nothing committed and
shows nothing that was not. Readers (threads and other processes) see the last commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, func, select

from whosays.errors import ReindexedError, StoreError
from whosays.outbox import News
from whosays.recent import Recent
from whosays.store import fulltext, generations, indexes, opening, rows, telling, wholes, writing
from whosays.store.corpus import ArticleCandidate, Candidate, EmbeddingModel, Filter, Indexed, Outcome, StoredClaim, Whole
from whosays.store.database import ARTICLES, Database, retried
from whosays.store.fulltext import Of
from whosays.store.index import Index
from whosays.store.schema import articles, claim_paragraphs, claims, meta, paragraphs, passages, placements
from whosays.store.writing import CLAIMS, PASSAGES, REMOVALS, counter
from whosays.types import Article, OutletRecord, Paragraph, Vector, Vectors

#: Rows that one statement names.
_AT_ONCE = 10_000
#: Articles read whole that are kept in memory, some 150 kilobytes each: questions of one day are about the same ones.
_KEPT = 256


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


class SqlCorpus:
    """`Corpus` over a database. May be used by several threads at once, and by several processes."""

    def __init__(self, database: Database, index: Index, generation: int = generations.FIRST) -> None:
        """Take the index of a generation. Once the store has gone over to another, what needs vectors raises ReindexedError."""
        self._database = database
        self._index = index
        self._generation = generation
        self._read: Recent[int, Whole] = Recent(_KEPT)

    @classmethod
    def open(cls, address: str, model: EmbeddingModel) -> Self:
        """Open the store at an address, or make it, for vectors of this model.

        Raises ConfigError for an address of no known kind, StoreError where it cannot be opened, or is of another schema or
        model: the message says how to index again.
        """
        database = opening.connect(address)
        try:
            return cls(database, *_opened(database, _ours(model)))
        except BaseException:
            database.close()
            raise

    def reopened(self, model: EmbeddingModel) -> Self:
        """Return the same store for the model that it has gone over to. Only one of both need be closed. Raises StoreError."""
        return type(self)(self._database, *_opened(self._database, _ours(model)))

    @staticmethod
    def model_at(address: str) -> str | None:
        """Return the name of the model that the store at an address is of, if it is of any. Raises as `open` does."""
        database = opening.connect(address)
        try:
            with database.reading() as connection:
                return _known(connection).get("model")
        finally:
            database.close()

    def model(self) -> str:
        """Return the name of the model that the store is of now."""
        with self._database.reading() as connection:
            return _known(connection)["model"]

    @retried
    def put(self, indexed: Indexed, news: News | None = None) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is.

        Alerts that `news` makes of it are kept in the same transaction.
        """
        with self._database.writing(ARTICLES) as connection:
            generations.check(connection, self._generation)
            outcome = writing.put(connection, self._index, indexed)
            if news is not None and outcome is not Outcome.UNCHANGED:
                telling.tell(connection, news)
        return outcome

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""
        with self._database.reading() as connection:
            known = connection.execute(select(articles.c.digest).where(articles.c.key == article.id)).scalar()
        return known == rows.digest(article)

    @retried
    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""
        with self._database.writing(ARTICLES) as connection:
            generations.check(connection, self._generation)
            return writing.remove(connection, self._index, article)

    def together(self) -> AbstractContextManager[None]:
        """Have all that this thread reads within the block be as one commit left it."""
        return self._database.together()

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""
        return self._index.nearest(vector, limit, where)

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is BM25's, higher is better."""
        return self._index.matching(words, limit, where)

    def matching_articles(self, words: Sequence[str], limit: int, where: Filter) -> list[ArticleCandidate]:
        """Propose articles whose title or text holds any of the words, best first; the score is BM25's, higher is better."""
        with self._database.reading() as connection:
            best = dict(fulltext.ranked(connection, Of.ARTICLES, words, limit, _articles_in(connection, where)))
            keys = dict(connection.execute(_KEYS, {"rows": list(best)}).all())
        return [ArticleCandidate(article=keys[row], score=score) for row, score in best.items()]

    def paragraphs(self, ids: Iterable[int]) -> Mapping[int, Paragraph]:
        """Return the paragraphs of these ids."""
        with self._database.reading() as connection:
            found = connection.execute(_PARAGRAPHS_OF_IDS, {"ids": list(ids)})
            return {paragraph.id: paragraph for paragraph in (rows.to_paragraph(row) for row in found)}

    def paragraphs_of(self, article: str) -> Sequence[Paragraph]:
        """Return all quotable paragraphs of an article, in order."""
        with self._database.reading() as connection:
            found = connection.execute(_PARAGRAPHS.where(articles.c.key == article).order_by(paragraphs.c.position))
            return [rows.to_paragraph(row) for row in found]

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles of these ids."""
        with self._database.reading() as connection:
            return {row.key: rows.to_article(row) for row in connection.execute(_where_in(select(articles), articles.c.key, ids))}

    def wholes(self, ids: Iterable[str]) -> Sequence[Whole]:
        """Return those of these articles that are stored, in this order, all as one commit left them.

        A row holds one version of an article for ever, so one that is in memory is never out of date.
        """
        ids = list(dict.fromkeys(ids))
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            row_of = wholes.rows_of(connection, ids)
            found = {row: kept for row in row_of.values() if (kept := self._read.get(row))}
            for whole in wholes.load(connection, self._index, [row for row in row_of.values() if row not in found]):
                found[whole.row] = whole
                self._read.keep(whole.row, whole)
        return [found[row_of[id]] for id in ids if id in row_of]

    def article_at(self, url: str) -> Article | None:
        """Return the article with this address; of several the one stored last."""
        with self._database.reading() as connection:
            last = connection.execute(select(func.max(articles.c.id)).where(articles.c.url == url)).scalar()
            row = connection.execute(select(articles).where(articles.c.id == last)).first()
            return None if row is None else rows.to_article(row)

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of at most `limit` articles that were published before a moment, the oldest first."""
        old = select(articles.c.key).where(articles.c.published < moment).order_by(articles.c.published, articles.c.id)
        with self._database.reading() as connection:
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
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            found = connection.execute(statement).all()
            vectors = self._index.claim_vectors(connection, [row.slot for row in found])
        return [StoredClaim(claim=rows.to_claim(row), vector=vector) for row, vector in zip(found, vectors, strict=True)]

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vector of each of these paragraphs (of its first passage); zeros where it is gone meanwhile."""
        result = np.zeros((len(ids), self._index.dimension), dtype=np.float32)
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            slots = dict(connection.execute(_FIRST_SLOTS, {"ids": ids}).all())
            there = [i for i, id in enumerate(ids) if id in slots]
            result[there] = self._index.passage_vectors(connection, [slots[ids[i]] for i in there])
        return result

    def story_of(self, article: str) -> str | None:
        """Return the story that an article belongs to; None where it is not stored, or was stored before there were stories."""
        of = select(placements.c.story).join(articles, articles.c.id == placements.c.article).where(articles.c.key == article)
        with self._database.reading() as connection:
            story = connection.execute(of).scalar()
        return None if story is None else str(story)

    def articles_in(self, story: str) -> Sequence[str]:
        """Return the ids of the articles of a story, in the order in which they came."""
        if not story.isdecimal():
            return []
        of = select(articles.c.key).join(placements, placements.c.article == articles.c.id)
        with self._database.reading() as connection:
            return connection.execute(of.where(placements.c.story == int(story)).order_by(articles.c.id)).scalars().all()

    def originals(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return for each of these articles that is a copy of one text the id of the article that had it first."""
        with self._database.reading() as connection:
            return dict(connection.execute(_ORIGINALS, {"keys": list(ids)}).all())

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""
        columns = (articles.c.outlet, func.count(), func.min(articles.c.published), func.max(articles.c.published))
        with self._database.reading() as connection:
            in_order = articles.c.outlet.asc().nulls_first()
            found = connection.execute(select(*columns).group_by(articles.c.outlet).order_by(in_order)).all()
        return [OutletRecord(outlet=outlet, articles=n, oldest=oldest, newest=newest) for outlet, n, oldest, newest in found]

    def outlet_names(self) -> Sequence[str]:
        """Return the names of all outlets, however many articles they have at no more cost."""
        with self._database.reading() as connection:
            return [name for name in connection.execute(_OUTLETS).scalars() if name]

    def revision(self) -> str:
        """Return what is another text whenever an article that can be quoted came, changed or went. Costs no search.

        What comes counts on the rows of passages and claims, what goes the removals; a changed article does both. Another model
        may find other claims.
        """
        with self._database.reading() as connection:
            counted = [counter(connection, name) for name in (PASSAGES, CLAIMS, REMOVALS)]
            return "-".join(str(number) for number in (*counted, generations.current(connection)))

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


# Made once: to put a statement of a hundred values together costs more than to run it.
_PARAGRAPHS = select(paragraphs.c.id, articles.c.key, paragraphs.c.position, paragraphs.c.start, paragraphs.c.end).join(
    articles, articles.c.id == paragraphs.c.article
)
_PARAGRAPHS_OF_IDS = _PARAGRAPHS.where(paragraphs.c.id.in_(_any("ids")))
_FIRST_SLOTS = (
    select(passages.c.paragraph, func.min(passages.c.slot))
    .where(passages.c.paragraph.in_(_any("ids")))
    .group_by(passages.c.paragraph)
)
_KEYS = select(articles.c.id, articles.c.key).where(articles.c.id.in_(_any("rows")))
_FIRST = articles.alias()
_ORIGINALS = (
    select(articles.c.key, _FIRST.c.key)
    .join(placements, placements.c.article == articles.c.id)
    .join(_FIRST, _FIRST.c.id == placements.c.original)
    .where(articles.c.key.in_(_any("keys")))
)
#: From each outlet to the next one: a look at the index for each, however many articles they have.
_NAMES = select(func.min(articles.c.outlet).label("name")).cte("names", recursive=True)
_NAMES = _NAMES.union_all(
    select(select(func.min(articles.c.outlet)).where(articles.c.outlet > _NAMES.c.name).scalar_subquery()).where(
        _NAMES.c.name.is_not(None)
    )
)
_OUTLETS = select(_NAMES.c.name).where(_NAMES.c.name.is_not(None))


def _articles_in(connection: Connection, where: Filter) -> fulltext.Allowed | None:
    """Return what says of articles (their rows) whether a filter lets them pass; None where all pass."""
    if where == Filter():
        return None
    statement = select(articles.c.id).where(articles.c.id.in_(bindparam("rows", expanding=True)))
    if where.window.start is not None:
        statement = statement.where(articles.c.published >= where.window.start)
    if where.window.end is not None:
        statement = statement.where(articles.c.published < where.window.end)
    if where.outlets:
        wanted = {name.casefold() for name in where.outlets}
        outlets = connection.execute(select(articles.c.outlet).distinct()).scalars()
        statement = statement.where(articles.c.outlet.in_([name for name in outlets if name and name.casefold() in wanted]))

    def are_in(rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        kept: list[int] = []
        for first in range(0, len(rows), _AT_ONCE):
            kept += connection.execute(statement, {"rows": rows[first : first + _AT_ONCE].tolist()}).scalars()
        return np.isin(rows, kept)

    return are_in


def _ours(model: EmbeddingModel) -> Mapping[str, str]:
    return {"model": model.name, "dimension": str(model.dimension), "digest": model.digest}


def _known(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(meta.c.key, meta.c.value)).all())


def _opened(database: Database, ours: Mapping[str, str]) -> tuple[Index, int]:
    """Return the index of a store, and of which generation it is. Raises StoreError."""
    known = _adopted(database, ours)
    try:
        index = indexes.index_of(database, known)
        with database.reading() as connection:
            index.check(connection)
    except StoreError:
        with database.reading() as connection:
            # What was there a moment ago goes once the store has gone over to another model.
            generations.check(connection, generations.of(known))
        raise
    return index, generations.of(known)


def _adopted(database: Database, ours: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a store says of itself; one that has no model yet becomes one of this model. Raises StoreError."""
    with database.reading() as connection:
        known = _known(connection)
    if "model" not in known:
        with database.writing("schema") as connection:
            # Another process may have been quicker.
            known = _known(connection)
            if "model" not in known:
                known |= ours
                writing.adopt(connection, ours)
                indexes.create(database, connection, known)
    _check(database, known, ours)
    return known


def _check(database: Database, known: Mapping[str, str], ours: Mapping[str, str]) -> None:
    if any(known[key] != ours[key] for key in ("dimension", "digest")):
        raise ReindexedError(
            f"{database.name} was indexed with {known['model']} ({known['dimension']} dimensions, {known['digest'][:8]}), not "
            f"with {ours['model']} ({ours['dimension']}, {ours['digest'][:8]}); leave WHOSAYS_ENCODER out, "
            f"or run `whosays reindex --encoder {ours['model']}`"
        )


def _where_in(statement: Select[Any], column: Column[Any], values: Iterable[Any]) -> Select[Any]:
    return statement.where(column.in_(list(values)))
