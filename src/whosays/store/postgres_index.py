"""The index of a PostgreSQL store: vectors in tables of their own, found by pgvector's graph (HNSW).

Of many rows the graph proposes the likely ones, by vectors of 16 bits a number, and these are scored exactly; of few all are. A
filter by date or outlet is applied on the way through the graph, which goes on until it has enough (iterative scans).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy import cast as as_type
from sqlalchemy.exc import ProgrammingError

from whosays.errors import StoreError
from whosays.store import fulltext, generations
from whosays.store.corpus import Candidate, Filter
from whosays.store.database import Database
from whosays.store.fulltext import Of
from whosays.store.index import NewPassage, Placed, best
from whosays.store.postgres_vectors import Floats, Halves, product, tables
from whosays.store.schema import claims, counters, passages
from whosays.store.writing import PASSAGES, REMOVALS
from whosays.types import Article, Vector, Vectors

#: Up to so many rows all are scored: that takes no longer than the graph does, and misses nothing. The graph is made for more.
_FEW = 2_000
#: Of more rows those that a filter lets pass are all scored while they are fewer than the root of so many times all rows: the
#: graph has to look at the more rows the fewer pass (bench/postgres.py).
_NARROW = 1_000
#: Rows that the graph proposes at least, to be scored exactly.
_PROPOSED = 200
#: How many rows the graph keeps in view; a filtered search goes on, nearest rows first but for a few, over so many.
_SETTINGS = {
    "hnsw.ef_search": "400",
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "40000",
    "hnsw.scan_mem_multiplier": "4",
}
#: How many rows are in view when one is added.
_EF_CONSTRUCTION = 128
_SLOTS = bindparam("slots", type_=ARRAY(BigInteger))
#: The versions before this one cannot go on searching behind a filter.
_VERSION = (0, 8)


class PostgresIndex:
    """`Index` over the tables of a generation."""

    def __init__(self, database: Database, dimension: int, generation: int = generations.FIRST) -> None:
        self.dimension = dimension
        self._database = database
        self._generation = generation
        self._tables = tables(dimension, generation)
        self._asked = bindparam("asked", type_=Floats(dimension))

    def check(self, connection: Connection) -> None:
        """Make sure at the start that the tables are there, and that pgvector can do what is asked of it. Raises StoreError."""
        found = connection.execute(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")).scalar_one()
        if tuple(int(part) for part in found.split(".")[:2]) < _VERSION:
            raise StoreError(
                f"{self._database.name} has pgvector {found}; {'.'.join(map(str, _VERSION))} or later is needed: install that on "
                "the server, then have its superuser run ALTER EXTENSION vector UPDATE in this database"
            )
        for table in (self._tables.passages, self._tables.claims):
            if connection.execute(text("SELECT to_regclass(:name)"), {"name": table.name}).scalar() is None:
                raise StoreError(f"{self._database.name} lacks its table {table.name}; bring it back from a copy of the database")

    def add_passages(self, connection: Connection, article: Article, new: Sequence[NewPassage], vectors: Vectors) -> None:
        """Index an article's passages, numbered one after the other, and their vectors (n, d)."""
        placed = [
            Placed(slot=one.slot, paragraph=one.paragraph, published=article.published, outlet=article.outlet) for one in new
        ]
        self._insert(connection, placed, vectors)
        if new[0].slot < _FEW <= new[-1].slot + 1:
            self._make_graph(connection)

    def add_claims(self, connection: Connection, first: int, vectors: Vectors) -> None:
        """Keep the vectors (n, d) of new claims, numbered from `first` on."""
        self._insert_claims(connection, range(first, first + len(vectors)), vectors)

    def place_passages(self, connection: Connection, placed: Sequence[Placed], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of passages that are there already, by rising number; what was kept of them goes."""
        self.remove_passages(connection, [one.slot for one in placed])
        self._insert(connection, placed, vectors)

    def place_claims(self, connection: Connection, slots: Sequence[int], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of claims that are there already, by rising number; what was kept of them goes."""
        connection.execute(delete(self._tables.claims).where(self._tables.claims.c.slot.in_(slots)))
        self._insert_claims(connection, slots, vectors)

    def complete(self, connection: Connection) -> None:
        """Make the index ready to be asked, once all vectors were placed: of all at once the graph is made faster."""
        for table, rows in ((self._tables.passages, passages), (self._tables.claims, claims)):
            # What went after it was placed was taken out of another generation.
            connection.execute(delete(table).where(~exists().where(rows.c.slot == table.c.slot)))
        self._make_graph(connection)

    def remove_passages(self, connection: Connection, gone: Sequence[int]) -> None:
        """Take passages out, by their numbers."""
        connection.execute(delete(self._tables.passages).where(self._tables.passages.c.slot.in_(gone)))

    def passage_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these passages."""
        return self._vectors(connection, self._tables.passages, slots)

    def claim_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these claims."""
        return self._vectors(connection, self._tables.claims, slots)

    def article_vectors(
        self, connection: Connection, articles: Sequence[tuple[Sequence[int], Sequence[int]]]
    ) -> list[tuple[Vectors, Vectors]]:
        """Return the vectors of several articles' passages and claims, given by their numbers. They are not to be written to."""
        of_passages = self.passage_vectors(connection, [slot for own, _ in articles for slot in own])
        of_claims = self.claim_vectors(connection, [slot for _, said in articles for slot in said])
        ends = np.cumsum([(len(own), len(said)) for own, said in articles], axis=0)[:-1]
        return list(zip(np.split(of_passages, ends[:, 0]), np.split(of_claims, ends[:, 1]), strict=True))

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""
        # Two passages of one paragraph count once, so more of them are asked for.
        most = 2 * limit
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            with self._kept():
                few, passing, *_ = connection.execute(self._passing(where)).one()
                ranked = self._likeliest(most, where) if passing > few else self._exact(most, where)
                found = connection.execute(ranked, {"asked": vector}).all()
                if passing > few and len(found) < limit:
                    # The graph has looked at as many rows as it may, and too few of them pass.
                    found = connection.execute(self._exact(most, where), {"asked": vector}).all()
        return best([(row.paragraph, row.cosine) for row in found], limit)

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is `fulltext`'s, higher is better."""
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            with self._kept():
                ranked = fulltext.ranked(connection, Of.PASSAGES, words, 2 * limit, self._allowed(connection, where))
            statement = select(passages.c.slot, passages.c.paragraph).where(passages.c.slot.in_([slot for slot, _ in ranked]))
            held = dict(connection.execute(statement).all())
        return best([(held[slot], score) for slot, score in ranked], limit)

    def _passing(self, where: Filter) -> Select[Any]:
        """Return the query for up to how many rows all are scored, and how many pass (of more rows one more than that).

        It also has the graph look at enough rows, until the end of the transaction.
        """
        counted = select(counters.c.value)
        added = counted.where(counters.c.name == PASSAGES).scalar_subquery()
        held = added - counted.where(counters.c.name == REMOVALS).scalar_subquery()
        few = as_type(func.greatest(_FEW, func.sqrt(_NARROW * held)), BigInteger)
        if where == Filter():
            passing: ColumnElement[int] = held
        else:
            some: Select[Any] = (
                select(literal_column("1")).select_from(self._tables.passages).where(*self._conditions(where)).limit(few + 1)
            )
            passing = select(func.count()).select_from(some.subquery()).scalar_subquery()
        set_ = (func.set_config(name, value, literal_column("true")) for name, value in _SETTINGS.items())
        return select(few.label("few"), passing.label("passing"), *set_)

    def _exact(self, most: int, where: Filter) -> Select[int, float]:
        """Return the query for the paragraphs of the nearest rows and their cosines, best first: all that pass are scored."""
        table = self._tables.passages
        return self._ranked(table.c.slot, table.c.paragraph, table.c.vector, most).where(*self._conditions(where))

    def _likeliest(self, most: int, where: Filter) -> Select[int, float]:
        """Return the same of the rows that the graph proposes."""
        table, halves = self._tables.passages, Halves(self.dimension)
        # Just as the graph's index has it, else it is not used.
        likely = product(as_type(table.c.vector, halves), as_type(as_type(self._asked, Floats(self.dimension)), halves))
        columns = (table.c.slot, table.c.paragraph, table.c.vector)
        # A literal: with a number that it does not know the planner may think the graph no use.
        limit: ColumnElement[int] = literal_column(str(max(most, _PROPOSED)))
        near = select(*columns).where(*self._conditions(where)).order_by(likely).limit(limit).subquery("near")
        return self._ranked(near.c.slot, near.c.paragraph, near.c.vector, most)

    def _ranked(
        self, slot: ColumnElement[int], paragraph: ColumnElement[int], vector: ColumnElement[Any], most: int
    ) -> Select[int, float]:
        cosine = (-product(vector, self._asked)).label("cosine")
        return select(paragraph.label("paragraph"), cosine).order_by(cosine.desc(), slot).limit(most)

    def _conditions(self, where: Filter) -> list[ColumnElement[bool]]:
        """Return what a row must fulfil to pass a filter."""
        columns, window = self._tables.passages.c, where.window
        conditions = []
        if window.start is not None:
            conditions.append(columns.published >= window.start)
        if window.end is not None:
            conditions.append(columns.published < window.end)
        if where.outlets:
            conditions.append(columns.outlet.in_(sorted({name.casefold() for name in where.outlets})))
        return conditions

    def _allowed(self, connection: Connection, where: Filter) -> fulltext.Allowed | None:
        """Return what says of passages (their slots) whether a filter lets them pass; None where all pass."""
        if where == Filter():
            return None
        slot = self._tables.passages.c.slot
        passing = select(slot).where(slot == func.any(_SLOTS), *self._conditions(where))

        def are_in(slots: NDArray[np.int64]) -> NDArray[np.bool_]:
            return np.isin(slots, connection.execute(passing, {"slots": slots.tolist()}).scalars().all())

        return are_in

    def _vectors(self, connection: Connection, table: Table, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these rows of a table."""
        statement = select(table.c.slot, table.c.vector).where(table.c.slot == func.any(_SLOTS))
        with self._kept():
            held = dict(connection.execute(statement, {"slots": list(slots)}).all())
        result = np.empty((len(slots), self.dimension), dtype=np.float32)
        for row, slot in enumerate(slots):
            result[row] = held[slot]
        return result

    def _insert(self, connection: Connection, placed: Sequence[Placed], vectors: Vectors) -> None:
        rows = [
            {
                "slot": one.slot,
                "paragraph": one.paragraph,
                "published": one.published,
                "outlet": None if one.outlet is None else one.outlet.casefold(),
                "vector": vector,
            }
            for one, vector in zip(placed, vectors, strict=True)
        ]
        if rows:
            connection.execute(insert(self._tables.passages), rows)

    def _insert_claims(self, connection: Connection, slots: Sequence[int], vectors: Vectors) -> None:
        rows = [{"slot": slot, "vector": vector} for slot, vector in zip(slots, vectors, strict=True)]
        if rows:
            connection.execute(insert(self._tables.claims), rows)

    def _make_graph(self, connection: Connection) -> None:
        name = self._tables.passages.name
        connection.exec_driver_sql(
            f"CREATE INDEX IF NOT EXISTS {name}_graph ON {name} USING hnsw ((vector::halfvec({self.dimension})) halfvec_ip_ops) "
            f"WITH (ef_construction = {_EF_CONSTRUCTION})"
        )

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Raise ReindexedError where the tables were removed since the transaction began."""
        try:
            yield
        except ProgrammingError:
            with self._database.reading(anew=True) as connection:
                generations.check(connection, self._generation)
            raise


def create(connection: Connection, dimension: int, generation: int) -> None:
    """Make the tables of a generation, empty, whatever was there."""
    made = tables(dimension, generation).passages.metadata
    made.drop_all(connection)
    made.create_all(connection)


def remove(database: Database, dimension: int, generation: int) -> None:
    """Let go of the tables of a generation. Raises StoreError where somebody reads one of them for too long."""
    # Each in a transaction of its own: who waits for the readers of one then holds nothing that they could want.
    for table in tables(dimension, generation).passages.metadata.sorted_tables:
        with database.writing() as connection:
            table.drop(connection, checkfirst=True)
