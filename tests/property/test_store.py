"""The store, whatever is put into it, taken out and asked: it holds the last version of each article, and nothing is an error."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.postgres import Server
from tests.stored import Model, article, claim, indexed, unit
from whosays.retrieve import passages
from whosays.store.corpus import Corpus, Filter
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Window

few_examples = settings(max_examples=30, deadline=None)

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)
paragraph = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).map(
    lambda text: f"Orsel fell {text} again."
)
dates = st.none() | st.integers(0, 5).map(lambda days: NEW_YEAR + timedelta(days=days))
outlets = st.sampled_from([None, "Orsel Gazette", "Harbour Post", "ÜBERSEE"])
articles = st.builds(
    lambda id, paragraphs, outlet, published: replace(article(id, *paragraphs), outlet=outlet, published=published),
    st.sampled_from("abcde"),
    st.lists(paragraph, min_size=1, max_size=3),
    outlets,
    dates,
)
steps = st.lists(articles | st.sampled_from("abcde"), max_size=15)


@contextmanager
def store(server: Server | None) -> Iterator[Corpus]:
    """Give an empty store, in a file or on a server."""
    with tempfile.TemporaryDirectory() as folder, server.store() if server else nullcontext() as address:
        corpus = SqlCorpus.open(address or f"sqlite:///{folder}/store.db", Model())
        try:
            yield corpus
        finally:
            corpus.close()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Server | None:
    """Where stores are made: on a server, or (None) in files."""
    found: Server | None = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    return found


@few_examples
@given(taken=steps, start=dates, end=dates, names=st.sets(outlets.filter(bool), max_size=2))
def test_the_store_proposes_just_what_it_holds_and_the_filter_lets_pass(
    server: Server | None, taken: list[Article | str], start: datetime | None, end: datetime | None, names: set[str]
) -> None:
    where = Filter(window=Window(start=start, end=end), outlets=tuple(name.lower() for name in sorted(names)))
    held: dict[str, Article] = {}
    with store(server) as corpus:
        for seed, step in enumerate(taken):
            if isinstance(step, str):
                assert corpus.remove(step) == (held.pop(step, None) is not None)
            else:
                put = indexed(step, claim(step, "Orsel fell", 0), seed=seed)
                corpus.put(put)
                held[put.article.id] = put.article
        assert corpus.articles("abcde") == held
        passing = {
            id
            for id, of in held.items()
            if (not names or of.outlet in names)
            and (start is None or (of.published is not None and of.published >= start))
            and (end is None or (of.published is not None and of.published < end))
        }
        expected = {p.id for id in passing for p in corpus.paragraphs_of(id)}
        assert {c.paragraph for c in corpus.nearest(unit(1, 999)[0], 1000, where)} == expected
        assert {c.paragraph for c in corpus.matching(["orsel"], 1000, where)} == expected
        assert {c.article for c in corpus.matching_articles(["orsel"], 1000, where)} == passing
        assert {s.claim.article for s in corpus.claims(expected)} == passing


@few_examples
@given(words=st.lists(st.text(), max_size=8))
def test_no_list_of_words_is_an_error(words: list[str]) -> None:
    with store(None) as corpus:
        corpus.put(indexed(article("a", "Orsel fell.", *(word.replace("\0", "") for word in words))))
        found = corpus.matching([*words, "orsel"], 10, Filter())
        assert corpus.paragraphs_of("a")[0].id in {candidate.paragraph for candidate in found}
        assert [candidate.article for candidate in corpus.matching_articles([*words, "orsel"], 10, Filter())] == ["a"]


@given(st.lists(st.text(st.sampled_from("ab. \n”A\u2028"), max_size=900) | st.integers(1, 400).map("word ".__mul__), max_size=4))
def test_passages_hold_each_word_of_the_evidence_once_in_order(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    split = blocks(text)
    pieces = passages(text, split)
    assert {piece.position for piece in pieces} == {i for i, block in enumerate(split) if not block.furniture}
    for position, block in enumerate(split):
        if not block.furniture:
            inside = [piece.span for piece in pieces if piece.position == position]
            assert all(block.span.start <= span.start < span.end <= block.span.end for span in inside)
            assert [word for span in inside for word in text[slice(*span)].split()] == text[slice(*block.span)].split()
