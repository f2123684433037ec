"""The index of a store, by the kind of its database and by what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from sqlalchemy import Connection

from whosays.store import generations
from whosays.store.database import Database
from whosays.store.index import Index
from whosays.store.sqlite_database import SqliteDatabase
from whosays.store.sqlite_index import SqliteIndex


def index_of(database: Database, known: Mapping[str, str]) -> Index:
    """Return the index of a store (`known`: its rows of `meta`), of its generation. Raises StoreError."""
    dimension, generation = int(known["dimension"]), generations.of(known)
    if isinstance(database, SqliteDatabase):
        return SqliteIndex(database, known["store"], dimension, generation)
    index: Index = _postgres().PostgresIndex(database, dimension, generation)
    return index


def create(database: Database, connection: Connection, known: Mapping[str, str]) -> None:
    """Make what the index of a generation keeps beside the tables, before that generation is committed. Raises StoreError."""
    dimension, generation = int(known["dimension"]), generations.of(known)
    if isinstance(database, SqliteDatabase):
        SqliteIndex.files(database, known["store"], dimension, generation).create()
    else:
        _postgres().create(connection, dimension, generation)


def remove(database: Database, known: Mapping[str, str]) -> None:
    """Let go of what a generation that is not the store's any more, or never was, keeps beside the tables. Raises StoreError.

    It waits for whoever reads that, and holds nobody up who does not.
    """
    dimension, generation = int(known["dimension"]), generations.of(known)
    if isinstance(database, SqliteDatabase):
        with database.writing():
            SqliteIndex.files(database, known["store"], dimension, generation).remove()
    else:
        _postgres().remove(database, dimension, generation)


def _postgres() -> ModuleType:
    # A tenth of a second for its driver, which an SQLite store has no use for.
    from whosays.store import postgres_index  # noqa: PLC0415

    return postgres_index
