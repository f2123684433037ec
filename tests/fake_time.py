"""A clock for what waits: seconds pass as soon as nobody has anything to do."""

from __future__ import annotations

import asyncio
import heapq


class FakeTime:
    """A clock that goes on to the next sleeper's time once nobody has anything to do."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.Event()
        self._count += 1
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, awake))
        await awake.wait()

    async def run(self) -> None:
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                until, _, awake = heapq.heappop(self._sleepers)
                self.now = max(self.now, until)
                awake.set()
