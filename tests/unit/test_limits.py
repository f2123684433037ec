from __future__ import annotations

from datetime import timedelta

import pytest

from bot.limits import Crowd, Meter, Quota, Spent
from bot.pace import CHAT
from tests.fake_time import FakeTime


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


def test_a_chat_has_so_many_places_and_gets_them_back() -> None:
    crowd = Crowd(2)
    with crowd.place(1) as first, crowd.place(1) as second, crowd.place(1) as third, crowd.place(2) as other:
        assert (first, second, third, other) == (True, True, False, True)
    with crowd.place(1) as again:
        assert again


@pytest.fixture
def fake() -> FakeTime:
    return FakeTime()


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
