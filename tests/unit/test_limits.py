from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.limits import CHAT, GROUP, Crowd, Meter, Pace, Quota, Rate, Spent


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


def test_a_burst_comes_back_after_a_rest() -> None:
    meter = Meter(CHAT)
    assert [meter.take(0) for _ in range(3)] == [0, 0, 0]
    assert [meter.take(100) for _ in range(4)] == [0, 0, 0, 1]


def test_a_hold_lets_nothing_through_before_its_end_and_no_burst_after_it() -> None:
    meter = Meter(CHAT)
    meter.hold(30)
    assert meter.wait(29.9) > 0
    assert [meter.take(10), meter.take(10)] == [20, 21]
    assert meter.wait(40) == 0


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    meter = Meter(CHAT)
    meter.hold(30)
    meter.hold(20)
    assert meter.wait(25) > 0


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


def test_a_chat_has_so_many_places_and_gets_them_back() -> None:
    crowd = Crowd(2)
    with crowd.place(1) as first, crowd.place(1) as second, crowd.place(1) as third, crowd.place(2) as other:
        assert (first, second, third, other) == (True, True, False, True)
    with crowd.place(1) as again:
        assert again


class FakeTime:
    """A clock that goes on to the next sleeper's time once nobody has anything to do."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.Event()
        self._count += 1
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, awake))
        await awake.wait()

    async def run(self) -> None:
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                until, _, awake = heapq.heappop(self._sleepers)
                self.now = max(self.now, until)
                awake.set()


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
    async with pace.turn(chat):
        await pace.wait(chat)
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


def test_a_person_may_ask_so_often_and_then_hears_how_long_to_wait(fake: FakeTime) -> None:
    quota = Quota(person=8, chat=20, clock=fake.clock)
    assert [quota.take(1, 1) for _ in range(8)] == [None] * 8
    assert quota.take(1, 1) == timedelta(seconds=10)
    assert quota.take(2, 2) is None
    fake.now = 10.0
    assert quota.take(1, 1) is None
    assert quota.take(1, 1) == timedelta(seconds=10)


def test_a_chat_may_ask_so_often_and_its_refusals_cost_nobody_anything(fake: FakeTime) -> None:
    quota = Quota(person=8, chat=20, clock=fake.clock)
    assert [quota.take(person, -5) for person in range(20)] == [None] * 20
    for _ in range(30):
        assert quota.take(21, -5) == timedelta(seconds=4)
    assert [quota.take(21, 21) for _ in range(8)] == [None] * 8


def test_a_flood_is_told_once_per_wait(fake: FakeTime) -> None:
    quota = Quota(person=1, chat=20, clock=fake.clock)
    told = 0
    for second in range(161):
        fake.now = float(second)
        if quota.take(1, 1) is not None:
            told += quota.told(1, 1) is Spent.PERSON
    assert told == 2


def test_a_chat_that_has_used_up_its_quota_is_told_once_whoever_asks(fake: FakeTime) -> None:
    quota = Quota(person=8, chat=1, clock=fake.clock)
    assert quota.take(1, -5) is None
    assert all(quota.take(person, -5) is not None for person in range(2, 9))
    assert [quota.told(person, -5) for person in range(2, 9)] == [Spent.CHAT] + [None] * 6


def test_quotas_remember_the_latest_people_only(fake: FakeTime) -> None:
    quota = Quota(person=1, chat=1000, clock=fake.clock, kept=10)
    for person in range(100):
        quota.take(person, -5)
    assert quota.take(99, -5) is not None
    assert quota.take(0, -5) is None
