"""What a store's shared SQL needs of the database below it: SQLite, one file of this machine, or PostgreSQL, for many machines.

All statements are written once (SQLAlchemy Core). SQLite runs one writing block at a time; PostgreSQL runs them side by side, so
a block that reads before it writes names what nobody else may change meanwhile, and one that loses against another is run again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

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

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one commit, however long it reads. Raises StoreError."""

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
