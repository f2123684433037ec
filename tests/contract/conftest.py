"""Opens each backend of the stores. A backend joins by its name in `BACKENDS` and a branch in `address`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server
from whosays.chats import Chats
from whosays.store.chats import SqlChats
from whosays.store.schema import metadata

BACKENDS = ["sqlite", "postgres"]


@pytest.fixture(scope="session")
def postgres_store(postgres_server: Server) -> Iterator[str]:
    """The address of a store in PostgreSQL, for all tests that empty it: to make one takes longer than most of them."""
    with postgres_server.database() as address:
        SqlChats.open(address).close()
        yield address


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_store")
    empty(found)
    return found


def empty(address: str) -> None:
    """Make a store in PostgreSQL what it was when it was made: without rows, a model, and what that needs."""
    ours = [table.name for table in reversed(metadata.sorted_tables)]
    statements = [f'DELETE FROM "{name}"' for name in ours if name not in {"meta", "counters"}]
    statements += ["DELETE FROM meta WHERE key NOT IN ('schema', 'store')", "UPDATE counters SET value = 0"]
    with psycopg.connect(address) as connection:
        made = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        statements += [f'DROP TABLE "{name}" CASCADE' for (name,) in made if name not in ours]
        connection.execute(";".join(statements).encode())


@pytest.fixture
def reopen_chats(address: str) -> Iterator[Callable[[], Chats]]:
    """Opens the same store again: another connection to it, as another process would have."""
    opened: list[Chats] = []

    def open_again() -> Chats:
        opened.append(SqlChats.open(address))
        return opened[-1]

    yield open_again
    for chats in opened:
        chats.close()


@pytest.fixture
def chats(reopen_chats: Callable[[], Chats]) -> Chats:
    """An empty store."""
    return reopen_chats()
