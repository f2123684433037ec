"""Presses of the buttons under a card: the same message shows another view of it, or something comes of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import cards, links, presses
from bot.asked import Asked
from bot.deliver import Destination
from bot.handlers.answering import Answering, Visit
from bot.handlers.questions import Questions
from bot.letter import short
from bot.limits import Quota
from bot.markup import Page
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import word
from bot.turns import Turn, Turns
from bot.worker import BusyError
from whosays.chats import Card, CardKind, Chat, Report
from whosays.config import Settings
from whosays.errors import InputError
from whosays.types import Quotation

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
        async with self._turns.turn(place) as turn:
            kind = message.chat.type if message is not None else ChatType.PRIVATE
            chat = await self._answering.chat(place[0], kind)
            phrases = self._answering.phrases(chat, query.from_user.language_code)
            try:
                return await self._note(update, query, chat, phrases, turn)
            except TelegramError as error:
                _log.warning("what a press changes did not get out: %s", short(error))
                return ""
            except Exception as error:
                if not isinstance(error, BusyError | InputError):
                    _log.exception("a press in chat %s could not be dealt with", chat.id)
                return phrases(word(error))

    async def _note(self, update: int, query: CallbackQuery, chat: Chat, phrases: Phrases, turn: Turn) -> str | Elsewhere:
        message = query.message
        press = presses.read(query.data or "")
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


class CardPresses:
    """The buttons under a card."""

    def __init__(self, answering: Answering, questions: Questions, quota: Quota) -> None:
        """Take the quota of questions, too: some buttons ask one."""
        self._answering = answering
        self._questions = questions
        self._quota = quota

    @property
    def handlers(self) -> Mapping[Does, Handler]:
        """What each button of a card does."""
        return {
            Does.FIRST: self._on_card(self._first),
            Does.PAGE: self._on_card(self._page),
            Does.CHOOSE_CONTEXT: self._on_card(self._choose),
            Does.CHOOSE_WRONG: self._on_card(self._choose),
            Does.CONTEXT: self._on_card(self._context),
            Does.CHOOSE_FAULT: self._on_card(self._choose_fault),
            Does.REPORT: self._on_card(self._report),
            Does.TIMELINE: self._on_card(self._timeline),
            Does.NEAREST: self._on_card(self._nearest),
        }

    def _on_card(self, handle: Callable[[Pressed, Card], Awaitable[str]]) -> Handler:
        """Return the handler that finds the card and sees that the person may turn it: who may not gets one of his own."""

        async def on_card(pressed: Pressed) -> str | Elsewhere:
            card = await self._answering.records(lambda chats: chats.card(pressed.press.of))
            if card is None:
                return pressed.phrases(Say.TOAST_STALE)
            if card.chat != pressed.chat.id:
                # A message of a group that has become a supergroup stays as it is; its card has gone there, for those who are in.
                if pressed.chat.kind == ChatType.GROUP and card.chat < 0:
                    return Elsewhere(links.to_card(self._answering.username, card.id))
                # A card of another chat cannot be under a message here: such data is made up.
                return pressed.phrases(Say.TOAST_STALE)
            if not await self.may_turn(pressed, card):
                return Elsewhere(links.to_card(self._answering.username, card.id))
            return await handle(pressed, card)

        return on_card

    async def may_turn(self, pressed: Pressed, card: Card) -> bool:
        """Say whether somebody may change what a card shows: in a group who asked, admins, and everybody if the group is open."""
        if not pressed.in_group or pressed.person == card.asker or pressed.chat.open:
            return True
        return await self._answering.members.is_admin(pressed.chat.id, pressed.person)

    async def _first(self, pressed: Pressed, card: Card) -> str:
        return await self._turn(pressed, cards.first_view(card, self._phrases(card), pressed.chat.length))

    async def _page(self, pressed: Pressed, card: Card) -> str:
        return await self._turn(pressed, cards.page(card, pressed.press.number(0) or 0, self._phrases(card)))

    async def _choose(self, pressed: Pressed, card: Card) -> str:
        if pressed.press.does is Does.CHOOSE_CONTEXT and len(card.answer.quotations) == 1:
            return await self._show_context(pressed, card, card.answer.quotations[0])
        return await self._turn(
            pressed, cards.choose(card, pressed.press.does, pressed.press.number(0) or 0, self._phrases(card))
        )

    async def _context(self, pressed: Pressed, card: Card) -> str:
        quotation = cards.quotation_of(card, "".join(pressed.press.arguments[:1]))
        if quotation is None:
            return pressed.phrases(Say.TOAST_STALE)
        return await self._show_context(pressed, card, quotation)

    async def _show_context(self, pressed: Pressed, card: Card, quotation: Quotation) -> str:
        context = await self._answering.compute(lambda: self._answering.engine.context(quotation))
        return await self._turn(pressed, cards.context_view(card, context, self._phrases(card)))

    async def _choose_fault(self, pressed: Pressed, card: Card) -> str:
        page = cards.choose_fault(card, "".join(pressed.press.arguments[:1]), self._phrases(card))
        return await self._turn(pressed, page) if page is not None else pressed.phrases(Say.TOAST_STALE)

    async def _report(self, pressed: Pressed, card: Card) -> str:
        which, key = (*pressed.press.arguments, "", "")[:2]
        fault, quotation = cards.fault_of(key), cards.quotation_of(card, which)
        if fault is None or (quotation is None and which != cards.CARD_ITSELF):
            return pressed.phrases(Say.TOAST_STALE)
        report = Report(
            person=pressed.person,
            fault=fault,
            answer=card.answer,
            quotation=int(which) if quotation is not None else None,
            at=self._answering.now(),
        )
        await self._answering.records(lambda chats: chats.report(report))
        await self._first(pressed, card)
        return pressed.phrases(Say.TOAST_REPORTED)

    async def _timeline(self, pressed: Pressed, card: Card) -> str:
        query = card.answer.query
        # A summary's own words name its article, too; a question's topic leaves out who and when.
        words = query.text if card.kind is CardKind.SUMMARY else query.topic
        return await self._ask(pressed, card, "timeline", words)

    async def _nearest(self, pressed: Pressed, card: Card) -> str:
        number = pressed.press.number(0)
        if number is None or number >= len(card.answer.nearest):
            return pressed.phrases(Say.TOAST_STALE)
        return await self._ask(pressed, card, "summary", card.answer.nearest[number])

    async def _ask(self, pressed: Pressed, card: Card, command: str, words: str) -> str:
        """Ask what a message might, and reply to the card."""
        if self._quota.take(pressed.person, pressed.chat.id) is not None:
            return pressed.phrases(Say.TOAST_TOO_FAST)
        await self._questions.commands[command](as_message(pressed, card, command, words, self._answering))
        return ""

    async def _turn(self, pressed: Pressed, page: Page) -> str:
        if not pressed.turn.last:
            # Another press has come since, and shows what is wanted now.
            return ""
        edited = await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)
        return "" if edited else pressed.phrases(Say.TOAST_STALE)

    def _phrases(self, card: Card) -> Phrases:
        """Return the phrases that a card was shown in: it stays in one language, whoever turns it."""
        return self._answering.catalogue.of(card.language)


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
