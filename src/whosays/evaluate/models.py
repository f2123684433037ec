"""The models that are measured, loaded when a benchmark first needs them and once for all benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from whosays.attribution.find import Finder
from whosays.attribution.listed import ActorsFile
from whosays.config import Settings, sqlite_address
from whosays.crossencoder import CrossEncoder
from whosays.encode import Encoder
from whosays.engine import Engine
from whosays.ingest import FindClaims, ingest
from whosays.parts import load_encoder, load_finder, load_reader, open_corpus
from whosays.types import IngestReport, Reading


class Models:
    """Encoder, reader and finder of these settings; all may raise ModelError."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def encoder(self) -> Encoder:
        """What makes vectors."""
        return load_encoder(self._settings)

    @cached_property
    def reader(self) -> CrossEncoder:
        """What reads claims with a question."""
        return load_reader(self._settings)

    @cached_property
    def finder(self) -> Finder:
        """What finds claims."""
        return load_finder(self._settings)

    @contextmanager
    def reading(self, readings: Iterator[Reading], scratch: Path, find: FindClaims) -> Iterator[tuple[Engine, IngestReport]]:
        """Give an engine over a new store in the folder `scratch` that holds just these articles, and how their ingest went."""
        corpus = open_corpus(sqlite_address(scratch / "store.db"), self.encoder)
        with Engine(
            corpus=corpus,
            encoder=self.encoder,
            load_reader=lambda: self.reader,
            load_finder=lambda: self.finder,
            actors=ActorsFile(self._settings.actors).now,
        ) as engine:
            yield engine, ingest(readings, corpus, self.encoder, find)
