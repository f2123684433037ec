"""Questions to a real store: what is named in them is kept to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, POST, VARN, WordEncoder, WordReader
from whosays.gather import read_whole
from whosays.relevance import claim_text
from whosays.respond import respond
from whosays.store import wholes
from whosays.store.corpus import Corpus, Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.summary import summarise
from whosays.text import blocks
from whosays.types import Article, Query, Status

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
ENCODER, READER = WordEncoder(), WordReader()


def put(corpus: Corpus, article: Article) -> None:
    found = blocks(article.text)
    claims = tuple(replace(c, article=article.id) for c in CLAIMS if c.article == article.id)
    quotable = [article.text[block.span.start : block.span.end] for block in found if not block.furniture]
    corpus.put(
        Indexed(
            article=article,
            blocks=found,
            vectors=ENCODER.encode(quotable),
            claims=claims,
            claim_vectors=ENCODER.encode([claim_text(article, c) for c in claims]).astype(np.float32),
        )
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    store = SqlCorpus.open(f"sqlite:///{tmp_path / 'whosays.db'}", ENCODER)
    put(store, GAZETTE)
    put(store, POST)
    yield store
    store.close()


@pytest.mark.parametrize("known", [False, True])
def test_an_article_that_is_replaced_while_it_is_read_is_quoted_in_one_version(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    asked = Query(text="Orsel", topic="Orsel"), ENCODER.encode(["Orsel"])[0]
    newer = replace(GAZETTE, text="Orsel is quiet, the harbour master told callers on Monday.\n\n" + GAZETTE.text)
    if known:
        read_whole(corpus, ["gazette"], *asked)
    find_rows = wholes.rows_of

    def replaced_behind(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
        rows = find_rows(connection, keys)
        put(corpus, newer)
        return rows

    monkeypatch.setattr(wholes, "rows_of", replaced_behind)
    for article in (GAZETTE, newer):
        material = read_whole(corpus, ["gazette"], *asked)
        assert material.articles == {"gazette": article}
        assert [material.text(p) for p in material.paragraphs.values()] == [
            article.text[slice(*b.span)] for b in blocks(article.text)
        ]
        assert [len(whole.vectors) for whole in material.read] == [len(material.paragraphs)]
        assert {s.claim.article for s in material.claims} == {"gazette"}


def test_an_article_that_is_gone_is_left_out(corpus: Corpus) -> None:
    asked = Query(text="Orsel", topic="Orsel"), ENCODER.encode(["Orsel"])[0]
    assert read_whole(corpus, ["post", "gazette", "post", "nowhere"], *asked).articles == {"post": POST, "gazette": GAZETTE}
    corpus.remove("gazette")
    assert read_whole(corpus, ["post", "gazette"], *asked).articles == {"post": POST}


def test_a_question_is_answered_out_of_the_store(corpus: Corpus) -> None:
    card = respond(corpus, ENCODER, READER, "who holds Orsel?", NOW)
    assert card.status is Status.DISPUTED
    assert {side.name for side in card.sides} == {VARN, LEAGUE}
    assert card.sources[0].url is not None
    assert card.sources[0].url.startswith("https://gazette.example/orsel#:~:text=")


def test_a_time_in_which_nothing_falls_is_told_and_nothing_older_is_shown(corpus: Corpus) -> None:
    card = respond(corpus, ENCODER, READER, "who held Orsel since 6 May?", NOW)
    assert card.status is Status.OLD
    assert card.as_of == GAZETTE.published
    assert list(card.quotations) == []
    assert respond(corpus, ENCODER, READER, "who held Orsel as of 4 May?", NOW).status is Status.DISPUTED


def test_a_time_named_in_a_question_that_nothing_answers_at_any_time_is_nothing(corpus: Corpus) -> None:
    assert respond(corpus, ENCODER, READER, "what was the price of bread in Kesh last week?", NOW).status is Status.NOTHING


def test_an_outlet_named_in_a_question_is_kept_to(corpus: Corpus) -> None:
    card = respond(corpus, ENCODER, READER, "what did Averin offer, according to the Harbour Post?", NOW)
    assert card.query.outlets == ("Harbour Post",)
    assert {source.outlet for source in card.sources} <= {"Harbour Post"}


def test_an_article_is_summarised_by_its_id_and_a_topic_by_its_words(corpus: Corpus) -> None:
    assert {source.article for source in summarise(corpus, ENCODER, READER, "post", NOW).sources} == {"post"}
    assert {side.name for side in summarise(corpus, ENCODER, READER, "Orsel", NOW).sides} == {VARN, LEAGUE}


def test_a_summary_hears_a_side_that_does_not_name_the_topic(corpus: Corpus) -> None:
    card = summarise(corpus, ENCODER, READER, "Averin tents", NOW)
    assert {side.name for side in card.sides} == {VARN, LEAGUE}


def test_an_empty_store_answers_nothing(tmp_path: Path) -> None:
    store = SqlCorpus.open(f"sqlite:///{tmp_path / 'empty.db'}", ENCODER)
    assert respond(store, ENCODER, READER, "who holds Orsel?", NOW).status is Status.NOTHING
    assert summarise(store, ENCODER, READER, "Orsel", NOW).status is Status.NOTHING
    store.close()
