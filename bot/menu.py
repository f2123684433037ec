"""What Telegram offers when somebody types a slash: for private chats, groups, their admins and operators, in each language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.phrases import FALLBACK, Catalogue, Phrases, Say

_log = logging.getLogger(__name__)

_GROUP = ("ask", "summary", "sides", "timeline", "following", "sources", "privacy", "forget", "help")
_ADMIN = (*_GROUP[:4], "follow", "following", "unfollow", "sources", "settings", "privacy", "forget", "help")
_PRIVATE = _ADMIN
_OPERATOR = (*_PRIVATE, "add", "feeds", "stats")
#: Between calls: a start must not use up what answers may need.
_PACE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Menu:
    """A list of commands, where it is offered, and to people of which language; None: to all for whom there is no other."""

    commands: tuple[BotCommand, ...]
    scope: BotCommandScope
    language: str | None


def menus(catalogue: Catalogue, operators: Iterable[int]) -> Iterator[Menu]:
    """Yield all menus."""
    scopes = [
        (BotCommandScopeDefault(), _PRIVATE),
        (BotCommandScopeAllGroupChats(), _GROUP),
        (BotCommandScopeAllChatAdministrators(), _ADMIN),
        *((BotCommandScopeChat(operator), _OPERATOR) for operator in sorted(operators)),
    ]
    for language, phrases in catalogue.phrases.items():
        for scope, names in scopes:
            yield Menu(_commands(names, phrases), scope, None if language == FALLBACK else language)


async def offer(bot: Bot, catalogue: Catalogue, operators: Iterable[int], stop: asyncio.Event) -> None:
    """Have Telegram offer them; what it refuses (an operator who never wrote to the bot) is left out."""
    for menu in menus(catalogue, operators):
        if stop.is_set():
            return
        try:
            await bot.set_my_commands(menu.commands, menu.scope, menu.language)
        except TelegramError as error:
            _log.warning("a menu of commands could not be set: %s", error)
        await asyncio.sleep(_PACE_SECONDS)


def _commands(names: Iterable[str], phrases: Phrases) -> tuple[BotCommand, ...]:
    return tuple(BotCommand(name, phrases(Say(f"command.{name}"))) for name in names)
