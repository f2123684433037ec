"""robots.txt (RFC 9309): what an outlet asks robots not to fetch, and how slowly to go; kept for a day for each host."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from protego import Protego
from yarl import URL

from whosays.errors import ContentError, FetchError, RefusedAddressError
from whosays.reading.charset import decode
from whosays.reading.fetch import ROBOT, Fetcher

#: Bytes of a robots.txt that are read; RFC 9309, 2.5 wants at least as many.
_MOST_BYTES = 512_000
_KEPT = timedelta(days=1)
#: How long to wait where robots.txt itself cannot be had, unless the server says.
_TRY_AGAIN = timedelta(hours=1)
_LONGEST_DELAY = timedelta(minutes=10)
_MOST_HOSTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether a link may be fetched. `wait`: for how long not to ask at all; `delay`: the pause between two fetches."""

    allowed: bool
    reason: str = ""
    delay: timedelta | None = None
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    rules: Protego | None
    until: datetime
    reason: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class Robots:
    """Asks each host for its robots.txt, once a day. `now` is the clock."""

    def __init__(self, fetcher: Fetcher, now: Callable[[], datetime] = _now) -> None:
        self._fetcher = fetcher
        self._now = now
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Kept]] = {}

    async def may(self, url: str) -> Permission:
        """Say whether a link may be fetched.

        There is no robots.txt (4xx, or what is none): all may be fetched. Its server fails (5xx, 429, no answer): nothing, for a
        while. Raises RefusedAddressError for a link that may not be fetched anyway.
        """
        kept = await self._of(URL(url))
        if kept.rules is None:
            return Permission(allowed=False, reason=kept.reason, wait=max(kept.until - self._now(), timedelta()))
        return judge(kept.rules, url)

    async def _of(self, url: URL) -> _Kept:
        origin = str(url.origin()) if url.is_absolute() else ""
        kept = self._kept.get(origin)
        if kept is not None and kept.until > self._now():
            self._kept.move_to_end(origin)
            return kept
        # One question for all that wait for its answer; it goes on where one of them gives up.
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._ask(origin or str(url)))
            task.add_done_callback(lambda _: self._asking.pop(origin, None))
        kept = await asyncio.shield(task)
        self._kept[origin] = kept
        while len(self._kept) > _MOST_HOSTS:
            self._kept.popitem(last=False)
        return kept

    async def _ask(self, origin: str) -> _Kept:
        now = self._now()
        try:
            found = await self._fetcher.get_text(f"{origin}/robots.txt", _MOST_BYTES)
        except RefusedAddressError:
            raise
        except ContentError:
            return _Kept(rules=parse(b""), until=now + _KEPT)
        except FetchError as error:
            if error.status is not None and 300 <= error.status < 500 and error.status != 429:
                return _Kept(rules=parse(b""), until=now + _KEPT)
            return _Kept(rules=None, until=now + (error.retry_after or _TRY_AGAIN), reason=f"its robots.txt: {error}")
        return _Kept(rules=parse(found.body), until=now + _KEPT)


def parse(body: bytes) -> Protego:
    """Return the rules of a robots.txt. What cannot be read in it says nothing."""
    return Protego.parse(decode(body, "utf-8").replace("\0", ""))


def judge(rules: Protego, url: str) -> Permission:
    """Say what rules mean for a link."""
    delay = rules.crawl_delay(ROBOT)
    pause = min(timedelta(seconds=delay), _LONGEST_DELAY) if delay and 0 < delay < 1e9 else None
    if rules.can_fetch(url, ROBOT):
        return Permission(allowed=True, delay=pause)
    return Permission(allowed=False, reason=f"{url} is not for robots, says its robots.txt", delay=pause)
