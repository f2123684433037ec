"""What is kept of chats and feeds, asked for from the event loop: each call in a pool of threads, never behind a question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from whosays.observe.trace import carried

Store = TypeVar("Store")
Result = TypeVar("Result")
#: A call takes a millisecond or two; writes wait for each other in the store anyway.
_THREADS = 4


class Records(Generic[Store]):
    """A store for coroutines: `await records(lambda chats: chats.card(id))`. Raises what the call raises."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="records")

    async def __call__(self, work: Callable[[Store], Result]) -> Result:
        """Return what the work returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, carried(lambda: work(self._store)))

    def close(self) -> None:
        """Let the threads go once what they do is done."""
        self._threads.shutdown(wait=True)
