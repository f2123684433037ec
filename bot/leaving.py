"""Alerts leave one at a time: a process that is killed leaves at most one that was sent and is not noted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

#: One that Telegram does not answer for so long lets the others by.
HELD_UP = timedelta(seconds=2)


class Leaving:
    """The door. Whoever stands in it sends his message and has it noted; meanwhile the others wait."""

    def __init__(self) -> None:
        self._door = asyncio.Lock()

    async def leave(self, post: Callable[[], Awaitable[int]], note: Callable[[int], Awaitable[None]]) -> int:
        """Send a message and have it noted; return its id. Raises what either raises."""
        await self._door.acquire()
        loop, inside = asyncio.get_running_loop(), True

        def let_by() -> None:
            nonlocal inside
            if inside:
                inside = False
                self._door.release()

        held_up = loop.call_later(HELD_UP.total_seconds(), let_by)
        try:
            message = await post()
            # However long it takes to note it: what is not noted would be sent again.
            held_up.cancel()
            await note(message)
            return message
        finally:
            held_up.cancel()
            let_by()
