"""Messages, new and edited, and posts in channels: who is served, how often, and which handler of commands does it."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from telegram import Update
from telegram.ext import ContextTypes

from bot.asked import WORDLESS, Asked, asked_of
from bot.handlers.answering import Answering, Visit, where
from bot.limits import Quota, Spent
from bot.phrases import Say
from bot.render import render_phrase
from bot.turns import Turns
from whosays.chats import CardKind, Chat, ChatState
from whosays.config import Settings
from whosays.errors import StoreError
from whosays.observe.trace import note
from whosays.types import Status

_log = logging.getLogger(__name__)

Handler = Callable[[Visit], Awaitable[None]]

#: What an edit may change: these have a card, or would have had one.
_WITH_CARDS = {"ask": CardKind.ANSWER, "summary": CardKind.SUMMARY, "sides": CardKind.SIDES, "timeline": CardKind.TIMELINE}
_SURVEYS = frozenset({"sides", "timeline"})
#: An older message that is edited is not answered anew: its answer has scrolled away.
_EDITED_WITHIN = timedelta(days=2)
#: Words that a card's question may have at most; Telegram's messages are four times as long.
_LONGEST = 1000


class Messages:
    """Deals with each message that is meant for the bot."""

    def __init__(self, answering: Answering, commands: Mapping[str, Handler], quota: Quota, settings: Settings) -> None:
        self._answering = answering
        self._commands = commands
        self._quota = quota
        self._settings = settings
        self._turns = Turns()

    async def __call__(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, if it is meant for the bot."""
        await self._note_migration(update)
        asked = asked_of(update, context.bot.bot)
        if asked is None or (asked.edited and not self._is_recent(asked)):
            return
        with self._answering.under_way.dealing_with(asked.update, asked.person, asked.chat):
            # An edit waits until what was said before is answered: then it has an answer to edit.
            async with self._turns.turn((asked.chat, asked.to.reply_to or 0)) as turn:
                if turn.last:
                    await self._answer(asked)

    async def _answer(self, asked: Asked) -> None:
        chat = await self._answering.chat(asked.chat, asked.kind)
        visit = Visit(asked=asked, chat=chat, phrases=self._answering.phrases(chat, asked.client))
        handler = self._handler(asked)
        if handler is None:
            return
        note(where=where(asked.kind))
        if not self._settings.serves(asked.person, *chat.ids):
            if asked.private:
                await self._answering.say(visit, *render_phrase(visit.phrases(Say.NOT_SERVED, id=str(asked.chat))))
            return
        try:
            if not asked.edited or not await self._says_the_same(asked):
                await self._handle(visit, handler)
        except Exception as error:
            await self._answering.apologise(visit, error)

    async def _handle(self, visit: Visit, handler: Handler) -> None:
        asked, chat = visit.asked, visit.chat
        if (wait := self._quota.take(asked.person, asked.chat)) is not None:
            note(outcome="too fast")
            await self._ask_to_wait(visit, wait)
            return
        if chat.state is ChatState.SHUT:
            await self._welcome_back(chat)
        await handler(visit)

    def _handler(self, asked: Asked) -> Handler | None:
        if asked.edited and asked.command not in _WITH_CARDS:
            return None
        handler = self._wordless if asked.command == WORDLESS else self._commands.get(asked.command)
        if handler is None:
            # In a group an unknown command may well be another bot's.
            return self._unknown if asked.private else None
        return handler if len(asked.words) <= _LONGEST else self._wordless

    async def _says_the_same(self, asked: Asked) -> bool:
        """Say whether an edit asks what was answered already: of a link's preview Telegram tells as of an edit, too."""
        card = await self._answering.card_of(asked)
        if card is None or card.message is None or card.answer.query.text != asked.words:
            return False
        # What there is nothing on is answered by a card of that kind, whatever it was asked as.
        is_nothing = card.kind is CardKind.ANSWER and card.answer.status in {Status.NOTHING, Status.OLD}
        return card.kind is _WITH_CARDS[asked.command] or (is_nothing and asked.command in _SURVEYS)

    def _is_recent(self, asked: Asked) -> bool:
        return self._answering.now() - asked.sent < _EDITED_WITHIN

    async def _ask_to_wait(self, visit: Visit, wait: timedelta) -> None:
        """Say once how long to wait; who goes on asking meanwhile has been told."""
        spent = self._quota.told(visit.asked.person, visit.asked.chat)
        if spent is not None:
            say = Say.TOO_FAST if spent is Spent.PERSON else Say.TOO_FAST_HERE
            seconds = math.ceil(wait.total_seconds())
            await self._answering.say(visit, *render_phrase(visit.phrases(say, seconds=seconds)))

    async def _wordless(self, visit: Visit) -> None:
        say = Say.WORDS_ONLY if visit.asked.command == WORDLESS else Say.TOO_LONG
        await self._answering.say(visit, *render_phrase(visit.phrases(say)))

    async def _unknown(self, visit: Visit) -> None:
        await self._answering.say(visit, *render_phrase(visit.phrases(Say.UNKNOWN_COMMAND)))

    async def _welcome_back(self, chat: Chat) -> None:
        """Who writes to the bot has not blocked it (any more), and a group that asks may well let it answer again.

        Of a group whose members may all write again Telegram does not tell.
        """
        try:
            await self._answering.records(lambda chats: chats.set_state(chat.id, chat.kind, ChatState.ACTIVE))
        except StoreError:
            _log.exception("that chat %s can be written to again cannot be noted", chat.id)

    async def _note_migration(self, update: Update) -> None:
        """Give what is kept of a group to the supergroup that it has become; either of them tells of it, or both."""
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self._migrate(message.chat.id, message.migrate_to_chat_id)
        if message.migrate_from_chat_id is not None:
            await self._migrate(message.migrate_from_chat_id, message.chat.id)

    async def _migrate(self, old: int, new: int) -> None:
        self._answering.moved.add(new)
        await self._answering.records(lambda chats: chats.migrate(old, new))
        _log.info("group %s has become supergroup %s", old, new)
        allowed = self._settings.allowed_chats or ()
        if old in allowed and new not in allowed:
            _log.warning("allowed_chats names group %s, which is %s now and goes on being served: name that there, too", old, new)
