"""What is kept, and how to have it deleted: /privacy, /forget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.markup import Button, Page
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import render_phrase

_ME, _GROUP, _NOTHING = "me", "group", "no"


class Privacy:
    """Says what is kept and deletes it."""

    def __init__(self, answering: Answering, permission: Permission) -> None:
        self._answering = answering
        self._permission = permission

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"privacy": self.privacy, "forget": self.forget}

    @property
    def handlers(self) -> Mapping[Does, PressHandler]:
        """What the buttons do."""
        return {Does.FORGET: self._press}

    async def privacy(self, visit: Visit) -> None:
        """Say what is kept, and how much of it: of a group all of it, for what is kept of a person is shown to him alone."""
        asked, phrases = visit.asked, visit.phrases
        if asked.private:
            kept = await self._answering.records(lambda chats: chats.kept_of_person(asked.person))
            counts = phrases(
                Say.PRIVACY_COUNTS, cards=kept.cards, followed=kept.followed, reports=kept.reports, settings=kept.settings
            )
        else:
            kept = await self._answering.records(lambda chats: chats.kept_of_chat(asked.chat))
            counts = phrases(Say.PRIVACY_COUNTS_GROUP, cards=kept.cards, followed=kept.followed, settings=kept.settings)
        await self._answering.say(visit, *render_phrase(phrases(Say.PRIVACY), counts, phrases(Say.PRIVACY_HOW)))

    async def forget(self, visit: Visit) -> None:
        """Ask whether all is to be deleted: it cannot be brought back."""
        await self._answering.say(visit, _question(visit.phrases, group=visit.asked.in_group))

    async def _press(self, pressed: Pressed) -> str:
        """Delete what is kept of whoever presses, or (an admin) of the group."""
        phrases, records, under_way = pressed.phrases, self._answering.records, self._answering.under_way
        match pressed.press.of:
            case "me":
                under_way.forget(pressed.person)
                await records(lambda chats: chats.forget_person(pressed.person))
                said = Say.FORGOTTEN
            case "group" if pressed.in_group:
                if not await self._permission.is_admin(pressed):
                    return phrases(Say.TOAST_ADMINS_ONLY)
                under_way.forget(pressed.chat.id)
                await records(lambda chats: chats.forget_chat(pressed.chat.id))
                said = Say.FORGOTTEN_GROUP
            case "no":
                said = Say.NOT_FORGOTTEN
            case _:
                return phrases(Say.TOAST_STALE)
        if pressed.in_group and said is Say.FORGOTTEN:
            # The question stays for the others: it was answered for this person alone.
            return phrases(said)
        await self._answering.delivery.edit(render_phrase(phrases(said))[0], pressed.chat.id, pressed.message)
        return ""


def _question(phrases: Phrases, *, group: bool) -> Page:
    def button(say: Say, what: str) -> tuple[Button, ...]:
        return (Button(text=phrases(say), data=Press(Does.FORGET, what).data),)

    of_group = [button(Say.BUTTON_FORGET_GROUP, _GROUP)] if group else []
    buttons = (button(Say.BUTTON_FORGET, _ME), *of_group, button(Say.BUTTON_KEEP, _NOTHING))
    return replace(render_phrase(phrases(Say.FORGET_GROUP if group else Say.FORGET))[0], buttons=buttons)
