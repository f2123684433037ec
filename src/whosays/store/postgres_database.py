"""A PostgreSQL database with pgvector: any number of machines, writers side by side, errors worded as ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from whosays.errors import ConfigError, ConflictError, StoreError
from whosays.store.database import Shared
from whosays.store.postgres_vectors import adapt

#: What tells that another transaction was in the way (https://www.postgresql.org/docs/current/errcodes-appendix.html):
#: serialization failure, deadlock, a row that another one has inserted just now, one that another one has deleted just now.
_CONFLICTS = frozenset({"40001", "40P01", "23505", "23503"})
#: Seconds to wait for the server, and that a statement may wait for another's lock.
_CONNECT, _LOCK = 10, 60
_ADDRESS = "postgresql://USER:PASSWORD@HOST/DATABASE"
#: Options of an address that say where it is.
_TOLD = ("host", "port", "dbname")
#: What each connection is set to, whatever the server's own settings are.
_OPTIONS = (
    "-c timezone=UTC",
    f"-c lock_timeout={_LOCK}s",
    # Whoever has waited for his turn is to see what those before him have committed.
    r"-c default_transaction_isolation=read\ committed",
    # A machine that is gone without a word holds its locks no longer than half a minute.
    "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
)
#: What helps against errors, by a part of the server's or its driver's words.
_ADVICE = {
    "onnection refused": "does the server run there? A port follows the host after a colon",
    "No such file or directory": "does the server run there?",
    "ailed to resolve host": "is the host's name right?",
    "ould not translate host name": "is the host's name right?",
    "timeout expired": "is the server there, and does nothing stand between?",
    "the database system is": "wait a moment",
    "authentication failed": "are user and password of the store's address right?",
    "no password supplied": f"the store's address needs one: {_ADDRESS}",
    'role "': "are user and password of the store's address right?",
    'database "': "make it with CREATE DATABASE, or name another one",
    "permission denied": "give the store's user the right to make tables there, or make him the database's owner",
    "too many": "raise the server's max_connections, or run fewer processes",
    "lock timeout": "another process is at the same for long: try again",
    "could not extend file": "make room and run the same again: what is stored is sound",
    "read-only transaction": "name the server that is written to, not a copy of it",
}


class PostgresDatabase:
    """`Database` over the server and database of an address, `postgresql://USER:PASSWORD@HOST/DATABASE`.

    Raises ConfigError where that is no address.
    """

    def __init__(self, address: str) -> None:
        try:
            url = make_url(address).set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError):
            raise ConfigError(f"the store's address is none: it is {_ADDRESS}") from None
        if "@" in (url.host or ""):
            raise ConfigError(f"the store's address is none: it is {_ADDRESS}, and a @ in the password is written %40")
        # A password may stand among the options, too.
        told = {key: value for key, value in url.query.items() if key in _TOLD}
        self.name = url.set(drivername="postgresql", query=told).render_as_string(hide_password=True)
        # Errors end up in logs, and what people write must not: it is among a statement's parameters.
        self._engine = create_engine(
            url,
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": _CONNECT, "options": " ".join([*_texts(url.query.get("options")), *_OPTIONS])},
        )
        event.listen(self._engine, "connect", _adapt)
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self.shared = Shared()
        self._alone: dict[str, Connection] = {}
        self._electing = Lock()

    @contextmanager
    def reading(self, *, anew: bool = False) -> Iterator[Connection]:
        """Give a connection that sees one commit, however long it reads: within `together` the shared one. Raises StoreError."""
        if not anew and (shared := self.shared.connection):
            yield shared
            return
        with self._guarded(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have all that this thread reads within the block see one commit, over one connection. Raises StoreError."""
        with self.reading() as connection, self.shared.over(connection):
            yield

    @contextmanager
    def writing(self, *alone: str) -> Iterator[Connection]:
        """Give a connection whose changes are committed when the block ends well, all or none. Raises StoreError.

        Of the blocks that name one of the same keys in `alone` one runs at a time. Raises ConflictError.
        """
        with self._guarded(), self._engine.connect() as connection, connection.begin():
            for key in sorted(map(_number, alone)):
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            yield connection

    def create_own(self, connection: Connection) -> None:
        """Load pgvector, and leave the postings as they are: to pack them costs more than it saves. Raises StoreError."""
        try:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        except DBAPIError as error:
            raise StoreError(
                f"the store {self.name} needs pgvector: install it on the server, then have its superuser run CREATE EXTENSION "
                f"vector in this database ({_reason(error.orig)})"
            ) from None
        for column in ("articles", "passages"):
            connection.execute(text(f"ALTER TABLE postings ALTER COLUMN {column} SET STORAGE EXTERNAL"))

    def alone(self, purpose: str) -> bool:
        """Say whether this process is the only one that does something, from now until `close` or its end. Raises StoreError."""
        with self._electing, self._guarded():
            if (held := self._alone.pop(purpose, None)) is not None and _lives(held):
                self._alone[purpose] = held
                return True
            # The server lets go of the lock when the connection ends, however it ends.
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _number(purpose)}).scalar_one()
            if taken:
                self._alone[purpose] = connection
            else:
                connection.close()
        return bool(taken)

    def wipe_deleted(self) -> None:
        """Leave it to the server: its autovacuum overwrites what was deleted, its log is kept as its operator has set."""

    def close(self) -> None:
        """Close all connections."""
        for connection in self._alone.values():
            connection.invalidate()
            connection.close()
        self._alone.clear()
        self._engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            # Not `from error`: the server's own words quote the row that it refuses, and what people write must not be logged.
            if getattr(error.orig, "sqlstate", None) in _CONFLICTS:
                raise ConflictError(f"the store {self.name} was changed by another process at the same time") from None
            reason = _reason(error.orig)
            advice = next((f" ({advice})" for part, advice in _ADVICE.items() if part in reason), "")
            raise StoreError(f"the store {self.name} cannot be used: {reason}{advice}") from None
        except SQLAlchemyError as error:
            raise StoreError(f"the store {self.name} cannot be used: {error}") from error
        except OverflowError as error:
            raise StoreError(f"a number is too large to be stored: {error}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"half a surrogate pair stands in what is to be stored: {error.reason}") from error


def _reason(error: object) -> str:
    """Return what the server says, without the values that its DETAIL line quotes."""
    diagnosis: Any = getattr(error, "diag", None)
    return str(getattr(diagnosis, "message_primary", None) or error).strip().splitlines()[0]


def _lives(connection: Connection) -> bool:
    """Say whether a connection is still there, and with it the lock that it holds; one that is not is let go."""
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        connection.invalidate()
        connection.close()
        return False
    return True


def _texts(values: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else values or ()


def _adapt(connection: psycopg.Connection, record: object) -> None:
    adapt(connection)


def _number(key: str) -> int:
    """Return the number of a lock: PostgreSQL knows them by 64 bits."""
    return int.from_bytes(hashlib.blake2b(f"whosays {key}".encode(), digest_size=8).digest(), signed=True)
