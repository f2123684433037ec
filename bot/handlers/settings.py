"""A chat's settings as a menu: language, length of answers, pictures, and who may change them in a group."""

from __future__ import annotations

from collections.abc import Mapping

from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.lists import changed, languages_page, settings_page
from bot.phrases import Phrases, Say
from bot.presses import Does
from whosays.chats import Chat


class SettingsMenu:
    """Shows and changes the settings of chats."""

    def __init__(self, answering: Answering, permission: Permission) -> None:
        self._answering = answering
        self._permission = permission

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"settings": self.show}

    @property
    def handlers(self) -> Mapping[Does, PressHandler]:
        """What the buttons do."""
        return {Does.SETTING: self._press}

    async def show(self, visit: Visit) -> None:
        """Show the menu; in a group that is not open to its admins."""
        if await self._permission.of(visit):
            page = settings_page(visit.chat, visit.phrases, self._answering.catalogue, group=visit.asked.in_group)
            await self._answering.say(visit, page)

    async def _press(self, pressed: Pressed) -> str:
        phrases, catalogue, press = pressed.phrases, self._answering.catalogue, pressed.press
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        chat = pressed.chat
        if press.of == "language" and not press.arguments:
            page = languages_page(chat, phrases, catalogue)
        elif press.of == "menu":
            page = settings_page(chat, phrases, catalogue, group=pressed.in_group)
        else:
            new = changed(chat, press, catalogue)
            if new is None:
                return phrases(Say.TOAST_STALE)
            if new.open != chat.open and not await self._permission.is_admin(pressed):
                # Whom an admin has let in does not decide who else is.
                return phrases(Say.TOAST_ADMINS_ONLY)
            await self._answering.records(lambda chats: chats.keep_chat(new))
            phrases = self._of(new, pressed)
            page = settings_page(new, phrases, catalogue, group=pressed.in_group)
        await self._answering.delivery.edit(page, chat.id, pressed.message)
        return ""

    def _of(self, chat: Chat, pressed: Pressed) -> Phrases:
        """Return the phrases of the language that was just chosen."""
        return self._answering.phrases(chat, pressed.client)
