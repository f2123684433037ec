"""How fast things may follow each other, how many may be under way, and how much one may ask."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` messages at once, then one after each `interval`; `reserved` of the burst are for answers, and not for alerts."""

    burst: int
    interval: timedelta
    reserved: int = 0


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
