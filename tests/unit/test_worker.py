from __future__ import annotations

import asyncio
from threading import Event

import pytest

from bot.worker import BusyError, Worker
from tests.patience import PATIENCE


async def test_work_beyond_threads_and_queue_is_refused_at_once_until_there_is_room() -> None:
    go_on = Event()
    worker = Worker(workers=1, queue=1)
    try:
        taken = [asyncio.create_task(worker.run(lambda: go_on.wait(PATIENCE))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await worker.run(lambda: True)
        go_on.set()
        assert await asyncio.gather(*taken) == [True, True]
        assert await worker.run(lambda: "again") == "again"
    finally:
        worker.close()


async def test_what_the_work_raises_comes_out_and_frees_its_place() -> None:
    def fail() -> None:
        raise KeyError("x")

    worker = Worker(workers=1, queue=0)
    try:
        for _ in range(3):
            with pytest.raises(KeyError):
                await worker.run(fail)
    finally:
        worker.close()


async def test_work_whose_asker_is_gone_holds_its_place_until_it_is_done() -> None:
    begun, go_on = Event(), Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(PATIENCE)

    worker = Worker(workers=1, queue=0)
    try:
        asked = asyncio.create_task(worker.run(work))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        with pytest.raises(BusyError):
            await worker.run(lambda: True)
    finally:
        go_on.set()
        worker.close()
