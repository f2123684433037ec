from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.limits import Meter, Rate
from bot.pace import CHAT, GROUP, Pace
from tests.fake_time import FakeTime


def sent_at(rate: Rate, messages: int) -> list[float]:
    """Return when messages go out that are all there at second 0."""
    meter, now, times = Meter(rate), 0.0, []
    for _ in range(messages):
        now += meter.take(now)
        times.append(now)
    return times


def test_a_private_chat_gets_a_burst_and_then_a_message_a_second() -> None:
    assert sent_at(CHAT, 6) == [0, 0, 0, 1, 2, 3]


def test_a_group_never_gets_more_than_twenty_messages_in_a_minute() -> None:
    times = sent_at(GROUP, 100)
    assert all(len([time for time in times if start <= time < start + 60]) <= 20 for start in times)


async def test_a_chat_is_forgotten_only_once_it_does_not_matter() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    pace.hold(1, timedelta(seconds=60))
    async with pace.turn(2):
        for chat in range(3, 3000):
            pace.held(chat)
        assert pace.held(1)
        entered = asyncio.create_task(enter(pace, 2))
        await asyncio.sleep(0)
        assert not entered.done()
    await entered
    now = 120.0
    assert not pace.held(1)


async def enter(pace: Pace, chat: int) -> None:
    async with pace.turn(chat):
        pass


@pytest.fixture
async def fake() -> AsyncIterator[FakeTime]:
    fake = FakeTime()
    running = asyncio.create_task(fake.run())
    yield fake
    running.cancel()


@pytest.fixture
def pace(fake: FakeTime) -> Pace:
    return Pace(fake.clock, fake.sleep)


async def answer(pace: Pace, chat: int, fake: FakeTime) -> float:
    async with pace.turn(chat), pace.place(chat):
        return fake.now


async def alert(pace: Pace, chat: int, fake: FakeTime) -> float:
    async with pace.spare_turn(chat):
        return fake.now


async def test_an_alert_leaves_places_in_a_group_for_answers(pace: Pace, fake: FakeTime) -> None:
    alerts = [await alert(pace, -5, fake) for _ in range(8)]
    assert alerts[5] < 6, "six of ten, as fast as any chat may be written to"
    assert alerts[7] >= alerts[6] + 6 >= 12, "the others have to wait for places that are free again"
    asked = fake.now
    assert [await answer(pace, -5, fake) for _ in range(4)] <= [asked, asked, asked + 1, asked + 2], "answers do not wait so long"


async def test_an_alert_waits_while_an_answer_has_its_turn(pace: Pace, fake: FakeTime) -> None:
    async with pace.turn(1):
        waiting = asyncio.create_task(alert(pace, 1, fake))
        await fake.sleep(3)
        assert not waiting.done()
        queued = asyncio.create_task(answer(pace, 1, fake))
        await asyncio.sleep(0)
    assert await queued <= await waiting


async def test_answers_go_before_alerts_in_the_pace_of_all_chats(pace: Pace, fake: FakeTime) -> None:
    alerts = [asyncio.create_task(alert(pace, chat, fake)) for chat in range(1, 100)]
    await asyncio.sleep(0)
    answers = [asyncio.create_task(answer(pace, chat, fake)) for chat in range(1000, 1040)]
    answered = await asyncio.gather(*answers)
    told = await asyncio.gather(*alerts)
    assert max(answered) <= 40 * 0.04, "as if there were no alerts"
    assert len([time for time in told if time < max(answered)]) <= 5
    times = sorted([*answered, *told])
    assert all(len([time for time in times if start <= time < start + 1]) <= 30 for start in times)


async def test_a_hold_that_comes_while_an_answer_waits_is_obeyed(pace: Pace, fake: FakeTime) -> None:
    for _ in range(3):
        await answer(pace, 1, fake)
    waiting = asyncio.create_task(answer(pace, 1, fake))
    await asyncio.sleep(0)
    pace.hold(1, timedelta(seconds=30))
    assert await waiting >= 30


async def test_of_the_alerts_of_a_chat_the_one_that_has_waited_longest_goes_first(pace: Pace, fake: FakeTime) -> None:
    for _ in range(6):
        await alert(pace, -5, fake)
    told: list[int] = []

    async def tell(number: int) -> None:
        async with pace.spare_turn(-5):
            told.append(number)

    waiting = []
    for number in range(6):
        waiting.append(asyncio.create_task(tell(number)))
        await fake.sleep(3)
    await asyncio.gather(*waiting)
    assert told == list(range(6))


async def test_a_chat_in_which_alerts_wait_is_not_forgotten(pace: Pace, fake: FakeTime) -> None:
    for _ in range(2):
        await alert(pace, 1, fake)
    waiting = [asyncio.create_task(alert(pace, 1, fake)) for _ in range(4)]
    await asyncio.sleep(0)
    for chat in range(2, 3000):
        pace.held(chat)
    times = [await one for one in waiting]
    assert times == sorted(times)
    assert times[-1] - times[0] >= 3, "they are one line"


async def test_whoever_goes_away_while_he_waits_takes_no_place(pace: Pace, fake: FakeTime) -> None:
    gone = [asyncio.create_task(answer(pace, chat, fake)) for chat in range(1, 200)]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    assert await answer(pace, 1000, fake) < 1


async def test_a_second_is_filled_where_requests_take_as_long_as_they_usually_do(pace: Pace, fake: FakeTime) -> None:
    async def send(chat: int) -> None:
        async with pace.turn(chat), pace.place(chat):
            await fake.sleep(0.1)

    await asyncio.gather(*(send(chat) for chat in range(1, 301)))
    assert 300 / fake.now > 24


async def test_answers_find_places_though_alerts_are_not_answered(pace: Pace, fake: FakeTime) -> None:
    async def hang(chat: int) -> None:
        async with pace.spare_turn(chat):
            await fake.sleep(60)

    hanging = [asyncio.create_task(hang(chat)) for chat in range(1, 40)]
    await fake.sleep(10)
    asked = fake.now
    answered = await asyncio.gather(*(answer(pace, chat, fake) for chat in range(1000, 1020)))
    assert max(answered) <= asked + 20 * 0.04, "as if there were no alerts"
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
