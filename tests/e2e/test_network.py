"""What Telegram and the network may do to an answer: it is late, or it is lost, but it never comes twice."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from threading import Event

import pytest

from bot.app import build, serve
from tests.e2e.conftest import SOON_TIMED_OUT, Serving, until_typing
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import PATIENCE
from whosays.chats import Chats
from whosays.config import Settings
from whosays.errors import ConfigError


async def test_a_chat_that_must_wait_gets_its_answer_once_and_holds_no_other_back(telegram: BotApi, serving: Serving) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    anns, bens = telegram.private_chat(ann), telegram.private_chat(ben)
    telegram.refuse("sendMessage", anns, retry_after=4)
    async with serving(FixedEngine()):
        anns.say(ann, "one")
        await telegram.called("sendMessage", anns)
        bens.say(ben, "two")
        assert (await bens.expect_message()).quotations == ["“two”"]
        assert anns.sent == []
        assert (await anns.expect_message()).quotations == ["“one”"]
        assert time.monotonic() >= anns.held_until
        await anns.silence()


async def test_typing_that_is_refused_holds_the_answer_for_as_long_as_telegram_says(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("sendChatAction", chat, retry_after=1)
    shown = until_typing(telegram, chat)

    def wait(question: str) -> None:
        shown(question)
        # The bot has to hear that it was refused.
        time.sleep(0.4)

    async with serving(FixedEngine(before=wait)):
        chat.say(ann, "one")
        await chat.expect_message()
    assert telegram.calls.count(("sendChatAction", chat.id)) == 1


async def test_a_message_that_was_delivered_but_not_confirmed_is_not_sent_again(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.leave_unanswered("sendMessage", chat)
    async with serving(FixedEngine(), request_timeout=SOON_TIMED_OUT):
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]
        await chat.silence(SOON_TIMED_OUT.total_seconds() + 1)


@pytest.mark.parametrize("code", [500, 502])
async def test_a_server_error_leaves_open_what_was_sent_so_it_is_not_sent_again(
    telegram: BotApi, serving: Serving, code: int
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("sendMessage", chat, code=code)
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        await telegram.everything_read()
        await chat.silence(0.8)
        chat.say(ann, "two")
        assert (await chat.expect_message()).quotations == ["“two”"]


async def test_a_broken_connection_is_survived(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.drop("sendMessage", chat)
    telegram.drop("sendChatAction", chat)
    async with serving(FixedEngine(before=lambda _: time.sleep(0.4))):
        chat.say(ann, "one")
        await telegram.everything_read()
        await chat.silence(0.5)
        chat.say(ann, "two")
        assert (await chat.expect_message()).quotations == ["“two”"]


async def test_an_answer_that_finds_telegram_out_of_reach_is_tried_again(telegram: BotApi, serving: Serving) -> None:
    asked, go_on = Event(), Event()

    def wait(question: str) -> None:
        asked.set()
        go_on.wait(PATIENCE)

    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(before=wait)):
        chat.say(ann, "one")
        assert await asyncio.to_thread(asked.wait, PATIENCE)
        await telegram.down()
        go_on.set()
        await asyncio.sleep(0.3)
        await telegram.up()
        assert (await chat.expect_message()).quotations == ["“one”"]
        await chat.silence()


async def test_somebody_who_has_blocked_the_bot_is_left_alone(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("sendMessage", chat, code=403)
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        await telegram.everything_read()
        await chat.silence()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_questions_asked_before_the_end_are_still_answered(telegram: BotApi, settings: Settings, chats: Chats) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    stop, asked = asyncio.Event(), Event()

    def slow(question: str) -> None:
        asked.set()
        time.sleep(0.4)

    serving = asyncio.create_task(serve(build(settings, FixedEngine(before=slow), chats), stop))
    chat.say(ann, "one")
    assert await asyncio.to_thread(asked.wait, PATIENCE)
    stop.set()
    await serving
    assert (await chat.expect_message()).quotations == ["“one”"]


async def test_a_start_without_telegram_waits_for_it(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    await telegram.down()
    async with serving(FixedEngine()):
        await asyncio.sleep(0.2)
        await telegram.up()
        chat.say(ann, "one")
        assert (await chat.expect_message()).quotations == ["“one”"]


async def test_the_menu_of_commands_is_set_and_its_refusal_is_survived(telegram: BotApi, serving: Serving) -> None:
    telegram.refuse("setMyCommands", code=500)
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.say(ann, "one")
        await chat.expect_message()
    assert telegram.commands == []
    before = telegram.calls.count(("setMyCommands", None))
    async with serving(FixedEngine()):
        await telegram.called("setMyCommands", times=before + 2)
    assert {"ask", "summary", "sources", "help"} <= {command["command"] for command in telegram.commands}


async def test_a_wrong_token_is_a_clear_error_that_does_not_show_it(
    telegram: BotApi, settings: Settings, chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = replace(settings, telegram_bot_token=TOKEN + "x")
    with pytest.raises(ConfigError, match="check TELEGRAM_BOT_TOKEN") as caught:
        await serve(build(wrong, FixedEngine(), chats), asyncio.Event())
    assert TOKEN not in str(caught.value)
    assert TOKEN not in caplog.text


def test_no_token_is_a_clear_error(settings: Settings, chats: Chats) -> None:
    with pytest.raises(ConfigError, match="@BotFather"):
        build(replace(settings, telegram_bot_token=None), FixedEngine(), chats)
