"""Presses that meet trouble: odd data, cards and messages that are gone, an engine, a store or a Telegram that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from bot.handlers import presses
from tests.cards import answer, full_answer
from tests.e2e.broken_store import out_of_reach
from tests.e2e.conftest import SEEN_AFTER, Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.presses import DEADLINE
from tests.e2e.test_card_buttons import QUESTION, ask, full, long_answer
from tests.patience import PATIENCE, until
from whosays.chats import Chats
from whosays.config import Settings
from whosays.errors import StoreError
from whosays.types import Status


@pytest.mark.parametrize(
    "change",
    [
        lambda data: "",
        lambda data: "x",
        lambda data: "?" * 64,
        lambda data: "p",
        lambda data: "p:no-such-card:0",
        lambda data: data.replace("p:", "q:"),
        lambda data: data + ":1:2:3",
        lambda data: data.replace("p:", "c:") + "99",
        lambda data: data.replace("p:", "c:")[:-1] + "x",
        lambda data: data.replace("p:", "y:")[:-1] + "77",
        lambda data: data.replace("p:", "r:"),
        lambda data: data.replace("p:", "r:") + ":q",
        lambda data: data.replace("p:", "r:")[:-1] + "99:s",
        lambda data: data.replace("p:", "n:"),
        lambda data: "g:language:klingon",
        lambda data: "g:nonsense",
        lambda data: "z:group",
        lambda data: "d:feed",
        lambda data: "😀",
    ],
)
async def test_data_that_no_button_has_is_answered_kindly(
    telegram: BotApi, serving: Serving, change: Callable[[str], str]
) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        toast = chat.press_data(ann, card, change(f"{card.button('More').data}"))
        assert await chat.expect_toast(toast) == "I no longer have this card. Please ask again."
        await chat.silence(0.05)


async def test_a_number_too_large_for_any_store_is_of_nothing(telegram: BotApi, serving: Serving) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        assert await chat.expect_toast(chat.press_data(ann, card, "u:" + "9" * 24)) == "That is gone already."
        chat.press_data(ann, card, f"{card.button('More').data}"[:-1] + "9" * 16)
        assert "of" in (await chat.expect_edit(card)).button("of").text


async def test_a_card_of_another_chat_is_not_shown(telegram: BotApi, serving: Serving) -> None:
    async with serving(long_answer()):
        _, _, card = await ask(telegram)
        ben = telegram.person("Ben")
        bens = telegram.private_chat(ben)
        bens.say(ben, "mine")
        own = await bens.expect_message()
        toast = bens.press_data(ben, own, f"{card.button('More').data}")
        assert "no longer have this card" in f"{await bens.expect_toast(toast)}"
        await bens.silence(0.1)


async def test_a_message_that_telegram_shows_no_more_is_turned_or_answered_kindly(telegram: BotApi, serving: Serving) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        data = f"{card.button('More').data}"
        chat.press_data(ann, card, data, inaccessible=True)
        assert "claim 0" in (await chat.expect_edit(card)).text
        chat.delete(card.id)
        assert "no longer have this card" in f"{await chat.expect_toast(chat.press_data(ann, card, data))}"


async def test_a_press_is_answered_where_the_engine_fails(telegram: BotApi, serving: Serving) -> None:
    class Failing(FixedEngine):
        def context(self, quotation: object) -> None:
            raise StoreError("disk /secret") if self.state else ZeroDivisionError("secret")

    engine = Failing(answers={QUESTION: full_answer()})
    async with serving(engine):
        ann, chat, card = await ask(telegram)
        chat.press(ann, card, "Context")
        data = f"{(await chat.expect_edit(card)).button('any claim').data}"
        assert "went wrong on my side" in f"{await chat.expect_toast(chat.press_data(ann, card, data))}"
        engine.state = 1
        assert "cannot reach my articles" in f"{await chat.expect_toast(chat.press_data(ann, card, data))}"
        await chat.silence(0.05)


async def test_a_press_is_answered_where_the_store_fails(
    telegram: BotApi, serving: Serving, settings: Settings, chats: Chats
) -> None:
    async with serving(full()):
        ann, chat, card = await ask(telegram)
        await telegram.everything_read()
        await until(lambda: chats.unanswered() == [])
        await asyncio.sleep(0.3)
        with out_of_reach(settings.store, "cards", "chats", "updates"):
            toast = await chat.expect_toast(chat.press(ann, card, "Context"))
        assert "cannot reach my articles" in f"{toast}"
        chat.press(ann, card, "Context")
        assert "Which quotation" in (await chat.expect_edit(card)).text


@pytest.mark.parametrize("retry_after", [None, 7])
async def test_a_press_is_answered_in_time_where_its_edit_is_refused_for_a_while(
    telegram: BotApi, serving: Serving, retry_after: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "_SEEN_AFTER", SEEN_AFTER)
    telegram.presses.deadline = DEADLINE
    async with serving(full()):
        ann, chat, card = await ask(telegram)
        code = 502 if retry_after is None else 429
        telegram.refuse("editMessageText", chat, code=code, retry_after=retry_after, times=4 if retry_after is None else 1)
        assert await chat.expect_toast(chat.press(ann, card, "Context")) is None
        assert chat.now(card).history == (), "it is not edited yet"
        assert "Which quotation" in (await chat.expect_edit(card)).text


async def test_an_edit_that_telegram_refuses_for_good_is_said_kindly(telegram: BotApi, serving: Serving) -> None:
    async with serving(full()):
        ann, chat, card = await ask(telegram)
        telegram.refuse("editMessageText", chat, code=400, description="Bad Request: message can't be edited")
        assert "Please ask again" in f"{await chat.expect_toast(chat.press(ann, card, 'Context'))}"


@pytest.mark.parametrize("again", ["while it is made", "afterwards"])
@pytest.mark.parametrize("button", ["Timeline", "Grain from Orsel"])
async def test_what_is_tapped_twice_is_answered_once_while_it_is_made(
    telegram: BotApi, serving: Serving, button: str, again: str
) -> None:
    nothing = answer("nowhere", Status.NOTHING, nearest=("Grain from Orsel",))
    pressed = Event()

    def wait(words: str) -> None:
        if engine.asked[1:]:
            pressed.wait(PATIENCE)

    engine = FixedEngine(before=wait)
    engine.answers = {"nowhere": nothing}
    async with serving(engine):
        ann, chat, card = await ask(telegram, QUESTION if button == "Timeline" else "nowhere")
        engine.asked.append("all from now on takes a while")
        messages = 2 if button == "Timeline" else 1
        toasts = [chat.press(ann, card, button)]
        if again == "afterwards":
            pressed.set()
            for _ in range(messages):
                await chat.expect_message()
            await chat.expect_toast(toasts.pop())
        toasts.append(chat.press(ann, card, button))
        await telegram.everything_read()
        await asyncio.sleep(0.3)
        pressed.set()
        for _ in range(messages):
            await chat.expect_message()
        for toast in toasts:
            assert await chat.expect_toast(toast) is None
        await chat.silence(0.8)
