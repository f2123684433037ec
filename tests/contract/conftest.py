"""Opens each backend of the stores. A backend joins by its name in `BACKENDS` and a branch in `address`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whosays.chats import Chats
from whosays.store.chats import SqlChats

BACKENDS = ["sqlite", "postgres"]


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_store")
    return found


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
