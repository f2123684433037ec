"""The roles of `serve`: each does its part and no other, and over one PostgreSQL any number of each stands being killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.replicas import run
from tests.cards import quotation
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.e2e.watching import Watcher, free_port
from tests.patience import PATIENCE
from tests.told import alert
from whosays.chats import Chat, Following
from whosays.parts import open_chats, open_outbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="each outlet has an address of the loopback network of its own")

ROOT = Path(__file__).parents[2]
Start = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_store")
    return found


@pytest.fixture
async def start(tmp_path: Path, model_cache: Path) -> AsyncIterator[Start]:
    """Start a process with just these settings; what it says is kept in `tmp_path/log`."""
    started: list[asyncio.subprocess.Process] = []

    async def start(*command: str, module: str = "whosays", **settings: str) -> asyncio.subprocess.Process:
        given = {name: value for name, value in os.environ.items() if not name.startswith(("WHOSAYS_", "TELEGRAM_"))}
        given |= {"NO_PROXY": "127.0.0.1", "WHOSAYS_CACHE": str(model_cache), "PYTHONPATH": f"{ROOT}/src:{ROOT}", **settings}
        with (tmp_path / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, *command, env=given, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.wait()


def said(folder: Path) -> str:
    return (folder / "log").read_text("utf-8")


def token(telegram: BotApi) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}


async def ended(process: asyncio.subprocess.Process) -> int | None:
    async with asyncio.timeout(PATIENCE):
        return await process.wait()


async def test_a_sender_sends_alerts_and_takes_no_updates(telegram: BotApi, start: Start, store: str, tmp_path: Path) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    with closing(open_chats(store)) as chats, closing(open_outbox(store)) as outbox:
        chats.keep_chat(Chat(id=chat.id, kind="private"))
        now = datetime.now(UTC)
        wanted = Following(chat=chat.id, thread=None, person=ann.id, topic="who holds Orsel?", since=now, language="en")
        topic = chats.follow(wanted)
        assert topic is not None
        outbox.answered(topic.id, alert(topic, quotation("that the town had fallen"), now))
        process = await start(
            "serve", "--role", "sender", WHOSAYS_STORE=store, WHOSAYS_ENCODER="/no/such/model", **token(telegram)
        )
        assert "the town had fallen" in (await chat.expect_message()).text
        chat.say(ann, "who holds Orsel?")
        await chat.silence()
        process.terminate()
        assert await ended(process) == 0, said(tmp_path)
        assert outbox.waiting(now + timedelta(days=1)).alerts == 0
    assert not {"getUpdates", "setWebhook", "deleteWebhook", "setMyCommands"} & {method for method, _ in telegram.calls}


async def test_a_bot_leaves_alerts_to_a_sender_and_answers(telegram: BotApi, start: Start, store: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    with closing(open_chats(store)) as chats, closing(open_outbox(store)) as outbox:
        now = datetime.now(UTC)
        topic = chats.follow(Following(chat=chat.id, thread=None, person=ann.id, topic="Orsel", since=now, language="en"))
        assert topic is not None
        outbox.answered(topic.id, alert(topic, quotation("that the town had fallen"), now))
    bot = await start(module="tests.e2e.fixed_bot", TEST_NO_ALERTS="1", WHOSAYS_STORE=store, **token(telegram))
    chat.say(ann, "one")
    assert (await chat.expect_message()).quotations == ["“one”"]
    await chat.silence()
    bot.terminate()
    assert await ended(bot) == 0


async def test_a_reader_needs_no_token(start: Start, store: str, tmp_path: Path) -> None:
    watcher = Watcher(free_port())
    listen = f"127.0.0.1:{watcher.port}"
    process = await start("serve", "--role", "reader", WHOSAYS_STORE=store, WHOSAYS_METRICS_LISTEN=listen)
    await watcher.until_ready()
    process.terminate()
    assert await ended(process) == 0, said(tmp_path)


@pytest.mark.parametrize("role", ["all", "bot", "sender"])
async def test_a_role_that_talks_to_telegram_needs_a_token(start: Start, role: str, tmp_path: Path) -> None:
    process = await start("serve", "--role", role, WHOSAYS_STORE=f"sqlite:///{tmp_path}/store.db")
    assert await ended(process) == 2
    assert "TELEGRAM_BOT_TOKEN is not set" in said(tmp_path)


async def test_what_contradicts_itself_is_refused(start: Start, tmp_path: Path) -> None:
    process = await start("serve", "--role", "reader", "--no-poll", WHOSAYS_STORE=f"sqlite:///{tmp_path}/store.db")
    assert await ended(process) == 2
    assert "leave one out" in said(tmp_path)


async def test_bots_that_share_a_store_need_a_secret_that_they_share(
    telegram: BotApi, start: Start, postgres_store: str, tmp_path: Path
) -> None:
    url = {"WHOSAYS_WEBHOOK_URL": "http://127.0.0.1:9/telegram"}
    bot = await start(module="tests.e2e.fixed_bot", WHOSAYS_STORE=postgres_store, **url, **token(telegram))
    assert await ended(bot) != 0
    assert "WHOSAYS_WEBHOOK_SECRET is not set" in said(tmp_path)


async def test_of_two_that_ask_for_updates_one_waits_until_the_other_is_gone(
    telegram: BotApi, start: Start, store: str, tmp_path: Path
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    first = await start(module="tests.e2e.fixed_bot", WHOSAYS_STORE=store, **token(telegram))
    await telegram.called("getUpdates")
    await start(module="tests.e2e.fixed_bot", WHOSAYS_STORE=store, **token(telegram))
    async with asyncio.timeout(PATIENCE):
        while "another bot over this store" not in said(tmp_path):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    chat.say(ann, "one")
    assert (await chat.expect_message()).quotations == ["“one”"]
    first.kill()
    chat.say(ann, "two")
    assert (await chat.expect_message()).quotations == ["“two”"]
    await chat.silence()
    assert "Conflict" not in said(tmp_path)


async def test_what_a_killed_bot_had_not_answered_another_one_answers_while_it_runs(
    telegram: BotApi, start: Start, store: str
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    ports = [free_port(), free_port()]
    bots = []
    for number, (port, thinks) in enumerate(zip(ports, ("0", "60"), strict=True), 1):
        hook = {"WHOSAYS_WEBHOOK_URL": f"http://127.0.0.1:{port}/t", "WHOSAYS_WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
        settings = {"WHOSAYS_STORE": store, "WHOSAYS_WEBHOOK_SECRET": "s3cret", "TEST_THINKS": thinks, **hook, **token(telegram)}
        bots.append(await start(module="tests.e2e.fixed_bot", **settings))
        # Telegram calls the one that has introduced itself last: the slow one.
        await telegram.called("setWebhook", times=number)
    chat.say(ann, "one")
    await telegram.called("sendChatAction", chat)
    bots[1].kill()
    assert (await chat.expect_message()).quotations == ["“one”"]
    await chat.silence()


async def test_killed_at_random_bots_readers_and_senders_lose_nothing_and_answer_nothing_twice(
    postgres_store: str, tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOSAYS_CACHE", str(model_cache))
    toll = await run(tmp_path, postgres_store, 20, fixed=True, ask_every=0.4)
    assert toll.good, toll
    assert toll.questions
    assert toll.alerts
    assert sum(toll.kills.values()) > 2
