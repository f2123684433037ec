"""The bot is added, removed, muted, blocked, let in again: what is sent follows."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.ext import ContextTypes

from bot.asked import GROUPS, Asked
from bot.deliver import Destination
from bot.handlers.answering import Answering, Visit
from bot.phrases import Say
from bot.render import render_phrase
from whosays.chats import ChatState
from whosays.config import Settings

_log = logging.getLogger(__name__)

_OUTSIDE = frozenset({ChatMember.LEFT, ChatMember.BANNED})
#: A group that becomes a supergroup is told of as if the bot were added there, and as a move besides, in no certain order
#: (https://github.com/tdlib/telegram-bot-api/issues/266).
_SETTLED = timedelta(seconds=1)


class Membership:
    """Notes where the bot may write, and greets a group that it is added to."""

    def __init__(self, answering: Answering, settings: Settings) -> None:
        self._answering = answering
        self._settings = settings
        # Updates are dealt with side by side: muted and let in again is not to become let in and muted.
        self._in_order = asyncio.Lock()

    async def __call__(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Deal with a change of what the bot is in a chat."""
        change = update.my_chat_member
        if change is None:
            return
        chat = change.chat
        state = ChatState.ACTIVE if _may_write(change.new_chat_member) else ChatState.SHUT
        async with self._in_order:
            await self._answering.records(lambda chats: chats.set_state(chat.id, chat.type, state))
        _log.info("chat %s is %s", chat.id, state.value)
        if not _is_inside(change.new_chat_member):
            # Let in again, it has been added, and not moved.
            self._answering.moved.discard(chat.id)
        if state is ChatState.ACTIVE and chat.type in GROUPS and not _is_inside(change.old_chat_member):
            await asyncio.sleep(_SETTLED.total_seconds())
            if chat.id not in self._answering.moved:
                await self._greet(update, change)

    async def _greet(self, update: Update, change: ChatMemberUpdated) -> None:
        """Say once how to ask: nobody knows otherwise that the bot is silent unless it is meant.

        A group that it does not serve is told that instead, for there it will be silent altogether.
        """
        kept = await self._answering.chat(change.chat.id, change.chat.type)
        client = change.from_user.language_code
        asked = Asked(
            update=update.update_id,
            chat=change.chat.id,
            kind=change.chat.type,
            to=Destination(chat=change.chat.id),
            person=change.from_user.id,
            admin=False,
            client=client,
            command="",
            words="",
            sent=datetime.now(UTC),
        )
        visit = Visit(asked=asked, chat=kept, phrases=self._answering.phrases(kept, client))
        if self._settings.serves(asked.person, *kept.ids):
            said = visit.phrases(Say.HELLO_GROUP, me=f"@{self._answering.username}")
        else:
            said = visit.phrases(Say.NOT_SERVED, id=str(asked.chat))
        await self._answering.say(visit, *render_phrase(said))


def _is_inside(member: ChatMember) -> bool:
    """Say whether the bot is in a chat in which it is this; who is restricted may have left."""
    return member.status not in _OUTSIDE and bool(getattr(member, "is_member", True))


def _may_write(member: ChatMember) -> bool:
    """Say whether the bot may write to a chat in which it is this."""
    return _is_inside(member) and bool(getattr(member, "can_send_messages", True))
