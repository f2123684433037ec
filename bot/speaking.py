"""What every message of the bot needs, asked for or not: its chat's settings, the words of its language, and what delivers it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.deliver import Delivery
from bot.phrases import Catalogue, Phrases
from bot.records import Records
from whosays.chats import Chat, Chats
from whosays.errors import StoreError

_log = logging.getLogger(__name__)


class Speaking:
    """Knows how to speak to chats."""

    def __init__(self, *, records: Records[Chats], delivery: Delivery, catalogue: Catalogue, now: Callable[[], datetime]) -> None:
        self.records = records
        self.delivery = delivery
        self.catalogue = catalogue
        self.now = now

    async def chat(self, id: int, kind: str) -> Chat:
        """Return a chat's settings; those of every chat where it has chosen none, or the store does not answer."""
        try:
            return await self.records(lambda chats: chats.chat(id)) or Chat(id=id, kind=kind)
        except StoreError:
            _log.exception("the settings of chat %s cannot be read", id)
            return Chat(id=id, kind=kind)

    def phrases(self, chat: Chat, client: str | None) -> Phrases:
        """Return the phrases of a chat's language, else of that of a person's program."""
        return self.catalogue.of(chat.language or client)
