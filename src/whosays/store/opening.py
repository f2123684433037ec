"""An address → the database there, brought up to this version: `sqlite:///PATH` or `postgresql://…`."""

from __future__ import annotations

from whosays.errors import ConfigError
from whosays.kinds import NO_KIND
from whosays.store import migrations
from whosays.store.database import Database
from whosays.store.sqlite_database import SCHEME, SqliteDatabase, path_at


def connect(address: str, *, wipe: bool = False) -> Database:
    """Return the database at an address, whose tables are made or brought up to this version.

    With `wipe`, what is deleted over it is overwritten where the database can do that. Raises ConfigError for an address of no
    known kind, StoreError where it cannot be used.
    """
    database = at(address, wipe=wipe)
    try:
        migrations.bring_up(database)
    except BaseException:
        database.close()
        raise
    return database


def at(address: str, *, wipe: bool = False) -> Database:
    """Return the database at an address, as it is. Raises ConfigError for an address of no known kind."""
    if is_postgres(address):
        from whosays.store.postgres_database import PostgresDatabase  # noqa: PLC0415 - a tenth of a second for its driver

        return PostgresDatabase(address)
    if not address.startswith(SCHEME):
        raise ConfigError(f"the store's address {NO_KIND}")
    return SqliteDatabase.at(address, wipe=wipe)


def is_there(address: str) -> bool:
    """Say whether there is a file at an address, or it is a server's. Raises ConfigError for an address of no known kind."""
    if is_postgres(address):
        return True
    if not address.startswith(SCHEME):
        raise ConfigError(f"the store's address {NO_KIND}")
    return path_at(address).exists()


def is_postgres(address: str) -> bool:
    """Say whether an address is a PostgreSQL server's."""
    return address.startswith(("postgresql://", "postgres://"))
