"""What has come to the bot is on disk until it is dealt with: nothing is lost, nothing answered twice."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import timedelta
from threading import Barrier, Event

import pytest
from telegram import Bot

from bot.app import build, serve
from bot.inbox import Inbox
from bot.records import Records
from tests import patience
from tests.e2e.conftest import REQUEST_TIMEOUT, Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import PATIENCE
from whosays.chats import Chats
from whosays.config import Settings


async def test_an_update_is_on_disk_before_telegram_hears_that_it_has_come_and_until_it_is_answered(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    go_on = Event()
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(before=until(go_on))):
        chat.say(ann, "one")
        await telegram.everything_read()
        ((_, text),) = chats.unanswered()
        assert '"one"' in text
        go_on.set()
        await chat.expect_message()
    assert chats.unanswered() == []


async def test_an_update_that_comes_twice_is_answered_once(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        await chat.expect_message()
        telegram.deliver_twice()
        await telegram.everything_read()
        await chat.silence()
    async with serving(FixedEngine()):
        telegram.deliver_twice()
        await telegram.everything_read()
        await chat.silence()


async def test_what_is_not_answered_in_time_is_left_to_the_next_start(
    telegram: BotApi, settings: Settings, chats: Chats, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    anns, bens = telegram.private_chat(ann), telegram.private_chat(ben)
    go_on, stop = Event(), asyncio.Event()

    def stick(question: str) -> None:
        if question == "one":
            go_on.wait(PATIENCE)

    service = build(settings, FixedEngine(before=stick), chats, request_timeout=REQUEST_TIMEOUT)
    serving_it = asyncio.create_task(serve(service, stop, last_words=timedelta(seconds=0.3)))
    anns.say(ann, "one")
    bens.say(ben, "two")
    await bens.expect_message()
    stop.set()
    await serving_it
    go_on.set()
    await anns.silence()
    assert "left to the next start" in caplog.text
    async with serving(FixedEngine()):
        sent = await anns.expect_message()
        assert sent.quotations == ["“one”"]
        assert sent.reply_to == 1
        await anns.silence()
        await bens.silence()


async def test_an_answer_that_was_begun_is_not_begun_again(telegram: BotApi, chats: Chats, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.drop("sendMessage", chat)
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        await telegram.called("sendMessage", chat)
    async with serving(FixedEngine()):
        await telegram.everything_read()
        await chat.silence()


async def test_presses_of_before_a_start_have_expired(telegram: BotApi, chats: Chats, serving: Serving) -> None:
    ann = telegram.person("Ann")
    query = {"id": "7", "from": ann.json(), "chat_instance": "1", "data": "m:abc"}
    records = Records(chats)
    inbox, bot = Inbox(records), Bot(TOKEN)
    await inbox.replay(bot)
    await inbox.take({"update_id": 7, "callback_query": query}, bot)
    records.close()
    assert [text for _, text in chats.unanswered()] == [""], "nothing of it is kept but its number"
    async with serving(FixedEngine()):
        await patience.until(lambda: chats.unanswered() == [])
    assert ("answerCallbackQuery", None) not in telegram.calls
    assert chats.unanswered() == []


async def test_inline_queries_leave_nothing_behind(telegram: BotApi, settings: Settings, serving: Serving) -> None:
    ann = telegram.person("Ann")
    async with serving(FixedEngine()):
        await telegram.expect_inline(telegram.inline_query(ann, "who holds Orsel?"))
    with sqlite3.connect(settings.store.removeprefix("sqlite:///")) as store:
        assert store.execute("SELECT count(*) FROM updates").fetchone() == (0,)
    store.close()


async def test_a_store_that_fails_costs_nobody_the_answer(
    telegram: BotApi, settings: Settings, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    with sqlite3.connect(settings.store.removeprefix("sqlite:///")) as store:
        store.execute("DROP TABLE waiting")
        store.execute("DROP TABLE updates")
    store.close()
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]
    assert "cannot be kept" in caplog.text


async def test_an_update_that_cannot_be_read_stops_no_other_and_is_in_no_log(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        telegram.send_update({"message": {"message_id": "Orsel", "text": "who holds Calder?"}})
        telegram.send_update({"message": ["who holds Calder?"]})
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]
        await telegram.everything_read()
    assert "cannot be read" in caplog.text
    assert "Calder" not in caplog.text


async def test_too_much_at_once_is_left_with_telegram(
    telegram: BotApi, chats: Chats, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.MOST_UNDER_WAY", 2)
    both_asked, go_on = Barrier(3), Event()

    def wait(question: str) -> None:
        both_asked.wait(PATIENCE)
        go_on.wait(PATIENCE)

    people = [telegram.person(name) for name in ("Ann", "Ben")]
    rooms = [telegram.private_chat(person) for person in people]
    async with serving(FixedEngine(before=wait)):
        for room, person in zip(rooms, people, strict=True):
            room.say(person, "one")
        await asyncio.to_thread(both_asked.wait, PATIENCE)
        rooms[0].say(people[0], "/help")
        await asyncio.sleep(0.3)
        assert len(chats.unanswered()) == 2
        go_on.set()
        for room in (*rooms, rooms[0]):
            await room.expect_message()


async def test_another_process_of_the_same_bot_is_told_of(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuse("getUpdates", code=409, description="Conflict: terminated by other getUpdates request")
    async with serving(FixedEngine()):
        await patience.until(lambda: "another process serves this bot" in caplog.text)
