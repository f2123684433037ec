"""Telegram calls the bot: what it takes, from whom, and what it answers with."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import build, serve
from bot.worker import Engine
from tests.e2e.conftest import REQUEST_TIMEOUT, Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.patience import PATIENCE
from whosays.chats import Chats
from whosays.config import Settings
from whosays.errors import ConfigError

SECRET = "Orsel-to-Calder_7"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def called(settings: Settings) -> Settings:
    """The settings of a bot that is called at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/hooks/whosays"
    return replace(settings, webhook_url=url, webhook_listen=("127.0.0.1", port), webhook_secret=SECRET)


@asynccontextmanager
async def serving_by(settings: Settings, engine: Engine, chats: Chats, telegram: BotApi) -> AsyncIterator[str]:
    """Serve, and return the address once Telegram knows it."""
    stop = asyncio.Event()
    task = asyncio.create_task(serve(build(settings, engine, chats, request_timeout=REQUEST_TIMEOUT), stop))
    before = telegram.calls.count(("setWebhook", None))
    try:
        await telegram.called("setWebhook", times=before + 1)
        yield str(settings.webhook_url)
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await task


def update(number: int, **content: Any) -> bytes:
    return json.dumps({"update_id": number, **content}).encode()


async def post(url: str, body: bytes, secret: str | None = SECRET, **headers: str) -> tuple[int, bytes]:
    """Call as anybody might; return the status and the body of the answer."""
    known = {HEADER: secret} if secret is not None else {}
    async with ClientSession() as client, client.post(url, data=io.BytesIO(body), headers={**known, **headers}) as response:
        return response.status, await response.read()


async def test_what_telegram_calls_with_is_answered_once(telegram: BotApi, called: Settings, chats: Chats) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    chat.say(ann, "one")
    async with serving_by(called, FixedEngine(), chats, telegram):
        assert (await chat.expect_message()).quotations == ["“one”"]
        telegram.deliver_twice()
        await telegram.everything_read()
        await chat.silence()
        assert telegram.updates.webhook is not None
        assert telegram.updates.webhook["secret_token"] == SECRET
        assert telegram.allowed_updates is not None
        assert {"message", "callback_query", "inline_query", "my_chat_member"} <= set(telegram.allowed_updates)


async def test_without_a_secret_of_the_operators_there_is_one_that_nobody_knows(
    telegram: BotApi, called: Settings, chats: Chats
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    secrets = set()
    for _ in range(2):
        async with serving_by(replace(called, webhook_secret=None), FixedEngine(), chats, telegram):
            chat.say(ann, "one")
            await chat.expect_message()
            assert telegram.updates.webhook is not None
            secrets.add(telegram.updates.webhook["secret_token"])
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 32


async def test_who_does_not_know_the_secret_hears_nothing(telegram: BotApi, called: Settings, chats: Chats) -> None:
    body = update(7, message={"message_id": 1})
    async with serving_by(called, FixedEngine(), chats, telegram) as url:
        for secret in (None, "", SECRET + "x", SECRET[:-1], "Örsel"):
            assert await post(url, body, secret) == (403, b"")
        assert await post(url, body, None, **{"X-Forwarded-For": "149.154.160.1"}) == (403, b"")
        assert (await post(url + "/other", body))[0] == 404
        async with ClientSession() as client, client.get(url) as response:
            assert response.status == 405
    assert chats.unanswered() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"update_id": "7"}', b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_update_is_refused(telegram: BotApi, called: Settings, chats: Chats, body: bytes) -> None:
    async with serving_by(called, FixedEngine(), chats, telegram) as url:
        assert await post(url, body) == (400, b"")


async def test_what_is_too_long_is_refused(telegram: BotApi, called: Settings, chats: Chats) -> None:
    async with serving_by(called, FixedEngine(), chats, telegram) as url:
        status, _ = await post(url, update(7, message={"text": "x" * 1024 * 1024}))
        assert status == 413


async def test_an_update_that_cannot_be_read_does_not_come_again_and_again(
    telegram: BotApi, called: Settings, chats: Chats
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving_by(called, FixedEngine(), chats, telegram):
        telegram.send_update({"message": {"message_id": "Orsel"}})
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]


async def test_what_is_too_much_at_once_comes_again(
    telegram: BotApi, called: Settings, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.MOST_UNDER_WAY", 1)
    go_on = Event()
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving_by(called, FixedEngine(before=until(go_on)), chats, telegram) as url:
        chat.say(ann, "one")
        await telegram.everything_read()
        assert await post(url, update(7, message={"message_id": 1})) == (503, b"")
        chat.say(ann, "two")
        go_on.set()
        assert (await chat.expect_message()).quotations == ["“one”"]
        assert (await chat.expect_message()).quotations == ["“two”"]


async def test_an_update_is_on_disk_before_telegram_hears_that_it_has_come(
    telegram: BotApi, called: Settings, chats: Chats
) -> None:
    go_on = Event()
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving_by(called, FixedEngine(before=until(go_on)), chats, telegram):
        chat.say(ann, "one")
        await telegram.everything_read()
        assert len(chats.unanswered()) == 1
        go_on.set()
        await chat.expect_message()


async def test_what_comes_while_the_bot_is_stopped_is_answered_by_the_next_start_polling_or_called(
    telegram: BotApi, called: Settings, chats: Chats, serving: Serving
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving_by(called, FixedEngine(), chats, telegram):
        chat.say(ann, "one")
        await chat.expect_message()
    chat.say(ann, "two")
    async with serving(FixedEngine()):
        assert (await chat.expect_message()).quotations == ["“two”"]
        assert telegram.updates.webhook is None
    chat.say(ann, "three")
    async with serving_by(called, FixedEngine(), chats, telegram):
        assert (await chat.expect_message()).quotations == ["“three”"]
        await chat.silence()


async def test_a_start_without_telegram_waits_for_it(telegram: BotApi, called: Settings, chats: Chats) -> None:
    telegram.refuse("setWebhook", code=502)
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving_by(called, FixedEngine(), chats, telegram):
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]


async def test_an_address_that_telegram_does_not_take_is_a_clear_error(telegram: BotApi, called: Settings, chats: Chats) -> None:
    telegram.refuse("setWebhook", code=400, description="Bad Request: bad webhook: Failed to resolve host")
    with pytest.raises(ConfigError, match=r"WHOSAYS_WEBHOOK_URL.*ailed to resolve host"):
        await serve(build(called, FixedEngine(), chats, request_timeout=REQUEST_TIMEOUT), asyncio.Event())


async def test_a_port_that_is_taken_is_a_clear_error(telegram: BotApi, called: Settings, chats: Chats) -> None:
    with socket.create_server(called.webhook_listen), pytest.raises(ConfigError, match="WHOSAYS_WEBHOOK_LISTEN"):
        await serve(build(called, FixedEngine(), chats, request_timeout=REQUEST_TIMEOUT), asyncio.Event())


async def test_the_secrets_are_known_to_what_keeps_them_from_logs(called: Settings, chats: Chats) -> None:
    service = build(called, FixedEngine(), chats)
    assert set(service.secrets.values()) == {called.telegram_bot_token, SECRET}
    assert SECRET not in repr(service)
