"""How fast chats are written to: Telegram's limits, kept before they are enforced.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: no more than one message a second in a chat, save
for short bursts; 20 a minute in a group; 30 a second over all. python-telegram-bot's AIORateLimiter does not pace private chats
and, while one chat has to wait, holds back all.

Telegram counts a message when it arrives, which nobody here knows: some time between its leaving and the answer to it. In a chat
a message leaves once the one before is answered, so of those that arrive within a time all but the first have left within it.
Over all chats many are on their way at a time, so each has one of 30 places until a second after its answer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.limits import Meter, Rate

_KEPT_CHATS = 1000
#: How often one looks whether a place has become free of which nobody knows when it will: soon enough for news, and seldom enough
#: for thousands.
_LOOK_AGAIN = timedelta(seconds=0.1)

#: In any chat.
CHAT = Rate(burst=3, interval=timedelta(seconds=1), reserved=1)
#: In a group besides: at most 10 + 10 in any minute.
GROUP = Rate(burst=10, interval=timedelta(seconds=6), reserved=4)
#: At most 5 + 25 in any second.
OVERALL = Rate(burst=5, interval=timedelta(seconds=0.04), reserved=2)
#: So many may arrive within so long, over all chats.
_ARRIVING, _WITHIN = 30, timedelta(seconds=1)
#: Alerts that are under way at a time. They leave one by one (`leaving.py`): more would hold places that they cannot use yet, and
#: that answers want.
_ALERTS = 8


class Pace:
    """Whose turn it is, chat by chat: one chat's waiting holds no other back, and alerts wait while answers do.

    Some 25 messages leave in a second where requests take up to 0.2 s, and 15 where each takes a second. `clock` gives seconds,
    `sleep` waits for so many of them.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._overall = _Overall()
        #: Answers that wait for a place: whoever came first goes first.
        self._answers = asyncio.Lock()
        self._answers_waiting = 0
        self._alerts_under_way = 0
        self._lines: dict[int, _Line] = {}

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Have a chat to oneself: the pages of two answers do not mix."""
        async with self._line(chat).chat.turn():
            yield

    @asynccontextmanager
    async def place(self, chat: int) -> AsyncIterator[None]:
        """Wait, in one's turn, until a message may be sent to the chat; the block is the request, up to its answer."""
        await self._take_when_free(self._line(chat))
        with self._under_way():
            yield

    @asynccontextmanager
    async def spare_turn(self, chat: int) -> AsyncIterator[None]:
        """Have a chat to oneself and send one message, once no answer wants its turn and places are left for those to come.

        Of a chat's alerts the one that has waited longest goes first.
        """
        line = self._line(chat)
        async with line.alerts.turn():
            while (pause := self._spare(line)) > 0:
                await self._sleep(pause)
            self._take(line)
            self._alerts_under_way += 1
            try:
                with self._under_way():
                    # Nobody wants it, so this does not wait, and nobody comes between.
                    async with line.chat.turn():
                        yield
            finally:
                self._alerts_under_way -= 1

    def hold(self, chat: int, pause: timedelta) -> None:
        """Let nothing through to the chat for so long: Telegram has said so."""
        for meter in self._line(chat).meters:
            meter.hold(self._clock() + pause.total_seconds())

    def held(self, chat: int) -> bool:
        """Say whether a message to the chat would have to wait."""
        return self._line(chat).wait(self._clock()) > 0

    async def _take_when_free(self, line: _Line) -> None:
        while True:
            while (pause := line.wait(self._clock())) > 0:
                await self._sleep(pause)
            self._answers_waiting += 1
            try:
                async with self._answers:
                    while (pause := self._overall.wait(self._clock())) > 0:
                        await self._sleep(pause)
                    # Telegram may have asked for a pause meanwhile.
                    if line.wait(self._clock()) <= 0:
                        self._take(line)
                        return
            finally:
                self._answers_waiting -= 1

    def _take(self, line: _Line) -> None:
        now = self._clock()
        line.take(now)
        self._overall.take(now)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._overall.answered(self._clock())

    def _spare(self, line: _Line) -> float:
        """Return the seconds after which an alert may look again; 0 where it may be sent."""
        now = self._clock()
        wait = max(line.spare(now), self._overall.wait(now, OVERALL.reserved))
        if wait <= 0 and (line.chat.wanted or self._answers_waiting or self._alerts_under_way >= _ALERTS):
            return _LOOK_AGAIN.total_seconds()
        return wait

    def _line(self, chat: int) -> _Line:
        if chat not in self._lines:
            if len(self._lines) >= _KEPT_CHATS:
                self._forget()
            # Telegram gives groups and channels negative ids.
            rates = (CHAT, GROUP) if chat < 0 else (CHAT,)
            self._lines[chat] = _Line(rates, tuple(map(Meter, rates)))
        return self._lines[chat]

    def _forget(self) -> None:
        now = self._clock()
        self._lines = {chat: line for chat, line in self._lines.items() if not line.idle(now)}


class _Queue:
    """One at a time, whoever came first first; `wanted` counts whoever's turn it is and those who wait."""

    def __init__(self) -> None:
        self.wanted = 0
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        self.wanted += 1
        try:
            async with self._lock:
                yield
        finally:
            self.wanted -= 1


@dataclass(frozen=True, slots=True)
class _Line:
    """Who waits for a chat. Alerts wait in a queue of their own, until nobody wants the chat itself."""

    rates: tuple[Rate, ...]
    meters: tuple[Meter, ...]
    chat: _Queue = field(default_factory=_Queue)
    alerts: _Queue = field(default_factory=_Queue)

    def wait(self, now: float) -> float:
        """Return the seconds until an answer may be sent."""
        return max(meter.wait(now) for meter in self.meters)

    def spare(self, now: float) -> float:
        """Return the seconds until an alert may be sent."""
        return max(meter.wait(now, rate.reserved) for meter, rate in zip(self.meters, self.rates, strict=True))

    def take(self, now: float) -> None:
        for meter in self.meters:
            meter.take(now)

    def idle(self, now: float) -> bool:
        return not self.chat.wanted and not self.alerts.wanted and all(meter.idle(now) for meter in self.meters)


class _Overall:
    """All messages: at an even pace as they leave, and never too many as they arrive, however long each is on its way.

    Those that arrive within a second are all under way, or answered less than a second ago, when the last of them leaves.
    """

    def __init__(self) -> None:
        self._meter = Meter(OVERALL)
        self._under_way = 0
        #: When each place of a message that is answered becomes free, in order.
        self._free_at: deque[float] = deque()

    def wait(self, now: float, leaving: int = 0) -> float:
        """Return the seconds until a place can be had, or may be looked for again, that leaves so many others."""
        while self._free_at and self._free_at[0] <= now:
            self._free_at.popleft()
        wait = self._meter.wait(now, leaving)
        if (missing := self._under_way + len(self._free_at) + 1 + leaving - _ARRIVING) <= 0:
            return wait
        if missing > len(self._free_at):
            return max(wait, _LOOK_AGAIN.total_seconds())
        return max(wait, self._free_at[missing - 1] - now)

    def take(self, now: float) -> None:
        """Take a place."""
        self._meter.take(now)
        self._under_way += 1

    def answered(self, now: float) -> None:
        """Note that the answer to a message has come, or that none will."""
        self._under_way -= 1
        self._free_at.append(now + _WITHIN.total_seconds())
