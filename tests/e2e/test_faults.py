"""Followed topics under fire, briefly: `bench/faults.py` does the same a hundred times over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.faults import FAULTS, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="each outlet has an address of the loopback network of its own")


@pytest.mark.parametrize("name", FAULTS)
async def test_under_fire_every_chat_is_told_of_every_article_and_hardly_ever_twice(
    name: str, tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOSAYS_CACHE", str(model_cache))
    toll = await run(name, tmp_path, times=2)
    assert toll.articles
    assert toll.faults == ()
    assert toll.lost == 0
    assert toll.doubled <= toll.allowed
