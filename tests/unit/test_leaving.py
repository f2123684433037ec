"""The door through which alerts leave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import leaving
from bot.leaving import Leaving


def sends(events: list[str], number: int, until: asyncio.Event | None = None) -> Callable[[], Awaitable[int]]:
    async def post() -> int:
        events.append(f"sent {number}")
        if until is not None:
            await until.wait()
        return number

    return post


def notes(events: list[str], until: asyncio.Event | None = None) -> Callable[[int], Awaitable[None]]:
    async def note(message: int) -> None:
        if until is not None:
            await until.wait()
        events.append(f"noted {message}")

    return note


async def test_nobody_leaves_before_the_one_before_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "HELD_UP", leaving.HELD_UP / 100)
    door, events, gone = Leaving(), list[str](), asyncio.Event()
    first = asyncio.create_task(door.leave(sends(events, 1), notes(events, gone)))
    second = asyncio.create_task(door.leave(sends(events, 2), notes(events)))
    await asyncio.sleep(0.1)
    assert events == ["sent 1"]
    gone.set()
    assert (await first, await second) == (1, 2)
    assert events == ["sent 1", "noted 1", "sent 2", "noted 2"]


async def test_one_that_is_held_up_lets_the_others_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "HELD_UP", leaving.HELD_UP / 100)
    door, events, answered = Leaving(), list[str](), asyncio.Event()
    first = asyncio.create_task(door.leave(sends(events, 1, answered), notes(events)))
    await asyncio.sleep(0)
    assert await door.leave(sends(events, 2), notes(events)) == 2
    answered.set()
    assert await first == 1
    assert events == ["sent 1", "sent 2", "noted 2", "noted 1"]


async def test_one_that_fails_lets_the_next_one_by() -> None:
    async def fails() -> int:
        raise ValueError("no")

    door, events = Leaving(), list[str]()
    with pytest.raises(ValueError, match="no"):
        await door.leave(fails, notes(events))
    assert await door.leave(sends(events, 2), notes(events)) == 2
