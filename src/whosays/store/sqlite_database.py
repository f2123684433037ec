"""An SQLite file as the database: one writer at a time, readers undisturbed by it (WAL), errors worded as ours."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Self

import msgspec
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from whosays.errors import ConfigError, StoreError
from whosays.store.database import Shared

#: What its addresses begin with.
SCHEME = "sqlite:///"
#: Seconds that one waits for another's write. An article takes milliseconds.
_PATIENCE = 60
#: What helps against SQLite's errors (https://www.sqlite.org/rescode.html), by a part of their words.
_ADVICE = {
    "unable to open database file": "its folder must be there and be writable, for questions as well",
    "readonly database": "the file and its folder must be writable, for questions as well",
    "disk I/O error": "is the disk full?",
    "disk is full": "make room and run the same again: what is stored is sound",
    "not a database": "give the address of another file with --store",
    "no such table": "an unfinished version of whosays made it: run `whosays ingest` into a new store",
}


class SqliteDatabase:
    """`Database` over the file `path`, which is made where it is missing.

    `wipe`: what is deleted is overwritten with zeros.
    """

    def __init__(self, path: Path, *, wipe: bool = False) -> None:
        self.shared = Shared()
        self._locks: dict[str, IO[bytes]] = {}
        self._path = path
        # Errors end up in logs, and what people write must not: it is among a statement's parameters.
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            pool_size=8,
            max_overflow=24,
            hide_parameters=True,
            # A third of what Python's own takes, for the spans of some four hundred claims a question.
            json_deserializer=msgspec.json.decode,
        )
        event.listen(self._engine, "connect", _configure)
        if wipe:
            event.listen(self._engine, "connect", _wipe)
        event.listen(self._engine, "begin", _begin)

    @classmethod
    def at(cls, address: str, *, wipe: bool = False) -> Self:
        """Return the database at `sqlite:///PATH`. Raises ConfigError where that names no file."""
        return cls(path_at(address), wipe=wipe)

    @property
    def name(self) -> str:
        """Return its path."""
        return str(self._path)

    @property
    def path(self) -> Path:
        """Return where the file lies; its vector files lie beside it."""
        return self._path

    @contextmanager
    def reading(self, *, anew: bool = False) -> Iterator[Connection]:
        """Give a connection that sees one commit, however long it reads: within `together` the shared one. Raises StoreError."""
        if not anew and (shared := self.shared.connection):
            yield shared
            return
        with self._guarded(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have all that this thread reads within the block see one commit, over one connection. Raises StoreError."""
        with self.reading() as connection, self.shared.over(connection):
            yield

    @contextmanager
    def writing(self, *alone: str) -> Iterator[Connection]:
        """Give a connection that holds the write lock, and commit when the block ends well. Raises StoreError."""
        del alone  # here every block is
        with self._guarded(), self._engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def create_own(self, connection: Connection) -> None:
        """Make nothing: what an SQLite store has besides lies in files."""

    def alone(self, purpose: str) -> bool:
        """Say whether this process is the only one that does something, from now until `close` or its end. Raises StoreError."""
        if purpose in self._locks:
            return True
        # The system lets go of the lock when the process ends, however it ends.
        place = self._path.with_name(f"{self._path.name}.{purpose}")
        try:
            lock = place.open("ab")
        except OSError as error:
            raise StoreError(f"{place} cannot be made, which says that {purpose} is going on: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._locks[purpose] = lock
        return True

    def wipe_deleted(self) -> None:
        """Bring the write-ahead log into the file and cut it to nothing: it holds pages as they were before. Raises StoreError.

        Readers that take more than a minute keep it as it is.
        """
        with self._guarded(), closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections."""
        for lock in self._locks.values():
            lock.close()
        self._locks.clear()
        self._engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            yield
        except (FileExistsError, NotADirectoryError) as error:
            raise StoreError(f"the store {self._path} cannot be used: a file stands where its folder should") from error
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error)
            advice = next((f" ({advice})" for part, advice in _ADVICE.items() if part in reason), "")
            raise StoreError(f"the store {self._path} cannot be used: {reason}{advice}") from error
        except OSError as error:
            raise StoreError(f"the store {self._path} cannot be used: {error}") from error
        except OverflowError as error:
            raise StoreError(f"a number is too large to be stored: {error}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"half a surrogate pair stands in what is to be stored: {error.reason}") from error


def path_at(address: str) -> Path:
    """Return the path in `sqlite:///PATH`, where ~ is the user's folder. Raises ConfigError where it is none of a file."""
    written = address.removeprefix(SCHEME)
    path = Path(written).expanduser() if written.startswith("~/") else Path(written)
    if written == ":memory:" or not path.name:
        raise ConfigError(f"the store's address names no file: it is {SCHEME}PATH, such as {SCHEME}news.db")
    if os.path.isdir(path):  # Path.is_dir raises where one may not look
        raise ConfigError(f"the store {path} is a folder: name a file in it, such as {SCHEME}{path}/whosays.db")
    return path


def _configure(connection: Any, record: object) -> None:
    # SQLAlchemy begins each transaction itself (`_begin`); Python's module would begin it too late, and never for a SELECT.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # The last commits before a power cut may be lost, none by halves, and vectors are on the disk before their rows anyway.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _wipe(connection: Any, record: object) -> None:
    # Some builds of SQLite do this anyway, others do not.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")
