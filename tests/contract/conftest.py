"""Opens each backend of the stores. A backend joins by its name in `BACKENDS` and a branch in `address`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stored import Model, Open
from whosays.chats import Chats
from whosays.feeds import Feeds
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus
from whosays.store.feeds import SqlFeeds
from whosays.store.sql_corpus import SqlCorpus

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


@pytest.fixture
def reopen_feeds(address: str) -> Iterator[Callable[[], Feeds]]:
    """Opens the same store again, as above."""
    opened: list[Feeds] = []

    def open_again() -> Feeds:
        opened.append(SqlFeeds.open(address))
        return opened[-1]

    yield open_again
    for feeds in opened:
        feeds.close()


@pytest.fixture
def feeds(reopen_feeds: Callable[[], Feeds]) -> Feeds:
    """An empty store."""
    return reopen_feeds()


@pytest.fixture
def reopen_corpus(address: str) -> Iterator[Open]:
    """Opens the same store again, as above."""
    opened: list[Corpus] = []

    def open_again() -> Corpus:
        opened.append(SqlCorpus.open(address, Model()))
        return opened[-1]

    yield open_again
    for corpus in opened:
        corpus.close()


@pytest.fixture
def corpus(reopen_corpus: Open) -> Corpus:
    """An empty store."""
    return reopen_corpus()
