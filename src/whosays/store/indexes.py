"""The index of a store, by the kind of its database and by what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from whosays.errors import StoreError
from whosays.store import generations
from whosays.store.database import Database
from whosays.store.index import Index
from whosays.store.sqlite_database import SqliteDatabase
from whosays.store.sqlite_index import SqliteIndex


def index_of(database: Database, known: Mapping[str, str]) -> Index:
    """Return the index of a store (`known`: its rows of `meta`), of its generation. Raises StoreError."""
    if isinstance(database, SqliteDatabase):
        return SqliteIndex(database, known["store"], int(known["dimension"]), generations.of(known))
    raise StoreError(f"{database.name} cannot hold articles")


def create(database: Database, connection: Connection, known: Mapping[str, str]) -> None:
    """Make what the index of a generation keeps beside the tables, before that generation is committed. Raises StoreError."""
    if isinstance(database, SqliteDatabase):
        SqliteIndex.files(database, known["store"], int(known["dimension"]), generations.of(known)).create()


def remove(database: Database, connection: Connection, known: Mapping[str, str]) -> None:
    """Let go of what a generation that is not the store's any more, or never was, keeps beside the tables. Raises StoreError."""
    if isinstance(database, SqliteDatabase):
        SqliteIndex.files(database, known["store"], int(known["dimension"]), generations.of(known)).remove()
