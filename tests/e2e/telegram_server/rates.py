"""How fast Telegram lets a bot write (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages in so many seconds."""

    most: int
    seconds: float
    what: str


OVERALL = Limit(most=30, seconds=1, what="a second over all")
BURST = Limit(most=4, seconds=1, what="a second in one chat")
GROUP = Limit(most=20, seconds=60, what="a minute in one group")


class Meter:
    """Counts messages and edits."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: dict[tuple[Limit, int], deque[float]] = defaultdict(deque)

    def count(self, chat: int) -> list[str]:
        """Count a message in a chat, and return the limits that it breaks, as faults of the bot."""
        limits = [(OVERALL, 0), (BURST, chat), *([(GROUP, chat)] if chat < 0 else [])]
        return [f"chat {chat}: more than {limit.most} messages {limit.what}" for limit, key in limits if self._over(limit, key)]

    def _over(self, limit: Limit, key: int) -> bool:
        now, times = self._clock(), self._times[limit, key]
        times.append(now)
        while times[0] <= now - limit.seconds:
            times.popleft()
        return len(times) > limit.most
