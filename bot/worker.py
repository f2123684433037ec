"""The engine's threads: the event loop never computes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Semaphore
from time import perf_counter
from typing import Any, Protocol, TypeVar

from whosays.errors import WhosaysError
from whosays.feeds import FeedFound
from whosays.observe.trace import Stage, carried, spent
from whosays.types import Answer, Context, IngestReport, OutletRecord, Query, Quotation

Result = TypeVar("Result")


class Engine(Protocol):
    """What the bot asks of `whosays.engine.Engine`: synchronous, safe to call from several threads."""

    def ask(self, question: str, now: datetime, follows: Query | None = None) -> Answer:
        """Return what each side says on a question. `now` is what "last week" is counted from.

        `follows` is the query of the card before: a question that cannot stand alone ("and the Taliban?") keeps its topic.
        """

    def summarise(self, topic: str, now: datetime) -> Answer:
        """Return the best claims of each side on a topic."""

    def survey(self, topic: str, now: datetime) -> Answer:
        """Return all claims on a topic, not just each side's best ones: what a timeline and a list of speakers are made of."""

    def context(self, quotation: Quotation) -> Context | None:
        """Return the paragraphs around a quotation; None where its article is gone or has changed."""

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet."""

    def revision(self) -> str:
        """Return what changes whenever an article comes, changes or goes, or a correction is made."""

    def prepare(self) -> None:
        """Load what the first question would have to wait for."""

    def read(self, address: str) -> IngestReport | FeedFound:
        """Read the page at a web address into the store, or find the feed there. Raises InputError where it is none."""


#: How often work that is in no hurry looks whether a thread is free.
_LOOK_AGAIN = timedelta(seconds=0.05)


class BusyError(WhosaysError):
    """All threads work and the queue is full."""


class Worker:
    """A bounded pool of threads: `workers` at work and `queue` waiting."""

    def __init__(self, *, workers: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="engine")
        self._workers = workers
        self._room = Semaphore(workers + queue)
        self._under_way: set[Future[Any]] = set()

    @property
    def at_work(self) -> int:
        """How many threads work."""
        return min(len(self._under_way), self._workers)

    @property
    def waiting(self) -> int:
        """How much work waits for a thread."""
        return max(0, len(self._under_way) - self._workers)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what the work returns. Raises BusyError at once where there is no room, and what the work raises."""
        if not self._room.acquire(blocking=False):
            raise BusyError("too many questions at once")
        asked = perf_counter()

        def begin() -> Result:
            spent(Stage.WAIT, perf_counter() - asked)
            return work()

        future = self._threads.submit(carried(begin))
        self._under_way.add(future)
        # A question whose asker is gone still holds its thread until it is computed.
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    async def run_spare(self, work: Callable[[], Result]) -> Result:
        """Return what the work returns, once a thread has nothing else to do: no place in the queue is taken from a question.

        Raises what the work raises.
        """
        # Threads end, not tasks: an event of the loop's would have to be told from them, of a loop that may be gone.
        while len(self._under_way) >= self._workers:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AGAIN.total_seconds())
        return await self.run(work)

    def close(self) -> None:
        """Let the threads go once their work is done; what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _done(self, future: Future[Any]) -> None:
        self._under_way.discard(future)
        self._room.release()
