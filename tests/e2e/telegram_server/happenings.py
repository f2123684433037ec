"""What the bot does in a chat, kept until a test has looked at it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum

from tests.e2e.telegram_server.messages import Sent


class Kind(Enum):
    """What it did with a message."""

    SENT = "said"
    EDITED = "edited a message to"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that the bot did, and the message as it then was."""

    kind: Kind
    message: Sent


class Happenings:
    """All that no test has looked at yet, in order."""

    def __init__(self) -> None:
        self._waiting: list[Happening] = []
        self._more = asyncio.Event()

    def add(self, kind: Kind, message: Sent) -> None:
        """Keep something for whoever waits for it."""
        self._waiting.append(Happening(kind=kind, message=message))
        self._more.set()

    async def take(self, within: float, kind: Kind | None = None, message: int | None = None) -> Happening:
        """Take the first that is of a kind, and is about a message, where these are given. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                for happening in self._waiting:
                    if kind in {None, happening.kind} and message in {None, happening.message.id}:
                        self._waiting.remove(happening)
                        return happening
                self._more.clear()
                await self._more.wait()
