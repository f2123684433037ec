"""An answer is kept as text and comes back as it was; what cannot be read says so."""

from __future__ import annotations

import json

import pytest

from tests.cards import answer, full_answer
from whosays import snapshot
from whosays.errors import StoreError
from whosays.types import Span, Status


def test_a_card_with_a_bit_of_everything_comes_back_as_it_was() -> None:
    before = full_answer()
    after = snapshot.loads(snapshot.dumps(before))
    assert after == before
    assert isinstance(after.observers[0].spans[0], Span)
    assert after.as_of is not None
    assert after.as_of.tzinfo is not None


def test_equal_answers_are_the_same_text() -> None:
    assert snapshot.dumps(full_answer()) == snapshot.dumps(snapshot.loads(snapshot.dumps(full_answer())))


def test_an_answer_of_a_version_that_said_less_or_more_is_read() -> None:
    parts = json.loads(snapshot.dumps(answer(status=Status.NOTHING)))
    del parts["query"]["follows"], parts["conflict"], parts["nearest"]
    parts["weather"] = "fair"
    assert snapshot.loads(json.dumps(parts)) == answer(status=Status.NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"query": {"text": "who holds Orsel?", "topic": "Orsel"}, "status": "unheard of"}',
        "\ud800",
        "[" * 5000,
    ],
)
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        snapshot.loads(text)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(StoreError, match="half a surrogate pair"):
        snapshot.dumps(answer("who holds \ud800?"))
