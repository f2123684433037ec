"""Which topics an article may be news on, and which of its claims: with the words' own vectors, and no weights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, POST, VARN, WordEncoder, WordReader, embed
from whosays.alerts.bare import names_in
from whosays.alerts.index import TopicIndex
from whosays.alerts.matching import matches, whole_of
from whosays.asked import is_question
from whosays.crossencoder import Reads
from whosays.question import understand
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


class DeafReader:
    """A cross-encoder that takes nothing for an answer, as a trained one does where nothing is asked."""

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return next to nothing for each claim."""
        return [0.01 for _ in claims]


def told(topic: str, article: Article, reader: Reads | None) -> list[str]:
    """Return the words of the claims of an article that its followers hear, as they typed the topic."""
    query = understand(topic, datetime(2031, 5, 4, tzinfo=UTC))
    material, found = matches(query, embed(query.topic), whole_of(indexed(article)), reader)
    return [material.words(match.claim) for match in found]


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
    material, found = matches(query, embed(query.topic), whole_of(indexed(GAZETTE)), WordReader())
    said = [(match.claim.side, material.words(match.claim), match.points) for match in found]
    assert (VARN, "its army had captured the town of Orsel", False) in said
    assert (LEAGUE, "the takeover claims", True) in said
    assert not any("tents" in words for _, words, _ in said)
    starts = [min(match.claim.attribution.content) for match in found]
    assert starts == sorted(starts)
    assert all(0 < match.likelihood <= 1 for match in found)


def test_who_asks_what_somebody_says_is_told_of_nobody_else() -> None:
    query = Query(text="", topic="the League still held Orsel and its harbour", speakers=("Averin",))
    _, found = matches(query, embed(query.topic), whole_of(indexed(GAZETTE)), WordReader())
    assert {match.claim.speaker.name for match in found} == {"Jon Averin"}


@pytest.mark.parametrize("topic", ["how many towns fell in Orsel", "the opera house of Calder"])
def test_an_article_that_does_not_answer_has_no_claims_on_it(topic: str) -> None:
    _, found = matches(Query(text=topic, topic=topic), embed(topic), whole_of(indexed(GAZETTE)), WordReader())
    assert found == []


@pytest.mark.parametrize(
    "topic", ["Orsel", "orsel", "the town of Orsel", "the war in Orsel", "the fighting in Orsel", "Orsel War"]
)
@pytest.mark.parametrize("reader", [DeafReader(), None])
def test_a_name_or_a_phrase_is_told_of_what_is_said_under_its_words(topic: str, reader: Reads | None) -> None:
    heard = told(topic, GAZETTE, reader)
    assert "its army had captured the town of Orsel" in heard
    assert not any("tents" in words for words in heard)
    assert told(topic, POST, reader) == []


def test_a_name_of_two_words_is_told_of_claims_in_all_articles_that_have_it() -> None:
    assert "its army had captured the town of Orsel" in told("Varn Republic", GAZETTE, DeafReader())
    assert told("the Varn Republic", POST, DeafReader()) == ["talks with the Varn Republic about the salt tax"]
    assert told("the salt tax", POST, DeafReader()) == ["talks with the Varn Republic about the salt tax"]


@pytest.mark.parametrize(
    "topic",
    ["Brem", "the war in Brem", "the opera house of Calder", "Calder opera", "Orsel grain exports", "the Coast Bank", "war"],
)
def test_a_phrase_is_told_of_no_other_matter(topic: str) -> None:
    assert told(topic, GAZETTE, DeafReader()) == []


def test_a_question_is_read_whatever_words_it_has() -> None:
    assert told("is the mayor of Orsel ill", GAZETTE, DeafReader()) == []
    assert told("Orsel?", GAZETTE, DeafReader()) == []


def test_who_holds_a_town_is_told_by_whoever_says_in_his_own_words_that_he_took_it() -> None:
    heard = told(QUESTION, GAZETTE, DeafReader())
    assert {"its army had captured the town of Orsel", "the League still held Orsel and its harbour"} <= set(heard)
    assert "Pictures show smoke over the town of Orsel" not in heard
    assert told("who is in Orsel?", GAZETTE, DeafReader()) == []
    assert told("who holds the bridge at Orsel?", GAZETTE, DeafReader()) == []


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("Orsel", {"orsel"}),
        ("orsel", set()),
        ("Varn Republic", {"varn", "republ"}),
        ("the war in Orsel", {"orsel"}),
        ("Fighting in Orsel", {"orsel"}),
        ("Orsel harbour", {"orsel"}),
        ("Talks in Orsel", {"orsel"}),
    ],
)
def test_the_names_in_a_bare_topic_are_known_at_its_start_too(topic: str, names: set[str]) -> None:
    assert names_in(topic) == names


@pytest.mark.parametrize(
    "text",
    [
        "who holds Orsel?",
        "who holds Orsel",
        "Orsel?",
        "what’s left of Orsel",
        "In which town is the mint",
        "is Orsel taken",
        "didn’t the League leave Orsel",
        "Orsel: who holds it",
        "Whether the League left",
    ],
)
def test_a_question_is_known_by_its_mark_or_by_how_it_begins(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "Orsel",
        "Varn Republic",
        "the war in Orsel",
        "orsel harbour",
        "WHO vaccines",
        "Will Osk",
        "May elections in Orsel",
        "Island ferry",
    ],
)
def test_a_name_or_a_phrase_is_no_question(text: str) -> None:
    assert not is_question(text)
