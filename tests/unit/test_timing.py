"""When alerts are due: at once, with the hour, with the day's digest, after quiet hours, on nights that change their clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from whosays.chats import Cadence, Chat, Following, Quiet
from whosays.timing import Due, after_quiet, due, is_zone, next_hour, next_time, zone, zones

BERLIN = Chat(id=1, kind="private", zone="Europe/Berlin", most=2)
TOPIC = Following(chat=1, thread=None, person=1, topic="Orsel", since=datetime(2031, 1, 1, tzinfo=UTC), language="en")
NOON = datetime(2031, 5, 7, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def local(text: str, name: str = "Europe/Berlin", fold: int = 0) -> datetime:
    """Return a moment by a zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone(name), fold=fold).astimezone(UTC)


def test_news_is_told_at_once_with_the_hour_or_with_the_day() -> None:
    made = local("2031-05-07 12:20")
    assert due(made, TOPIC, BERLIN, []) == Due(made, held=False)
    assert due(made, replace(TOPIC, cadence=Cadence.HOURLY), BERLIN, []) == Due(local("2031-05-07 13:00"), held=True)
    assert due(made, replace(TOPIC, cadence=Cadence.DAILY), BERLIN, []) == Due(local("2031-05-08 08:00"), held=True)


def test_what_comes_right_on_time_comes_with_it() -> None:
    eight = local("2031-05-08 08:00")
    assert due(eight, replace(TOPIC, cadence=Cadence.DAILY), BERLIN, []).at == eight
    assert due(eight, replace(TOPIC, cadence=Cadence.HOURLY), BERLIN, []).at == eight


def test_the_third_in_an_hour_waits_for_the_full_hour_and_for_room() -> None:
    made = local("2031-05-07 12:20")
    assert due(made, TOPIC, BERLIN, [made - 50 * MINUTE, made - 40 * MINUTE]) == Due(local("2031-05-07 13:00"), held=True)
    assert due(made, TOPIC, BERLIN, [made - 5 * MINUTE, made - MINUTE]) == Due(local("2031-05-07 13:15"), held=True)
    assert due(made, TOPIC, BERLIN, [made - 60 * MINUTE, made - MINUTE]) == Due(made, held=False)


def test_a_mute_holds_what_comes_meanwhile() -> None:
    made = local("2031-05-07 12:20")
    muted = replace(TOPIC, muted_until=made + timedelta(days=1))
    assert due(made, muted, BERLIN, []) == Due(made + timedelta(days=1), held=True)
    assert due(made + timedelta(days=2), muted, BERLIN, []) == Due(made + timedelta(days=2), held=False)


@pytest.mark.parametrize(
    ("quiet", "made", "told"),
    [
        ((22, 7), "21:59", "21:59"),
        ((22, 7), "22:00", "07:00 next day"),
        ((22, 7), "06:59", "07:00"),
        ((22, 7), "07:00", "07:00"),
        ((12, 14), "13:00", "14:00"),
        ((12, 14), "14:00", "14:00"),
        ((9, 9), "09:00", "09:00"),
    ],
)
def test_quiet_hours_may_run_over_midnight(quiet: tuple[int, int], made: str, told: str) -> None:
    chat = replace(BERLIN, quiet=Quiet(time(quiet[0]), time(quiet[1])))
    clock, _, next_day = told.partition(" ")
    wanted = local(f"2031-05-{8 if next_day else 7:02} {clock}")
    assert due(local(f"2031-05-07 {made}"), TOPIC, chat, []).at == wanted


def test_a_digest_that_falls_into_quiet_hours_comes_when_they_end() -> None:
    chat = replace(BERLIN, quiet=Quiet(time(22), time(9, 30)))
    assert due(NOON, replace(TOPIC, cadence=Cadence.DAILY), chat, []).at == local("2031-05-08 09:30")


def test_a_digest_in_the_hour_that_a_night_skips_comes_once_when_the_clocks_go_on() -> None:
    before, berlin = local("2031-03-29 12:00"), zone("Europe/Berlin")
    first = next_time(before, time(2, 30), berlin)
    assert first == local("2031-03-30 03:00")
    assert next_time(first + MINUTE, time(2, 30), berlin) == local("2031-03-31 02:30")


def test_a_digest_in_the_hour_that_a_night_repeats_comes_once() -> None:
    before, berlin = local("2031-10-25 12:00"), zone("Europe/Berlin")
    first = next_time(before, time(2, 30), berlin)
    assert first == local("2031-10-26 02:30", fold=0)
    assert next_time(first + MINUTE, time(2, 30), berlin) == local("2031-10-27 02:30")


def test_quiet_hours_that_end_in_a_repeated_hour_end_in_both() -> None:
    quiet, berlin = Quiet(time(22), time(2, 30)), zone("Europe/Berlin")
    assert after_quiet(local("2031-10-26 01:00"), quiet, berlin) == local("2031-10-26 02:30", fold=0)
    assert after_quiet(local("2031-10-26 02:10", fold=1), quiet, berlin) == local("2031-10-26 02:30", fold=1)
    assert after_quiet(local("2031-03-30 01:00"), quiet, berlin) == local("2031-03-30 03:00")


def test_hours_are_full_by_the_clock_of_the_zone() -> None:
    assert next_hour(NOON + MINUTE, zone("Asia/Kathmandu")) == NOON + 15 * MINUTE
    assert next_hour(NOON, zone("UTC")) == NOON


def test_a_zone_that_leaves_a_day_out_has_no_digest_on_it() -> None:
    apia = zone("Pacific/Apia")
    assert next_time(datetime(2011, 12, 29, 19, tzinfo=UTC), time(8), apia) == local("2011-12-31 08:00", "Pacific/Apia")


def test_zones_go_by_their_names_and_an_unknown_one_is_utc() -> None:
    assert is_zone("Europe/Kyiv")
    for name in ("Europe/Orsel", "", "../etc/passwd", "europe/berlin\0", "/UTC", "Europe"):
        assert not is_zone(name)
    assert zone("Europe/Orsel").key == "UTC"
    assert "Europe/Kyiv" in zones()
