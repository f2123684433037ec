"""`whosays eval` over a small folder of measuring data of our own, with the real models and the scorers run as programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cli.conftest import Whosays, given, jsonl
from tests.e2e.cli.measuring import LABELS, measuring_folder
from tests.orsel import GAZETTE, POST
from whosays.config import data_folder
from whosays.evaluate import BENCHMARKS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return measuring_folder(tmp_path / "measuring")


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, so that a test may change the figures of the last release in it."""
    own = tmp_path / "data"
    own.mkdir()
    for path in data_folder().iterdir():
        if path.name != "figures.toml":
            (own / path.name).symlink_to(path)
    monkeypatch.setenv("WHOSAYS_DATA", str(own))
    return own / "figures.toml"


def values(rows: list[Any]) -> dict[str, dict[str, float]]:
    return {row["benchmark"]: {figure["name"]: figure["value"] for figure in row["figures"]} for row in rows}


def test_every_benchmark_runs_and_gives_what_its_scorer_says(whosays: Whosays, folder: Path, tmp_path: Path) -> None:
    ran = whosays("eval", "--data", folder, "--json")
    assert ran.code == 0
    found = values(ran.rows)
    assert list(found) == [benchmark.name for benchmark in BENCHMARKS]
    assert found["attribution"]["relation_f1"] == 1
    assert 0 < found["attribution-kept"]["found"] < found["attribution"]["found"]
    assert found["claims"] == {"found": 1, "mixed": 0.25}
    assert found["answers"] == {"answered": 1, "abstained": 1}
    assert found["retrieval"] == {"ndcg@10": 1}
    assert found["pages"]["shingle_f1"] > 0.9
    assert found["stories"]["giveme5w1h_f1"] == found["stories"]["allsides_f1"] == 1
    over = ["2 articles", "2 questions over 2 articles", "2 queries", "1 pages", "6 articles"]
    assert [row["over"] for row in ran.rows][2:] == over
    assert not (tmp_path / "own.db").exists(), "the user's store is left alone"


def test_the_table_stands_beside_the_last_release_and_says_what_is_missed(
    whosays: Whosays, folder: Path, figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.write_text(
        'release = "7.1"\n[claims]\nmixed = { last = 0.2, at_most = 0.03 }\nfound = { last = 0.5, at_least = 0.8 }\n'
    )
    monkeypatch.setenv("WHOSAYS_BENCHMARKS", str(folder))
    ran = whosays("eval", "--only", "claims")
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["now", "7.1", "change", "wanted"]
    assert lines[1][:2] == ["claims:", "for"]
    assert lines[2] == ["mixed", "0.250", "0.200", "+0.050", "≤", "0.03", "missed", "by", "0.220"]
    assert lines[3] == ["found", "1.000", "0.500", "+0.500", "≥", "0.80", "met"]


def test_a_figure_that_fell_is_exit_code_1_if_that_is_asked_for(whosays: Whosays, folder: Path, figures: Path) -> None:
    figures.write_text('release = "7.1"\n[claims]\nmixed = { last = 0.2, at_most = 0.03 }\nfound = { last = 0.5 }\n')
    arguments = ("eval", "--data", folder, "--only", "claims")
    assert whosays(*arguments).code == 0
    ran = whosays(*arguments, "--check")
    assert ran.code == 1
    assert "claims mixed" in ran.err
    assert "claims found" not in ran.err, "that one rose"


def test_what_is_saved_is_the_last_release_from_then_on(whosays: Whosays, folder: Path, figures: Path) -> None:
    figures.write_text('release = "0"\n[pages]\nshingle_f1 = { last = 0.5 }\n\n[claims]\nfound = { at_least = 0.8 }\n')
    assert whosays("eval", "--data", folder, "--only", "claims", "retrieval", "--save").code == 0
    ran = whosays("eval", "--data", folder, "--only", "claims", "retrieval", "--json", "--check")
    assert ran.code == 0
    claims, retrieval = ran.rows
    found = {"name": "found", "value": 1, "last": 1, "at_least": 0.8, "at_most": None}
    assert claims["figures"][0] == found
    assert retrieval["figures"][0]["last"] == 1
    assert "shingle_f1 = { last = 0.5 }" in figures.read_text("utf-8"), "what was not measured stays"


def test_other_labels_of_the_same_form_are_measured_without_a_last_release(
    whosays: Whosays, folder: Path, tmp_path: Path
) -> None:
    gold = jsonl(tmp_path / "gold.jsonl", [{**LABELS[0], "id": "gazette"}])
    texts = jsonl(tmp_path / "texts.jsonl", [given(GAZETTE), given(POST)])
    ran = whosays("eval", "--data", folder, "--sides", gold, "--texts", texts, "--json")
    assert ran.code == 0
    assert values(ran.rows) == {"claims": {"found": 1, "mixed": 0.25}, "answers": {"answered": 1, "abstained": 1}}
    assert all(figure["last"] is None for row in ran.rows for figure in row["figures"])
    assert ran.rows[0]["figures"][0]["at_least"] is not None, "what is wanted holds for any labels"


def test_labels_without_questions_are_measured_for_claims_alone(whosays: Whosays, folder: Path, tmp_path: Path) -> None:
    gold = jsonl(tmp_path / "gold.jsonl", [{"id": "gazette", "claims": LABELS[0]["claims"], "sides": {}}])
    texts = jsonl(tmp_path / "texts.jsonl", [given(GAZETTE)])
    rows = whosays("eval", "--data", folder, "--sides", gold, "--texts", texts, "--json").rows
    assert list(values(rows)) == ["claims"]


def test_a_benchmark_without_its_data_is_left_out_and_said_so(whosays: Whosays, folder: Path) -> None:
    (folder / "data/retrieval-time").rename(folder / "elsewhere")
    ran = whosays("eval", "--data", folder, "--only", "pages", "retrieval", "--json")
    assert ran.code == 1
    assert list(values(ran.rows)) == ["pages"]
    assert "retrieval is left out" in ran.err
    assert "data/retrieval-time" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--data"),
        (["--data", "/"], "eval/"),
        (["--data", "{folder}", "--only", "weather"], "attribution-kept"),
        (["--data", "{folder}", "--sides", "x.jsonl"], "--texts"),
        (["--data", "{folder}", "--sides", "x.jsonl", "--texts", "y.jsonl"], "x.jsonl cannot be read"),
        (["--data", "{folder}", "--sides", "{labels}", "--texts", "{empty}"], "texts are not there: post, seed"),
        (["--data", "{folder}", "--sides", "{labels}", "--texts", "{empty}", "--save"], "--save"),
        (["--data", "{folder}", "--sides", "{broken}", "--texts", "{empty}"], "line 2"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_fault_of_usage_is_exit_code_2_and_says_what_to_give(
    whosays: Whosays, folder: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    places = {
        "folder": folder,
        "labels": jsonl(tmp_path / "labels.jsonl", LABELS),
        "empty": jsonl(tmp_path / "empty.jsonl", []),
        "broken": jsonl(tmp_path / "broken.jsonl", [LABELS[0], {"id": "x"}]),
    }
    ran = whosays("eval", "--json", *(argument.format(**places) for argument in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("program", "said"),
    [("raise SystemExit('the gold is broken')", "the gold is broken"), ("print('no figure at all')", "no figure at all")],
)
def test_a_scorer_that_fails_is_exit_code_2_with_its_reason(whosays: Whosays, folder: Path, program: str, said: str) -> None:
    (folder / "eval/sides_score.py").write_text(program, "utf-8")
    ran = whosays("eval", "--data", folder, "--only", "claims", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "sides_score.py" in ran.err
