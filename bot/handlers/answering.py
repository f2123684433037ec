"""A question → the engine's answer, in the chat that it came from."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from telegram import Message, Update
from telegram.error import BadRequest

from bot.deliver import Delivery, Destination
from bot.limits import Crowd
from bot.markup import Page
from bot.phrases import Phrases
from bot.render import render_error
from bot.worker import BusyError, Engine, Worker
from whosays.errors import InputError

_log = logging.getLogger(__name__)

#: Answers under way in one chat; beyond that it is flooding, and is not even told so.
MOST_AT_ONCE = 10

Pages = tuple[Page, ...]


class Answering:
    """Lets the engine work and sends what comes of it; whatever goes wrong becomes a phrase."""

    def __init__(
        self, *, engine: Engine, worker: Worker, delivery: Delivery, phrases: Phrases, now: Callable[[], datetime]
    ) -> None:
        self.engine = engine
        self.phrases = phrases
        self.now = now
        self._worker = worker
        self._crowd = Crowd(MOST_AT_ONCE)
        self._delivery = delivery

    async def say(self, message: Message, pages: Pages) -> None:
        """Reply with pages that are ready."""
        to = Destination.answering(message)
        with self._crowd.place(to.chat) as free:
            if free:
                await self._delivery.send(pages, to)

    async def answer(self, message: Message, work: Callable[[], Pages]) -> None:
        """Reply with the pages that some work in the engine's threads makes."""
        to = Destination.answering(message)
        with self._crowd.place(to.chat) as free:
            if free:
                await self._answer(to, work)

    async def _answer(self, to: Destination, work: Callable[[], Pages]) -> None:
        try:
            async with self._delivery.typing(to):
                pages = await self._worker.run(work)
        except Exception as error:
            # The chat's id is enough to find the case by: what people ask is not written down.
            if not isinstance(error, BusyError | InputError):
                _log.exception("no answer for chat %s", to.chat)
            pages = render_error(error, self.phrases)
        try:
            await self._delivery.send(pages, to)
        except BadRequest as error:
            _log.exception("Telegram refuses an answer to chat %s", to.chat)
            await self._delivery.send(render_error(error, self.phrases), to)


def message_of(update: Update) -> Message:
    """Return the new message that an update brings: the handlers' filters let no other update through."""
    if update.message is None:
        raise TypeError("an update without a new message has come to a handler of messages")
    return update.message
