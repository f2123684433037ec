"""Followed topics under fire, briefly: `bench/faults.py` does the same a hundred times over."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bench.faults import Toll, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="each outlet has an address of the loopback network of its own")

#: What is tried, side by side: most of its time each waits.
FAULTS = ("poller killed", "bot killed", "worker killed", "no answer", "disk full", "garbage")
TIMES, SIDE_BY_SIDE = 2, 3


async def test_under_fire_every_chat_is_told_of_every_article_and_hardly_ever_twice(
    tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOSAYS_CACHE", str(model_cache))
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(name: str) -> Toll:
        async with places:
            folder = tmp_path / name
            folder.mkdir()
            return await run(name, folder, TIMES)

    tolls = await asyncio.gather(*map(one, FAULTS))
    assert [toll for toll in tolls if not toll.good or not toll.alerts] == []
