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
from multiprocessing.connection import wait

from bot.markup import Page, Picture, Run
from bot.phrases import Phrases
from bot.picture import describe_timeline, draw_timeline
from whosays.types import Answer

_log = logging.getLogger(__name__)

#: Pictures under way or waiting, a third of a second each; beyond that a list comes without one.
MOST_WAITING = 8


class Drawing:
    """Draws one picture after the other. The process is started for the first one, and anew where it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = 0

    async def timeline(self, answer: Answer, phrases: Phrases, *, dark: bool) -> Picture | None:
        """Return a timeline's picture, with what it shows in words as its caption; None where none could be drawn."""
        if self._waiting >= MOST_WAITING:
            _log.warning("a timeline goes without its picture: %s others are waiting", self._waiting)
            return None
        self._waiting += 1
        try:
            return await self._draw(answer, phrases, dark)
        except Exception:
            # The list says all that the picture would: whatever it is, the reader does without the picture alone.
            _log.exception("a timeline's picture could not be drawn")
            return None
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the process go, once it has drawn what it is at."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    async def _draw(self, answer: Answer, phrases: Phrases, dark: bool) -> Picture:
        for again in (True, False):
            # Starting a process takes a while: in a thread, too.
            pool, drawn = await asyncio.to_thread(self._submit, answer, phrases, dark)
            try:
                return await asyncio.wrap_future(drawn)
            except BrokenProcessPool:
                self._drop(pool)
                if not again:
                    raise
                _log.warning("the process that draws has died; another one is started")
        raise AssertionError("one of the two returns or raises")

    def _submit(self, answer: Answer, phrases: Phrases, dark: bool) -> tuple[ProcessPoolExecutor, Future[Picture]]:
        with self._lock:
            if self._pool is None:
                # Not forked: the bot's threads may hold locks that would never be opened in the copy.
                spawn = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_settle)
            try:
                return self._pool, self._pool.submit(_timeline, answer, phrases, dark)
            except BrokenProcessPool:
                # It died while nothing was to be drawn.
                self._pool = None
        return self._submit(answer, phrases, dark)

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)


def _timeline(answer: Answer, phrases: Phrases, dark: bool) -> Picture:
    caption = Page((Run(describe_timeline(answer, phrases)),))
    return Picture(png=draw_timeline(answer, phrases, dark=dark), caption=caption)


def _settle() -> None:
    """Have the new process end with the bot, and not before it."""
    # Ctrl-C reaches both, and the bot still has something to draw while it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the bot's end: one that is killed tells nobody, and this process would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
