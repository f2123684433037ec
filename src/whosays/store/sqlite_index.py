"""The index of an SQLite store: vectors in files beside it.

A writer takes the write lock, appends the vectors behind the last row ever committed, waits until they are on the disk, and
only then commits the rows that name them. Each search works on a snapshot in memory, brought up to the last commit first.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from whosays.errors import StoreError
from whosays.store import fulltext, generations
from whosays.store.corpus import Candidate, Filter
from whosays.store.database import ARTICLES
from whosays.store.fulltext import Of
from whosays.store.generations import FIRST
from whosays.store.index import NewPassage, Placed, best
from whosays.store.schema import articles, counters, paragraphs, passages, removals
from whosays.store.slots import Slots, Snapshot, State, slot_rows
from whosays.store.sqlite_database import SqliteDatabase
from whosays.store.vector_files import VectorFiles
from whosays.store.vectors import Element, RowFile, nearest
from whosays.store.writing import CLAIMS, PASSAGES, REMOVALS, counter
from whosays.types import Article, Vector, Vectors


class SqliteIndex:
    """`Index` over files. `store` is the store's name, which its files must bear."""

    def __init__(self, database: SqliteDatabase, store: str, dimension: int, generation: int = FIRST) -> None:
        self.dimension = dimension
        self._database = database
        self._generation = generation
        self._files = VectorFiles(database.path, store, dimension, generation)
        self._lock = threading.Lock()
        self._slots = Slots(self._files.words, self._files.passages.rows(0))

    @staticmethod
    def files(database: SqliteDatabase, store: str, dimension: int, generation: int = FIRST) -> VectorFiles:
        """Return the files of a generation."""
        return VectorFiles(database.path, store, dimension, generation)

    def check(self, connection: Connection) -> None:
        """Make sure at the start, not at the first question, that no file is missing or cut short. Raises StoreError."""
        if not self._has_slots(counter(connection, PASSAGES)):
            with self._database.writing(ARTICLES) as writer:
                self._files.remake_slots(counter(writer, PASSAGES), _passages_by_article(writer))
        self._snapshot(connection)
        self._files.claims.rows(counter(connection, CLAIMS))

    def add_passages(self, connection: Connection, article: Article, new: Sequence[NewPassage], vectors: Vectors) -> None:
        """Index an article's passages, numbered one after the other, and their vectors (n, d)."""
        first = new[0].slot
        self._files.passages.write(first, vectors)
        rows = slot_rows(vectors, [passage.paragraph for passage in new], article.published, article.outlet)
        self._files.slots.write(first, rows)

    def add_claims(self, connection: Connection, first: int, vectors: Vectors) -> None:
        """Keep the vectors (n, d) of new claims, numbered from `first` on."""
        self._files.claims.write(first, vectors)

    def place_passages(self, connection: Connection, placed: Sequence[Placed], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of passages that are there already, by rising number; what was kept of them goes."""
        slots = [passage.slot for passage in placed]
        self._files.passages.place(slots, vectors)
        rows = [
            slot_rows(vectors[first:last], [passage.paragraph for passage in placed[first:last]], published, outlet)
            for (published, outlet), first, last in _alike(placed)
        ]
        if rows:
            self._files.slots.place(slots, np.concatenate(rows))

    def place_claims(self, connection: Connection, slots: Sequence[int], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of claims that are there already, by rising number; what was kept of them goes."""
        self._files.claims.place(slots, vectors)

    def complete(self, connection: Connection) -> None:
        """Make the index ready to be asked, once all vectors were placed: of numbers that are gone there are none."""
        for file, name in ((self._files.passages, PASSAGES), (self._files.slots, PASSAGES), (self._files.claims, CLAIMS)):
            file.reach(counter(connection, name))

    def remove_passages(self, connection: Connection, gone: Sequence[int]) -> None:
        """Leave the files as they are: that passages are gone stands in `removals`."""

    def passage_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these passages."""
        return self._vectors(self._files.passages, connection, PASSAGES, slots)

    def claim_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these claims."""
        return self._vectors(self._files.claims, connection, CLAIMS, slots)

    def article_vectors(
        self, connection: Connection, articles: Sequence[tuple[Sequence[int], Sequence[int]]]
    ) -> list[tuple[Vectors, Vectors]]:
        """Return the vectors of several articles' passages and claims, given by their numbers. They are not to be written to."""
        of_passages = self._mapped(self._files.passages, connection, PASSAGES)
        of_claims = self._mapped(self._files.claims, connection, CLAIMS)
        return [(_at(of_passages, own), _at(of_claims, said)) for own, said in articles]

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""
        with self._database.reading() as connection:
            generations.check(connection, self._generation, self._database.shared)
            snapshot = self._snapshot(connection)
        slots, cosines = nearest(vector, snapshot.codes, snapshot.vectors, snapshot.blocked(where), 2 * limit)
        return best(list(zip(snapshot.paragraphs[slots].tolist(), cosines.tolist(), strict=True)), limit)

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is `fulltext`'s, higher is better."""
        with self._database.reading() as connection:
            snapshot = self._snapshot(connection)
            blocked = snapshot.blocked(where)
            # Two passages of one paragraph count once, so more of them are asked for.
            ranked = fulltext.ranked(connection, Of.PASSAGES, words, 2 * limit, lambda slots: ~blocked[slots])
        return best([(int(snapshot.paragraphs[slot]), score) for slot, score in ranked], limit)

    def _has_slots(self, count: int) -> bool:
        """Say whether the file of the first slots is there: a store may be of before there was one, or be copied without it."""
        if self._files.left_by_schema_2():
            return False
        try:
            self._files.slots.rows(count)
        except StoreError:
            return False
        return True

    def _snapshot(self, connection: Connection) -> Snapshot:
        """Bring the table in memory up to the commit that the connection sees."""
        snapshot: Snapshot = self._database.shared.once(self, connection, self._brought_up)
        return snapshot

    def _brought_up(self, connection: Connection) -> Snapshot:
        values = dict(connection.execute(select(counters.c.name, counters.c.value)).all())
        state = State(slots=values[PASSAGES], removals=values[REMOVALS])
        with self._lock:
            known = self._slots.snapshot.state
            if state == known:
                return self._slots.snapshot
            vectors = self._rows(self._files.passages, state.slots)
            if state.slots >= known.slots and state.removals >= known.removals:
                rows = self._rows(self._files.slots, state.slots)[known.slots :]
                self._slots.advance(state, rows, _removed(connection, known), vectors)
                return self._slots.snapshot
            # Another thread, which began to read later, was here first. This one's articles are read as they were before, too.
            return self._slots.earlier(state, _removed(connection, State()), vectors)

    def _vectors(self, file: RowFile[np.float32], connection: Connection, name: str, slots: Sequence[int]) -> Vectors:
        return self._mapped(file, connection, name)[np.array(slots, dtype=np.int64)]

    def _mapped(self, file: RowFile[np.float32], connection: Connection, name: str) -> Vectors:
        return self._rows(file, self._database.shared.once(name, connection, lambda connection: counter(connection, name)))

    def _rows(self, file: RowFile[Element], count: int) -> NDArray[Element]:
        """Return the first rows of a file. Raises ReindexedError where it was removed since the transaction began."""
        try:
            return file.rows(count)
        except StoreError:
            with self._database.reading(anew=True) as connection:
                generations.check(connection, self._generation)
            raise


def _at(rows: Vectors, slots: Sequence[int]) -> Vectors:
    """Return rows: where they stand one behind the other, as those of an article nearly always do, without copying them."""
    run = range(slots[0], slots[0] + len(slots)) if slots else range(0)
    return rows[run.start : run.stop] if list(run) == list(slots) else rows[list(slots)]


def _passages_by_article(connection: Connection) -> Iterator[tuple[datetime | None, str | None, list[tuple[int, int]]]]:
    """Yield the date, the outlet and the (slot, paragraph) of each article's passages, in the order of their slots."""
    known = {row.id: row for row in connection.execute(select(articles.c.id, articles.c.published, articles.c.outlet))}
    statement = (
        select(paragraphs.c.article, passages.c.slot, passages.c.paragraph)
        .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
        .order_by(passages.c.slot)
    )
    for article, found in groupby(connection.execute(statement), lambda row: row.article):
        yield known[article].published, known[article].outlet, [(row.slot, row.paragraph) for row in found]


def _alike(placed: Sequence[Placed]) -> Iterator[tuple[tuple[datetime | None, str | None], int, int]]:
    """Yield the date and outlet of passages one behind the other that have them in common, and their first and last index."""
    first = 0
    for known, those in groupby(placed, lambda passage: (passage.published, passage.outlet)):
        last = first + sum(1 for _ in those)
        yield known, first, last
        first = last


def _removed(connection: Connection, known: State) -> Sequence[int]:
    return connection.execute(select(removals.c.slot).where(removals.c.id >= known.removals)).scalars().all()
