"""The bot's own `Application`, served over real HTTP by a strict Bot API server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import build, serve
from bot.worker import Engine
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from whosays.config import Settings, data_folder

Serving = Callable[[Engine], AbstractAsyncContextManager[None]]


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
def serving(settings: Settings) -> Serving:
    """Serve an engine for as long as the block lasts."""

    @asynccontextmanager
    async def serving(engine: Engine) -> AsyncIterator[None]:
        stop = asyncio.Event()
        application = build(settings, engine, request_timeout=timedelta(seconds=0.5))
        task = asyncio.create_task(serve(application, stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await task

    return serving
