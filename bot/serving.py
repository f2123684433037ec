"""The bot as a running thing: it starts, as often as it takes, and ends gracefully."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.error import InvalidToken
from telegram.ext import Application

from bot.inbox import Inbox
from bot.source import Source, until_reached
from whosays.errors import ConfigError
from whosays.observe.health import Health
from whosays.observe.logs import note_stray_error

_log = logging.getLogger(__name__)

#: What goes on beside answering until the event is set.
Beside = Callable[[asyncio.Event], Coroutine[object, object, None]]
#: How long answers under way may take to get out once the bot is told to stop.
LAST_WORDS = timedelta(seconds=20)
#: How long what goes on beside answering may take to end by itself.
_LOOSE_ENDS = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All that runs: what deals with updates, where they wait and where they come from; and what no log may show, by name.

    Without an `inbox` no updates are taken. `beside` is what goes on beside answering until it is told to stop; `health` says to
    the end how it is.
    """

    application: Application[Any, Any, Any, Any, Any, Any]
    inbox: Inbox | None
    source: Source
    beside: Sequence[Beside] = ()
    health: Health | None = None
    secrets: Mapping[str, str] = field(repr=False)


async def serve(service: Service, stop: asyncio.Event, *, last_words: timedelta = LAST_WORDS) -> None:
    """Answer until `stop` is set. What has come by then is still answered, or left to the next start.

    Raises ConfigError where Telegram does not know the token, or what brings updates says so, or a port cannot be had.
    """
    async with AsyncExitStack() as opened:
        if service.health is not None:
            await opened.enter_async_context(service.health.answering(stop))
        await _serve(service, stop, last_words)


async def _serve(service: Service, stop: asyncio.Event, last_words: timedelta) -> None:
    application, inbox = service.application, service.inbox
    beside: list[asyncio.Task[None]] = []
    holding: list[asyncio.Task[None]] = []
    try:
        if await until_reached(application.initialize, stop):
            if application.post_init:
                await application.post_init(application)
            await application.start()
            if inbox is not None:
                # To the end, for as long as anything is answered.
                holding += [asyncio.create_task(inbox.go_on_holding())]
                await inbox.replay(application.bot)
                beside += [asyncio.create_task(inbox.look_after(application.bot, stop))]
            beside += [asyncio.create_task(run(stop)) for run in service.beside]
            await service.source.run(stop)
    except InvalidToken as error:
        message = "Telegram does not know the bot's token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_URL, if you set it)"
        raise ConfigError(message) from error
    finally:
        # Where an error ends it, too.
        stop.set()
        if beside:
            # An alert that Telegram has taken and that is not noted as sent would be sent again.
            await asyncio.wait(beside, timeout=_LOOSE_ENDS.total_seconds())
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        if application.running:
            try:
                async with asyncio.timeout(last_words.total_seconds()):
                    await application.stop()
            except TimeoutError:
                if inbox is not None:
                    await inbox.hand_back()
        if inbox is not None and holding:
            holding[0].cancel()
            await asyncio.gather(*holding, return_exceptions=True)
            await inbox.leave()
        await application.shutdown()
        # Where the bot has never reached Telegram, the application leaves its connections open.
        await application.bot.shutdown()
        if application.post_shutdown:
            await application.post_shutdown(application)


async def serve_until_told(service: Service, *, last_words: timedelta = LAST_WORDS) -> None:
    """Serve until SIGINT or SIGTERM; a second one ends the process at once, which loses nothing that is on disk."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_stray_error)

    def tell() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows, where Ctrl-C ends asyncio.run instead
            loop.add_signal_handler(number, tell)
    await serve(service, stop, last_words=last_words)
