"""Figures beside those of the last release, and the F1 of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from whosays.config import data_folder
from whosays.errors import ConfigError
from whosays.evaluate import BENCHMARKS, Figure, Known, worse
from whosays.evaluate.pages import precision_recall


@pytest.mark.parametrize(
    ("figure", "short", "fell"),
    [
        (Figure(name="found", value=0.7, last=0.6, at_least=0.8), 0.1, False),
        (Figure(name="found", value=0.8, last=0.9, at_least=0.8), 0.0, True),
        (Figure(name="mixed", value=0.05, last=0.02, at_most=0.03), 0.02, True),
        (Figure(name="mixed", value=0.01, last=0.02, at_most=0.03), -0.02, False),
        (Figure(name="found", value=0.896, last=0.9), None, False),
        (Figure(name="found", value=0.5), None, False),
        (Figure(name="found", last=0.5, at_least=0.8), None, False),
    ],
)
def test_a_figure_knows_what_it_misses_and_whether_it_fell(figure: Figure, short: float | None, fell: bool) -> None:
    assert figure.short == pytest.approx(short)
    assert worse(figure) is fell


def test_figures_come_back_as_they_were_written(tmp_path: Path) -> None:
    known = Known(
        release="0.2",
        figures={
            "retrieval": {"ndcg@10": Figure(name="ndcg@10", last=0.8353, at_least=0.85)},
            "answers": {
                "answered": Figure(name="answered", last=1.0),
                "mixed": Figure(name="mixed", last=0.0, at_most=0.03),
                "new": Figure(name="new", at_least=100.0),
            },
        },
    )
    known.write(tmp_path / "figures.toml")
    assert Known.read(tmp_path / "figures.toml") == known


def test_figures_that_nobody_keeps_are_none(tmp_path: Path) -> None:
    assert Known.read(tmp_path / "figures.toml") == Known()


@pytest.mark.parametrize(
    "text", [b"release", b"[claims]\nfound = { last = 0.5 }", b'release = "1"\n[claims]\nfound = 0.5', b"\xff"]
)
def test_a_file_that_holds_something_else_is_refused_by_name(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "figures.toml"
    file.write_bytes(text)
    with pytest.raises(ConfigError, match=r"figures\.toml"):
        Known.read(file)


def test_the_last_release_has_figures_of_every_benchmark() -> None:
    known = Known.read(data_folder() / "figures.toml")
    assert known.release
    assert list(known.figures) == [benchmark.name for benchmark in BENCHMARKS]
    every = [figure for figures in known.figures.values() for figure in figures.values()]
    # A benchmark that the last release did not have is there with what is wanted of it.
    assert all(figure.last is not None or figure.at_least is not None for figure in every)


def test_pages_are_compared_by_runs_of_four_words() -> None:
    gold = "the bridge at Orlo fell on Monday"
    assert precision_recall(gold, gold) == (1.0, 1.0)
    assert precision_recall(gold, "the bridge at Orlo fell") == (1.0, 0.5)
    assert precision_recall(gold, "Monday on fell Orlo at bridge the") == (0.0, 0.0)
    assert precision_recall(gold, "") == (0.0, 0.0)
    assert precision_recall("", "") == (1.0, 1.0)
