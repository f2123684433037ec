"""Somebody asks in a chat, for the tests of what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cards import answer, full_answer
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from whosays.types import Answer, Status

QUESTION = "who holds Orsel?"


async def ask(chat: Chat, person: User, question: str = QUESTION, *, topic: int | None = None) -> Sent:
    """Ask by a command that names the bot, and return its answer."""
    return await told(chat, person, f"/ask@WhoSaysTestBot {question}", topic=topic)


async def told(chat: Chat, person: User, text: str, *, reply_to: int | None = None, topic: int | None = None) -> Sent:
    """Say something and return what the bot says to it."""
    chat.say(person, text, reply_to=reply_to, topic=topic)
    return await chat.expect_message()


async def toast(chat: Chat, person: User, message: Sent, button: str) -> str | None:
    """Press a button and return the words that come of it, None where there are none."""
    return await chat.expect_toast(chat.press(person, message, button))


async def link(telegram: BotApi, chat: Chat, person: User, message: Sent, button: str) -> str:
    """Press a button that leads elsewhere, and return what it has the bot told there."""
    answered = await telegram.pressed_answered(chat.press(person, message, button))
    assert answered.url is not None, f"{button!r} leads nowhere but says {answered.text!r}"
    return started(answered.url)


def started(url: str) -> str:
    """Return what Telegram has somebody say who opens a link to the bot."""
    address, _, parameter = url.partition("?start=")
    assert address == "https://t.me/WhoSaysTestBot"
    return f"/start {parameter}"


def card_of(sent: Sent) -> str:
    """Return the id of the card that a message shows, as its buttons have it."""
    data = sent.button("Follow").data
    if data is None:
        pytest.fail("the button sends nothing")
    return data.partition(":")[2]


def full(question: str = QUESTION) -> Answer:
    """Return an answer that has a bit of everything, to a question."""
    whole = full_answer()
    return replace(whole, query=replace(whole.query, text=question, topic=question))


def nothing(question: str = QUESTION) -> Answer:
    """Return the answer that there is nothing."""
    return replace(answer(question, Status.NOTHING), nearest=("the harbour of Orsel", "the salt tax"), sources=())
