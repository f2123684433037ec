"""Pages → messages: sent in order, at most once each, at the pace that Telegram asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.limits import Pace
from bot.markup import Page

_log = logging.getLogger(__name__)

#: A chat that has to wait longer than this for its answer does without.
LONGEST_WAIT = timedelta(minutes=10)
#: Most answers are there before that, and need no "typing".
TYPING_AFTER = timedelta(seconds=0.2)
#: Telegram shows "typing" for five seconds, or until a message comes.
TYPING_INTERVAL = timedelta(seconds=4)
#: The pauses before a message that did not get out is tried again.
RETRY_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an answer goes: a chat, a topic of its forum, and the message that it replies to."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None

    @classmethod
    def answering(cls, message: Message) -> Destination:
        """Return where an answer to the message belongs."""
        # Outside a forum a thread's id only says what is replied to, and may not be sent to.
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(chat=message.chat.id, topic=topic, reply_to=message.message_id)


class Delivery:
    """Sends pages. A message is tried again only where it is certain that it did not arrive."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._typing: set[asyncio.Task[None]] = set()

    async def send(self, pages: Sequence[Page], to: Destination) -> None:
        """Send an answer, its first page as the reply. A chat that has shut the bot out is left alone.

        Raises TelegramError where Telegram refuses a page: it is then a fault of the page, or the chat has gone.
        """
        async with self._pace.turn(to.chat):
            for page in pages:
                try:
                    to = await self._send_page(page, to)
                except Forbidden as error:
                    _log.info("chat %s takes no messages: %s", to.chat, error)
                    return
                except RetryAfter as error:
                    _log.warning("an answer to chat %s is dropped: %s", to.chat, error)
                    return
                to = replace(to, reply_to=None)

    @asynccontextmanager
    async def typing(self, to: Destination) -> AsyncIterator[None]:
        """Show that an answer is being made, once it takes a while and for as long as it does."""
        done = asyncio.Event()
        task = asyncio.create_task(self._type(to, done))
        # The answer does not wait for a request under way, nor is that broken off: it ends by itself.
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)
        try:
            yield
        finally:
            done.set()

    async def _send_page(self, page: Page, to: Destination) -> Destination:
        """Send a page and return where the next one goes: a group that became a supergroup has another id."""
        pauses = iter(RETRY_PAUSES)
        while True:
            await self._pace.wait(to.chat)
            try:
                await self._post(page, to)
            except RetryAfter as error:
                pause = _pause(error)
                if pause > LONGEST_WAIT:
                    raise
                self._pace.hold(to.chat, pause)
            except ChatMigrated as error:
                to = Destination(chat=error.new_chat_id)
            except BadRequest:
                raise
            except NetworkError as error:
                if not _never_left(error):
                    # It may well have arrived. Twice would be worse than, perhaps, not at all.
                    _log.warning("whether a message to chat %s arrived is unknown, so it is not sent again: %s", to.chat, error)
                    return to
                wait = next(pauses, None)
                if wait is None:
                    raise
                await asyncio.sleep(wait.total_seconds())
            else:
                return to

    async def _post(self, page: Page, to: Destination) -> None:
        await self._bot.send_message(
            to.chat,
            page.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            message_thread_id=to.topic,
            reply_parameters=ReplyParameters(to.reply_to, allow_sending_without_reply=True) if to.reply_to else None,
        )

    async def _type(self, to: Destination, done: asyncio.Event) -> None:
        pause = TYPING_AFTER
        while not (await _happens(done, pause) or self._pace.held(to.chat)):
            pause = TYPING_INTERVAL
            try:
                await self._bot.send_chat_action(to.chat, ChatAction.TYPING, message_thread_id=to.topic)
            except RetryAfter as error:
                self._pace.hold(to.chat, _pause(error))
            except TelegramError as error:
                _log.debug("chat %s is not shown that an answer is being made: %s", to.chat, error)
                return


async def _happens(event: asyncio.Event, within: timedelta) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), within.total_seconds())
    return event.is_set()


def _never_left(error: NetworkError) -> bool:
    """Say whether it is certain that Telegram has not received the request: there was no connection to send it over."""
    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _pause(error: RetryAfter) -> timedelta:
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)
