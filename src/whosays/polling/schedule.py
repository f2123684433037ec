"""When a feed or a page is asked next: plain functions of what is known, the time, and a number drawn by chance.

A feed is asked about twice between two of its entries, as far apart as they have come lately, and never more often than it or
its server wishes. `jitter` is from 0 to 1, drawn anew each time: feeds that were added together should not be asked together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from whosays.feeds import Feed, Page, Standing

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
#: Between two tries of a feed that does not answer at all.
LONGEST_SILENCE = timedelta(hours=2)
#: Where a feed's rhythm is not known.
_USUAL = timedelta(minutes=30)
#: A server's word for how long a file stays fresh is often that for all of its files: more of it is not taken as a feed's own.
_FRESH = timedelta(hours=1)
#: Entries that its rhythm is told by.
_LATEST = 20
#: A feed that has been quiet is asked after this part of its silence.
_PATIENCE = 10

#: When a page that was read is looked at again: whether it was changed, or taken back. Counted from the look before.
LOOKS = (timedelta(hours=1), timedelta(hours=5), timedelta(hours=18), timedelta(days=2), timedelta(days=4), timedelta(days=21))
#: When a page that could not be read is tried again.
TRIES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
#: A page is not there: it may be a slip, so it is asked once more before its article is let go.
_SURELY = timedelta(hours=1)
NOT_FOUND = "it was not found when it was last looked at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a feed's answer says: where it is now, what to ask it by, and, unless it is unchanged, what it says of itself.

    `dates` are those of its entries; `max_age` how long its server says that this stays fresh.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    unchanged: bool = False
    title: str | None = None
    site: str | None = None
    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    dates: tuple[datetime, ...] = ()


def answered(feed: Feed, said: Said, now: datetime, jitter: float) -> Feed:
    """Return a feed that has answered as it should. It keeps the name that its operator gave it."""
    if not said.unchanged:
        feed = replace(
            feed,
            title=feed.title or said.title,
            site=said.site or feed.site,
            every=said.every,
            skip_hours=said.skip_hours,
            skip_days=said.skip_days,
            gap=gap(said.dates),
            newest=max(said.dates, default=None),
        )
    interval = interval_of(feed, said.max_age, now)
    return replace(
        feed,
        url=said.url,
        etag=said.etag or (feed.etag if said.unchanged else None),
        last_modified=said.last_modified or (feed.last_modified if said.unchanged else None),
        asked=now,
        read=now,
        failures=0,
        error="",
        told=False,
        ended=False,
        interval=interval,
        due=awake(now + interval * (0.9 + 0.2 * jitter), feed.skip_hours, feed.skip_days),
    )


def failed(
    feed: Feed, why: str, now: datetime, jitter: float, retry_after: timedelta | None = None, *, silent: bool = False
) -> Feed:
    """Return a feed that has not answered as it should: it is asked later each time, and never sooner than its server wishes.

    `silent`: there was no answer at all. That may be our own network's fault, and is no burden on anybody.
    """
    failures, longest = feed.failures + 1, LONGEST_SILENCE if silent else LONGEST
    pause = min(SHORTEST * 2 ** min(failures - 1, 20), longest) * (0.75 + 0.5 * jitter)
    pause = max(min(pause, longest), SHORTEST, retry_after or timedelta())
    return replace(feed, asked=now, failures=failures, error=why, interval=pause, due=now + pause)


def gone(feed: Feed, why: str, now: datetime) -> Feed:
    """Return a feed whose server says that it is gone for good (410): nobody asks it any more."""
    return replace(feed, asked=now, failures=feed.failures + 1, error=why, ended=True, due=None)


def gap(dates: Iterable[datetime]) -> timedelta | None:
    """Return how far apart a feed's latest entries lie, the median; None where fewer than three are dated."""
    latest = sorted(set(dates), reverse=True)[:_LATEST]
    if len(latest) < 3:
        return None
    return timedelta(seconds=median((later - earlier).total_seconds() for later, earlier in pairwise(latest)))


def interval_of(feed: Feed, max_age: timedelta | None, now: datetime) -> timedelta:
    """Return how long to wait before a feed is asked again, from 5 minutes to a day."""
    rhythm = _USUAL if feed.gap is None else feed.gap / 2
    if feed.newest is not None:
        rhythm = max(rhythm, (now - feed.newest) / _PATIENCE)
    wished = max(feed.every or timedelta(), min(max_age or timedelta(), _FRESH))
    return min(max(rhythm, wished, SHORTEST), LONGEST)


def awake(moment: datetime, skip_hours: frozenset[int], skip_days: frozenset[int]) -> datetime:
    """Return the first moment from this one on that lies in no hour (UTC) or day (0 is Monday) in which a feed does not change.

    One that would never be asked does not mean it.
    """
    if len(skip_hours) >= 24 or len(skip_days) >= 7:
        return moment
    found = moment
    while found.hour in skip_hours or found.weekday() in skip_days:
        found = found.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return found


def looked_at(page: Page, now: datetime, jitter: float) -> Page:
    """Return a page that has given its article: it is looked at again, more and more seldom, for about a month."""
    pause = LOOKS[page.looks] * (0.9 + 0.2 * jitter) if page.looks < len(LOOKS) else None
    return replace(page, read=now, looks=page.looks + 1, failures=0, why="", due=None if pause is None else now + pause)


def not_had(page: Page, why: str, now: datetime, jitter: float, retry_after: timedelta | None = None) -> Page:
    """Return a page that could not be had just now. What it gave before stays; one that never comes is let be after some days."""
    pause = TRIES[page.failures] * (0.9 + 0.2 * jitter) if page.failures < len(TRIES) else None
    if pause is not None and retry_after is not None:
        pause = max(pause, retry_after)
    never_read = page.standing is Standing.WAITING and pause is None
    return replace(
        page,
        read=page.read or (now if pause is None else None),
        failures=page.failures + 1,
        standing=Standing.REFUSED if never_read else page.standing,
        why=why if page.standing in (Standing.WAITING, Standing.REFUSED) else page.why,
        due=None if pause is None else now + pause,
    )


def missing(page: Page, status: int | None, now: datetime) -> Page | None:
    """Return a page that was read and is not there any more, to be asked once more; None where it is surely gone.

    410 says so for good; 404 may be a slip, and counts when it is said twice.
    """
    if status == 410 or page.why == NOT_FOUND:
        return None
    return replace(page, why=NOT_FOUND, due=now + _SURELY)
