"""The bot's own `Application`, served over real HTTP by a strict Bot API server, with a real store of chats."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Protocol

import pytest

from bot.app import build, serve
from bot.worker import Engine
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from whosays.chats import Chats
from whosays.config import Settings, data_folder
from whosays.outbox import Outbox
from whosays.parts import open_chats, open_outbox


class Serving(Protocol):
    """Serves an engine for as long as the block lasts, over the same store as the block before."""

    def __call__(
        self, engine: Engine, *, now: Callable[[], datetime] = ..., clock: Callable[[], float] = ..., **settings: Any
    ) -> AbstractAsyncContextManager[None]:
        """Take the time of day, the seconds that quotas count, and settings other than those of the fixture."""


#: So short that a test may wait for a request to run out of time.
REQUEST_TIMEOUT = timedelta(seconds=0.5)


def until(event: Event) -> Callable[[str], None]:
    """Return what an engine may do before it answers: wait for something, for five seconds at most."""

    def wait(_: str) -> None:
        event.wait(5)

    return wait


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApi]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with BotApi() as server:
        yield server
    assert server.faults_of_the_bot == []


@pytest.fixture
def settings(telegram: BotApi, tmp_path: Path) -> Settings:
    return Settings(
        store="sqlite:///" + str(tmp_path / "store.db"),
        encoder="",
        data_folder=data_folder(),
        cache_folder=tmp_path,
        threads=1,
        telegram_bot_token=TOKEN,
        telegram_api_url=telegram.url,
        workers=2,
        queue=2,
    )


@pytest.fixture
def chats(settings: Settings) -> Iterator[Chats]:
    """What is kept of chats: a file, that stays for as long as the test."""
    chats = open_chats(settings.store)
    yield chats
    chats.close()


@pytest.fixture
def outbox(settings: Settings) -> Iterator[Outbox]:
    """What waits to be told, in the same file."""
    outbox = open_outbox(settings.store)
    yield outbox
    outbox.close()


@pytest.fixture
def serving(settings: Settings, chats: Chats) -> Serving:
    """Serve an engine for as long as the block lasts."""

    @asynccontextmanager
    async def serving(
        engine: Engine,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        **others: Any,
    ) -> AsyncIterator[None]:
        stop = asyncio.Event()
        told = replace(settings, **others)
        service = build(told, engine, chats, now=now, clock=clock, request_timeout=REQUEST_TIMEOUT)
        task = asyncio.create_task(serve(service, stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await task

    return serving
