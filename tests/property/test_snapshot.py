"""Snapshots: whatever stands in an answer, it comes back equal; whatever else stands in a text, it is refused."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosays import snapshot, types
from whosays.errors import StoreError

T = TypeVar("T")

# Half surrogate pairs are refused; that is tested apart.
texts = st.text(st.characters(codec="utf-8"), max_size=8)
perhaps = st.none() | texts
times = st.none() | st.datetimes(timezones=st.just(UTC))
numbers = st.integers(0, 2**31)
certain = st.floats(0, 1)


def some(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, max_size=2).map(tuple)


spans = some(st.builds(types.Span, numbers, numbers))
claims = st.builds(
    types.Claim,
    article=texts,
    paragraphs=some(numbers),
    attribution=st.builds(types.Attribution, source=spans, cue=spans, content=spans, confidence=certain),
    speaker=st.builds(types.Speaker, name=texts, role=texts, party=perhaps),
    side=perhaps,
    stance=st.sampled_from(types.Stance),
    confidence=certain,
)
quotations = st.builds(
    types.Quotation,
    article=texts,
    spans=spans,
    text=texts,
    source=numbers,
    url=perhaps,
    claim=st.none() | claims,
    also=some(numbers),
    told=texts,
    concedes=st.booleans(),
)
answers = st.builds(
    types.Answer,
    query=st.builds(
        types.Query,
        text=texts,
        topic=texts,
        window=st.builds(types.Window, start=times, end=times),
        speakers=some(texts),
        outlets=some(texts),
        limit=numbers,
        follows=texts,
    ),
    status=st.sampled_from(types.Status),
    as_of=times,
    sides=some(st.builds(types.Side, name=texts, quotations=some(quotations))),
    observers=some(quotations),
    open=some(quotations),
    own_voice=some(quotations),
    sources=some(st.builds(types.Source, n=numbers, article=texts, outlet=perhaps, title=perhaps, published=times, url=perhaps)),
    missing=some(texts),
    nearest=some(texts),
    conflict=st.none()
    | st.builds(types.Conflict, kind=st.sampled_from(types.Disagreement), pair=st.tuples(quotations, quotations)),
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda v: st.lists(v) | st.dictionaries(texts, v), max_leaves=9
)


@given(answers)
def test_an_answer_comes_back_as_it_was(answer: types.Answer) -> None:
    assert snapshot.loads(snapshot.dumps(answer)) == answer


@given(st.text() | values.map(json.dumps))
def test_whatever_is_no_answer_is_refused_in_our_own_words(text: str) -> None:
    with pytest.raises(StoreError):
        snapshot.loads(text)
