"""Tells the operators, once, that a feed has failed several times in a row, or is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.deliver import Undelivered
from bot.feed_list import failing_page, feeds_page
from bot.handlers.answering import Answering
from bot.letter import Destination
from bot.records import Records
from bot.source import sleep_or_stop
from whosays.errors import WhosaysError
from whosays.feeds import Feed, Feeds

_log = logging.getLogger(__name__)

#: More feeds than these, found at once, are told of in one message.
_EACH = 3


class Failing:
    """Looks every so often. Another process reads the feeds: what it finds stands in the store.

    Of several bots over one store the one looks that `leads`.
    """

    def __init__(
        self,
        answering: Answering,
        feeds: Records[Feeds],
        admins: frozenset[int],
        every: timedelta,
        leads: Callable[[], Awaitable[bool]],
    ) -> None:
        self._answering = answering
        self._feeds = feeds
        self._admins = admins
        self._every = every
        self._leads = leads

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set."""
        while not stop.is_set():
            try:
                untold = await self._untold() if await self._leads() else []
                if len(untold) > _EACH:
                    # It may be our own network that fails: one message is enough.
                    await self._tell(untold)
                else:
                    for feed in untold:
                        await self._tell([feed])
            except WhosaysError as error:
                _log.warning("which feeds fail is looked at later: %s", error)
            await sleep_or_stop(self._every, stop)

    async def _untold(self) -> Sequence[Feed]:
        return await self._feeds(lambda feeds: [one for one in feeds.feeds() if one.failing and not one.told])

    async def _tell(self, failing: Sequence[Feed]) -> None:
        answering, told = self._answering, not self._admins
        for admin in sorted(self._admins):
            chat = await answering.chat(admin, "private")
            phrases = answering.phrases(chat, None)
            page = failing_page(failing[0], phrases) if len(failing) == 1 else feeds_page(failing, phrases)
            try:
                await answering.delivery.alert(page, Destination(chat=admin))
            except Undelivered as error:
                _log.info("an operator is told of a feed that fails later: %s", error)
            else:
                told = True
        if told:
            await self._feeds(lambda feeds: feeds.set_told(*(feed.url for feed in failing)))
