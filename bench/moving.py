"""Moving a store to PostgreSQL and back, and indexing one anew while questions are asked.

    ./run bench moving sqlite:///PATH

The store is copied first, and stays as it is. The server is started here, of the tests' binaries. The other model is a small BERT
of chance weights, or, for what a real one costs, the one that --encoder names.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench._made_store import QUESTIONS
from bench.table import Row, say
from tests import postgres, tiny_bert
from whosays.config import Settings
from whosays.engine import Engine
from whosays.store import moving
from whosays.types import Answer

NOW = datetime(2031, 6, 1, tzinfo=UTC)
_SECONDS = 15


def rows(store: str, encoder: str | None = None) -> list[Row]:
    """Return a row a move, and one of questions beside indexing anew, over a copy of the store at an address."""
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "from.db"
        given = Path(store.removeprefix("sqlite:///"))
        for file in given.parent.glob(f"{given.name}*"):
            shutil.copy(file, copied.with_name(file.name.replace(given.name, copied.name)))
        address = f"sqlite:///{copied}"
        settings = replace(Settings.from_environment(os.environ), store=address, threads=1)
        before = _answers(settings)
        with postgres.running() as server, server.database() as other:
            back = f"sqlite:///{folder}/back.db"
            there, again = _moved(address, other), _moved(other, back)
            same = _answers(replace(settings, store=other)) == _answers(replace(settings, store=back)) == before
        return [
            _move_row("SQLite to PostgreSQL", *there, same),
            _move_row("PostgreSQL to SQLite", *again, same),
            _beside(settings, encoder or str(tiny_bert.write(Path(folder) / "tiny"))),
        ]


def _answers(settings: Settings) -> list[Answer]:
    with Engine.open(settings) as engine:
        return [engine.ask(question, NOW) for question in QUESTIONS]


def _moved(source: str, target: str) -> tuple[moving.Moved, float]:
    began = time.perf_counter()
    return moving.move_store(source, target, lambda step: None), time.perf_counter() - began


def _move_row(what: str, moved: moving.Moved, seconds: float, same: bool) -> Row:
    count = sum(table.rows for table in moved.tables)
    return Row(
        what=f"migrate, {what}: {count:,} rows, {moved.vectors:,} vectors",
        ours=f"{seconds:.1f} s",
        against=f"answers to {len(QUESTIONS)} questions {'equal' if same else 'NOT equal'}",
        ratio=None,
        wanted="equal answers",
        met=same,
    )


def _beside(settings: Settings, encoder: str) -> Row:
    """Ask alone, then while the store is indexed anew in another process, until it has gone over."""
    with Engine.open(settings) as engine:
        until = time.perf_counter() + _SECONDS
        alone = _asked(engine, lambda: time.perf_counter() > until)
        began = time.perf_counter()
        command = [sys.executable, "-m", "whosays", "reindex", "--store", settings.store, "--encoder", encoder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            beside = _asked(engine, lambda: process.poll() is not None)
        seconds = time.perf_counter() - began
        beside += _asked(engine, lambda: True)  # the first after it has gone over waits for the model
    return Row(
        what=f"questions while the store is indexed anew ({seconds:.0f} s)",
        ours=f"p50 {1000 * median(beside):.0f} ms, longest {1000 * max(beside):.0f} ms, none failed",
        against=f"alone: p50 {1000 * median(alone):.0f} ms, longest {1000 * max(alone):.0f} ms",
        ratio=median(alone) / median(beside),
        wanted="no question fails",
        met=True,
    )


def _asked(engine: Engine, over: Callable[[], bool]) -> list[float]:
    """Ask all questions, at least once and until it is over; return how long each took, in seconds."""
    times: list[float] = []
    while not times or not over():
        for question in QUESTIONS:
            began = time.perf_counter()
            engine.ask(question, NOW)
            times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", help="the address of a store in SQLite")
    parser.add_argument("--encoder", help="a model's name or folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    say(rows(options.store, options.encoder), as_json=options.json)
