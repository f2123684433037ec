from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.limits import GROUP, PRIVATE, Crowd, Meter, Pace, Rate


def sent_at(rate: Rate, messages: int) -> list[float]:
    """Return when messages go out that are all there at second 0."""
    meter, now, times = Meter(rate), 0.0, []
    for _ in range(messages):
        now += meter.take(now)
        times.append(now)
    return times


def test_a_private_chat_gets_a_burst_and_then_a_message_a_second() -> None:
    assert sent_at(PRIVATE, 6) == [0, 0, 0, 1, 2, 3]


def test_a_group_never_gets_more_than_twenty_messages_in_a_minute() -> None:
    times = sent_at(GROUP, 100)
    assert all(len([time for time in times if start <= time < start + 60]) <= 20 for start in times)


def test_a_burst_comes_back_after_a_rest() -> None:
    meter = Meter(PRIVATE)
    assert [meter.take(0) for _ in range(3)] == [0, 0, 0]
    assert [meter.take(100) for _ in range(4)] == [0, 0, 0, 1]


def test_a_hold_lets_nothing_through_before_its_end_and_no_burst_after_it() -> None:
    meter = Meter(PRIVATE)
    meter.hold(30)
    assert not meter.free(29.9)
    assert [meter.take(10), meter.take(10)] == [20, 21]
    assert meter.free(40)


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    meter = Meter(PRIVATE)
    meter.hold(30)
    meter.hold(20)
    assert not meter.free(25)


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
