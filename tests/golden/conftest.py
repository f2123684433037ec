"""The demo articles, indexed once with the real models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from whosays.config import Settings, sqlite_address
from whosays.engine import Engine
from whosays.reading import read


@pytest.fixture(scope="session")
def engine(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = replace(Settings.from_environment({}), cache_folder=model_cache)
    store = sqlite_address(tmp_path_factory.mktemp("demo") / "whosays.db")
    with Engine.open(replace(settings, store=store)) as engine:
        report = engine.ingest(read([str(settings.demo_corpus)]))
        assert not report.refused
        assert report.added
        yield engine
