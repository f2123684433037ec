"""Questions that cannot stand alone: they keep the topic of the card that they reply to, or of the one just before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.e2e.broken_store import out_of_reach
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from whosays.config import Settings

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)


class Clock:
    """The time of day, as a test sets it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def ann_and_chat(telegram: BotApi) -> tuple[User, Chat]:
    ann = telegram.person("Ann")
    return ann, telegram.private_chat(ann)


async def ask(chat: Chat, user: User, words: str, reply_to: Sent | None = None) -> Sent:
    """Return the answer to a question."""
    chat.say(user, words, reply_to=reply_to.id if reply_to else None)
    return await chat.expect_message()


async def test_a_reply_keeps_the_topic_of_its_card_also_of_an_older_one(telegram: BotApi, serving: Serving) -> None:
    engine, clock = FixedEngine(), Clock()
    ann, chat = ann_and_chat(telegram)
    async with serving(engine, now=clock):
        orsel = await ask(chat, ann, "who holds Orsel?")
        await ask(chat, ann, "who holds Kesh?")
        clock.now += timedelta(days=3)
        shown = await ask(chat, ann, "and the League?", orsel)
    assert engine.followed == [None, "who holds Orsel?", "who holds Orsel?"]
    assert "On: who holds Orsel?" in shown.text


async def test_without_a_reply_a_question_goes_on_from_the_last_card_for_half_an_hour(telegram: BotApi, serving: Serving) -> None:
    engine, clock = FixedEngine(), Clock()
    ann, chat = ann_and_chat(telegram)
    async with serving(engine, now=clock):
        await ask(chat, ann, "who holds Orsel?")
        clock.now += timedelta(minutes=29)
        assert "On: who holds Orsel?" in (await ask(chat, ann, "and the League?")).text
        clock.now += timedelta(minutes=31)
        assert "On:" not in (await ask(chat, ann, "and the Republic?")).text
    assert engine.followed == [None, "who holds Orsel?", None]


async def test_a_question_that_stands_alone_is_answered_alone(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(FixedEngine()):
        first = await ask(chat, ann, "who holds Orsel?")
        assert "On:" not in (await ask(chat, ann, "who holds Kesh?")).text
        assert "On:" not in (await ask(chat, ann, "who holds the bridge?", first)).text


async def test_a_chain_of_follow_ups_goes_on_after_a_restart(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(FixedEngine()):
        await ask(chat, ann, "who holds Orsel?")
        await ask(chat, ann, "and the League?")
    engine = FixedEngine()
    async with serving(engine):
        await ask(chat, ann, "and the Republic?")
    assert engine.followed == ["and the League?"]


async def test_a_reply_to_what_is_no_card_goes_on_from_the_last_one(telegram: BotApi, serving: Serving) -> None:
    engine = FixedEngine()
    ann, chat = ann_and_chat(telegram)
    async with serving(engine):
        help_ = await ask(chat, ann, "/help")
        await ask(chat, ann, "who holds Orsel?")
        await ask(chat, ann, "and the League?", help_)
    assert engine.followed[-1] == "who holds Orsel?"


async def test_a_reply_to_a_timelines_picture_or_list_keeps_its_topic(telegram: BotApi, serving: Serving) -> None:
    engine = FixedEngine()
    ann, chat = ann_and_chat(telegram)
    async with serving(engine):
        chat.say(ann, "/timeline Orsel")
        picture, listed = await chat.expect_message(), await chat.expect_message()
        await ask(chat, ann, "who holds Kesh?")
        for message in (picture, listed):
            await ask(chat, ann, "and the League?", message)
    assert engine.followed[1:] == ["Orsel", "Orsel"]


async def test_in_a_group_only_a_reply_goes_on_and_never_from_another_persons_or_chats_card(
    telegram: BotApi, serving: Serving
) -> None:
    engine = FixedEngine()
    ann, chat = ann_and_chat(telegram)
    ben, group = telegram.person("Ben"), telegram.group()
    async with serving(engine):
        await ask(chat, ann, "who holds Orsel?")
        first = await ask(group, ann, "@WhoSaysTestBot who holds Kesh?")
        await ask(group, ann, "@WhoSaysTestBot and the League?")
        await ask(group, ben, "and the Republic?", first)
        await ask(telegram.private_chat(ben), ben, "and the harbour?")
        await ask(chat, ann, "and the bridge?")
    assert engine.followed == [None, None, None, "who holds Kesh?", None, "who holds Orsel?"]


async def test_a_store_that_fails_costs_a_question_its_topic_but_not_its_answer(
    telegram: BotApi, serving: Serving, settings: Settings
) -> None:
    engine = FixedEngine()
    ann, chat = ann_and_chat(telegram)
    async with serving(engine):
        await ask(chat, ann, "who holds Orsel?")
        with out_of_reach(settings.store, "cards", "chats", "updates"):
            sent = await ask(chat, ann, "and the League?")
            await chat.silence()
        assert sent.quotations == ["“and the League?”"]
        assert sent.buttons == []
    assert engine.followed == [None, None]
