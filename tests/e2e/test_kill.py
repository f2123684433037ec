"""An ingest that is killed or interrupted, as a process of its own: nothing stored is lost, and the next run finishes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.orsel import GAZETTE
from tests.patience import PATIENCE
from whosays.config import Settings
from whosays.engine import Engine
from whosays.parts import load_encoder, open_corpus
from whosays.store.corpus import Corpus

ROOT = Path(__file__).parents[2]
NOW = datetime(2031, 6, 1, tzinfo=UTC)
ARTICLES = 80
KILLS = 5
PLACES = ("Orsel", "Calder", "Minnow", "Thale", "Brack", "Ludd", "Ostrava Hill", "Port Salt")


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    environment = {"WHOSAYS_STORE": f"sqlite:///{tmp_path}/store.db", "WHOSAYS_CACHE": str(model_cache), "WHOSAYS_THREADS": "1"}
    return Settings.from_environment(environment)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Write as many articles as keep an ingest busy for some seconds, all different."""
    file = tmp_path / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(ARTICLES):
            text = GAZETTE.text.replace("Orsel", PLACES[number % len(PLACES)]).replace("300", str(100 + number))
            lines.write(json.dumps({"id": f"a{number}", "outlet": GAZETTE.outlet, "text": text}) + "\n")
    return file


def ingest(settings: Settings, articles: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        "WHOSAYS_STORE": settings.store,
        "WHOSAYS_CACHE": str(settings.cache_folder),
        "WHOSAYS_THREADS": "1",
    }
    command = [sys.executable, "-m", "whosays", "ingest", "--json", str(articles)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def last_write(folder: Path) -> int:
    """Return when the store's vectors were last written, which a write of an article begins with; 0 where there are none."""
    file = folder / "store.db.passages.f32"
    return file.stat().st_mtime_ns if file.exists() else 0


def wait_for_write(folder: Path, since: int) -> int:
    """Wait for another write than that at `since`, and return its time."""
    until = time.monotonic() + PATIENCE
    while (written := last_write(folder)) == since:
        assert time.monotonic() < until
        time.sleep(0.001)
    return written


def content(corpus: Corpus) -> dict[str, tuple[object, ...]]:
    """Return all that a store holds of each article, but for the numbers that the store itself gave."""
    held: dict[str, tuple[object, ...]] = {}
    for id, article in corpus.articles(f"a{number}" for number in range(ARTICLES)).items():
        paragraphs = corpus.paragraphs_of(id)
        ids = [paragraph.id for paragraph in paragraphs]
        claims = [stored.claim for stored in corpus.claims(ids)]
        vectors = np.round(corpus.paragraph_vectors(ids), 3)
        held[id] = (article, [(p.position, p.span) for p in paragraphs], claims, vectors.tolist())
    return held


def held(settings: Settings) -> dict[str, tuple[object, ...]]:
    corpus = open_corpus(settings.store, load_encoder(settings))
    try:
        return content(corpus)
    finally:
        corpus.close()


def test_killed_at_any_moment_it_leaves_a_store_that_answers_and_is_finished_by_the_next_run(
    settings: Settings, articles: Path, tmp_path: Path
) -> None:
    # The waiting below finds the moment of a write; these find moments within and after it.
    random_moments = random.Random(20310601)
    before: dict[str, tuple[object, ...]] = {}
    for _ in range(KILLS):
        written = last_write(tmp_path)
        process = ingest(settings, articles)
        wait_for_write(tmp_path, written)
        time.sleep(random_moments.uniform(0.0, 0.2))
        process.kill()
        process.communicate()
        after = held(settings)
        assert all(after[id] == value for id, value in before.items()), "what was stored stays as it was"
        assert len(after) < ARTICLES, "each kill comes before the end"
        before = after
        with Engine.open(settings) as engine:
            engine.ask("who holds Orsel?", NOW)
    assert before, "some of it was stored"
    out, err = ingest(settings, articles).communicate(timeout=600)
    report = json.loads(out)
    assert len(report["added"]) + len(report["unchanged"]) == ARTICLES, err
    assert set(report["unchanged"]) == set(before)

    whole = replace(settings, store=f"sqlite:///{tmp_path}/whole.db")
    ingest(whole, articles).communicate(timeout=600)
    assert held(settings) == held(whole)
    with Engine.open(settings) as engine:
        assert engine.ask("who holds Orsel?", NOW).sides


def test_ctrl_c_finishes_what_is_at_hand_and_reports_it(settings: Settings, articles: Path, tmp_path: Path) -> None:
    process = ingest(settings, articles)
    made = wait_for_write(tmp_path, since=0)
    wait_for_write(tmp_path, since=made)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "Traceback" not in err
    added = json.loads(out)["added"]
    assert 0 < len(added) < ARTICLES
    assert set(held(settings)) == set(added)
