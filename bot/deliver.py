"""Pages → messages: in order, at the pace that Telegram asks for; an answer at most once, an alert at least once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

from telegram import Bot, InlineQueryResult, InlineQueryResultsButton
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError

from bot.leaving import Leaving
from bot.letter import Destination, Leave, Letter, short
from bot.markup import Page, Picture
from bot.pace import Pace
from bot.refusals import cannot_be_edited, is_as_it_was, never_left, pause_of, shuts_chat, shuts_topic
from whosays.errors import WhosaysError

__all__ = ["Delivery", "Destination", "Undelivered"]

_log = logging.getLogger(__name__)

#: A chat that has to wait longer than this for its answer does without.
LONGEST_WAIT = timedelta(minutes=10)
#: Most answers are there before that, and need no "typing".
TYPING_AFTER = timedelta(seconds=0.2)
#: Telegram shows "typing" for five seconds, or until a message comes.
TYPING_INTERVAL = timedelta(seconds=4)
#: The pauses before an answer that did not get out, or an edit, is tried again: two minutes in all.
RETRY_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4, 8, 15, 30, 60))
#: How long an alert is tried before whoever sent it has to try again later.
ALERT_PATIENCE = timedelta(minutes=2)


class Undelivered(WhosaysError):
    """An alert has not certainly arrived in the time that it had: it is to be sent again later."""


class _SentByAnother(Exception):
    """Leave to send an answer cannot be had (any more)."""


async def _nothing(*_: int) -> None:
    pass


class Delivery:
    """The one sender. An answer is tried again only where it is certain that it did not arrive.

    `on_shut(chat)` is awaited where a chat takes no messages any more, `on_migrated(old, new)` where a group has become a
    supergroup.
    """

    def __init__(
        self,
        bot: Bot,
        pace: Pace,
        *,
        on_shut: Callable[[int], Awaitable[None]] = _nothing,
        on_migrated: Callable[[int, int], Awaitable[None]] = _nothing,
    ) -> None:
        self._bot = bot
        self._pace = pace
        self._on_shut = on_shut
        self._on_migrated = on_migrated
        self._typing: set[asyncio.Task[None]] = set()
        self._leaving = Leaving()

    async def send(self, pages: Sequence[Page | Picture], to: Destination, *, leave: Leave | None = None) -> tuple[int, ...]:
        """Send an answer, its first page as the reply; return the ids of the messages that are known to be there.

        `leave` is taken just before the first request leaves, and nothing is sent where it cannot be had. A chat that takes no
        messages, or makes an answer wait for too long, does without. Raises BadRequest where Telegram refuses a page, and once
        more without its styles: that is a fault of the page.
        """
        there: list[int] = []
        async with AsyncExitStack() as turns:
            await turns.enter_async_context(self._pace.turn(to.chat))
            for page in pages:
                letter = Letter(page, to)
                first, leave = leave, None
                try:
                    message = await self._send_at_most_once(letter, turns, first)
                except _SentByAnother:
                    break
                except TelegramError as error:
                    if await self._refused(error, letter.to.chat):
                        if isinstance(page, Picture) and not shuts_chat(error):
                            # Where pictures are forbidden, the words behind it may not be.
                            continue
                        break
                    if isinstance(error, BadRequest):
                        raise
                    _log.warning("an answer to chat %s is dropped: %s", letter.to.chat, short(error))
                    break
                there += [] if message is None else [message]
                to = replace(letter.to, reply_to=None)
        return tuple(there)

    async def alert(self, page: Page, to: Destination, note: Callable[[int], Awaitable[None]] = _nothing) -> int | None:
        """Send an alert, once the answers let it; return its message's id, None where the chat or its topic takes none.

        `note(message)` is awaited before another alert leaves. It is tried again also where it may have arrived. Raises
        Undelivered where all tries of `ALERT_PATIENCE` have failed.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ALERT_PATIENCE.total_seconds()
        pauses = chain(RETRY_PAUSES, repeat(RETRY_PAUSES[-1]))
        letter = Letter(page, to)
        while True:
            try:
                async with asyncio.timeout_at(deadline) as limit, self._pace.spare_turn(letter.to.chat):
                    limit.reschedule(None)
                    return await self._leaving.leave(lambda: letter.post(self._bot), note)
            except TimeoutError as error:
                raise Undelivered(f"chat {to.chat} had no place for an alert") from error
            except RetryAfter as error:
                pause = pause_of(error)
                self._pace.hold(letter.to.chat, pause)
                if loop.time() + pause.total_seconds() > deadline:
                    raise Undelivered(f"chat {to.chat} takes no alert for {pause}") from error
            except ChatMigrated as error:
                if letter.moved:
                    raise Undelivered(f"chat {to.chat} moves on and on") from error
                await self._move(letter, error)
            except TelegramError as error:
                if await self._refused(error, letter.to.chat):
                    return None
                if isinstance(error, BadRequest) and letter.mend(error):
                    continue
                wait = next(pauses).total_seconds()
                if not isinstance(error, NetworkError) or isinstance(error, BadRequest) or loop.time() + wait > deadline:
                    raise Undelivered(f"an alert to chat {to.chat} has not arrived: {short(error)}") from error
                await asyncio.sleep(wait)

    async def edit(self, page: Page | Picture, chat: int, message: int) -> bool:
        """Put a page, with its buttons, in place of a message of the bot; say whether that now stands there.

        Words take the place of words, a picture that of a picture. False where the message is gone, or Telegram did not take the
        edit in `RETRY_PAUSES`.
        """
        letter = Letter(page, Destination(chat=chat))
        pauses, patience = iter(RETRY_PAUSES), LONGEST_WAIT
        async with self._pace.turn(chat):
            while True:
                try:
                    async with self._pace.place(chat):
                        await letter.put(self._bot, message)
                except RetryAfter as error:
                    patience -= pause_of(error)
                    self._pace.hold(chat, pause_of(error))
                    if patience < timedelta(0):
                        return False
                except ChatMigrated as error:
                    # The messages of before stay where they were, and cannot be changed there.
                    await self._on_migrated(chat, error.new_chat_id)
                    return False
                except TelegramError as error:
                    if is_as_it_was(error):
                        return True
                    if cannot_be_edited(error) or await self._refused(error, chat):
                        return False
                    if isinstance(error, BadRequest) and letter.mend(error):
                        continue
                    wait = next(pauses, None)
                    if wait is None or not isinstance(error, NetworkError) or isinstance(error, BadRequest):
                        _log.warning("a message in chat %s could not be edited: %s", chat, short(error))
                        return False
                    await asyncio.sleep(wait.total_seconds())
                else:
                    return True

    async def delete(self, chat: int, message: int) -> None:
        """Take a message of the bot back; where Telegram does not let it, it stays."""
        async with self._pace.turn(chat):
            try:
                async with self._pace.place(chat):
                    await self._bot.delete_message(chat, message)
            except RetryAfter as error:
                self._pace.hold(chat, pause_of(error))
            except TelegramError as error:
                _log.info("a message in chat %s could not be deleted: %s", chat, short(error))

    async def answer_press(self, query: str, text: str = "", *, alert: bool = False, url: str | None = None) -> None:
        """Answer the press of a button, with a few words (at most 200 characters) that are shown for a moment, or until read.

        `url` is opened instead: a deep link to the bot itself, as Telegram lets through no other.
        """
        try:
            await self._bot.answer_callback_query(query, text or None, show_alert=alert, url=url)
        except TelegramError as error:
            # Whoever pressed has gone on: presses expire within seconds.
            _log.debug("the press of a button is not answered: %s", short(error))

    async def answer_inline(
        self,
        query: str,
        results: Sequence[InlineQueryResult],
        *,
        cache: timedelta = timedelta(0),
        personal: bool = True,
        button: InlineQueryResultsButton | None = None,
    ) -> None:
        """Answer an inline query with at most 50 results, which Telegram keeps for `cache`, for him alone where `personal`."""
        try:
            await self._bot.answer_inline_query(query, results, cache_time=cache, is_personal=personal, button=button)
        except BadRequest as error:
            # "Query is too old" is no fault, the rest is: neither may show what was typed.
            _log.log(logging.DEBUG if "too old" in str(error) else logging.ERROR, "inline results: %s", short(error))
        except TelegramError as error:
            _log.debug("an inline query is not answered: %s", short(error))

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

    async def _send_at_most_once(self, letter: Letter, turns: AsyncExitStack, leave: Leave | None) -> int | None:
        """Send a message and return its id, None where it may or may not have arrived: twice would be worse than not at all.

        Leave that was taken for it is given back while it waits to be tried again. Raises _SentByAnother, TelegramError.
        """
        pauses, patience, untaken = iter(RETRY_PAUSES), LONGEST_WAIT, leave
        while True:
            pause = timedelta(0)
            try:
                async with self._pace.place(letter.to.chat):
                    if untaken is not None and not await untaken.take():
                        raise _SentByAnother
                    return await letter.post(self._bot)
            except RetryAfter as error:
                patience -= pause_of(error)
                self._pace.hold(letter.to.chat, pause_of(error))
                if patience < timedelta(0):
                    raise
            except ChatMigrated as error:
                await self._move(letter, error)
                await turns.enter_async_context(self._pace.turn(letter.to.chat))
            except BadRequest as error:
                if not letter.mend(error):
                    raise
            except NetworkError as error:
                if not never_left(error):
                    _log.warning(
                        "whether a message to chat %s arrived is unknown, so it is not sent again: %s",
                        letter.to.chat,
                        short(error),
                    )
                    return None
                wait = next(pauses, None)
                if wait is None:
                    raise
                pause = wait
            untaken = leave if leave is not None and await leave.give_back() else None
            await asyncio.sleep(pause.total_seconds())

    async def _move(self, letter: Letter, error: ChatMigrated) -> None:
        """Have a message go to the supergroup that its group has become, where no message and no topic of before is known."""
        if letter.moved:
            raise error
        await self._on_migrated(letter.to.chat, error.new_chat_id)
        letter.to, letter.moved = Destination(chat=error.new_chat_id), True

    async def _refused(self, error: TelegramError, chat: int) -> bool:
        """Say whether the chat, or its topic, takes no messages, which is nobody's fault; note a chat that takes none at all."""
        shut = shuts_chat(error)
        if shut or shuts_topic(error):
            _log.info("chat %s takes no such message: %s", chat, short(error))
        if shut:
            await self._on_shut(chat)
        return shut or shuts_topic(error)

    async def _type(self, to: Destination, done: asyncio.Event) -> None:
        pause = TYPING_AFTER
        while not (await _happens(done, pause) or self._pace.held(to.chat)):
            pause = TYPING_INTERVAL
            try:
                await self._bot.send_chat_action(to.chat, ChatAction.TYPING, message_thread_id=to.topic)
            except RetryAfter as error:
                self._pace.hold(to.chat, pause_of(error))
            except TelegramError as error:
                _log.debug("chat %s is not shown that an answer is being made: %s", to.chat, short(error))
                return


async def _happens(event: asyncio.Event, within: timedelta) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), within.total_seconds())
    return event.is_set()
