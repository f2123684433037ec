"""All vectors of a store are computed anew, by another model, beside those in use; then the store goes over to them at once.

The new ones are a generation of their own. How far it has come is kept with each batch, so that it goes on where it was killed;
articles that come meanwhile have higher numbers, and so are the last ones. Once nothing is left, one transaction makes the new
generation the store's. Who has opened the old one is told so by the next transaction in which he needs vectors.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, bindparam, delete, func, insert, select, update

from whosays.errors import StoreError
from whosays.store import generations, indexes, migrations, opening, placing, rows
from whosays.store.corpus import EmbeddingModel
from whosays.store.database import ARTICLES, Database
from whosays.store.generations import GENERATION
from whosays.store.schema import articles, claims, meta, next_leads, paragraphs, passages, placements, stories
from whosays.types import Article, Claim, Vector, Vectors

#: Rows of `meta`: the generation that is being made, with how far it has come; and one that is to go.
_NEXT, _LAST = "next", "last"


class Reindexing:
    """A store and the generation that is being made for a model: by one thread of one process, which `begin` makes sure of."""

    def __init__(self, database: Database, known: Mapping[str, str]) -> None:
        self._database = database
        self._known = known
        self._next: dict[str, Any] = json.loads(known[_NEXT])
        self._index = indexes.index_of(database, self._described(self._next))

    @classmethod
    def begin(cls, address: str, model: EmbeddingModel) -> Self | None:
        """Begin to index the store at an address anew, or go on with it; None where it is of that model already.

        Raises ConfigError for an address of no known kind; StoreError where it holds no vectors, or another process is at it.
        """
        database = opening.connect(address)
        try:
            if not database.alone("reindexing"):
                raise StoreError(f"another process is indexing {database.name} anew")
            _let_go(database)
            known = migrations.what_is_said(database)
            if "model" not in known:
                raise StoreError(f"{database.name} was never indexed, so there is nothing to index anew")
            begun = json.loads(known.get(_NEXT, "{}"))
            if begun.get("digest") != model.digest:
                _abandon(database)
                _let_go(database)
                if known["digest"] == model.digest:
                    database.close()
                    return None
                known = _begun(database, model)
            return cls(database, known)
        except BaseException:
            database.close()
            raise

    def left(self) -> int:
        """Return how many texts are still to be embedded: passages, claims and beginnings of articles."""
        with self._database.reading() as connection:
            return sum(
                connection.execute(select(func.count()).select_from(column.table).where(column >= first)).scalar_one()
                for column, first in self._ahead()
            )

    def passages(self, most: int) -> Sequence[tuple[int, str]]:
        """Return the numbers and texts of the next passages, at most so many."""
        of_article = (
            select(passages.c.slot, passages.c.start, passages.c.end, paragraphs.c.article)
            .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
            .where(passages.c.slot >= self._next["passages"])
            .order_by(passages.c.slot)
            .limit(most)
        )
        with self._database.reading() as connection:
            found = connection.execute(of_article).all()
            texts = _articles(connection, {row.article for row in found})
        return [(row.slot, texts[row.article].text[row.start : row.end]) for row in found]

    def keep_passages(self, slots: Sequence[int], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of passages, the next ones in order."""
        with self._database.writing(ARTICLES) as connection:
            # Those that have gone since they were read need none.
            there = placing.placed(connection, slots)
            at = {slot: row for row, slot in enumerate(slots)}
            self._index.place_passages(connection, there, vectors[[at[passage.slot] for passage in there]])
            self._note(connection, passages=slots[-1] + 1)

    def claims(self, most: int) -> Sequence[tuple[tuple[int, int], Article, Claim]]:
        """Return the rows and numbers of the next claims, at most so many, with their articles."""
        statement = (
            select(claims, articles.c.key)
            .join(articles, articles.c.id == claims.c.article)
            .where(claims.c.id >= self._first_claim())
            .order_by(claims.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            found = connection.execute(statement).all()
            texts = _articles(connection, {row.article for row in found})
        return [((row.id, row.slot), texts[row.article], rows.to_claim(row)) for row in found]

    def keep_claims(self, of: Sequence[tuple[int, int]], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of claims (their rows and numbers), the next ones in order."""
        at = {slot: row for row, (_, slot) in enumerate(of)}
        held = select(claims.c.slot).where(claims.c.id.in_([id for id, _ in of])).order_by(claims.c.slot)
        with self._database.writing(ARTICLES) as connection:
            # Of another number is what has a row now that was free again.
            there = [slot for slot in connection.execute(held).scalars() if slot in at]
            self._index.place_claims(connection, there, vectors[[at[slot] for slot in there]])
            id, slot = of[-1]
            self._note(connection, claims=id, claim_slots=slot + 1)

    def articles(self, most: int) -> Sequence[tuple[int, Article]]:
        """Return the rows of the next articles, at most so many, whose beginnings are to be embedded."""
        statement = select(articles).where(articles.c.id > self._next["articles"]).order_by(articles.c.id).limit(most)
        with self._database.reading() as connection:
            return [(row.id, rows.to_article(row)) for row in connection.execute(statement)]

    def keep_leads(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of how articles begin, the next ones in order."""
        with self._database.writing(ARTICLES) as connection:
            there = set(connection.execute(select(articles.c.id).where(articles.c.id.in_(ids))).scalars())
            values = [{"article": id, "vector": vector.tobytes()} for id, vector in zip(ids, vectors, strict=True) if id in there]
            if values:
                connection.execute(insert(next_leads), values)
            self._note(connection, articles=ids[-1])

    def complete(self) -> None:
        """Have the index made ready, before the store goes over to it: that may take long, and holds nobody up who reads."""
        with self._database.writing() as connection:
            self._index.complete(connection)

    def switch(self) -> bool:
        """Have the store go over to the new generation, in one transaction; say whether it has: something may have come."""
        with self._database.writing(ARTICLES, "schema") as connection:
            if self._is_behind(connection):
                return False
            self._index.complete(connection)
            _sum_up(connection, int(self._next["dimension"]))
            connection.execute(delete(next_leads))
            before = {"dimension": self._known["dimension"], "generation": generations.of(self._known)}
            of = ("model", "dimension", "digest", GENERATION)
            connection.execute(delete(meta).where(meta.c.key.in_((*of, _NEXT))))
            now = {key: str(self._next[key]) for key in of} | {_LAST: json.dumps(before)}
            connection.execute(insert(meta), [{"key": key, "value": value} for key, value in now.items()])
        return True

    def clean(self) -> None:
        """Let go of the old generation. Raises StoreError where somebody still reads it: the next `begin` does it then."""
        _let_go(self._database)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _described(self, generation: Mapping[str, Any]) -> dict[str, str]:
        return {"store": self._known["store"]} | {key: str(generation[key]) for key in ("dimension", GENERATION)}

    def _is_behind(self, connection: Connection) -> bool:
        return any(
            connection.execute(select(column).where(column >= first).limit(1)).first() is not None
            for column, first in self._ahead()
        )

    def _ahead(self) -> Sequence[tuple[Column[Any], int | ColumnElement[int]]]:
        """Return from which number on rows of each table are still to be done."""
        return (
            (passages.c.slot, self._next["passages"]),
            (claims.c.id, self._first_claim()),
            (articles.c.id, self._next["articles"] + 1),
        )

    def _first_claim(self) -> ColumnElement[int]:
        """Return from which row on claims are still to be done.

        SQLite gives the last rows of claims that went to those that come next; their numbers (slots) are new ones, and rise with
        the rows that are there. So the last row done may be another claim's now, and what was done ends before it.
        """
        done = select(claims.c.id).where(claims.c.id <= self._next["claims"], claims.c.slot < self._next["claim_slots"])
        return func.coalesce(done.order_by(claims.c.id.desc()).limit(1).scalar_subquery(), 0) + 1

    def _note(self, connection: Connection, **done: int) -> None:
        now = self._next | done
        connection.execute(update(meta).where(meta.c.key == _NEXT).values(value=json.dumps(now)))
        self._next = now


def _begun(database: Database, model: EmbeddingModel) -> dict[str, str]:
    """Make the next generation, empty, and return what the store says of itself then."""
    with database.writing(ARTICLES, "schema") as connection:
        number = generations.current(connection) + 1
        begun: dict[str, Any] = {"model": model.name, "dimension": model.dimension, "digest": model.digest, GENERATION: number}
        begun |= {"passages": 0, "claims": 0, "claim_slots": 0, "articles": 0}
        # A store that was moved here while it was being indexed anew has brought some along.
        connection.execute(delete(next_leads))
        connection.execute(insert(meta).values(key=_NEXT, value=json.dumps(begun)))
        known = dict(connection.execute(select(meta.c.key, meta.c.value)).all())
        indexes.create(database, connection, known | {key: str(begun[key]) for key in ("dimension", GENERATION)})
    return known


def _abandon(database: Database) -> None:
    """Have the generation that was begun, if any was, be one that is to go: killed in the midst, it is never gone on with."""
    with database.writing(ARTICLES, "schema") as connection:
        connection.execute(delete(next_leads))
        connection.execute(update(meta).where(meta.c.key == _NEXT).values(key=_LAST))


def _let_go(database: Database) -> None:
    """Let go of a generation that is not the store's any more, or is not to become it."""
    known = migrations.what_is_said(database)
    if _LAST in known:
        gone = {key: str(json.loads(known[_LAST])[key]) for key in ("dimension", GENERATION)}
        indexes.remove(database, known | gone)
        with database.writing() as connection:
            connection.execute(delete(meta).where(meta.c.key == _LAST))


def _articles(connection: Connection, ids: set[int]) -> dict[int, Article]:
    found = connection.execute(select(articles).where(articles.c.id.in_(sorted(ids))))
    return {row.id: rows.to_article(row) for row in found}


def _sum_up(connection: Connection, dimension: int) -> None:
    """Give each story the sum of the new vectors of its articles.

    It stands for as many as it did, those among them that have gone since: they are as the others are on average.
    """
    sums: dict[int, Vector] = defaultdict(lambda: np.zeros(dimension, dtype=np.float32))
    members: dict[int, int] = defaultdict(int)
    of_story = select(placements.c.story, next_leads.c.vector).join(next_leads, next_leads.c.article == placements.c.article)
    for story, vector in connection.execute(of_story):
        sums[story] += np.frombuffer(vector, dtype=np.float32)
        members[story] += 1
    values = [
        {"of": id, "to": (sums[id] * np.float32(count / max(members[id], 1))).tobytes()}
        for id, count in connection.execute(select(stories.c.id, stories.c.articles)).all()
    ]
    if values:
        statement = update(stories).where(stories.c.id == bindparam("of")).values(vector=bindparam("to"))
        connection.execute(statement, values)
