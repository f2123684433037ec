"""What is kept of chats, asked for from the event loop: each call runs in a thread of its own pool, never behind a question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from whosays.chats import Chats

Result = TypeVar("Result")
#: A call takes a millisecond or two; writes wait for each other in the store anyway.
_THREADS = 4


class Records:
    """The store of chats for coroutines: `await records(lambda chats: chats.card(id))`. Raises what the call raises."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="records")

    async def __call__(self, work: Callable[[Chats], Result]) -> Result:
        """Return what the work returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, self._chats)

    def close(self) -> None:
        """Let the threads go once what they do is done."""
        self._threads.shutdown(wait=True)
