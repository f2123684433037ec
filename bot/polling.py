"""Long polling: Telegram is asked for updates, and holds them until it is asked for those after them.

Not python-telegram-bot's `Updater`: it reads a batch as a whole, and one update that it cannot read makes it ask for the same
batch over and over, each time with all of its words in the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.inbox import Inbox
from bot.refusals import pause_of
from bot.source import ALLOWED_UPDATES, PAUSES, sleep_or_stop, unless_stopped, until_reached

_log = logging.getLogger(__name__)

POLL = timedelta(seconds=30)
#: How often a bot that waits for another one looks whether that is gone.
_LOOK_AGAIN = timedelta(seconds=1)
#: How long the last word to Telegram, which updates have come, may take.
_CONFIRMING = timedelta(seconds=2)


class Polling:
    """Asks for updates over a connection of its own, so that waiting for them holds no answer up.

    Of several bots over one store the one asks that `leads`, as Telegram answers one alone; the others wait until that is gone.
    """

    def __init__(
        self,
        bot: Bot,
        inbox: Inbox,
        request: BaseRequest,
        request_timeout: timedelta,
        leads: Callable[[], Awaitable[bool]],
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._request = request
        self._timeout = request_timeout
        self._leads = leads
        self._offset: int | None = None
        self.reached = False

    async def run(self, stop: asyncio.Event) -> None:
        """Put updates into the inbox until `stop` is set; those that were not fetched by then stay with Telegram."""
        async with self._request:
            await self._until_first(stop)
            # Telegram refuses to be asked while it has an address to call. What waits there is not dropped.
            if not await until_reached(self._bot.delete_webhook, stop):
                return
            self.reached = True
            _log.info("@%s is listening", self._bot.username)
            failures = 0
            while not stop.is_set():
                try:
                    await self._until_first(stop)
                    await unless_stopped(self._inbox.room(), stop)
                    updates = await unless_stopped(self._ask(POLL), stop)
                except TelegramError as error:
                    await sleep_or_stop(_pause(error, failures), stop)
                    failures += 1
                else:
                    failures = 0
                    for update in updates or ():
                        await self._take(update)
            await self._confirm()

    async def _until_first(self, stop: asyncio.Event) -> None:
        """Wait until no other bot over the same store asks for updates."""
        told = False
        while not stop.is_set() and not await self._leads():
            if not told:
                _log.info("another bot over this store asks Telegram for updates: this one does once that is gone")
                told = True
            await sleep_or_stop(_LOOK_AGAIN, stop)

    async def _ask(self, wait: timedelta) -> list[dict[str, Any]]:
        seconds = int(wait.total_seconds())
        given = {"timeout": seconds, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if self._offset is not None:
            given["offset"] = self._offset
        # `Bot.get_updates` would read them all at once.
        address = f"{self._bot.base_url}/getUpdates?{urlencode(given)}"
        answer = await self._request.post(address, read_timeout=self._timeout.total_seconds() + seconds)
        updates = answer if isinstance(answer, list) else []
        return [update for update in updates if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    async def _take(self, data: dict[str, Any]) -> None:
        await self._inbox.take(data, self._bot)
        # Asking for the next one tells Telegram that this one has come: it is on disk by now.
        self._offset = data["update_id"] + 1

    async def _confirm(self) -> None:
        """Tell Telegram what has come, so that it is not sent again at the next start, where it would only be dropped."""
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(_CONFIRMING.total_seconds()):
                await self._ask(timedelta(0))
        except (TelegramError, TimeoutError) as error:
            _log.debug("the last updates could not be confirmed: %s", error)


def _pause(error: TelegramError, failures: int) -> timedelta:
    if isinstance(error, RetryAfter):
        return pause_of(error)
    pause = PAUSES[min(failures, len(PAUSES) - 1)]
    if isinstance(error, Conflict):
        _log.error("another process serves this bot: stop it, or use another token (%s)", error)
    else:
        _log.warning("Telegram cannot be reached (%s); trying again in %s s", error, pause.total_seconds())
    return pause
