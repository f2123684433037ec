"""When alerts are due, in all zones and years: never in quiet hours, never too many an hour, a digest once a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from whosays.chats import Cadence, Chat, Following, Quiet
from whosays.timing import HOUR, due, free, is_quiet, next_hour, next_time, zone, zones

ZONES = st.sampled_from(sorted(zones() - {"localtime"}))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
QUIET = st.none() | st.builds(Quiet, TIMES, TIMES)
CHATS = st.builds(Chat, id=st.just(1), kind=st.just(""), zone=ZONES, quiet=QUIET, digest=TIMES, most=st.integers(0, 5))
AGO = st.lists(st.timedeltas(timedelta(), 2 * HOUR), max_size=12)
FOLLOWINGS = st.builds(
    Following,
    chat=st.just(1),
    thread=st.none(),
    person=st.just(1),
    topic=st.just("Orsel"),
    since=st.just(datetime(2031, 1, 1, tzinfo=UTC)),
    language=st.just("en"),
    cadence=st.sampled_from(Cadence),
)


@settings(max_examples=400)
@given(made=MOMENTS, following=FOLLOWINGS, chat=CHATS, ago=AGO)
def test_an_alert_is_never_due_before_it_is_made_nor_in_quiet_hours_nor_when_the_hour_is_full(
    made: datetime, following: Following, chat: Chat, ago: list[timedelta]
) -> None:
    sent = [made - each for each in ago]
    when = due(made, following, chat, sent)
    assert when.at >= made
    assert not is_quiet(when.at, chat.quiet, zone(chat.zone))
    assert sum(when.at - HOUR < one <= when.at for one in sent) < max(chat.most, 1)
    assert when.held or when.at == made
    assert free(when.at, chat, sent) == when.at
    # A day, the change of a clock, and quiet hours: no alert waits longer.
    assert when.at - made <= timedelta(hours=75)


@settings(max_examples=400)
@given(at=MOMENTS, of_day=TIMES, name=ZONES)
def test_there_is_a_digest_a_day_and_no_second_one(at: datetime, of_day: time, name: str) -> None:
    found = [next_time(at, of_day, zone(name))]
    for _ in range(5):
        found.append(next_time(found[-1] + timedelta(microseconds=1), of_day, zone(name)))
    days = [one.astimezone(zone(name)).date() for one in found]
    assert days == sorted(set(days)), "no day has two"
    # Only a zone that crosses the date line has a day without one, for want of the day.
    crossed = ("Pacific/", "Kwajalein", "America/")
    assert all((b - a).days == 1 or name.startswith(crossed) for a, b in pairwise(days))
    for one in found:
        clock = one.astimezone(zone(name)).replace(tzinfo=None)
        wanted = datetime.combine(clock.date(), of_day)
        before = (one - timedelta(seconds=2)).astimezone(zone(name)).replace(tzinfo=None)
        assert clock == wanted or before < wanted < clock, "at its time, or when the clocks go on that skip it"


@settings(max_examples=400)
@given(at=MOMENTS, name=ZONES)
def test_full_hours_are_those_of_the_zone_s_clock(at: datetime, name: str) -> None:
    found = next_hour(at, zone(name))
    assert at <= found
    assert found - at <= 2 * HOUR
    clock = found.astimezone(zone(name))
    assert (clock.minute, clock.second, clock.microsecond) == (0, 0, 0)


@settings(max_examples=200)
@given(at=MOMENTS, chat=CHATS, ago=AGO)
def test_a_chat_never_gets_more_in_an_hour_than_it_wants(at: datetime, chat: Chat, ago: list[timedelta]) -> None:
    sent: list[datetime] = []
    for made in sorted(at + each for each in ago):
        sent.append(free(made, chat, sent))
    for one in sent:
        assert sum(one - HOUR < other <= one for other in sent) <= max(chat.most, 1) + sum(other == one for other in sent) - 1
