"""The demo articles, read once with the real models and put into a store of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.postgres import Server
from whosays.attribution.listed import ActorsFile
from whosays.config import Settings, sqlite_address
from whosays.engine import Engine
from whosays.outbox import News
from whosays.parts import load_encoder, load_finder, load_reader
from whosays.reading import read
from whosays.store.corpus import Indexed, Outcome
from whosays.store.sql_corpus import SqlCorpus


class _Twice(SqlCorpus):
    """A store that puts what it is given into another one, too."""

    other: SqlCorpus

    def put(self, indexed: Indexed, news: News | None = None) -> Outcome:
        self.other.put(indexed, news)
        return super().put(indexed, news)


@pytest.fixture(scope="session")
def settings(model_cache: Path) -> Settings:
    return replace(Settings.from_environment({}), cache_folder=model_cache)


@pytest.fixture(scope="session")
def addresses(settings: Settings, tmp_path_factory: pytest.TempPathFactory, postgres_server: Server) -> Iterator[tuple[str, str]]:
    """The addresses of two stores that hold the demo articles: in SQLite, and in PostgreSQL."""
    address = sqlite_address(tmp_path_factory.mktemp("demo") / "whosays.db")
    encoder, actors = load_encoder(settings), ActorsFile(settings.actors).now
    with postgres_server.store() as other:
        corpus = _Twice.open(address, encoder)
        with closing(SqlCorpus.open(other, encoder)) as corpus.other:
            reads, finds = partial(load_reader, settings), partial(load_finder, settings)
            with Engine(corpus=corpus, encoder=encoder, load_reader=reads, load_finder=finds, actors=actors) as engine:
                report = engine.ingest(read([str(settings.demo_corpus)]))
        assert not report.refused
        assert report.added
        yield address, other


@pytest.fixture(scope="session")
def engine(settings: Settings, addresses: tuple[str, str]) -> Iterator[Engine]:
    with Engine.open(replace(settings, store=addresses[0])) as engine:
        yield engine


@pytest.fixture(scope="session")
def engine_over_postgres(settings: Settings, addresses: tuple[str, str]) -> Iterator[Engine]:
    with Engine.open(replace(settings, store=addresses[1])) as engine:
        yield engine
