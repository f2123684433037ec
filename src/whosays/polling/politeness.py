"""One request at a time to each host, with a pause between two, and none while it asks to be let alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from yarl import URL

#: Between two requests to one host, unless its robots.txt wishes for more.
PAUSE = timedelta(seconds=1)
#: Requests under way at a time, to all hosts together.
AT_ONCE = 16


class Hosts:
    """The hosts that are asked, and when each may be asked again."""

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]], pause: timedelta = PAUSE) -> None:
        self._now = now
        self._sleep = sleep
        self._pause = pause
        self._free: dict[str, datetime] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def turn(self, host: str, delay: timedelta | None = None) -> AsyncIterator[None]:
        """Wait until a host may be asked; `delay` is the pause that it wishes for. One caller a host at a time."""
        wait = self._free.get(host, self._now()) - self._now()
        if wait > timedelta():
            await self._sleep(wait.total_seconds())
        try:
            async with self._places:
                yield
        finally:
            self.rest(host, max(self._pause, delay or timedelta()))

    def rest(self, host: str, wait: timedelta) -> None:
        """Leave a host alone for a while."""
        now = self._now()
        self._free[host] = max(self._free.get(host, now), now + wait)
        if len(self._free) > 10_000:
            self._free = {name: moment for name, moment in self._free.items() if moment > now}

    def rests(self, host: str) -> timedelta:
        """Return for how long a host is to be left alone."""
        return max(self._free.get(host, self._now()) - self._now(), timedelta())


def host_of(url: str) -> str:
    """Return the host of an address, "" where it has none."""
    try:
        return (URL(url).raw_host or "").rstrip(".")
    except ValueError:
        return ""
