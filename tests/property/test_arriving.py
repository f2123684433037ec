"""Telegram counts messages as they arrive: however long each is on its way, there and back, no limit is broken."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.pace import Pace
from tests.fake_time import FakeTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message: when it is there, for which chat, and the seconds until it arrives and until its answer does."""

    at: float
    chat: int
    alert: bool
    there: float
    back: float


#: Mostly as usual, and now and then as long as a stall.
WAYS = st.one_of(st.sampled_from([0.0, 0.03, 0.2]), st.floats(0, 0.3), st.floats(0, 8))
SENDINGS = st.builds(
    Sending,
    at=st.floats(0, 4),
    chat=st.one_of(st.integers(1, 60), st.integers(-4, -1)),
    alert=st.booleans(),
    there=WAYS,
    back=WAYS,
)
#: All that leaves in the first five seconds arrives at once, as after a stall.
STALLED = tuple(
    Sending(at=0, chat=chat, alert=chat % 3 == 0, there=max(5 - chat * 0.04, 0.02), back=0.01) for chat in range(1, 200)
)


async def arrivals(sendings: Sequence[Sending]) -> list[tuple[float, int]]:
    """Return when the messages arrive, and in which chat, in order."""
    fake = FakeTime()
    pace, arrived = Pace(fake.clock, fake.sleep), list[tuple[float, int]]()

    async def send(one: Sending) -> None:
        await fake.sleep(one.at)
        async with AsyncExitStack() as turns:
            ways: list[AbstractAsyncContextManager[None]]
            ways = [pace.spare_turn(one.chat)] if one.alert else [pace.turn(one.chat), pace.place(one.chat)]
            for way in ways:
                await turns.enter_async_context(way)
            await fake.sleep(one.there)
            arrived.append((fake.now, one.chat))
            await fake.sleep(one.back)

    running = asyncio.create_task(fake.run())
    await asyncio.gather(*map(send, sendings))
    running.cancel()
    return arrived


def most_within(seconds: float, times: Sequence[float]) -> int:
    """Return how many fall into the fullest stretch of that length, less its end."""
    return max((bisect_left(times, start + seconds) - index for index, start in enumerate(times)), default=0)


@settings(max_examples=60, deadline=None)
@given(sendings=st.lists(SENDINGS, min_size=20, max_size=150))
@example(sendings=list(STALLED))
def test_however_long_messages_are_on_their_way_no_second_has_more_than_thirty_and_no_chat_too_many(
    sendings: list[Sending],
) -> None:
    arrived = asyncio.run(arrivals(sendings))
    assert len(arrived) == len(sendings)
    assert most_within(1, [at for at, _ in arrived]) <= 30
    chats = defaultdict[int, list[float]](list)
    for at, chat in arrived:
        chats[chat].append(at)
    for chat, times in chats.items():
        assert most_within(1, times) <= 4
        assert chat > 0 or most_within(60, times) <= 20
