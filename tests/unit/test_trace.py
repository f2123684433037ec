"""What a piece of work takes, stage by stage, in coroutines and threads; and nothing where nobody follows it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from whosays.observe.trace import Stage, Trace, carried, current, following, note, spent, stage


def test_where_nobody_follows_nothing_is_kept() -> None:
    with stage(Stage.ENCODE):
        note(outcome="disputed")
        spent(Stage.WAIT, 1.0)
    assert current() is None


def test_what_a_stage_takes_is_added_to_what_it_took_before() -> None:
    with following(Trace(names={"update": 1})) as trace:
        for _ in range(2):
            with stage(Stage.SEARCH):
                time.sleep(0.01)
    assert 0.02 <= trace.stages[Stage.SEARCH] <= trace.seconds
    assert list(trace.stages) == [Stage.SEARCH]


def test_a_stage_that_fails_has_taken_its_time_as_well() -> None:
    with following(Trace(names={})) as trace:
        try:
            with stage(Stage.JUDGE):
                raise KeyError
        except KeyError:
            pass
    assert Stage.JUDGE in trace.stages


def test_a_thread_is_followed_that_the_work_was_carried_to() -> None:
    def work() -> None:
        with stage(Stage.ENCODE):
            note(outcome="nothing")

    with ThreadPoolExecutor(1) as threads, following(Trace(names={})) as trace:
        threads.submit(work).result()
        assert trace.stages == {}
        threads.submit(carried(work)).result()
    assert list(trace.stages) == [Stage.ENCODE]
    assert trace.notes == {"outcome": "nothing"}


async def test_pieces_of_work_side_by_side_are_told_apart() -> None:
    async def work(number: int) -> Trace:
        with following(Trace(names={"update": number})) as trace:
            await asyncio.sleep(0.01)
            note(outcome=str(number))
        return trace

    traces = await asyncio.gather(work(1), work(2))
    assert [trace.notes["outcome"] for trace in traces] == ["1", "2"]
