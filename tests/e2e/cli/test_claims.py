"""`whosays claims`: who says what, without a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.cli.conftest import Whosays
from tests.orsel import GAZETTE, POST


def test_claims_are_spans_of_the_text_and_need_no_store(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    ran = whosays("claims", articles)
    assert ran.code == 0
    assert [row["id"] for row in ran.rows] == ["gazette", "post"]
    keys = {"source", "cue", "content", "speaker", "role", "side", "stance", "confidence"}
    claims = ran.rows[0]["claims"]
    assert claims
    for claim in claims:
        assert set(claim) == keys
        assert all(0 <= start < end <= len(GAZETTE.text) for key in ("source", "cue", "content") for start, end in claim[key])
    assert any("Orsel fell to our brigades" in GAZETTE.text[s:e] for claim in claims for s, e in claim["content"])
    assert not (tmp_path / "own.db").exists()


def test_claims_for_polnear_are_named_by_the_file(whosays: Whosays, tmp_path: Path) -> None:
    folder = tmp_path / "text"
    folder.mkdir()
    for name, article in (("b_2", POST), ("a_1", GAZETTE)):
        (folder / f"{name}.txt").write_text(article.text, "utf-8")
    rows = whosays("claims", folder, "--format", "polnear").rows
    assert [row["name"] for row in rows] == ["a_1", "b_2"]
    assert all(set(found) == {"source", "cue", "content", "confidence"} for row in rows for found in row["attributions"])


@pytest.mark.parametrize("form", ["json", "polnear"])
def test_keep_leaves_out_the_least_certain_over_the_whole_input(whosays: Whosays, articles: Path, form: str) -> None:
    def confidences(*arguments: object) -> list[float]:
        rows = whosays("claims", articles, "--format", form, *arguments).rows
        return [found["confidence"] for row in rows for found in row.get("claims", row.get("attributions"))]

    everything = confidences()
    assert confidences("--keep", "1") == everything
    kept = confidences("--keep", "0.5")
    assert len(kept) == round(len(everything) / 2)
    assert sorted(kept) == sorted(everything)[-len(kept) :]
    assert confidences("--keep", "0") == []


def test_claims_of_a_refused_input_are_exit_code_1_and_the_rest_is_printed(
    whosays: Whosays, articles: Path, tmp_path: Path
) -> None:
    ran = whosays("claims", tmp_path / "missing.txt", articles)
    assert ran.code == 1
    assert len(ran.rows) == 2
    assert "missing.txt" in ran.err
