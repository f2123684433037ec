"""Messages, new and edited, and posts in channels: who is served, how often, and which handler of commands does it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from telegram import Update
from telegram.ext import ContextTypes

from bot.asked import WORDLESS, Asked, asked_of
from bot.handlers.answering import Answering, Visit
from bot.limits import Quota, Spent
from bot.phrases import Say
from bot.render import render_phrase
from whosays.chats import Chat, ChatState
from whosays.config import Settings
from whosays.errors import StoreError

_log = logging.getLogger(__name__)

Handler = Callable[[Visit], Awaitable[None]]

#: What an edit may change: these have a card, or would have had one.
_WITH_CARDS = frozenset({"ask", "summary", "sides", "timeline"})
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

    async def __call__(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, if it is meant for the bot."""
        await self._note_migration(update)
        asked = asked_of(update, context.bot.bot)
        if asked is None or (asked.edited and not self._is_recent(asked)):
            return
        chat = await self._answering.chat(asked.chat, asked.kind)
        visit = Visit(asked=asked, chat=chat, phrases=self._answering.phrases(chat, asked.client))
        handler = self._handler(asked)
        if handler is None:
            return
        if not self._settings.serves(asked.person, asked.chat):
            if asked.private:
                await self._answering.say(visit, *render_phrase(visit.phrases(Say.NOT_SERVED, id=str(asked.chat))))
            return
        if (wait := self._quota.take(asked.person, asked.chat)) is not None:
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

    def _is_recent(self, asked: Asked) -> bool:
        return self._answering.now() - asked.sent < _EDITED_WITHIN

    async def _ask_to_wait(self, visit: Visit, wait: timedelta) -> None:
        """Say once how long to wait; who goes on asking meanwhile has been told."""
        spent = self._quota.told(visit.asked.person, visit.asked.chat)
        if spent is not None:
            say = Say.TOO_FAST if spent is Spent.PERSON else Say.TOO_FAST_HERE
            seconds = max(1, round(wait.total_seconds()))
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
