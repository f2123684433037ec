"""What every process stands on that talks to Telegram: a token, the stores, requests, and what sending shows of chats."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Self

from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from bot.records import Records
from whosays.chats import Chats, ChatState
from whosays.config import Settings
from whosays.errors import ConfigError, StoreError
from whosays.feeds import Feeds
from whosays.outbox import Outbox
from whosays.parts import open_feeds, open_outbox

_log = logging.getLogger(__name__)

#: Chats served at a time; the engine's threads are counted apart.
CONCURRENT_UPDATES = 256


def token_of(settings: Settings) -> str:
    """Return the bot's token. Raises ConfigError where there is none."""
    if settings.telegram_bot_token is None:
        raise ConfigError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it there")
    return settings.telegram_bot_token


def builder(settings: Settings, request: BaseRequest) -> ApplicationBuilder[Any, Any, Any, Any, Any, Any]:
    """Return what makes the application. Raises ConfigError where there is no token."""
    api = settings.telegram_api_url
    made = Application.builder().token(token_of(settings)).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot")
    return made.request(request).updater(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What is kept of chats, of feeds, and of news that waits, for coroutines. The store of chats is the caller's to close."""

    records: Records[Chats]
    feeds: Records[Feeds]
    outbox: Records[Outbox]

    @classmethod
    def open(cls, address: str, chats: Chats) -> Self:
        """Open the others beside that of chats. Raises as `open_feeds` does."""
        return cls(records=Records(chats), feeds=Records(open_feeds(address)), outbox=Records(open_outbox(address)))

    async def close(self) -> None:
        """Let go of them."""
        self.records.close()
        await self.feeds(lambda feeds: feeds.close())
        self.feeds.close()
        await self.outbox(lambda outbox: outbox.close())
        self.outbox.close()


class ChatStates:
    """Keeps what sending shows of chats: that one takes no messages, or is a supergroup now."""

    def __init__(self, records: Records[Chats]) -> None:
        self._records = records

    async def shut(self, chat: int) -> None:
        """Note that a chat takes no messages."""

        def note(chats: Chats) -> None:
            known = chats.chat(chat)
            chats.set_state(chat, known.kind if known else _kind(chat), ChatState.SHUT)

        try:
            await self._records(note)
        except StoreError:
            _log.exception("that chat %s takes no messages cannot be kept", chat)

    async def migrated(self, old: int, new: int) -> None:
        """Note that a group is a supergroup now."""
        try:
            await self._records(lambda chats: chats.migrate(old, new))
        except StoreError:
            _log.exception("that group %s has become %s cannot be kept", old, new)


def _kind(chat: int) -> str:
    """Return what a chat is by its id alone; channels, to which nothing is sent unasked, are numbered like supergroups."""
    if chat > 0:
        return "private"
    return "supergroup" if chat <= -1_000_000_000_000 else "group"
