"""When an alert is due: at once, with the hour or with the day's digest, never in quiet hours, and never too many an hour. Pure.

Clocks are those of the chat's zone. A time of day that a night skips (clocks go forward) comes when they go on; one that a
night repeats comes the first time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from whosays.chats import Cadence, Chat, Following, Quiet

HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When an alert is due, and whether it is `held`: it then comes with all that waits, as a digest."""

    at: datetime
    held: bool


def due(made: datetime, following: Following, chat: Chat, sent_lately: Sequence[datetime]) -> Due:
    """Return when an alert made at a time is due. `sent_lately` are the times at which messages with alerts went to the chat."""
    at = max(made, following.muted_until or made)
    match following.cadence:
        case Cadence.INSTANT:
            if not _has_room(at, chat, sent_lately):
                at = next_hour(at, zone(chat.zone))
        case Cadence.HOURLY:
            at = next_hour(at, zone(chat.zone))
        case Cadence.DAILY:
            at = next_time(at, chat.digest, zone(chat.zone))
    at = free(at, chat, sent_lately)
    return Due(at, held=at > made or following.cadence is not Cadence.INSTANT)


def free(at: datetime, chat: Chat, sent_lately: Sequence[datetime]) -> datetime:
    """Return the first moment, at `at` or later, that is in no quiet hours and at which the hour's messages are not used up."""
    while True:
        later = at if _has_room(at, chat, sent_lately) else _room(at, chat, sent_lately)
        later = after_quiet(later, chat.quiet, zone(chat.zone))
        if later == at:
            return at
        at = later


def is_quiet(at: datetime, quiet: Quiet | None, zone: ZoneInfo) -> bool:
    """Say whether a moment lies in quiet hours."""
    if quiet is None or quiet.start == quiet.end:
        return False
    clock = at.astimezone(zone).time()
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def after_quiet(at: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """Return the first moment, at `at` or later, that is in no quiet hours."""
    if quiet is None or not is_quiet(at, quiet, zone):
        return at
    return next(moment for moment in _moments(at, quiet.end, zone) if moment >= at and not is_quiet(moment, quiet, zone))


def next_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the first full hour by the zone's clock, at `at` or later."""
    while past := _past_the_hour(at.astimezone(zone)):
        at = at.astimezone(UTC) + HOUR - past
    return at


def next_time(at: datetime, of_day: time, zone: ZoneInfo) -> datetime:
    """Return the first moment, at `at` or later, at which it is a time of day: once a day, whatever its night does."""
    today = at.astimezone(zone).date()
    for day in (today + days * _DAY for days in range(-1, 4)):
        moment = _first(day, of_day, zone)
        # A day that a zone left out (by crossing the date line) has no digest.
        if moment >= at and _first(day, time(), zone).astimezone(zone).date() == day:
            return moment
    raise AssertionError("no zone leaves out three days")


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return a zone by its name in the IANA's list; UTC where the list has no such zone (any more)."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def is_zone(name: str) -> bool:
    """Say whether the IANA's list has a zone of this name, which is case-sensitive."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(available_timezones())


def _has_room(at: datetime, chat: Chat, sent_lately: Sequence[datetime]) -> bool:
    return sum(at - HOUR < sent <= at for sent in sent_lately) < _most(chat)


def _room(at: datetime, chat: Chat, sent_lately: Sequence[datetime]) -> datetime:
    """Return when so many of the last hour's messages are more than an hour ago that another one may follow."""
    return sorted(sent for sent in sent_lately if at - HOUR < sent <= at)[-_most(chat)] + HOUR


def _most(chat: Chat) -> int:
    return max(chat.most, 1)


def _past_the_hour(clock: datetime) -> timedelta:
    return timedelta(minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _moments(at: datetime, of_day: time, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments around `at` at which it is a time of day, in order, both of those of a night that repeats it."""
    today = at.astimezone(zone).date()
    for day in (today + days * _DAY for days in range(-1, 4)):
        moment = _first(day, of_day, zone)
        yield moment
        second = datetime.combine(day, of_day, zone).replace(fold=1).astimezone(UTC)
        if second > moment:
            yield second


def _first(day: date, of_day: time, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day at which it is a time; where the day skips it, when its clocks go on."""
    wanted = datetime.combine(day, of_day)
    moment = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wanted:
        return moment
    # With the offset of before the time lies behind the change of clocks, with that of after it before it.
    early, late = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    offset = late.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
