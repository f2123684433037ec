"""What a store's shared SQL needs of the database below it: SQLite, one file of this machine, or PostgreSQL, for many machines.

All statements are written once (SQLAlchemy Core). SQLite runs one writing block at a time; PostgreSQL runs them side by side, so
a block that reads before it writes names what nobody else may change meanwhile, and one that loses against another is run again.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from whosays.errors import ConflictError

P = ParamSpec("P")
T = TypeVar("T")
Own = TypeVar("Own")

#: Of writing blocks that name this one runs at a time: articles find their stories one after the other, and who follows what
#: does not change while it is decided whom an article is told. So followings are numbered in the order in which they are seen.
ARTICLES = "articles"
#: How often a block that lost against another one is run again; two that need the same rows take turns long before that.
_TRIES = 12
_PAUSE = 0.01


class Database(Protocol):
    """Connections to a database. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """What it is called in messages: a path, or an address without its password."""

    @property
    def shared(self) -> Shared:
        """What is read by each thread within `together`."""

    def reading(self, *, anew: bool = False) -> AbstractContextManager[Connection]:
        """Give a connection that sees one commit, however long it reads. Raises StoreError.

        Within `together` it is the one that is shared, unless what has been committed meanwhile is to be seen (`anew`).
        """

    def together(self) -> AbstractContextManager[None]:
        """Have all that this thread reads within the block see one commit, over one connection. Raises StoreError."""

    def writing(self, *alone: str) -> AbstractContextManager[Connection]:
        """Give a connection whose changes are committed when the block ends well, all or none. Raises StoreError.

        Of the blocks that name one of the same keys in `alone` one runs at a time, in whatever process: it sees what those
        before it have committed. Raises ConflictError where another block was in the way: see `retried`.
        """

    def create_own(self, connection: Connection) -> None:
        """Make what only this kind of database has, beside the tables of `schema`."""

    def alone(self, purpose: str) -> bool:
        """Say whether this process is the only one that does something, from now until `close` or its end. Raises StoreError."""

    def wipe_deleted(self) -> None:
        """Have nothing left of what was deleted where the database keeps what was before. Raises StoreError."""

    def close(self) -> None:
        """Close all connections."""


class Shared:
    """The connection that a thread reads over within `Database.together`, and what it has read there."""

    def __init__(self) -> None:
        self._of = threading.local()

    @property
    def connection(self) -> Connection | None:
        """The connection, None outside of such a block."""
        return getattr(self._of, "connection", None)

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Share a connection within the block; within another one that one goes on."""
        if self.connection is not None:
            yield
            return
        self._of.connection, self._of.read = connection, {}
        try:
            yield
        finally:
            self._of.connection, self._of.read = None, {}

    def once(self, key: Hashable, connection: Connection, read: Callable[[Connection], T]) -> T:
        """Return what is read over a connection; over the one that is shared it is read once, for it cannot change there."""
        if connection is not self.connection:
            return read(connection)
        known: dict[Hashable, Any] = self._of.read
        if key not in known:
            known[key] = read(connection)
        result: T = known[key]
        return result


def chat_key(chat: int) -> str:
    """Return what a writing block names that must be the only one to change what is kept of a chat."""
    return f"chat {chat}"


def retried(method: Callable[Concatenate[Own, P], T]) -> Callable[Concatenate[Own, P], T]:
    """Have a method that is one writing block run again where another block was in its way. It may not use up its arguments."""

    @wraps(method)
    def again(own: Own, /, *args: P.args, **kwargs: P.kwargs) -> T:
        for tried in range(1, _TRIES):
            try:
                return method(own, *args, **kwargs)
            except ConflictError:
                time.sleep(_PAUSE * tried * random.random())
        return method(own, *args, **kwargs)

    return again
