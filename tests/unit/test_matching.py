"""Which topics an article may be news on, and which of its claims: with the words' own vectors, and no weights."""

from __future__ import annotations

import numpy as np
import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, POST, VARN, WordEncoder, WordReader, embed
from whosays.alerts.index import TopicIndex
from whosays.alerts.matching import matches
from whosays.relevance import claim_text
from whosays.store.corpus import Indexed
from whosays.text import blocks
from whosays.types import Article, Query
from whosays.words import terms

QUESTION = "who holds Orsel?"


def indexed(article: Article) -> Indexed:
    parts = blocks(article.text)
    claims = tuple(claim for claim in CLAIMS if claim.article == article.id)
    return Indexed(
        article=article,
        blocks=parts,
        vectors=WordEncoder().encode([article.text[slice(*block.span)] for block in parts if not block.furniture]),
        claims=claims,
        claim_vectors=WordEncoder().encode([claim_text(article, claim) for claim in claims]),
    )


def index(*topics: str) -> TopicIndex:
    found = TopicIndex(256)
    for topic in topics:
        found.add(topic, embed(topic))
    return found


def matching(found: TopicIndex, article: Article) -> list[int]:
    item = indexed(article)
    words = set(terms(article.text)) | set(terms(article.title or ""))
    return [int(row) for row in found.matching(words, np.concatenate([item.claim_vectors, item.vectors]))]


def test_a_topic_is_matched_by_its_words_and_its_meaning() -> None:
    found = index(QUESTION, "Orsel", "the salt tax", "who holds Brem?", "is the mayor of Orsel ill?", "what's the latest news?")
    assert matching(found, GAZETTE) == [0, 1]
    assert matching(found, POST) == [2]


def test_whom_a_topic_names_must_be_there() -> None:
    assert matching(index("talks about the salt tax with Bren Osk"), POST) == []
    assert matching(index("talks about the salt tax with Averin"), POST) == [0]


def test_an_index_grows_and_keeps_its_rows() -> None:
    found = index(*(f"topic number {n} on nothing" for n in range(300)), QUESTION)
    assert len(found) == 301
    assert matching(found, GAZETTE) == [300]
    assert found.add("Orsel harbour", embed("Orsel harbour")) == 301
    assert matching(found, GAZETTE) == [300, 301]


def test_an_article_or_an_index_of_nothing_matches_nothing() -> None:
    assert matching(TopicIndex(256), GAZETTE) == []
    assert not len(index(QUESTION).matching({"orsel"}, np.empty((0, 256), dtype=np.float32)))


def test_claims_that_answer_are_taken_in_text_order_and_a_denial_that_points_at_one_with_them() -> None:
    query = Query(text=QUESTION, topic="who holds the town of Orsel")
    material, found = matches(query, embed(query.topic), indexed(GAZETTE), WordReader())
    said = [(match.claim.side, material.words(match.claim), match.points) for match in found]
    assert (VARN, "its army had captured the town of Orsel", False) in said
    assert (LEAGUE, "the takeover claims", True) in said
    assert not any("tents" in words for _, words, _ in said)
    starts = [min(match.claim.attribution.content) for match in found]
    assert starts == sorted(starts)
    assert all(0 < match.likelihood <= 1 for match in found)


def test_who_asks_what_somebody_says_is_told_of_nobody_else() -> None:
    query = Query(text="", topic="the League still held Orsel and its harbour", speakers=("Averin",))
    _, found = matches(query, embed(query.topic), indexed(GAZETTE), WordReader())
    assert {match.claim.speaker.name for match in found} == {"Jon Averin"}


@pytest.mark.parametrize("topic", ["how many towns fell in Orsel", "the opera house of Calder"])
def test_an_article_that_does_not_answer_has_no_claims_on_it(topic: str) -> None:
    _, found = matches(Query(text=topic, topic=topic), embed(topic), indexed(GAZETTE), WordReader())
    assert found == []
