"""The bot as a process that is stopped, or killed: every question is answered once, and none twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.telegram_server import BotApi, Chat, User
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import PATIENCE
from whosays.parts import open_chats

KILLS = 5
PEOPLE = 40
#: However long a start takes: in a chat that has many more waiting they would be taken for a flood.
MOST_WAITING = 5 * PEOPLE
QUOTAS = {"WHOSAYS_QUOTA_PERSON": "1000", "WHOSAYS_QUOTA_CHAT": "1000"}
Start = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def start(telegram: BotApi, tmp_path: Path) -> AsyncIterator[Start]:
    """Start the bot over the same store as before."""
    started: list[asyncio.subprocess.Process] = []

    async def start(**more: str) -> asyncio.subprocess.Process:
        own = {"WHOSAYS_STORE": f"sqlite:///{tmp_path}/store.db", "WHOSAYS_QUEUE": "1000", **QUOTAS}
        bot = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "NO_PROXY": "127.0.0.1"}
        path = os.pathsep.join(path for path in sys.path if path)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.e2e.fixed_bot", env={**os.environ, **own, **bot, "PYTHONPATH": path, **more},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def answers(chats: list[Chat]) -> dict[tuple[int, int | None], list[str]]:
    """Return the quotations of what was sent, by the question that it replies to."""
    found: dict[tuple[int, int | None], list[str]] = {}
    for chat in chats:
        for sent in chat.sent:
            found.setdefault((chat.id, sent.reply_to), []).append(sent.quotations[0] if sent.quotations else sent.text)
    return found


@pytest.mark.parametrize("seed", [20310601])
async def test_killed_at_any_moment_it_answers_every_question_at_most_once_and_loses_none_that_it_had_not_begun(
    telegram: BotApi, start: Start, tmp_path: Path, seed: int
) -> None:
    moments = random.Random(seed)
    people = [telegram.person(f"Person {number}") for number in range(PEOPLE)]
    chats: list[Chat] = [telegram.private_chat(person) for person in people]
    asked: dict[tuple[int, int | None], str] = {}
    killed = False

    async def ask() -> None:
        while not killed:
            if len(asked) - sum(len(chat.sent) for chat in chats) < MOST_WAITING:
                number = len(asked) % len(people)
                question = f"question {len(asked)}"
                asked[chats[number].id, chats[number].say(people[number], question)] = f"“{question}”"
            await asyncio.sleep(moments.uniform(0.05, 0.15))

    asking = asyncio.create_task(ask())
    for _ in range(KILLS):
        process = await start(TEST_THINKS="0.02")
        sent = sum(method == "sendMessage" for method, _ in telegram.calls)
        await telegram.called("sendMessage", times=sent + 1)
        await asyncio.sleep(moments.uniform(0.0, 0.4))
        process.kill()
        await process.communicate()
    killed = True
    await asking

    process = await start()
    last = chats[0].say(people[0], "the last one")
    while (chats[0].id, last) not in answers(chats):
        await chats[0].expect_message()
    async with asyncio.timeout(PATIENCE):
        while _waiting(tmp_path):  # noqa: ASYNC110 - it is another process that works
            await asyncio.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    log, _ = await process.communicate()
    assert process.returncode == 0, log.decode()

    found = answers(chats)
    found.pop((chats[0].id, last))
    assert all(len(quoted) == 1 for quoted in found.values()), "none is answered twice"
    assert {question: quoted[0] for question, quoted in found.items()} == {key: asked[key] for key in found}
    assert _begun(tmp_path) == len(asked) + 1, "what is not answered was killed between leave to send it and Telegram's answer"
    assert len(found) > len(asked) / 2


def _begun(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "store.db")) as store:
        (count,) = store.execute("SELECT count(*) FROM updates WHERE begun").fetchone()
    return int(count)


def _waiting(folder: Path) -> int:
    with closing(open_chats(f"sqlite:///{folder}/store.db")) as chats:
        return len(chats.unanswered())


async def asks(telegram: BotApi, name: str) -> tuple[User, Chat]:
    """Let somebody ask something."""
    person = telegram.person(name)
    chat = telegram.private_chat(person)
    chat.say(person, "one")
    return person, chat


async def test_told_to_stop_it_takes_no_more_and_finishes_what_is_under_way(telegram: BotApi, start: Start) -> None:
    process = await start(TEST_THINKS="1")
    ann, chat = await asks(telegram, "Ann")
    await telegram.called("sendChatAction", chat)
    await telegram.everything_read()
    fetched = telegram.calls.count(("getUpdates", None))
    process.send_signal(signal.SIGTERM)
    # The last thing that it asks tells Telegram what has come.
    await telegram.called("getUpdates", times=fetched + 1)
    chat.say(ann, "two")
    assert (await chat.expect_message()).quotations == ["“one”"]
    async with asyncio.timeout(PATIENCE):
        log, _ = await process.communicate()
    assert process.returncode == 0, log.decode()
    assert "Traceback" not in log.decode()
    await chat.silence()

    await start()
    assert (await chat.expect_message()).quotations == ["“two”"]
    await chat.silence()


async def test_told_to_stop_it_hands_back_what_it_cannot_finish(telegram: BotApi, start: Start) -> None:
    process = await start(TEST_THINKS="0.5", TEST_LAST_WORDS="0.5")
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    # "Typing" is refused for so long that the answer, which waits for it, is not sent before the end.
    telegram.refuse("sendChatAction", chat, retry_after=60)
    chat.say(ann, "one")
    await telegram.called("sendChatAction", chat)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        log, _ = await process.communicate()
    assert process.returncode == 0, log.decode()
    assert "left to the next start" in log.decode()
    await chat.silence()

    chat.held_until = 0.0
    await start()
    assert (await chat.expect_message()).quotations == ["“one”"]
    await chat.silence()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_an_answer_that_telegram_makes_wait_is_sent_by_the_next_start(
    telegram: BotApi, start: Start, tmp_path: Path, how: signal.Signals
) -> None:
    process = await start(TEST_LAST_WORDS="0.5")
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("sendMessage", chat, retry_after=60)
    chat.say(ann, "one")
    await telegram.called("sendMessage", chat)
    async with asyncio.timeout(PATIENCE):
        # That it waits is noted once Telegram's answer has come. It is another process that notes it.
        while _begun(tmp_path):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    process.send_signal(how)
    async with asyncio.timeout(PATIENCE):
        await process.communicate()
    await chat.silence()

    chat.held_until = 0.0
    await start()
    assert (await chat.expect_message()).quotations == ["“one”"]
    await chat.silence()


async def test_told_twice_it_ends_at_once_and_the_next_start_answers(telegram: BotApi, start: Start) -> None:
    process = await start(TEST_THINKS="0.5", TEST_LAST_WORDS="600")
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("sendChatAction", chat, retry_after=600)
    chat.say(ann, "one")
    await telegram.called("sendChatAction", chat)
    ending = asyncio.create_task(process.communicate())
    process.send_signal(signal.SIGTERM)
    await asyncio.wait([ending], timeout=0.5)
    assert process.returncode is None
    async with asyncio.timeout(PATIENCE):
        # Two that come before it has looked at the first one are one.
        while not ending.done():
            process.send_signal(signal.SIGTERM)
            await asyncio.wait([ending], timeout=0.5)
    assert process.returncode == -signal.SIGTERM

    chat.held_until = 0.0
    await start()
    assert (await chat.expect_message()).quotations == ["“one”"]
    await chat.silence()
