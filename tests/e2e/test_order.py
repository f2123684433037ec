"""Answers come first: before alerts at Telegram's pace, and before followed topics in the engine."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import NEW, TOPIC, ann_of, engine, every, publish, tell
from tests.e2e.telegram_server import BotApi, PrivateChat
from tests.patience import until
from whosays.chats import Chats, Following
from whosays.config import Settings
from whosays.outbox import Outbox, Verdict
from whosays.types import Status


@pytest.fixture
def workers() -> int:
    return 2


@pytest.fixture
def allowed() -> frozenset[int] | None:
    return None


@pytest.fixture
def settings(settings: Settings, workers: int, allowed: frozenset[int] | None) -> Settings:
    return replace(settings, alerts_every=timedelta(seconds=0.1), workers=workers, allowed_chats=allowed)


def follow(chats: Chats, chat: PrivateChat, topic: str, *, once: bool = False) -> None:
    """Have a chat follow a topic, on which it was shown nothing yet."""
    since = datetime.now(UTC)
    status = Status.ONE_SIDE if once else None
    chats.follow(
        Following(chat=chat.id, thread=None, person=chat.id, topic=topic, since=since, language="en", once=once, status=status)
    )


async def test_a_question_is_answered_before_the_alerts_that_were_there_first(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    """At Telegram's pace a hundred chats take three seconds and more to be told."""
    telegram.strict_rates()
    rooms = [telegram.private_chat(telegram.person(f"Person {number}")) for number in range(100)]
    for room in rooms:
        follow(chats, room, TOPIC)
    tell(outbox, NEW)
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await until(lambda: sum(len(room.sent) for room in rooms) >= 10)
        chat.say(ann, "who holds Calder?")
        await chat.expect_message()
        told = sum(len(room.sent) for room in rooms)
        for room in rooms:
            assert (await room.expect_message()).quotations == [NEW.text]
    assert told < 80, "an answer does not wait for all the alerts"


async def test_a_chat_that_has_to_wait_holds_no_other_back(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    rooms = [telegram.private_chat(telegram.person(f"Person {number}")) for number in range(5)]
    for room in rooms:
        follow(chats, room, TOPIC)
    telegram.refuse("sendMessage", rooms[0], retry_after=3)
    tell(outbox, NEW)
    async with serving(engine()):
        for room in (*rooms[1:], rooms[0]):
            if room is rooms[0]:
                assert room.sent == [], "the others are told meanwhile"
            assert (await room.expect_message()).quotations == [NEW.text]


@pytest.mark.parametrize("allowed", [frozenset({1285})])
async def test_a_chat_that_is_not_answered_any_more_is_told_nothing_either(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    _, anns = ann_of(telegram)
    bens = telegram.private_chat(telegram.person("Ben"))
    for room in (bens, anns):
        follow(chats, room, TOPIC)
    tell(outbox, NEW)
    async with serving(engine()):
        assert (await anns.expect_message()).quotations == [NEW.text]
        await bens.silence(0.3)


@pytest.mark.parametrize("workers", [1, 2])
async def test_questions_do_not_wait_for_two_hundred_that_are_answered_anew_and_are_not_refused(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox, settings: Settings, workers: int
) -> None:
    """Each topic takes a tenth of a second: all of them, one after the other, twenty."""
    topics = [f"topic {number}" for number in range(200)]
    fans = [telegram.private_chat(telegram.person(f"Fan {number}")) for number in range(8)]
    for number, topic in enumerate(topics):
        follow(chats, fans[number % len(fans)], topic, once=True)
    publish(settings.store, *(Verdict(following=one.following.id, again=True) for one in every(outbox)))
    known = FixedEngine(before=lambda question: time.sleep(0.1) if question.startswith("topic") else None)
    ann, chat = ann_of(telegram)
    async with serving(known):
        await until(lambda: "topic 3" in known.asked)
        waits = []
        for number in range(5):
            started = time.monotonic()
            chat.say(ann, f"question {number}")
            assert (await chat.expect_message()).quotations == [f"“question {number}”"]
            waits.append(time.monotonic() - started)
        assert topics[-1] not in known.asked, "the topics are still being looked at"
    assert sorted(waits)[len(waits) // 2] < 3
