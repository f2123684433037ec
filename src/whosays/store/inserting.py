"""Many rows at once, as each kind of database takes them fastest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Connection, Insert, Table, bindparam, func, insert, select


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        # An array a column, in one statement.
        names = tuple(rows[0])
        connection.execute(_of_arrays(table, names), {name: [row[name] for row in rows] for name in names})
    else:
        connection.execute(insert(table), rows)


def insert_plain(connection: Connection, table: Table, rows: Sequence[tuple[int | str | bytes, ...]]) -> None:
    """Insert rows of all columns of a table, in its order: numbers, texts and bytes, which need no translation."""
    names = [column.name for column in table.columns]
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        # To translate a hundred thousand values that are passed on as they are takes longer than to insert them.
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})", list(rows))
    else:
        insert_all(connection, table, [dict(zip(names, row, strict=True)) for row in rows])


@cache
def _of_arrays(table: Table, names: tuple[str, ...]) -> Insert:
    arrays = (func.unnest(bindparam(name, type_=ARRAY(table.c[name].type, dimensions=1))) for name in names)
    return insert(table).from_select(names, select(*arrays))
