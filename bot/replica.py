"""Several bots over one store: which of them this one is, what it has to answer, and what only one of them does.

Each has a place that no other one has at the same time, the first that is free: one that is started again has the place of
before, and goes on at once with what it had not answered. What the others have not answered is theirs, until they have not been
heard of for a while.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.records import Records
from whosays.chats import Chats
from whosays.errors import StoreError
from whosays.updates import Hold

_log = logging.getLogger(__name__)

#: How often a bot says that it goes on holding what it has, and when what it has not answered is another one's.
HEARTBEAT, PATIENCE = timedelta(seconds=2), timedelta(seconds=10)
_PLACES = tuple(f"bot-{number}" for number in range(1, 65))


class Replica:
    """One of the bots over a store."""

    def __init__(self, records: Records[Chats], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._records = records
        self._now = now
        self._name = secrets.token_hex(6)
        #: Where the store does not say, it is as it was: one bot alone goes on doing all of it.
        self._leads = True

    async def join(self) -> None:
        """Take a place; whatever is held there is of a process that is gone, and free."""
        try:
            self._name = await self._records(self._first_free)
            await self.leave()
        except StoreError:
            _log.exception("which of several bots this one is cannot be kept")

    async def leads(self) -> bool:
        """Say whether this bot is the one that does what only one does: while it has the first place, it is."""
        try:
            self._leads = await self._records(lambda chats: chats.alone(_PLACES[0]))
        except StoreError:
            _log.exception("which of several bots goes first cannot be read")
        return self._leads

    def hold(self) -> Hold:
        """Return what says in the store that something is this bot's to answer."""
        now = self._now()
        return Hold(holder=self._name, now=now, until=now + PATIENCE)

    async def go_on_holding(self, anything: Callable[[], bool]) -> None:
        """Say again and again, until cancelled, that this bot is there, and goes on with what it has to answer."""
        while True:
            await asyncio.sleep(HEARTBEAT.total_seconds())
            try:
                await self._records(lambda chats: self._be_there(chats, holding=anything()))
            except StoreError:
                _log.exception("what this bot has to answer may be answered by another one")

    async def leave(self) -> None:
        """Leave what this bot has not answered to the others. Raises StoreError."""
        await self._records(lambda chats: chats.release(self._name))

    def _be_there(self, chats: Chats, *, holding: bool) -> None:
        if self._name in _PLACES:
            # A server that was started again knows nobody's place: the next bot to start would take this one's.
            chats.alone(self._name)
        if holding:
            chats.go_on_holding(self.hold())

    def _first_free(self, chats: Chats) -> str:
        return next((place for place in _PLACES if chats.alone(place)), self._name)
