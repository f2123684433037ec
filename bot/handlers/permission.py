"""Who may choose for a chat: everybody in his own, admins in a group, unless they have opened it to all."""

from __future__ import annotations

from bot.handlers.answering import Answering, Visit
from bot.handlers.presses import Pressed
from bot.phrases import Say
from bot.render import render_phrase


class Permission:
    """Asks Telegram, and says so to whoever may not."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def of(self, visit: Visit) -> bool:
        """Say whether who has written may choose for the chat; who may not is told so."""
        asked = visit.asked
        if not asked.in_group or asked.admin or visit.chat.open:
            return True
        if await self._answering.members.is_admin(asked.chat, asked.person):
            return True
        await self._answering.say(visit, *render_phrase(visit.phrases(Say.ADMINS_ONLY)))
        return False

    async def of_press(self, pressed: Pressed) -> bool:
        """Say whether who has pressed may choose for the chat."""
        return not pressed.in_group or pressed.chat.open or await self.is_admin(pressed)

    async def is_admin(self, pressed: Pressed) -> bool:
        """Say whether who has pressed is an admin of the group; in his own chat everybody is."""
        return not pressed.in_group or await self._answering.members.is_admin(pressed.chat.id, pressed.person)
