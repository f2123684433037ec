"""Turns at a message."""

from __future__ import annotations

import asyncio

from bot.turns import Turns
from tests.patience import PATIENCE


async def test_turns_are_had_in_the_order_in_which_they_came_and_only_the_last_one_is_the_last() -> None:
    turns = Turns()
    had: list[tuple[int, bool]] = []

    async def come(number: int) -> None:
        async with turns.turn((1, 2)) as turn:
            had.append((number, turn.last))
            await asyncio.sleep(0)

    await asyncio.gather(*(come(number) for number in range(5)))
    assert had == [(0, True), (1, False), (2, False), (3, False), (4, True)]


async def test_who_comes_while_another_has_his_turn_ends_his_being_the_last() -> None:
    turns = Turns()
    async with turns.turn((1, 2)) as first:
        assert first.last
        waiting = asyncio.create_task(_pass(turns))
        await asyncio.sleep(0)
        assert not first.last
        async with turns.turn((1, 3)) as elsewhere:
            assert elsewhere.last
    await waiting


async def test_who_goes_while_he_waits_holds_nobody_up() -> None:
    turns = Turns()
    async with turns.turn((1, 2)):
        waiting = asyncio.create_task(_pass(turns))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(PATIENCE), turns.turn((1, 2)) as next_:
        assert next_.last


async def _pass(turns: Turns) -> None:
    async with turns.turn((1, 2)):
        pass
