"""Ingest, over a real store: whatever comes in whatever order, the store ends up with the last version of each article."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.orsel import CLAIMS, GAZETTE, POST, WordEncoder
from whosays import ingest as ingesting
from whosays.ingest import Progress, ingest
from whosays.store.corpus import Corpus
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Attribution, Block, Claim, IngestReport, Reading, Refused, Span, Speaker, Stance, Vectors

few_examples = settings(max_examples=25, deadline=None)

said = st.lists(st.sampled_from(["Orsel", "had", "fallen", "“never”", "und", "Köln", "🙂"]), min_size=3, max_size=20)
sentences = said.map(lambda words: f"Mira Tolk said on Monday that {' '.join(words)}.")
texts = st.lists(sentences.map(" ".join), min_size=1, max_size=5).map("\n\n".join)
articles = st.builds(Article, id=st.sampled_from("abcd"), text=texts, outlet=st.sampled_from([None, "Orsel Gazette"]))
readings = st.lists(articles | st.builds(Refused, where=st.just("x"), reason=st.just("it is empty")), max_size=12)


def find(articles: Sequence[tuple[Article, Sequence[Block]]]) -> list[list[Claim]]:
    return [tolks(*article) for article in articles]


def tolks(article: Article, found: Sequence[Block]) -> list[Claim]:
    """Take each paragraph for a claim of Tolk's."""
    return [
        Claim(
            article=article.id,
            paragraphs=(position,),
            attribution=Attribution(source=(), cue=(), content=(Span(*block.span),)),
            speaker=Speaker(name="Tolk"),
            side=None,
            stance=Stance.CLAIMS,
            confidence=0.5,
        )
        for position, block in enumerate(found)
        if not block.furniture
    ]


class CountingEncoder(WordEncoder):
    """Counts the texts; fails at the call that it is told to fail at."""

    def __init__(self, fails_at: int = 0) -> None:
        self.texts = 0
        self.calls = count(1)
        self.fails_at = fails_at

    def encode(self, texts: Sequence[str]) -> Vectors:
        if next(self.calls) == self.fails_at:
            raise MemoryError
        self.texts += len(texts)
        return super().encode(texts)


@contextmanager
def corpus_in(folder: str) -> Iterator[SqlCorpus]:
    corpus = SqlCorpus.open(f"sqlite:///{folder}/store.db", WordEncoder())
    try:
        yield corpus
    finally:
        corpus.close()


def last_versions(given: Sequence[Reading]) -> dict[str, Article]:
    """Return what a store ends up with: each article's last text, with the outlet that any reading of it named last."""
    versions: dict[str, Article] = {}
    for reading in given:
        if isinstance(reading, Article):
            before = versions.get(reading.id)
            versions[reading.id] = replace(reading, outlet=reading.outlet or (before.outlet if before else None))
    return versions


def check_holds(corpus: Corpus, expected: dict[str, Article]) -> None:
    stored = corpus.articles("abcd")
    assert dict(stored) == expected
    encoder = WordEncoder()
    for article in expected.values():
        paragraphs = corpus.paragraphs_of(article.id)
        quotable = [block.span for block in blocks(article.text, outlet=article.outlet) if not block.furniture]
        assert [paragraph.span for paragraph in paragraphs] == quotable
        ids = [paragraph.id for paragraph in paragraphs]
        np.testing.assert_allclose(
            corpus.paragraph_vectors(ids), encoder.encode([article.text[slice(*s)] for s in quotable]), atol=1e-6
        )
        claims = corpus.claims(ids)
        assert [stored.claim for stored in claims] == tolks(article, blocks(article.text, outlet=article.outlet))


def total(report: IngestReport) -> int:
    return len(report.added) + len(report.changed) + len(report.unchanged) + len(report.refused)


@given(readings, st.integers(1, 20))
@few_examples
def test_the_store_ends_up_with_the_last_version_of_each_article(given: list[Reading], batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder, corpus_in(folder) as corpus, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingesting, "_BATCH", batch)
        report = ingest(given, corpus, WordEncoder(), find)
        assert total(report) == len(given)
        assert set(report.added) == set(last_versions(given))
        check_holds(corpus, last_versions(given))


@given(readings)
@few_examples
def test_a_second_time_changes_nothing_and_computes_nothing(given: list[Reading]) -> None:
    latest = list(last_versions(given).values())
    with tempfile.TemporaryDirectory() as folder, corpus_in(folder) as corpus:
        ingest(given, corpus, WordEncoder(), find)
        encoder = CountingEncoder()
        report = ingest(latest, corpus, encoder, find)
        assert sorted(report.unchanged) == sorted(article.id for article in latest)
        assert (report.added, report.changed, report.paragraphs, encoder.texts) == ((), (), 0, 0)


@given(readings, st.integers(1, 6))
@few_examples
def test_what_breaks_off_leaves_a_sound_store_that_the_next_run_finishes(given: list[Reading], fails_at: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingesting, "_BATCH", 3)
        with corpus_in(folder) as corpus:
            try:
                ingest(given, corpus, CountingEncoder(fails_at), find)
            except MemoryError:
                for id, article in corpus.articles("abcd").items():
                    assert article.text in [r.text for r in given if isinstance(r, Article) and r.id == id]
        with corpus_in(folder) as corpus:
            ingest(given, corpus, WordEncoder(), find)
            check_holds(corpus, last_versions(given))


@given(st.lists(articles, min_size=1, max_size=8), st.integers(1, 8))
@few_examples
def test_told_to_stop_it_finishes_what_it_has_read(given: list[Article], after: int) -> None:
    read = []

    def reading() -> Iterator[Article]:
        for article in given:
            read.append(article)
            yield article

    with tempfile.TemporaryDirectory() as folder, corpus_in(folder) as corpus:
        report = ingest(reading(), corpus, WordEncoder(), find, stopping=lambda: len(read) == after)
        assert total(report) == len(read) == min(after, len(given))
        check_holds(corpus, last_versions(read))


def test_progress_tells_inputs_and_paragraphs(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with corpus_in(str(tmp_path)) as corpus:
        claims = {article.id: [claim for claim in CLAIMS if claim.article == article.id] for article in (GAZETTE, POST)}
        report = ingest([GAZETTE, POST], corpus, WordEncoder(), lambda given: [claims[a.id] for a, _ in given], seen.append)
    assert [progress.inputs for progress in seen] == [1, 2]
    assert report.paragraphs == 8
    assert all(progress.seconds >= 0 for progress in seen)


def test_what_is_known_of_an_article_stays_known_when_it_is_read_again_without(tmp_path: Path) -> None:
    told = Article(id="a", text="Mira Tolk said on Monday that Orsel had fallen.", outlet="Orsel Gazette", title="Orsel")
    with corpus_in(str(tmp_path)) as corpus:
        ingest([told], corpus, WordEncoder(), find)
        assert ingest([replace(told, outlet=None, title=None)], corpus, WordEncoder(), find).unchanged == ("a",)
        assert corpus.articles(["a"])["a"] == told


def test_an_article_of_furniture_alone_is_refused_with_its_reason(tmp_path: Path) -> None:
    furniture = replace(GAZETTE, text="Orsel Gazette\n\nComments are closed.")
    with corpus_in(str(tmp_path)) as corpus:
        report = ingest([furniture], corpus, WordEncoder(), find)
        assert corpus.articles([furniture.id]) == {}
    assert [refused.where for refused in report.refused] == ["gazette"]
    assert "quoted" in report.refused[0].reason


def test_a_text_that_cannot_be_analysed_costs_no_other(tmp_path: Path) -> None:
    def fails(given: Sequence[tuple[Article, Sequence[Block]]]) -> list[list[Claim]]:
        if any(article.id == POST.id for article, _ in given):
            raise IndexError("no rule foresaw it")
        return find(given)

    with corpus_in(str(tmp_path)) as corpus:
        report = ingest([GAZETTE, POST], corpus, WordEncoder(), fails)
        assert list(corpus.articles([GAZETTE.id, POST.id])) == [GAZETTE.id]
    assert report.added == (GAZETTE.id,)
    assert [refused.where for refused in report.refused] == [POST.id]


def test_articles_are_read_for_claims_together(tmp_path: Path) -> None:
    asked: list[int] = []

    def counted(given: Sequence[tuple[Article, Sequence[Block]]]) -> list[list[Claim]]:
        asked.append(len(given))
        return find(given)

    with corpus_in(str(tmp_path)) as corpus:
        ingest([replace(GAZETTE, id=str(number)) for number in range(5)], corpus, WordEncoder(), counted)
    assert asked == [5]
