"""What a question finds, over a real store and an encoder of words alone; and what of an article is indexed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.orsel import GAZETTE, POST, WordEncoder
from whosays.retrieve import passages, question_words, rank_articles, search
from whosays.store.corpus import Corpus, Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Block, Hit, Query, Span, Window

ENCODER = WordEncoder()


def put(corpus: Corpus, article: Article) -> None:
    parts = blocks(article.text)
    pieces = passages(article.text, parts)
    corpus.put(
        Indexed(
            article=article,
            blocks=parts,
            passages=pieces,
            vectors=ENCODER.encode([article.text[slice(*piece.span)] for piece in pieces]),
            claims=(),
            claim_vectors=np.empty((0, ENCODER.dimension), dtype=np.float32),
        )
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    corpus = SqlCorpus.open(f"sqlite:///{tmp_path}/store.db", ENCODER)
    put(corpus, GAZETTE)
    put(corpus, POST)
    yield corpus
    corpus.close()


def query(topic: str, **more: object) -> Query:
    return replace(Query(text=topic, topic=topic), **more)  # type: ignore[arg-type]


def found(corpus: Corpus, query: Query) -> list[Hit]:
    return search(corpus, query, ENCODER.encode([query.topic])[0])


def test_the_paragraph_that_says_it_comes_first(corpus: Corpus) -> None:
    hits = found(corpus, query("who closed the bridge to traffic?"))
    assert GAZETTE.text[slice(*hits[0].paragraph.span)].startswith("The bridge at Orsel was closed")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(hits) == len(blocks(GAZETTE.text)) + len(blocks(POST.text))


def test_scores_lie_between_0_and_1_and_the_cosine_is_said_apart(corpus: Corpus) -> None:
    topic = "Pictures show smoke over the town of Orsel, according to the monitors of Calder House."
    hits = found(corpus, query(topic))
    assert hits[0].dense == pytest.approx(1.0, abs=1e-5)
    assert [hits[0].score, hits[0].lexical] == pytest.approx([1.0, 1.0], abs=1e-5)
    assert all(0 <= value <= 1 for hit in hits for value in (hit.score, hit.lexical))


def test_no_more_than_the_limit_and_only_within_window_and_outlets(corpus: Corpus) -> None:
    assert len(found(corpus, query("Orsel", limit=2))) == 2
    later = Window(start=datetime(2031, 5, 5, tzinfo=UTC))
    assert {hit.paragraph.article for hit in found(corpus, query("Orsel", window=later))} == {"post"}
    assert {hit.paragraph.article for hit in found(corpus, query("talks", outlets=("orsel gazette",)))} == {"gazette"}
    assert found(corpus, query("Orsel", outlets=("The Moon",))) == []


def test_articles_are_ranked_by_their_best_paragraph_each_once(corpus: Corpus) -> None:
    ranked = rank_articles(corpus, ENCODER, "talks about the salt tax", 10)
    assert [article for article, _ in ranked] == ["post", "gazette"]
    assert ranked[0][1] > ranked[1][1]
    assert rank_articles(corpus, ENCODER, "talks about the salt tax", 1) == ranked[:1]


def test_an_article_is_found_by_a_word_of_its_title(corpus: Corpus) -> None:
    assert rank_articles(corpus, ENCODER, "both armies", 1)[0][0] == "gazette"


@pytest.mark.parametrize("topic", ["", "who is it?", "?!", '"', "the of and", "\0", "🙂", "x" * 5000])
def test_a_question_without_a_word_to_look_for_is_no_error(corpus: Corpus, topic: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in found(corpus, query(topic)))


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    empty = SqlCorpus.open(f"sqlite:///{tmp_path}/empty.db", ENCODER)
    assert found(empty, query("Orsel")) == []
    assert rank_articles(empty, ENCODER, "Orsel", 5) == []
    empty.close()


def test_a_questions_words_are_those_that_say_something() -> None:
    assert question_words("Who said that the U.S. and Orsel's mayor, the mayor of Orsel, agreed?") == [
        "u.s.",
        "orsel",
        "mayor",
        "agreed",
    ]


def test_a_paragraph_is_a_passage_and_furniture_is_none() -> None:
    text = "The harbour is shut.\n\nShare this article\n\nFerries lie idle."
    parts = (Block(Span(0, 20)), Block(Span(22, 40), furniture=True), Block(Span(42, 59)))
    assert [(p.position, p.span) for p in passages(text, parts)] == [(0, Span(0, 20)), (2, Span(42, 59))]


def test_a_very_long_paragraph_is_divided_between_sentences_into_like_parts() -> None:
    text = " ".join(f"The council met in room {number} and put its vote off." for number in range(60))
    pieces = passages(text, (Block(Span(0, len(text))),))
    said = [text[slice(*piece.span)] for piece in pieces]
    assert " ".join(said) == text
    assert {piece.position for piece in pieces} == {0}
    assert all(60 <= len(piece.split()) <= 135 and piece.endswith("off.") for piece in said)


def test_a_text_without_sentences_is_divided_too() -> None:
    text = " ".join(f"word{number}" for number in range(1000))
    pieces = passages(text, (Block(Span(0, len(text))),))
    assert " ".join(text[slice(*piece.span)] for piece in pieces) == text
    assert max(len(text[slice(*piece.span)].split()) for piece in pieces) <= 135
