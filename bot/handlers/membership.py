"""The bot is added, removed, muted, blocked, let in again: what is sent follows."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.ext import ContextTypes

from bot.asked import GROUPS, Asked
from bot.deliver import Destination
from bot.handlers.answering import Answering, Visit
from bot.phrases import Say
from bot.render import render_phrase
from whosays.chats import ChatState

_log = logging.getLogger(__name__)

_OUTSIDE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


class Membership:
    """Notes where the bot may write, and greets a group that it is added to."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def __call__(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Deal with a change of what the bot is in a chat."""
        change = update.my_chat_member
        if change is None:
            return
        chat = change.chat
        state = ChatState.ACTIVE if _may_write(change.new_chat_member) else ChatState.SHUT
        await self._answering.records(lambda chats: chats.set_state(chat.id, chat.type, state))
        _log.info("chat %s is %s", chat.id, state.value)
        if state is ChatState.ACTIVE and chat.type in GROUPS and change.old_chat_member.status in _OUTSIDE:
            await self._greet(update, change)

    async def _greet(self, update: Update, change: ChatMemberUpdated) -> None:
        """Say once how to ask: nobody knows otherwise that the bot is silent unless it is meant."""
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
        me = f"@{self._answering.username}"
        await self._answering.say(visit, *render_phrase(visit.phrases(Say.HELLO_GROUP, me=me)))


def _may_write(member: ChatMember) -> bool:
    """Say whether the bot may write to a chat in which it is this."""
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", True) and getattr(member, "can_send_messages", True))
    return member.status not in _OUTSIDE
