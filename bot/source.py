"""Where updates come from: Telegram is asked for them, or calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import chain, repeat
from typing import Protocol, TypeVar

from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.refusals import pause_of

_log = logging.getLogger(__name__)

Result = TypeVar("Result")

#: What the bot is told of at all; the rest stays with Telegram.
ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.CHOSEN_INLINE_RESULT,
    Update.MY_CHAT_MEMBER,
)
#: How long a request to Telegram may take.
REQUEST_TIMEOUT = timedelta(seconds=20)
#: Between tries to reach Telegram.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 30))


class Source(Protocol):
    """What brings updates into the inbox."""

    @property
    def reached(self) -> bool:
        """Whether Telegram has said that it knows where updates are to go."""

    async def run(self, stop: asyncio.Event) -> None:
        """Bring updates until `stop` is set. Raises ConfigError where Telegram, or this machine, will not have it so."""


class Nothing:
    """Brings nothing: for a process that only sends."""

    def __init__(self) -> None:
        self.reached = False

    async def run(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set. Telegram has been reached by then: the bot has introduced itself."""
        self.reached = True
        await stop.wait()


async def until_reached(work: Callable[[], Awaitable[object]], stop: asyncio.Event) -> bool:
    """Do what needs Telegram, as often as it takes; return False where `stop` comes first.

    Raises what Telegram answers, unless that is to come again later.
    """
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    while not stop.is_set():
        try:
            await work()
        except TelegramError as error:
            if not is_passing(error):
                raise
            pause = max(next(pauses), pause_of(error)) if isinstance(error, RetryAfter) else next(pauses)
            _log.warning("Telegram cannot be reached (%s); trying again in %s s", error, pause.total_seconds())
            await sleep_or_stop(pause, stop)
        else:
            return True
    return False


def is_passing(error: TelegramError) -> bool:
    """Say whether an error tells of the network or of Telegram's load, and nothing of what was asked."""
    # BadRequest is a NetworkError to python-telegram-bot, and as clear as an answer can be.
    return isinstance(error, RetryAfter) or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))


async def sleep_or_stop(pause: timedelta, stop: asyncio.Event) -> None:
    """Wait for so long, or until `stop`."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), pause.total_seconds())


async def unless_stopped(work: Awaitable[Result], stop: asyncio.Event) -> Result | None:
    """Return what the work returns, None where `stop` comes first: the work is then broken off."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for either in (task, stopped):
            either.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
