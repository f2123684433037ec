"""The shipped cross-encoder reads whatever it is given, and tells an answer from what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from whosays.crossencoder import CrossEncoder

WEIGHTS = Path(__file__).parents[2] / "data" / "models" / "relevance"
QUESTION = "who burned the mill?"
ANSWER = "Fire in Orsel. Varn said: the Coast League burned the mill"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    return CrossEncoder.load(WEIGHTS, tmp_path_factory.mktemp("relevance"), threads=1)


def test_an_answer_is_likelier_than_what_is_none_in_whatever_order(reader: CrossEncoder) -> None:
    claims = [ANSWER, "Harbour fees. Varn said: the fees will rise in May"]
    likely, unlikely = reader.likelihoods(QUESTION, claims)
    assert 0 <= unlikely < likely <= 1
    assert reader.likelihoods(QUESTION, claims[::-1]) == pytest.approx([unlikely, likely], abs=0.01)


def test_no_claims_have_no_likelihoods(reader: CrossEncoder) -> None:
    assert reader.likelihoods(QUESTION, []) == []


def test_a_lone_surrogate_is_an_unknown_character(reader: CrossEncoder) -> None:
    (likelihood,) = reader.likelihoods(f"{QUESTION} \udcff", [f"{ANSWER} \ud800"])
    assert likelihood == reader.likelihoods(f"{QUESTION} ?", [f"{ANSWER} ?"])[0]


def test_of_a_very_long_text_the_beginning_is_read(reader: CrossEncoder) -> None:
    (likelihood,) = reader.likelihoods("mill " * 10_000, [ANSWER + " and the mill" * 10_000])
    assert reader.likelihoods("mill " * 100, [ANSWER + " and the mill" * 100]) == [likelihood]
