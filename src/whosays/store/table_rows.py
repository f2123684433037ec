"""Any table's rows, whatever they mean: streamed by key, summed up in a digest, compared with those of another database, written.

Values are as SQLAlchemy gives them (aware times, JSON as lists, bytes), so that equal rows of two kinds of database are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, and_, bindparam, collate, delete, insert, select, tuple_, update

from whosays.errors import StoreError

#: A row's primary key.
Key = tuple[Any, ...]
#: Rows that are read and written at a time. An article's may be some kilobytes long.
BATCH = 500
#: Keys that one statement names: SQLite takes 32,766 values.
_NAMED = 500


@dataclass(slots=True, kw_only=True)
class Comparison:
    """A table of two databases: how many rows each has, their digests, and the keys of those that differ.

    `missing` are there in the first alone, `extra` in the second alone, `other` in both, with other values.
    """

    rows: tuple[int, int] = (0, 0)
    digests: tuple[str, str] = ("", "")
    missing: list[Key] = field(default_factory=list)
    extra: list[Key] = field(default_factory=list)
    other: list[Key] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether both hold the same rows."""
        return self.rows[0] == self.rows[1] and self.digests[0] == self.digests[1]


def batches(connection: Connection, table: Table, after: Key | None = None) -> Generator[Sequence[Any], None, None]:
    """Yield all rows in the order of their keys, some at a time; `after` a key only those that follow it.

    Whoever may stop before the end closes the generator: a server keeps its place until then.
    """
    key = _ordered(connection, table)
    statement = select(table).order_by(*key)
    if after is not None:
        # Not a comparison of pairs, which SQLite would answer without its index where one column has another collation.
        statement = statement.where(_behind(key, after))
    with connection.execute(statement, execution_options={"yield_per": BATCH}) as found:
        yield from found.partitions()


def rows_at(connection: Connection, table: Table, keys: Sequence[Key]) -> Iterator[Any]:
    """Yield the rows of these keys, in any order."""
    columns = list(table.primary_key.columns)
    for first in range(0, len(keys), _NAMED):
        yield from connection.execute(select(table).where(tuple_(*columns).in_(keys[first : first + _NAMED])))


def key_of(table: Table, row: Any) -> Key:
    """Return a row's key."""
    return tuple(row._mapping[column] for column in table.primary_key.columns)


def add(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Insert rows of another database. Raises StoreError where one holds what this one cannot."""
    if not rows:
        return
    _refuse_nul(connection, table, rows)
    names = [column.key for column in table.columns]
    connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def change(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Give rows that are there the values of these. Raises StoreError as `add` does."""
    values = [column for column in table.columns if not column.primary_key]
    if not rows or not values:
        return
    _refuse_nul(connection, table, rows)
    statement = update(table).where(*(column == bindparam(f"of_{column.key}") for column in table.primary_key.columns))
    statement = statement.values({column.key: bindparam(f"to_{column.key}", type_=column.type) for column in values})
    connection.execute(
        statement,
        [
            {f"of_{column.key}": row._mapping[column] for column in table.primary_key.columns}
            | {f"to_{column.key}": row._mapping[column] for column in values}
            for row in rows
        ],
    )


def drop(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Delete the rows of these keys."""
    columns = list(table.primary_key.columns)
    for first in range(0, len(keys), _NAMED):
        connection.execute(delete(table).where(tuple_(*columns).in_(keys[first : first + _NAMED])))


def compare(table: Table, first: Connection, second: Connection) -> Comparison:
    """Compare a table of two databases, row by row in the order of keys, with little of either in memory."""
    found, sums, counts = Comparison(), (_Sum(), _Sum()), [0, 0]
    sides: tuple[Iterator[Any], Iterator[Any]] = (_all(first, table), _all(second, table))
    rows: list[Any] = [next(side, None) for side in sides]
    while rows[0] is not None or rows[1] is not None:
        keys = [None if row is None else key_of(table, row) for row in rows]
        ahead = keys[1] is None or (keys[0] is not None and keys[0] < keys[1])
        behind = keys[0] is None or (keys[1] is not None and keys[1] < keys[0])
        if ahead:
            found.missing.append(_there(keys[0]))
        elif behind:
            found.extra.append(_there(keys[1]))
        elif tuple(rows[0]) != tuple(rows[1]):
            found.other.append(_there(keys[0]))
        for side in [0] if ahead else [1] if behind else [0, 1]:
            sums[side].add(rows[side])
            counts[side] += 1
            rows[side] = next(sides[side], None)
    found.rows, found.digests = (counts[0], counts[1]), (sums[0].digest(), sums[1].digest())
    return found


class _Sum:
    """A digest of rows in an order."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, row: Iterable[Any]) -> None:
        for value in row:
            data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
            self._hash.update(b"%d:" % len(data) + data)

    def digest(self) -> str:
        return self._hash.hexdigest()


def _all(connection: Connection, table: Table) -> Iterator[Any]:
    for rows in batches(connection, table):
        yield from rows


def _there(key: Key | None) -> Key:
    assert key is not None
    return key


def _ordered(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a table's key, texts in the order of their code points: a server's language may have another."""
    in_order: list[ColumnElement[Any]] = []
    for column in table.primary_key.columns:
        foreign = connection.dialect.name != "sqlite" and isinstance(column.type, String)
        in_order.append(collate(column, "C") if foreign else column)
    return in_order


def _behind(key: Sequence[ColumnElement[Any]], after: Key) -> ColumnElement[bool]:
    """Return the condition that a key comes behind another one: (a, b) > (x, y) is a > x or a = x and b > y."""
    condition: ColumnElement[bool] = key[-1] > after[-1]
    for column, value in zip(reversed(key[:-1]), reversed(after[:-1]), strict=True):
        condition = and_(column >= value, (column > value) | condition)
    return condition


def _refuse_nul(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Raise StoreError where a text holds the character NUL, which PostgreSQL cannot keep."""
    if connection.dialect.name != "postgresql":
        return
    for row in rows:
        for column in table.columns:
            value = row._mapping[column]
            if isinstance(value, str) and "\0" in value:
                raise StoreError(
                    f"{table.name} {_named(table, row)}: {column.key} holds the character NUL, which PostgreSQL cannot store; "
                    "read or write it anew without it, then go on"
                )


def _named(table: Table, row: Any) -> str:
    # Numbers alone: an error ends up in logs, and what people write must not.
    return " ".join(str(value) for value in key_of(table, row) if isinstance(value, int)) or "(a text)"
