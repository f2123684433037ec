"""Presses of buttons: in turn at each message, each answered, whatever becomes of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import presses
from bot.asked import Asked
from bot.deliver import Destination
from bot.handlers.answering import Answering, Visit, where
from bot.letter import short
from bot.limits import Quota
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import word
from bot.turns import Place, Turn, Turns
from bot.worker import BusyError
from whosays.chats import Card, Chat
from whosays.config import Settings
from whosays.errors import InputError
from whosays.observe.trace import note

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that somebody pressed: under which message, with the settings of its chat and the phrases of his language."""

    update: int
    query: str
    press: Press
    person: int
    client: str | None
    chat: Chat
    message: int
    thread: int | None
    turn: Turn
    phrases: Phrases

    @property
    def in_group(self) -> bool:
        """Whether others read along: in a group, or a channel."""
        return self.chat.kind != ChatType.PRIVATE


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A press goes on in the chat with the bot, which this address opens."""

    url: str


#: What answers a press returns the words of the small note that the person is shown ("" for none), or where to go on.
Handler = Callable[[Pressed], Awaitable[str | Elsewhere]]


class Presses:
    """Deals with each press: whatever becomes of it, the person's program is told that it was seen."""

    def __init__(self, answering: Answering, handlers: Mapping[Does, Handler], quota: Quota, settings: Settings) -> None:
        self._answering = answering
        self._handlers = handlers
        self._quota = quota
        self._settings = settings
        self._turns = Turns()
        #: What asks something and is being answered.
        self._asking: set[tuple[Place, str]] = set()

    async def __call__(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a press: with what becomes of it or, where that takes long, that it was seen."""
        query = update.callback_query
        if query is None:
            return
        dealing = asyncio.create_task(self._deal(update.update_id, query))
        try:
            done, _unfinished = await asyncio.wait({dealing}, timeout=_SEEN_AFTER.total_seconds())
            note = dealing.result() if done else ""
            if isinstance(note, Elsewhere):
                await self._answering.delivery.answer_press(query.id, url=note.url)
            else:
                await self._answering.delivery.answer_press(query.id, note, alert=len(note) > _SHORT_NOTE)
            await dealing
        finally:
            dealing.cancel()

    async def _deal(self, update: int, query: CallbackQuery) -> str | Elsewhere:
        message = query.message
        place = (message.chat.id, message.message_id) if message is not None else (query.from_user.id, 0)
        press = presses.read(query.data or "")
        under_way = self._answering.under_way.dealing_with(update, query.from_user.id, place[0])
        with under_way, self._once(place, press) as first:
            return await self._in_turn(update, query, place, press) if first else ""

    @contextmanager
    def _once(self, place: Place, press: Press | None) -> Iterator[bool]:
        """Say whether a press may be dealt with: what asks something, tapped twice, is not to be answered twice."""
        asks = press is not None and press.does in _ASK
        asking = (place, press.data if press is not None else "")
        if asks and asking in self._asking:
            yield False
            return
        if asks:
            self._asking.add(asking)
        try:
            yield True
        finally:
            if asks:
                self._asking.discard(asking)

    async def _in_turn(self, update: int, query: CallbackQuery, place: Place, press: Press | None) -> str | Elsewhere:
        message = query.message
        async with self._turns.turn(place) as turn:
            kind = message.chat.type if message is not None else ChatType.PRIVATE
            chat = await self._answering.chat(place[0], kind)
            phrases = self._answering.phrases(chat, query.from_user.language_code)
            note(where=where(chat.kind))
            try:
                return await self._note(update, query, press, chat, phrases, turn)
            except TelegramError as error:
                _log.warning("what a press changes did not get out: %s", short(error))
                return ""
            except Exception as error:
                if not isinstance(error, BusyError | InputError):
                    _log.exception("a press in chat %s could not be dealt with", chat.id)
                return phrases(word(error))

    async def _note(
        self, update: int, query: CallbackQuery, press: Press | None, chat: Chat, phrases: Phrases, turn: Turn
    ) -> str | Elsewhere:
        message = query.message
        if not self._settings.serves(query.from_user.id, *chat.ids):
            return phrases(Say.NOT_SERVED, id=str(chat.id)) if chat.kind == ChatType.PRIVATE else ""
        if press is None or message is None:
            return phrases(Say.TOAST_STALE)
        if self._quota.take(query.from_user.id, chat.id) is not None:
            return phrases(Say.TOAST_TOO_FAST)
        pressed = Pressed(
            update=update,
            query=query.id,
            press=press,
            person=query.from_user.id,
            client=query.from_user.language_code,
            chat=chat,
            message=message.message_id,
            thread=getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None,
            turn=turn,
            phrases=phrases,
        )
        return await self._handlers[press.does](pressed)


#: A longer note stays until it is closed: it would be gone before it is read.
_SHORT_NOTE = 60
#: A clock turns on the button until the press is answered, and Telegram takes no answer after some ten seconds.
_SEEN_AFTER = timedelta(seconds=2.5)
_ASK = frozenset({Does.TIMELINE, Does.NEAREST})


def as_message(pressed: Pressed, card: Card, command: str, words: str, answering: Answering) -> Visit:
    """Return what a press under a card asks, as a message would: the answer is a reply to the card, in its language."""
    asked = Asked(
        update=pressed.update,
        chat=pressed.chat.id,
        kind=pressed.chat.kind,
        to=Destination(chat=pressed.chat.id, topic=card.thread, reply_to=pressed.message),
        person=pressed.person,
        admin=False,
        client=None,
        command=command,
        words=words,
        sent=answering.now(),
    )
    return Visit(asked=asked, chat=pressed.chat, phrases=answering.catalogue.of(card.language))
