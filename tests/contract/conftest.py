"""Opens each backend of `Chats`. A backend joins by its name in `CHATS_BACKENDS` and a branch in `reopen_chats`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whosays.chats import Chats
from whosays.store.chats import SqlChats

CHATS_BACKENDS = ["sqlite"]


@pytest.fixture(params=CHATS_BACKENDS)
def reopen_chats(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Chats]]:
    """Opens the same store again: another connection to it, as another process would have."""
    opened: list[Chats] = []

    def open_again() -> Chats:
        opened.append(SqlChats.open(f"sqlite:///{tmp_path}/store.db"))
        return opened[-1]

    yield open_again
    for chats in opened:
        chats.close()


@pytest.fixture
def chats(reopen_chats: Callable[[], Chats]) -> Chats:
    """An empty store."""
    return reopen_chats()
