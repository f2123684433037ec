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
from bot.handlers import presses
from bot.worker import Engine
from tests.e2e.feed_site import Site
from tests.e2e.feed_site import serving as outlet
from tests.e2e.polling import Polling, polling
from tests.e2e.telegram_server import BotApi, Chat
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import PATIENCE, wait_until
from whosays.chats import Chats
from whosays.config import Settings, data_folder
from whosays.outbox import Outbox
from whosays.parts import open_chats, open_outbox


class Serving(Protocol):
    """Serves an engine for as long as the block lasts, over the same store as the block before."""

    def __call__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime] = ...,
        clock: Callable[[], float] = ...,
        request_timeout: timedelta = ...,
        **settings: Any,
    ) -> AbstractAsyncContextManager[None]:
        """Take the time of day, the seconds that quotas count, how long a request may take, and settings unlike the fixture's."""


#: When a press that is still dealt with is answered all the same.
SEEN_AFTER = presses._SEEN_AFTER
#: How long a request to Telegram may take: no answer of the server here is so late.
REQUEST_TIMEOUT = timedelta(seconds=PATIENCE)
#: So short that a test may wait for a request to run out of time, and so long that hardly any other one does.
SOON_TIMED_OUT = timedelta(seconds=2)


def until(event: Event) -> Callable[[str], None]:
    """Return what an engine may do before it answers: wait for something."""

    def wait(_: str) -> None:
        event.wait(PATIENCE)

    return wait


def until_typing(telegram: BotApi, chat: Chat) -> Callable[[str], None]:
    """Return what an engine may do before it answers: wait until the chat is shown, once more, that an answer is being made."""
    count = 0

    def wait(_: str) -> None:
        nonlocal count
        count += 1
        wait_until(lambda: telegram.calls.count(("sendChatAction", chat.id)) >= count)

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
def serving(settings: Settings, chats: Chats, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """Serve an engine for as long as the block lasts. A press is answered with what becomes of it, however slow the machine."""
    monkeypatch.setattr(presses, "_SEEN_AFTER", timedelta(seconds=PATIENCE))

    @asynccontextmanager
    async def serving(
        engine: Engine,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        request_timeout: timedelta = REQUEST_TIMEOUT,
        **others: Any,
    ) -> AsyncIterator[None]:
        stop = asyncio.Event()
        told = replace(settings, **others)
        service = build(told, engine, chats, now=now, clock=clock, request_timeout=request_timeout)
        task = asyncio.create_task(serve(service, stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(PATIENCE):
                await task

    return serving


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An outlet on this machine."""
    async with outlet(Site()) as site:
        yield site


@pytest.fixture
async def reads(tmp_path: Path) -> AsyncIterator[Polling]:
    """A poller over a store that is empty."""
    async with polling(tmp_path) as reads:
        yield reads
