"""How fast a chat may be written to: Telegram's limits, kept before they are enforced, and obeyed when they are.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: no more than one message a second in a chat, save
for short bursts; 20 a minute in a group; 30 a second over all. python-telegram-bot's AIORateLimiter does not pace private chats
and, while one chat has to wait, holds back all.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

_KEPT_CHATS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` messages at once, then one after each `interval`."""

    burst: int
    interval: timedelta


PRIVATE = Rate(burst=3, interval=timedelta(seconds=1))
#: At most 10 + 10 in any minute.
GROUP = Rate(burst=10, interval=timedelta(seconds=6))
#: At most 5 + 25 in any second.
OVERALL = Rate(burst=5, interval=timedelta(seconds=0.04))


class Meter:
    """Counts messages against a rate. Times are seconds of one monotonic clock."""

    def __init__(self, rate: Rate) -> None:
        self._interval = rate.interval.total_seconds()
        self._slack = (rate.burst - 1) * self._interval
        self._next = float("-inf")

    def take(self, now: float) -> float:
        """Take the next place and return the seconds to wait for it (the "virtual scheduling" of ATM's generic cell rate)."""
        due = max(self._next, now)
        self._next = due + self._interval
        return max(0.0, due - self._slack - now)

    def hold(self, until: float) -> None:
        """Let nothing through before a time, and one after the other from then on."""
        self._next = max(self._next, until + self._slack)

    def free(self, now: float) -> bool:
        """Say whether a place could be had without waiting."""
        return self._next - self._slack <= now

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


class Pace:
    """Whose turn it is, chat by chat: one chat's waiting holds no other back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._overall = Meter(OVERALL)
        self._chats: dict[int, tuple[asyncio.Lock, Meter]] = {}

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Have a chat to oneself: the pages of two answers do not mix."""
        lock, _ = self._chat(chat)
        async with lock:
            yield

    async def wait(self, chat: int) -> None:
        """Wait until a message may be sent to the chat."""
        _, meter = self._chat(chat)
        await asyncio.sleep(meter.take(self._clock()))
        await asyncio.sleep(self._overall.take(self._clock()))

    def hold(self, chat: int, pause: timedelta) -> None:
        """Let nothing through to the chat for so long: Telegram has said so."""
        _, meter = self._chat(chat)
        meter.hold(self._clock() + pause.total_seconds())

    def held(self, chat: int) -> bool:
        """Say whether a message to the chat would have to wait."""
        _, meter = self._chat(chat)
        return not meter.free(self._clock())

    def _chat(self, chat: int) -> tuple[asyncio.Lock, Meter]:
        if chat not in self._chats:
            if len(self._chats) >= _KEPT_CHATS:
                self._forget()
            # Telegram gives groups negative ids.
            self._chats[chat] = (asyncio.Lock(), Meter(GROUP if chat < 0 else PRIVATE))
        return self._chats[chat]

    def _forget(self) -> None:
        now = self._clock()
        self._chats = {chat: (lock, meter) for chat, (lock, meter) in self._chats.items() if lock.locked() or not meter.idle(now)}
