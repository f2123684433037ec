"""Alerts whose way to a chat is broken off: each is told, and noted only when Telegram has said yes."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import deliver
from bot import outbox as sending
from tests.e2e.conftest import SOON_TIMED_OUT, Serving
from tests.e2e.news import LEAGUE, NEW, TOPIC, ann_of, engine, every, follow, news, tell
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import until
from whosays.chats import Chats, Following
from whosays.config import Settings
from whosays.outbox import Outbox
from whosays.parts import open_chats, open_outbox


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, alerts_every=timedelta(seconds=0.1), quota_person=1000, quota_chat=1000)


async def test_what_could_not_be_told_is_told_later_and_noted_only_when_telegram_has_said_yes(
    telegram: BotApi, serving: Serving, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ALERT_PATIENCE", timedelta(seconds=0.3))
    monkeypatch.setattr(sending, "AGAIN_AFTER", timedelta(seconds=0.2))
    ann, chat = ann_of(telegram)
    ben = telegram.person("Ben")
    bens = telegram.private_chat(ben)
    async with serving(engine()):
        await follow(chat, ann)
        await follow(bens, ben)
        telegram.refuse("sendMessage", chat, code=500, times=2)
        tell(outbox, NEW)
        assert (await bens.expect_message()).quotations == [NEW.text], "one chat's trouble is not another's"
        sent = await chat.expect_message()
        assert sent.quotations == [NEW.text]
        await chat.silence(0.6)
        await bens.silence(0.05)
        assert [alert.mark for alert in outbox.told_in(chat.id, sent.id)]


async def test_an_alert_of_which_nobody_knows_whether_it_came_comes_again_and_then_no_more(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(), request_timeout=SOON_TIMED_OUT):
        await follow(chat, ann)
        telegram.leave_unanswered("sendMessage", chat)
        tell(outbox, NEW)
        for _ in range(2):
            assert (await chat.expect_message()).quotations == [NEW.text]
        await chat.silence(SOON_TIMED_OUT.total_seconds() + 0.5)


async def test_while_telegram_is_down_nothing_is_lost(telegram: BotApi, serving: Serving, outbox: Outbox) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await follow(chat, ann)
        await telegram.down()
        tell(outbox, NEW)
        await asyncio.sleep(0.5)
        await telegram.up()
        assert (await chat.expect_message()).quotations == [NEW.text]
        await chat.silence(0.4)


async def test_a_restart_tells_nothing_again_and_what_came_meanwhile(telegram: BotApi, serving: Serving, outbox: Outbox) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await follow(chat, ann)
        tell(outbox, NEW)
        await chat.expect_message()
    async with serving(engine()):
        await chat.silence(0.5)
    tell(outbox, NEW, LEAGUE)
    async with serving(engine()):
        assert (await chat.expect_message()).quotations == [LEAGUE.text]


async def test_who_blocks_the_bot_gets_nothing_and_hears_of_it_when_he_writes_again(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await follow(chat, ann)
        chat.block()
        await telegram.everything_read()
        tell(outbox, NEW)
        await chat.silence(0.5)
        assert [one.topic for one in chats.followed_in(chat.id)] == [TOPIC]
        chat.unblock()
        chat.say(ann, "/start")
        texts = [(await chat.expect_message()).text for _ in range(2)]
        assert sum(text.startswith("New on:") for text in texts) == 1
        await chat.silence(0.3)


async def test_who_was_found_to_have_blocked_the_bot_by_an_alert_is_told_when_he_writes_again(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await follow(chat, ann)
        telegram.refuse("sendMessage", chat, code=403, description="Forbidden: bot was blocked by the user")
        tell(outbox, NEW)
        await until(lambda: chats.followed() == [])
        await chat.silence(0.5)
        chat.say(ann, "/help")
        texts = [(await chat.expect_message()).text for _ in range(2)]
        assert sum(text.startswith("New on:") for text in texts) == 1


async def test_killed_before_an_alert_is_noted_it_tells_it_at_most_once_more(telegram: BotApi, tmp_path: Path) -> None:
    ann, chat = ann_of(telegram)
    store = f"sqlite:///{tmp_path}/store.db"
    chats, outbox = open_chats(store), open_outbox(store)
    since = datetime(2031, 5, 1, tzinfo=UTC)
    chats.follow(Following(chat=chat.id, thread=None, person=ann.id, topic=TOPIC, since=since, language="en"))
    (followed,) = every(outbox)
    outbox.answered(followed.following.id, news(followed, NEW, now=datetime.now(UTC)))
    chats.close()

    async def start() -> asyncio.subprocess.Process:
        own = {"WHOSAYS_STORE": store, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "NO_PROXY": "127.0.0.1"}
        path = os.pathsep.join(path for path in sys.path if path)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.e2e.fixed_bot", env={**os.environ, **own, "PYTHONPATH": path},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    telegram.leave_unanswered("sendMessage", chat)
    process = await start()
    assert (await chat.expect_message()).quotations == [NEW.text]
    process.kill()
    await process.communicate()
    later = datetime.now(UTC) + timedelta(minutes=6)
    for parcel in outbox.take("the test", later):
        outbox.later(parcel, datetime.now(UTC))
    process = await start()
    assert (await chat.expect_message()).quotations == [NEW.text]
    await until(lambda: bool(outbox.told_in(chat.id, chat.sent[-1].id)))
    process.kill()
    await process.communicate()
    outbox.close()

    process = await start()
    chat.say(ann, "/following")
    assert "Followed here" in (await chat.expect_message()).text
    await chat.silence(1.5)
    process.kill()
    await process.communicate()
