"""The strict server itself, asked by the real library; unlike elsewhere, the bot may be at fault."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.e2e.conftest import SOON_TIMED_OUT
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApi]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(telegram: BotApi) -> AsyncIterator[Bot]:
    request = HTTPXRequest(read_timeout=SOON_TIMED_OUT.total_seconds())
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
        yield bot
