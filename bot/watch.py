"""Looks for news on followed topics whenever the store has changed, and tells the chats that follow them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from telegram.error import TelegramError

from bot.alerts import alert, mark, news
from bot.deliver import Undelivered
from bot.handlers.answering import Answering
from bot.letter import Destination
from bot.source import sleep_or_stop
from bot.worker import BusyError
from whosays.chats import Following
from whosays.errors import WhosaysError

_log = logging.getLogger(__name__)

#: Between two topics: questions come first.
_BREATH = timedelta(seconds=0.05)


class Watch:
    """Goes through the followed topics, one after the other. An alert is noted as sent once Telegram has said so, not before."""

    def __init__(self, answering: Answering, every: timedelta) -> None:
        self._answering = answering
        self._every = every
        self._seen = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set."""
        while not stop.is_set():
            try:
                await self.look(stop)
            except (WhosaysError, TelegramError):
                _log.exception("news on followed topics could not be looked for")
            await self._tidy()
            await sleep_or_stop(self._every, stop)

    async def look(self, stop: asyncio.Event) -> None:
        """Tell what is new since the last time; what could not be told is looked at again next time. Raises WhosaysError."""
        answering = self._answering
        revision = await answering.compute(answering.engine.revision)
        if revision == self._seen:
            return
        all_told = True
        for following in await answering.records(lambda chats: chats.followed()):
            if stop.is_set():
                return
            try:
                await self._tell(following)
            except (BusyError, Undelivered) as error:
                all_told = False
                _log.info("topic %s is looked at again later: %s", following.id, error)
            except WhosaysError:
                # One topic that cannot be asked about must not cost the others their news.
                _log.exception("topic %s could not be looked at", following.id)
            await sleep_or_stop(_BREATH, stop)
        if all_told:
            self._seen = revision

    async def _tell(self, following: Following) -> None:
        answering = self._answering
        answer = await answering.compute(lambda: answering.engine.ask(following.topic, answering.now()))
        new = news(following, answer)
        if not new:
            return
        phrases = answering.catalogue.of(following.language)
        page = alert(following, answer, new, phrases)
        sent = await answering.delivery.alert(page, Destination(chat=following.chat, topic=following.thread))
        if sent is not None:
            shown = [mark(quotation) for quotation in new]
            await answering.records(lambda chats: chats.set_shown(following.id, shown))

    async def _tidy(self) -> None:
        try:
            await self._answering.records(lambda chats: chats.tidy(self._answering.now()))
        except WhosaysError:
            _log.exception("what is no longer needed could not be deleted")
