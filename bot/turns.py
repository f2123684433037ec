"""Whose turn it is at a message: edits of one question, or presses under one answer, one after the other as they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

#: A message by its chat and its number there.
Place = tuple[int, int]


@dataclass(slots=True)
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    came: int = 0
    there: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One's turn, `number` counting who came."""

    _line: _Line
    number: int

    @property
    def last(self) -> bool:
        """Whether nobody has come since: what somebody who comes later replaces need not be done any more."""
        return self.number == self._line.came


class Turns:
    """The lines at all messages. A place in one is had from the moment at which the block is entered, before it waits."""

    def __init__(self) -> None:
        self._lines: dict[Place, _Line] = {}

    @asynccontextmanager
    async def turn(self, place: Place) -> AsyncIterator[Turn]:
        """Wait for one's turn, and have it for as long as the block lasts."""
        line = self._lines.setdefault(place, _Line())
        line.came += 1
        line.there += 1
        turn = Turn(line, line.came)
        try:
            async with line.lock:
                yield turn
        finally:
            line.there -= 1
            if not line.there:
                del self._lines[place]
