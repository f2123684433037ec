"""A chat's settings as a menu: language, length of answers, pictures, alerts, and who may change them in a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.alert_settings import CHOOSE, KINDS, alerts_page, choices_page, chosen, not_understood, typed
from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.markup import Page
from bot.phrases import Phrases, Say
from bot.presses import Does
from bot.settings_menu import ALERTS, OPEN, changed, languages_page, settings_page
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
        """Show the menu, or set what is typed; in a group that is not open for its admins alone."""
        if not await self._permission.of(visit):
            return
        if visit.asked.words:
            page = await self._typed(visit)
        else:
            page = settings_page(visit.chat, visit.phrases, self._answering.catalogue, group=visit.asked.in_group)
        await self._answering.say(visit, page)

    async def _typed(self, visit: Visit) -> Page:
        kind, _, value = visit.asked.words.partition(" ")
        kind = kind.casefold()
        new = await self._change(visit.chat, lambda chat: typed(chat, kind, value))
        return alerts_page(new, visit.phrases) if new is not None else not_understood(kind, value, visit.phrases)

    async def _press(self, pressed: Pressed) -> str:
        phrases, catalogue, press = pressed.phrases, self._answering.catalogue, pressed.press
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        chat = pressed.chat
        if (page := self._shown(pressed)) is None:
            of_alerts = press.of in KINDS
            if press.of == OPEN and not await self._permission.is_admin(pressed):
                # Whom an admin has let in does not decide who else is.
                return phrases(Say.TOAST_ADMINS_ONLY)
            new = await self._change(chat, lambda chat: chosen(chat, press) if of_alerts else changed(chat, press, catalogue))
            if new is None:
                return phrases(Say.TOAST_STALE)
            if of_alerts:
                page = alerts_page(new, phrases)
            else:
                page = settings_page(new, self._of(new, pressed), catalogue, group=pressed.in_group)
        await self._answering.delivery.edit(page, chat.id, pressed.message)
        return ""

    async def _change(self, chat: Chat, change: Callable[[Chat], Chat | None]) -> Chat | None:
        """Change a chat's settings as they are by now: another choice may have been made since they were read."""
        return await self._answering.records(lambda chats: chats.change_chat(chat.id, chat.kind, change))

    def _shown(self, pressed: Pressed) -> Page | None:
        """Return the page that a press opens; None for one that changes something."""
        chat, phrases, catalogue = pressed.chat, pressed.phrases, self._answering.catalogue
        match pressed.press.of, pressed.press.arguments:
            case "language", ():
                return languages_page(chat, phrases, catalogue)
            case "menu", _:
                return settings_page(chat, phrases, catalogue, group=pressed.in_group)
            case of, _ if of == ALERTS:
                return alerts_page(chat, phrases)
            case kind, (choose,) if kind in KINDS and choose == CHOOSE:
                return choices_page(chat, kind, phrases)
            case _:
                return None

    def _of(self, chat: Chat, pressed: Pressed) -> Phrases:
        """Return the phrases of the language that was just chosen."""
        return self._answering.phrases(chat, pressed.client)
