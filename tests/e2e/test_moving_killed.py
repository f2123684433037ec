"""`whosays migrate` and `whosays reindex` as processes of their own, killed at any moment: called again they finish."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from tests import full_store, tiny_bert
from tests.orsel import GAZETTE, POST
from whosays.config import Settings
from whosays.engine import Engine
from whosays.errors import StoreError
from whosays.parts import load_encoder
from whosays.store import migrations, opening
from whosays.store.migrations import MOVING
from whosays.store.schema import meta, metadata
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Answer

ROOT = Path(__file__).parents[2]
MOST_KILLS = 8
NOW = datetime(2031, 6, 1, tzinfo=UTC)
QUESTIONS = ("who holds Orsel?", "who shelled the harbour?", "how many people fled Orsel?")


def process(settings: Settings | None, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}", "WHOSAYS_CONFIG": os.devnull, "WHOSAYS_THREADS": "1"}
    environment.pop("WHOSAYS_ENCODER", None)
    if settings is not None:
        environment |= {"WHOSAYS_STORE": settings.store, "WHOSAYS_CACHE": str(settings.cache_folder)}
    command = [sys.executable, "-m", "whosays", *arguments, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said_of(address: str, key: str) -> str | None:
    """Return what a store says of itself under a key, without opening it as one."""
    database = opening.at(address)
    try:
        return migrations.what_is_said(database).get(key)
    except StoreError:
        return None
    finally:
        database.close()


def killed_until_done(start: Sequence[str], settings: Settings | None, address: str, key: str, most: float) -> tuple[int, str]:
    """Run a command, killed again and again at random moments once it has begun to write; return how often, and what it says."""
    chance = random.Random(5)
    kills = 0
    while True:
        running = process(settings, *start)
        while running.poll() is None and said_of(address, key) is None:
            time.sleep(0.02)
        # The first time at once; whoever goes on has to start first. In the end it is let be, however slow the machine.
        deadline = time.monotonic() + (chance.uniform(0.3, most if kills < 4 else 60) if kills else 0)
        while running.poll() is None and (kills == MOST_KILLS or time.monotonic() < deadline):
            time.sleep(0.01)
        running.kill()
        out, err = running.communicate()
        if running.returncode == 0:
            return kills, out
        assert running.returncode == -signal.SIGKILL, err
        kills += 1


def rows(address: str) -> dict[str, list[str]]:
    database = opening.connect(address)
    with database.reading() as connection:
        held = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table is not meta
        }
    database.close()
    return held


@pytest.mark.parametrize("back", [False, True], ids=["to-postgres", "to-sqlite"])
def test_a_move_that_is_killed_again_and_again_loses_nothing(postgres: str, tmp_path: Path, back: bool) -> None:
    file = f"sqlite:///{tmp_path}/store.db"
    source, target = (postgres, file) if back else (file, postgres)
    full_store.fill(source, 150)
    before = rows(source)
    kills, out = killed_until_done(["migrate", source, target], None, target, MOVING, 3.0)
    assert kills
    assert {table["table"]: table["rows"] for table in json.loads(out)["tables"]} == {
        name: len(held) for name, held in before.items()
    }
    assert rows(target) == before == rows(source)


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    environment = {"WHOSAYS_STORE": f"sqlite:///{tmp_path}/store.db", "WHOSAYS_CACHE": str(model_cache), "WHOSAYS_THREADS": "1"}
    return Settings.from_environment(environment)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return tiny_bert.write(tmp_path / "tiny")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_a_bot_answers_and_reads_on_while_its_store_goes_over_to_another_model_and_back(settings: Settings, tiny: Path) -> None:
    with Engine.open(settings) as engine:
        engine.ingest([GAZETTE, POST, *(replace(GAZETTE, id=f"g{number}", url=None) for number in range(80))])
        before = [engine.ask(question, NOW) for question in QUESTIONS]
        answers: list[Answer] = []
        failures: list[BaseException] = []
        over = threading.Event()

        def ask() -> None:
            while not over.is_set():
                try:
                    answers.extend(engine.ask(question, NOW) for question in QUESTIONS)
                except BaseException as error:
                    failures.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            # Each article is matched, embedded and stored while the store may go over to another model.
            kills, out = killed_until_done(["reindex", "--encoder", str(tiny)], settings, settings.store, "next", 4.0)
            engine.ingest([replace(POST, id="late", url=None)])
            seen = len(answers)
            while len(answers) < seen + 2 * len(QUESTIONS):
                time.sleep(0.05)
            assert json.loads(out)["model"] == str(tiny)
            assert said_of(settings.store, "model") == str(tiny)
            encoder = load_encoder(replace(settings, encoder=str(tiny)))
            corpus = SqlCorpus.open(settings.store, encoder)
            for id in ("g3", "late"):
                found = corpus.paragraphs_of(id)
                texts = [corpus.articles([id])[id].text[slice(*paragraph.span)] for paragraph in found]
                vectors = corpus.paragraph_vectors([paragraph.id for paragraph in found])
                assert np.allclose(vectors, encoder.encode(texts), atol=1e-5)
            corpus.close()
            assert engine.remove("late")
            back = process(settings, "reindex")
            _, err = back.communicate()
            assert back.returncode == 0, err
        finally:
            over.set()
            asking.join()
        assert kills
        assert not failures
        assert [engine.ask(question, NOW) for question in QUESTIONS] == before
