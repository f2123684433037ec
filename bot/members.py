"""Who is an admin or a member of a group: asked of Telegram, and remembered for some minutes."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from telegram import Bot, ChatMember
from telegram.error import TelegramError

from bot.letter import short

_log = logging.getLogger(__name__)

#: Who is made an admin, or is one no longer, waits at most so long until the bot knows.
REMEMBERED = timedelta(minutes=5)
_KEPT = 10_000
_ADMINS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})
_OUTSIDE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


class Members:
    """What people are in groups."""

    def __init__(self, bot: Bot, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], tuple[float, str]] = OrderedDict()

    async def is_admin(self, chat: int, person: int) -> bool:
        """Say whether a person is an admin of a group; no, where Telegram does not say."""
        return await self._status(chat, person) in _ADMINS

    async def is_member(self, chat: int, person: int) -> bool:
        """Say whether a person is in a group, whatever he may do there; no, where Telegram does not say."""
        return await self._status(chat, person) not in _OUTSIDE

    async def _status(self, chat: int, person: int) -> str:
        if person < 0:
            # Who speaks as a channel is nobody whom Telegram could tell of.
            return ChatMember.LEFT
        until, status = self._known.get((chat, person), (0.0, ChatMember.LEFT))
        now = self._clock()
        if now < until:
            return status
        try:
            member = await self._bot.get_chat_member(chat, person)
        except TelegramError as error:
            _log.info("what somebody is in chat %s is not known: %s", chat, short(error))
            return ChatMember.LEFT
        # Who is restricted may have left, too.
        inside = getattr(member, "is_member", True)
        status = str(member.status) if inside else ChatMember.LEFT
        self._known[chat, person] = (now + REMEMBERED.total_seconds(), status)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return status
