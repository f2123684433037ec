"""How fast a chat may be written to, and how much one may ask: Telegram's limits, kept before they are enforced, and our own.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: no more than one message a second in a chat, save
for short bursts; 20 a minute in a group; 30 a second over all. python-telegram-bot's AIORateLimiter does not pace private chats
and, while one chat has to wait, holds back all.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto

_KEPT_CHATS = 1000
#: How often an alert looks whether the answers have let it a place: soon enough for news, and seldom enough for thousands.
_LOOK_AGAIN = timedelta(seconds=0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` messages at once, then one after each `interval`; `reserved` of the burst are for answers, and not for alerts."""

    burst: int
    interval: timedelta
    reserved: int = 0


#: In any chat.
CHAT = Rate(burst=3, interval=timedelta(seconds=1), reserved=1)
#: In a group besides: at most 10 + 10 in any minute.
GROUP = Rate(burst=10, interval=timedelta(seconds=6), reserved=4)
#: At most 5 + 25 in any second.
OVERALL = Rate(burst=5, interval=timedelta(seconds=0.04), reserved=2)


class Meter:
    """Counts messages against a rate. Times are seconds of one monotonic clock."""

    def __init__(self, rate: Rate) -> None:
        self._interval = rate.interval.total_seconds()
        self._slack = (rate.burst - 1) * self._interval
        self._next = float("-inf")

    def take(self, now: float) -> float:
        """Take the next place and return the seconds to wait for it (the "virtual scheduling" of ATM's generic cell rate)."""
        wait = self.wait(now)
        self._next = max(self._next, now) + self._interval
        return wait

    def wait(self, now: float, leaving: int = 0) -> float:
        """Return the seconds until a place can be had that leaves so many others (fewer than the burst)."""
        return max(0.0, self._next + leaving * self._interval - self._slack - now)

    def hold(self, until: float) -> None:
        """Let nothing through before a time, and one after the other from then on."""
        self._next = max(self._next, until + self._slack)

    def idle(self, now: float) -> bool:
        """Say whether it remembers nothing that matters any more."""
        return self._next <= now


class Crowd:
    """Counts the answers under way in each chat, so that one that floods the bot does not take up all of it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way: Counter[int] = Counter()

    @contextmanager
    def place(self, chat: int) -> Iterator[bool]:
        """Take a place for as long as the block lasts; the value is False where the chat has had them all."""
        if self._under_way[chat] >= self._most:
            yield False
            return
        self._under_way[chat] += 1
        try:
            yield True
        finally:
            self._under_way[chat] -= 1
            if not self._under_way[chat]:
                del self._under_way[chat]


class Spent(Enum):
    """Whose questions are used up."""

    PERSON = auto()
    CHAT = auto()


class Quota:
    """How many questions a person may ask in a chat, and all of a chat together.

    `person` and `chat` are questions a minute: so many at once, and whoever has used them up gets another one each 80/n seconds
    (of 8 a minute, each ten seconds), three quarters of the pace, so that a flood is not worth while.
    """

    def __init__(self, *, person: int, chat: int, clock: Callable[[], float], kept: int = 10_000) -> None:
        self._person, self._chat = (Rate(burst=count, interval=timedelta(seconds=80 / count)) for count in (person, chat))
        self._clock = clock
        self._kept = kept
        self._meters: OrderedDict[Hashable, Meter] = OrderedDict()
        self._told: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, person: int, chat: int) -> timedelta | None:
        """Count a question; return None where it may be answered, else how long to wait until the next one may."""
        now = self._clock()
        meters = self._meters_of(person, chat)
        wait = max(meter.wait(now) for meter in meters)
        if wait > 0:
            return timedelta(seconds=wait)
        for meter in meters:
            meter.take(now)
        return None

    def told(self, person: int, chat: int) -> Spent | None:
        """Note that whoever has to wait is being told so, and return whose questions are used up.

        None where he, or all of the chat, has been told in this wait. In a private chat they are always the person's.
        """
        now = self._clock()
        own, whole = (meter.wait(now) for meter in self._meters_of(person, chat))
        spent = Spent.CHAT if whole >= own and person != chat else Spent.PERSON
        waits_for: Hashable = (spent, chat) if spent is Spent.CHAT else (spent, person, chat)
        if self._told.get(waits_for, now) > now:
            return None
        self._told[waits_for] = now + max(own, whole)
        self._told.move_to_end(waits_for)
        if len(self._told) > self._kept:
            self._told.popitem(last=False)
        return spent

    def _meters_of(self, person: int, chat: int) -> tuple[Meter, Meter]:
        return self._meter(("person", person), self._person), self._meter(("chat", chat), self._chat)

    def _meter(self, key: Hashable, rate: Rate) -> Meter:
        meter = self._meters.setdefault(key, Meter(rate))
        self._meters.move_to_end(key)
        # Whoever was heard of longest ago begins anew: with so many others since, there is little to remember of him.
        if len(self._meters) > self._kept:
            self._meters.popitem(last=False)
        return meter


@dataclass(slots=True)
class _Line:
    """Who waits for a chat: `lock` is held by whoever's turn it is, `wanted` counts him and those who wait for it."""

    rates: tuple[Rate, ...]
    meters: tuple[Meter, ...]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0

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
        return all(meter.idle(now) for meter in self.meters)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        self.wanted += 1
        try:
            async with self.lock:
                yield
        finally:
            self.wanted -= 1


class Pace:
    """Whose turn it is, chat by chat: one chat's waiting holds no other back, and alerts wait while answers do.

    `clock` gives seconds, `sleep` waits for so many of them.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._overall = Meter(OVERALL)
        self._answers_waiting = 0
        self._lines: dict[int, _Line] = {}

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Have a chat to oneself: the pages of two answers do not mix."""
        async with self._line(chat).turn():
            yield

    async def wait(self, chat: int) -> None:
        """Wait, in one's turn, until a message may be sent to the chat."""
        line = self._line(chat)
        await self._until_free(line)
        self._answers_waiting += 1
        try:
            await self._sleep(self._overall.take(self._clock()))
        finally:
            self._answers_waiting -= 1
        # Telegram may have asked for a pause meanwhile.
        await self._until_free(line)
        line.take(self._clock())

    @asynccontextmanager
    async def spare_turn(self, chat: int) -> AsyncIterator[None]:
        """Have a chat to oneself and send one message, once no answer wants its turn and places are left for those to come."""
        while (pause := self._spare(chat)) > 0:
            await self._sleep(pause)
        line, now = self._line(chat), self._clock()
        line.take(now)
        self._overall.take(now)
        # Nobody wants it, so this does not wait, and nobody comes between.
        async with line.turn():
            yield

    def hold(self, chat: int, pause: timedelta) -> None:
        """Let nothing through to the chat for so long: Telegram has said so."""
        for meter in self._line(chat).meters:
            meter.hold(self._clock() + pause.total_seconds())

    def held(self, chat: int) -> bool:
        """Say whether a message to the chat would have to wait."""
        return self._line(chat).wait(self._clock()) > 0

    async def _until_free(self, line: _Line) -> None:
        while (pause := line.wait(self._clock())) > 0:
            await self._sleep(pause)

    def _spare(self, chat: int) -> float:
        """Return the seconds after which an alert may look again; 0 where it may be sent."""
        line, now = self._line(chat), self._clock()
        wait = max(line.spare(now), self._overall.wait(now, OVERALL.reserved))
        if wait <= 0 and (line.wanted or self._answers_waiting):
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
        self._lines = {chat: line for chat, line in self._lines.items() if line.wanted or not line.idle(now)}
