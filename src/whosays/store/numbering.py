"""Which number a table gives its next row: one that was given out once is never given out again, though its row is gone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, inspect, select, text

from whosays.store.schema import metadata


def given_out(connection: Connection) -> dict[str, int]:
    """Return the highest number that each table which numbers its rows has ever given out, by the table's name."""
    highest = {
        table.name: connection.execute(select(func.max(column))).scalar() or 0
        for table in metadata.sorted_tables
        if (column := table.autoincrement_column) is not None
    }
    for name, number in _kept(connection, list(highest)).items():
        highest[name] = max(highest[name], number)
    return highest


def go_on(connection: Connection, given: Mapping[str, int]) -> None:
    """Have tables number their next rows behind these numbers."""
    for name, number in given.items():
        if number < 1:
            continue
        if connection.dialect.name == "sqlite":
            if name in _counting(connection):
                connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
                connection.execute(
                    text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), {"name": name, "number": number}
                )
        else:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"), {"name": name, "number": number}
            )


def _kept(connection: Connection, names: list[str]) -> Mapping[str, int]:
    """Return what the database itself keeps of this."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return {}
        found = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {name: int(seq) for name, seq in found if name in names}
    kept = {}
    for name in names:
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name}).scalar_one()
        last, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
        kept[name] = int(last) if called else 0
    return kept


def _counting(connection: Connection) -> set[str]:
    """Return the tables that SQLite numbers without ever repeating itself; of the others it looks at the rows."""
    return {table.name for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
