"""The time that a question names → Window. Dates are days in UTC; a date without a year is the latest one that is past."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from whosays.types import Window

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {
    name.lower(): i for i, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:(?P<iso>{_YEAR}-\d\d-\d\d)|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>{_YEAR}))?(?!\d)"
    rf"|(?P<month3>{_MONTH})\s+(?P<year3>{_YEAR})|(?P<year4>{_YEAR})"
    rf"|(?P<weekday>{'|'.join(_DAYS)})|(?P<word>today|yesterday)|(?P<unit>last|this)\s+(?P<span>week|month|year)|(?P<bare>{_MONTH}))"
)
#: What stands before a date, and what it makes of it: without it, "may" and "2014" stay words.
_BEFORE = r"(?P<how>as of|as at|up to|until|till|by|before|since|from|after|on|in|during|for)"
_NAMED = re.compile(rf"[,\s]{{0,9}}\b(?:{_BEFORE}\s+)(?:the\s+)?(?:{_DATE})\b[,\s]{{0,9}}", re.I)
_FREE = re.compile(r"[,\s]{0,9}\b(?:(?P<word>today|yesterday)|(?P<unit>last|this)\s+(?P<span>week|month|year))\b[,\s]{0,9}", re.I)
_PAST = re.compile(
    r"[,\s]{0,9}\b(?:in|over|during|for|within)?\s*(?:the\s+)?(?:last|past)\s+(?P<n>\d{1,99}|few)\s+(?P<span>hour|day|week|month|year)s?\b[,\s]{0,9}",
    re.I,
)
_ANY_DATE = re.sub(r"\?P<\w+>", "?:", _DATE)
_BETWEEN = re.compile(
    rf"[,\s]{{0,9}}\b(?:between|from)\s+(?:the\s+)?(?P<a>{_ANY_DATE})\s+(?:and|to|until)\s+(?:the\s+)?(?P<b>{_ANY_DATE})\b[,\s]{{0,9}}",
    re.I,
)
_ONLY_DATE = re.compile(_DATE, re.I)
#: Months that are words and names as well: they need "in", "since" or "during" before them.
_AMBIGUOUS = {"may", "march"}


def find_window(text: str, now: datetime) -> tuple[str, Window]:
    """Return a question without the time that it names, and that time; the text as it is and an open window if it names none."""
    now = now.astimezone(UTC)
    if match := _BETWEEN.search(text):
        a, b = (_ONLY_DATE.fullmatch(match[side]) for side in "ab")
        if a and b and (first := _period(a, now)) and (last := _period(b, now)) and first[0] <= last[1]:
            return _without(text, match), Window(start=first[0], end=last[1])
    if match := _PAST.search(text):
        n = 3 if match["n"].lower() == "few" else int(match["n"])
        return _without(text, match), Window(start=now - _back(match["span"].lower(), n), end=None)
    for match in _NAMED.finditer(text):
        if (match["bare"] or "").lower() in _AMBIGUOUS and match["how"].lower() not in {"in", "since", "during"}:
            continue
        if period := _period(match, now):
            return _without(text, match), _window(match["how"].lower(), *period)
    if (match := _FREE.search(text)) and (period := _period(match, now)):
        return _without(text, match), Window(start=period[0], end=period[1])
    return text, Window()


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


_HOURS = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24, "year": 365 * 24}


def _back(unit: str, n: int) -> timedelta:
    # A reader's "last 99999 years" must not overflow: three centuries are before all news that is indexed.
    return timedelta(hours=min(n * _HOURS[unit], 300 * _HOURS["year"]))


def _window(how: str, start: datetime, end: datetime) -> Window:
    match how:
        case "as of" | "as at" | "up to" | "until" | "till" | "by":
            return Window(end=end)
        case "before":
            return Window(end=start)
        case "since" | "from":
            return Window(start=start)
        case "after":
            return Window(start=end)
        case _:
            return Window(start=start, end=end)


def _period(match: re.Match[str], now: datetime) -> tuple[datetime, datetime] | None:
    """Return start and end (exclusive) of the day, week, month or year that a match names; None for "31 February"."""
    groups = match.groupdict()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if iso := groups.get("iso"):
        return _or_none(lambda: _day(datetime.strptime(iso, "%Y-%m-%d").replace(tzinfo=UTC)))
    for suffix in ("", "2"):
        if day := groups.get(f"day{suffix}"):
            month_day = _month(groups[f"month{suffix}"] or ""), int(day)
            return _or_none(partial(_latest_day, today, *month_day, groups.get(f"year{suffix}")))
    if name := groups.get("month3") or groups.get("bare"):
        year = groups.get("year3")
        start = _latest(today, _month(name), 1, year)
        return start, _next_month(start)
    if year := groups.get("year4"):
        start = datetime(int(year), 1, 1, tzinfo=UTC)
        return start, start.replace(year=start.year + 1)
    if name := groups.get("weekday"):
        return _day(today - timedelta(days=(today.weekday() - _DAYS[name.lower()]) % 7))
    if word := groups.get("word"):
        return _day(today - timedelta(days=word.lower() == "yesterday"))
    return _unit(groups["unit"].lower(), groups["span"].lower(), today)


def _unit(which: str, span: str, today: datetime) -> tuple[datetime, datetime]:
    match span:
        case "week":
            start = today - timedelta(days=today.weekday())
            before, end = start - timedelta(weeks=1), start + timedelta(weeks=1)
        case "month":
            start = today.replace(day=1)
            before, end = (start - timedelta(days=1)).replace(day=1), _next_month(start)
        case _:
            start = today.replace(month=1, day=1)
            before, end = start.replace(year=start.year - 1), start.replace(year=start.year + 1)
    return (before, start) if which == "last" else (start, end)


def _next_month(first: datetime) -> datetime:
    return (first + timedelta(days=31)).replace(day=1)


def _latest(today: datetime, month: int, day: int, year: str | None) -> datetime:
    if year:
        return datetime(int(year), month, day, tzinfo=UTC)
    date = datetime(today.year, month, day, tzinfo=UTC)
    return date if date <= today else datetime(today.year - 1, month, day, tzinfo=UTC)


def _latest_day(today: datetime, month: int, day: int, year: str | None) -> tuple[datetime, datetime]:
    return _day(_latest(today, month, day, year))


def _day(start: datetime) -> tuple[datetime, datetime]:
    return start, start + timedelta(days=1)


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _or_none(period: Callable[[], tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    try:
        return period()
    except ValueError:
        return None
