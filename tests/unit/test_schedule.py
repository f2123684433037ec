"""When a feed or a page is asked next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosays.feeds import FAILING, Feed, Page, Standing
from whosays.polling.schedule import (
    LONGEST,
    LOOKS,
    SHORTEST,
    TRIES,
    Said,
    answered,
    awake,
    failed,
    gap,
    gone,
    looked_at,
    missing,
    not_had,
)

NOW = datetime(2031, 5, 7, 12, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FEED = Feed(url="https://gazette.example/feed", added=NOW)
PAGE = Page(address="https://gazette.example/a", feed=FEED.url, told="{}")
MIDDLE = 0.5
CHANCES = st.floats(0, 1)


def every(minutes: float, count: int = 10, last: datetime = NOW) -> tuple[datetime, ...]:
    return tuple(last - timedelta(minutes=minutes) * number for number in range(count))


def said(**parts: object) -> Said:
    return Said(url=FEED.url, **parts)  # type: ignore[arg-type]


def interval(of: Said, feed: Feed = FEED) -> timedelta:
    after = answered(feed, of, NOW, MIDDLE)
    assert after.interval is not None
    return after.interval


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (every(60), 30 * MINUTE),
        (every(240), 2 * HOUR),
        (every(1), SHORTEST),
        (every(60 * 24 * 30), LONGEST),
        ((), 30 * MINUTE),
        (every(60, 2), 30 * MINUTE),
    ],
)
def test_a_feed_is_asked_twice_between_two_of_its_entries(dates: tuple[datetime, ...], wanted: timedelta) -> None:
    assert interval(said(dates=dates)) == wanted


def test_one_long_night_does_not_change_the_rhythm_of_a_feed() -> None:
    assert gap((*every(20, 10), *every(20, 5, NOW - 20 * HOUR))) == 20 * MINUTE


def test_a_feed_that_has_been_quiet_is_asked_more_seldom() -> None:
    assert interval(said(dates=every(20, 10, NOW - timedelta(days=5)))) == 12 * HOUR


def test_a_feed_is_never_asked_more_often_than_it_wishes() -> None:
    assert interval(said(dates=every(20), every=3 * HOUR)) == 3 * HOUR
    assert interval(said(dates=every(20), every=90 * 24 * HOUR)) == LONGEST
    assert interval(said(dates=every(20), every=MINUTE)) == 10 * MINUTE


def test_what_a_server_says_of_all_its_files_holds_a_feed_back_for_an_hour_at_most() -> None:
    assert interval(said(dates=every(20), max_age=20 * MINUTE)) == 20 * MINUTE
    assert interval(said(dates=every(20), max_age=timedelta(days=7))) == HOUR


def test_an_unchanged_feed_keeps_what_it_said_of_itself() -> None:
    first = answered(FEED, said(dates=every(60), title="Gazette", etag="a", every=HOUR, skip_hours=frozenset({3})), NOW, MIDDLE)
    later = answered(first, said(unchanged=True), NOW + HOUR, MIDDLE)
    assert (later.title, later.etag, later.every, later.skip_hours, later.gap) == ("Gazette", "a", HOUR, frozenset({3}), HOUR)
    assert later.read == NOW + HOUR
    changed = answered(first, said(dates=every(60)), NOW + HOUR, MIDDLE)
    assert (changed.etag, changed.every) == (None, None)


def test_the_name_that_its_operator_gave_a_feed_stays() -> None:
    assert answered(replace(FEED, title="Mine"), said(title="Theirs"), NOW, MIDDLE).title == "Mine"


@given(CHANCES, st.integers(0, 60), st.none() | st.timedeltas(timedelta(), timedelta(days=7)))
def test_failures_put_a_feed_off_within_bounds_and_never_sooner_than_its_server_wishes(
    chance: float, before: int, wished: timedelta | None
) -> None:
    after = failed(replace(FEED, failures=before), "500", NOW, chance, wished)
    assert after.due is not None
    wait = after.due - NOW
    assert wait >= max(SHORTEST, wished or timedelta())
    assert wait <= max(LONGEST, wished or timedelta())
    assert (after.failures, after.error, after.read) == (before + 1, "500", None)


def test_a_feed_that_does_not_answer_at_all_is_tried_every_other_hour() -> None:
    after = failed(replace(FEED, failures=40), "no answer", NOW, MIDDLE, silent=True)
    assert after.due == NOW + 2 * HOUR


def test_a_feed_counts_as_failing_after_several_failures_and_an_answer_ends_that() -> None:
    feed = FEED
    for number in range(1, FAILING + 1):
        feed = failed(feed, "500", NOW, MIDDLE)
        assert feed.failing == (number == FAILING)
    feed = answered(replace(feed, told=True), said(), NOW, MIDDLE)
    assert not feed.failing
    assert (feed.failures, feed.error, feed.told) == (0, "", False)


def test_a_feed_that_is_gone_is_not_asked_again() -> None:
    after = gone(FEED, "410 Gone", NOW)
    assert (after.ended, after.due, after.failing) == (True, None, True)


@given(
    st.integers(0, 10**6).map(lambda minutes: NOW + minutes * MINUTE),
    st.sets(st.integers(0, 23)),
    st.sets(st.integers(0, 6)),
)
def test_no_feed_is_asked_when_it_says_that_it_sleeps_unless_it_always_does(
    moment: datetime, hours: set[int], days: set[int]
) -> None:
    found = awake(moment, frozenset(hours), frozenset(days))
    if len(hours) == 24 or len(days) == 7:
        assert found == moment
        return
    assert found.hour not in hours
    assert found.weekday() not in days
    assert moment <= found <= moment + timedelta(days=7)
    assert found == moment or (found.minute, found.second, found.microsecond) == (0, 0, 0)


@given(CHANCES)
def test_feeds_that_were_read_together_are_asked_apart(chance: float) -> None:
    due = answered(FEED, said(dates=every(60)), NOW, chance).due
    assert due is not None
    assert 27 * MINUTE <= due - NOW <= 33 * MINUTE


def test_a_page_that_was_read_is_looked_at_more_and_more_seldom_for_a_month() -> None:
    page, moment = replace(PAGE, standing=Standing.READ), NOW
    waits = []
    while (page := looked_at(page, moment, MIDDLE)).due is not None:
        waits.append(page.due - moment)
        moment = page.due
    assert waits == list(LOOKS)
    assert timedelta(days=27) < moment - NOW < timedelta(days=32)


def test_a_page_that_never_comes_is_refused_in_the_end() -> None:
    page, moment = PAGE, NOW
    while (page := not_had(page, "502", moment, MIDDLE)).due is not None:
        assert page.standing is Standing.WAITING
        moment = page.due
    assert (page.standing, page.why, page.failures) == (Standing.REFUSED, "502", len(TRIES) + 1)


def test_a_page_that_was_read_stays_when_its_server_fails() -> None:
    page = not_had(replace(PAGE, standing=Standing.READ, article="a"), "502", NOW, MIDDLE, timedelta(days=1))
    assert (page.standing, page.why, page.due) == (Standing.READ, "", NOW + timedelta(days=1))


def test_an_article_is_let_go_at_once_where_its_server_says_gone_and_else_when_it_is_missing_twice() -> None:
    page = replace(PAGE, standing=Standing.READ)
    assert missing(page, 410, NOW) is None
    once = missing(page, 404, NOW)
    assert once is not None
    assert once.due == NOW + HOUR
    assert missing(once, 404, NOW + HOUR) is None
    assert missing(looked_at(once, NOW + HOUR, MIDDLE), 404, NOW + 2 * HOUR) is not None


def test_a_server_error_before_does_not_make_a_missing_page_surely_gone() -> None:
    page = not_had(replace(PAGE, standing=Standing.READ), "502", NOW, MIDDLE)
    assert missing(page, 404, NOW) is not None
