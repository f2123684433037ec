"""A whole store is moved to another address, of the same kind or of another: rows and vectors as they are, nothing is computed.

Tables are copied in the order in which they need one another, rows in the order of their keys, and how far it has come is kept in
the new store with each batch: whoever was killed goes on there. Then both are compared row by row and vector by vector, and what
was written into the old store meanwhile is brought over, until they are equal. Only then the new store is one: whoever opens it
before is told that a store is being moved there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from whosays.errors import StoreError
from whosays.store import generations, indexes, migrations, numbering, opening, placing, sampling, table_rows
from whosays.store.database import ARTICLES, Database
from whosays.store.index import Index
from whosays.store.migrations import MOVING
from whosays.store.schema import SCHEMA_VERSION, articles, counters, meta, metadata
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.sqlite_database import SqliteDatabase
from whosays.store.table_rows import Comparison, Key

#: What of `meta` the new store takes over; its name, its schema and its generation are its own.
_MODEL = ("model", "dimension", "digest")
#: How often what changed meanwhile is brought over before whoever writes there is to be stopped.
_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStep:
    """How far a move has come: what it does ("copying", "comparing", "asking") with which table, rows so far, of how many."""

    doing: str
    table: str
    rows: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedTable:
    """A table that is equal in both stores: its rows, and their digest in the order of their keys."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move has done, between two stores as messages name them.

    `vectors` were compared one by one, of `articles` both stores were asked the same, `late` rows were written into the old
    store while it was copied.
    """

    source: str
    target: str
    tables: tuple[MovedTable, ...]
    vectors: int
    articles: int
    late: int


class StoppedError(StoreError):
    """The move was stopped between two batches: called again it goes on."""


Report = Callable[[MoveStep], None]


def move_store(source: str, target: str, report: Report, stopping: Callable[[], bool] = lambda: False) -> Moved:
    """Move the store at one address to another one, or go on with it, and return what is there then.

    Raises ConfigError where an address is of no known kind; StoreError where there is no store of this version to move, where
    the target holds anything else, or where the two do not become equal; StoppedError once `stopping` is true.
    """
    from_, to = _existing(source), opening.at(target)
    try:
        known = _movable(from_)
        _begin(from_, to, known)
        # A second one would write the same rows.
        if not to.alone("moving"):
            raise StoreError(f"another process is moving a store into {to.name}")
        return _Move(from_, to, known, report, stopping).run()
    finally:
        from_.close()
        to.close()


def _existing(address: str) -> Database:
    database = opening.at(address)
    if isinstance(database, SqliteDatabase) and not database.path.is_file():
        raise StoreError(f"there is no store at {database.name}")
    return database


def _movable(database: Database) -> dict[str, str]:
    known = migrations.what_is_said(database)
    if not known:
        raise StoreError(f"{database.name} is no store of whosays")
    if known["schema"] != str(SCHEMA_VERSION):
        raise StoreError(
            f"{database.name} is of schema {known['schema']}, and only one of {SCHEMA_VERSION} can be moved; "
            f"`whosays sources` with that store brings an older one up to this version"
        )
    if MOVING in known:
        raise StoreError(f"{database.name} is no store yet: a move into it is not finished; finish it first")
    return known


def _begin(source: Database, target: Database, known: dict[str, str]) -> None:
    """Note in an empty store what is moved into it, once. Raises StoreError where it holds anything else."""
    there = migrations.what_is_said(target)
    if there.get("store") == known["store"]:
        raise StoreError(f"{target.name} is the same store as {source.name}, or a copy of it")
    if not there:
        there = migrations.bring_up(target)
    if there["schema"] != str(SCHEMA_VERSION):
        raise StoreError(f"{target.name} is a store of schema {there['schema']} already: name one that does not exist yet")
    if MOVING not in there:
        with target.writing("schema", ARTICLES) as connection:
            if "model" in there or _holds_anything(connection):
                raise StoreError(f"{target.name} is a store already, and holds something: name one that does not exist yet")
            taken = {key: known[key] for key in _MODEL if key in known}
            if "model" in taken:
                indexes.create(target, connection, there | taken)
            moving = {MOVING: json.dumps({"from": known["store"], "table": None, "after": None})}
            connection.execute(insert(meta), [{"key": key, "value": value} for key, value in (taken | moving).items()])
    elif json.loads(there[MOVING])["from"] != known["store"]:
        raise StoreError(f"another store than {source.name} is being moved into {target.name}: name one that does not exist yet")
    elif there.get("digest") != known.get("digest"):
        raise StoreError(
            f"{source.name} has been indexed anew since its move into {target.name} was begun: name one that does not exist yet"
        )


def _holds_anything(connection: Connection) -> bool:
    return any(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
        if table not in (meta, counters)
    )


class _Move:
    """A move that was begun."""

    def __init__(
        self, source: Database, target: Database, known: dict[str, str], report: Report, stopping: Callable[[], bool]
    ) -> None:
        self._source, self._target = source, target
        self._report, self._stopping = report, stopping
        self._tables = [table for table in metadata.sorted_tables if table is not meta]
        self._indexes: tuple[Index, Index] | None = None
        if "model" in known:
            self._indexes = indexes.index_of(source, known), indexes.index_of(target, migrations.what_is_said(target))

    def run(self) -> Moved:
        """Copy, compare, bring over what changed, and make the target a store."""
        try:
            self._copy()
        except StoreError as error:
            # The old store was written to between two runs: what follows mends that.
            if not isinstance(error.__context__, IntegrityError):
                raise
        late = 0
        for _ in range(_ROUNDS):
            self._complete()
            with self._source.reading() as source, self._target.reading() as target:
                found = {table.name: self._compared(table, source, target) for table in self._tables}
                wrong: dict[Table, list[Key]] = {}
                if all(comparison.equal for comparison in found.values()):
                    vectors, wrong = self._compare_vectors(source, target)
                    if not any(wrong.values()):
                        given = numbering.given_out(source)
                        break
                late += sum(len(one.missing) + len(one.extra) + len(one.other) for one in found.values())
                self._mend(found, wrong, source)
        else:
            raise StoreError(
                f"{self._source.name} is written to while it is moved: stop the bot and the poller, and run the same again"
            )
        asked = self._ask_both()
        with self._target.writing("schema", ARTICLES) as connection:
            numbering.go_on(connection, given)
            connection.execute(delete(meta).where(meta.c.key == MOVING))
        tables = [MovedTable(table=name, rows=one.rows[0], digest=one.digests[0]) for name, one in found.items()]
        return Moved(
            source=self._source.name, target=self._target.name, tables=tuple(tables), vectors=vectors, articles=asked, late=late
        )

    def _ask_both(self) -> int:
        """Ask both stores of some articles, and return of how many. Raises StoreError where the answers differ."""
        if self._indexes is None:
            return 0
        ids = sampling.keys(self._source)
        numbers = [generations.of(migrations.what_is_said(database)) for database in (self._source, self._target)]
        first, second = (
            SqlCorpus(database, index, number)
            for database, index, number in zip((self._source, self._target), self._indexes, numbers, strict=True)
        )
        sampling.check_same(first, second, ids, lambda done: self._go_on("asking", articles, done, len(ids)))
        return len(ids)

    # --- Copying ---------------------------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        at = json.loads(migrations.what_is_said(self._target)[MOVING])
        names = [table.name for table in self._tables]
        begun: str | None = at["table"]
        with self._source.reading() as source:
            for table in self._tables[names.index(begun) if begun else 0 :]:
                after = tuple(at["after"]) if table.name == begun else None
                of = source.execute(select(func.count()).select_from(table)).scalar_one()
                if after is not None:
                    with self._target.reading() as target:
                        copied: int = target.execute(select(func.count()).select_from(table)).scalar_one()
                else:
                    copied = 0
                with closing(table_rows.batches(source, table, after)) as batches:
                    for rows in batches:
                        self._go_on("copying", table, copied, of)
                        self._add(table, rows, source, at)
                        copied += len(rows)

    def _add(self, table: Table, rows: Sequence[Any], source: Connection, at: dict[str, Any]) -> None:
        now = json.dumps(at | {"table": table.name, "after": table_rows.key_of(table, rows[-1])})
        with self._target.writing(ARTICLES) as target:
            (table_rows.change if table is counters else table_rows.add)(target, table, rows)
            self._copy_vectors(table, rows, source, target)
            target.execute(update(meta).where(meta.c.key == MOVING).values(value=now))

    def _copy_vectors(self, table: Table, rows: Sequence[Any], source: Connection, target: Connection) -> None:
        if self._indexes is not None and table in placing.WITH_VECTORS and rows:
            placing.copy(table, rows, (self._indexes[0], source), (self._indexes[1], target))

    def _complete(self) -> None:
        if self._indexes is not None:
            with self._target.writing(ARTICLES) as connection:
                self._indexes[1].complete(connection)

    # --- Comparing -------------------------------------------------------------------------------------------------------------

    def _compared(self, table: Table, source: Connection, target: Connection) -> Comparison:
        self._go_on("comparing", table, 0, 0)
        return table_rows.compare(table, source, target)

    def _compare_vectors(self, source: Connection, target: Connection) -> tuple[int, dict[Table, list[Key]]]:
        if self._indexes is None:
            return 0, {}
        pair = (self._indexes[0], source), (self._indexes[1], target)
        return placing.compare(*pair, lambda table, done: self._go_on("comparing", table, done, 0))

    def _mend(self, found: dict[str, Comparison], wrong: dict[Table, list[Key]], source: Connection) -> None:
        """Make the target what the source is now: what is gone goes, children before parents; what is new or other comes."""
        for table in reversed(self._tables):
            with self._target.writing(ARTICLES) as target:
                table_rows.drop(target, table, found[table.name].extra)
        for table in self._tables:
            one = found[table.name]
            for keys, write in ((one.missing, table_rows.add), (one.other, table_rows.change), (wrong.get(table, []), None)):
                for first in range(0, len(keys), table_rows.BATCH):
                    self._go_on("copying", table, first, len(keys))
                    rows = list(table_rows.rows_at(source, table, keys[first : first + table_rows.BATCH]))
                    with self._target.writing(ARTICLES) as target:
                        if write is not None:
                            write(target, table, rows)
                        self._copy_vectors(table, rows, source, target)

    def _go_on(self, doing: str, table: Table, rows: int, of: int) -> None:
        if self._stopping():
            raise StoppedError("the move was stopped; run the same again to go on")
        self._report(MoveStep(doing=doing, table=table.name, rows=rows, of=of))
