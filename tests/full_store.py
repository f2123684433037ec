"""A store with something in every table, for tests of what must lose none of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    Interval,
    LargeBinary,
    String,
    Table,
    Time,
    func,
    insert,
    select,
)

from tests.stored import Model, article, claim, indexed
from whosays.store import opening
from whosays.store.schema import UtcDateTime, meta, metadata
from whosays.store.sql_corpus import SqlCorpus

#: What the words of every other article are made of, so that words are both common and rare.
_PLACES = ("Orsel", "Calder", "Minnow", "Thale", "Brack", "Ludd", "Port Salt")
_ROWS = 3


def fill(address: str, articles: int = 12, model: Model | None = None) -> None:
    """Make a store at an address: articles, of which some were replaced, removed or copied, and rows in all other tables."""
    corpus = SqlCorpus.open(address, model or Model())
    for number in range(articles):
        corpus.put(_indexed(number))
    corpus.put(_indexed(1, "It was put off again."))
    corpus.remove("a2")
    corpus.remove(f"a{articles - 1}")
    corpus.close()
    database = opening.connect(address)
    with database.writing() as connection:
        for table in metadata.sorted_tables:
            if table is not meta and not connection.execute(select(func.count()).select_from(table)).scalar_one():
                _fill(connection, table)
    database.close()


def _indexed(number: int, more: str = "") -> Any:
    place = _PLACES[number % len(_PLACES)]
    of = article(
        f"a{number}",
        f"The council of {place} met on the harbour. {more}".strip(),
        f"Ferry {number} lies idle in {place}, ‘for good’, said Mira Tolk.",
        outlet=("Orsel Gazette", "Harbour Post", None)[number % 3],
        day=number % 27 + 1 if number % 4 else None,
        title=f"{place} waits" if number % 2 else None,
    )
    return indexed(of, claim(of, f"Ferry {number} lies", 1), claim(of, "The council", 0, 1, speaker="Ostrava"), seed=number)


def _fill(connection: Connection, table: Table) -> None:
    referred = {
        column.key: connection.execute(select(reference.column).order_by(reference.column).limit(_ROWS)).scalars().all()
        for column in table.columns
        for reference in column.foreign_keys
    }
    for number in range(1, _ROWS + 1):
        values = {
            column.key: referred[column.key][number - 1] if column.key in referred else _value(table, column, number)
            for column in table.columns
            if column is not table.autoincrement_column
        }
        connection.execute(insert(table).values(**values))


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if column.nullable and number == _ROWS:
        return None
    match column.type:
        case JSON():
            return [[number, 7], "Ünïcödé ✓"]
        case Boolean():
            return number % 2 == 0
        case Float():
            return 0.1 * number
        case LargeBinary():
            return bytes([0, 255, number])
        case Time():
            return time(22, number)
        case Interval():
            return timedelta(minutes=number, microseconds=1)
        case UtcDateTime():
            return datetime(2031, 1, number, 1, 2, 3, 4005, tzinfo=UTC)
        case Integer():
            # Chats of many people have numbers below zero, and all may pass 32 bits.
            return number if column.primary_key else number - 2
        case String():
            return f"{table.name} {column.key} {number}: ‘é’ \\ \" ' % \n"
    raise AssertionError(f"{table.name}.{column.key} is of a type that no value is known of")
