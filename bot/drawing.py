"""Pictures drawn in a process of its own: drawing holds Python's lock, and the event loop would stand still as long."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from multiprocessing.connection import wait
from multiprocessing.sharedctypes import Synchronized

from bot.markup import Page, Picture, Run
from bot.phrases import Phrases
from bot.picture import describe_timeline, draw_timeline
from whosays.types import Answer

_log = logging.getLogger(__name__)

#: Pictures under way or waiting, a third of a second each; beyond that a list comes without one.
MOST_WAITING = 8
#: How long a picture is waited for, those before it and the start of the process included.
PATIENCE = timedelta(seconds=20)


class Drawing:
    """Draws one picture after the other. The process is started for the first one, and anew where it has died."""

    def __init__(self, patience: timedelta = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        self._waiting = 0

    async def timeline(self, answer: Answer, phrases: Phrases, *, dark: bool) -> Picture | None:
        """Return a timeline's picture, with what it shows in words as its caption; None where none could be drawn."""
        if self._waiting >= MOST_WAITING:
            _log.warning("a timeline goes without its picture: %s others are waiting", self._waiting)
            return None
        self._waiting += 1
        try:
            return await self._draw(answer, phrases, dark)
        except TimeoutError:
            _log.error("a timeline goes without its picture: the process that draws has hung, and is ended")
            return None
        except Exception:
            # The list says all that the picture would: whatever it is, the reader does without the picture alone.
            _log.exception("a timeline's picture could not be drawn")
            return None
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the process go: nobody waits for what it is at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.end()

    async def _draw(self, answer: Answer, phrases: Phrases, dark: bool) -> Picture:
        for again in (True, False):
            # Starting a process takes a while: in a thread, too.
            pool, drawn = await asyncio.to_thread(self._submit, answer, phrases, dark)
            try:
                return await asyncio.wait_for(asyncio.wrap_future(drawn), self._patience.total_seconds())
            except TimeoutError:
                self._drop(pool)
                raise
            except BrokenProcessPool:
                self._drop(pool)
                if not again:
                    raise
                _log.warning("the process that draws has died; another one is started")
        raise AssertionError("one of the two returns or raises")

    def _submit(self, answer: Answer, phrases: Phrases, dark: bool) -> tuple[_Pool, Future[Picture]]:
        with self._lock:
            if self._pool is None:
                self._pool = _Pool()
            try:
                return self._pool, self._pool.executor.submit(_timeline, answer, phrases, dark)
            except BrokenProcessPool:
                # It died while nothing was to be drawn.
                self._pool = None
        return self._submit(answer, phrases, dark)

    def _drop(self, pool: _Pool) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.end()


class _Pool:
    """The process that draws, of which the executor knows only whether it is there: one that hangs has to be ended by its id."""

    def __init__(self) -> None:
        # Not forked: the bot's threads may hold locks that would never be opened in the copy.
        spawn = multiprocessing.get_context("spawn")
        self._process = spawn.Value("l", 0)
        self.executor = ProcessPoolExecutor(1, mp_context=spawn, initializer=_settle, initargs=(self._process,))

    def end(self) -> None:
        """End the process at once, whatever it is at, also where it takes no other signal any more."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        # Asked for anew: the number of one that has died may be another process' by now.
        for child in multiprocessing.active_children():
            if child.pid == self._process.value:
                child.kill()


def _timeline(answer: Answer, phrases: Phrases, dark: bool) -> Picture:
    caption = Page((Run(describe_timeline(answer, phrases)),))
    return Picture(png=draw_timeline(answer, phrases, dark=dark), caption=caption)


def _settle(process: Synchronized[int]) -> None:
    """Tell the new process's id, and have it end with the bot, and not before it."""
    process.value = os.getpid()
    # Ctrl-C reaches both, and the bot still has something to draw while it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the bot's end: one that is killed tells nobody, and this process would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
