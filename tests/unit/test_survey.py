"""All claims on a topic or in an article, over a real store: more than a summary shows, and none on something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, POST, VARN, WordEncoder, WordReader, claim
from whosays.relevance import claim_text
from whosays.store.corpus import Corpus, Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.summary import SURVEY_MOST, summarise, survey
from whosays.text import blocks
from whosays.types import Answer, Article, Claim, Status

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
ENCODER, READER = WordEncoder(), WordReader()


def put(corpus: Corpus, article: Article, claims: Sequence[Claim]) -> None:
    found = blocks(article.text)
    quotable = [article.text[block.span.start : block.span.end] for block in found if not block.furniture]
    corpus.put(
        Indexed(
            article=article,
            blocks=found,
            vectors=ENCODER.encode(quotable),
            claims=tuple(claims),
            claim_vectors=ENCODER.encode([claim_text(article, c) for c in claims]).astype(np.float32),
        )
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    store = SqlCorpus.open(f"sqlite:///{tmp_path / 'whosays.db'}", ENCODER)
    put(store, GAZETTE, [c for c in CLAIMS if c.article == "gazette"])
    put(store, POST, [c for c in CLAIMS if c.article == "post"])
    yield store
    store.close()


def texts(card: Answer) -> set[str]:
    return {quotation.text for quotation in card.quotations}


def test_a_survey_has_what_a_summary_has_and_more(corpus: Corpus) -> None:
    card = survey(corpus, ENCODER, READER, "Orsel", NOW)
    assert texts(summarise(corpus, ENCODER, READER, "Orsel", NOW)) <= texts(card)
    assert {"300 tents for the families in the camp", "the takeover claims"} <= texts(card)
    assert {side.name for side in card.sides} == {VARN, LEAGUE}
    assert len(card.observers) == 1
    assert card.status is Status.DISPUTED


def test_no_claim_of_a_side_is_left_out_for_being_its_fifth(corpus: Corpus) -> None:
    lines = [f"Mira Tolk said that tower {word} of Orsel had fallen." for word in "one two three four five six seven".split()]
    article = replace(GAZETTE, id="towers", url=None, title="The towers of Orsel", text="\n\n".join(lines))
    said = [claim(article, line.removeprefix("Mira Tolk said that ").rstrip("."), "said", "Mira Tolk", VARN) for line in lines]
    put(corpus, article, [replace(c, paragraphs=(i,)) for i, c in enumerate(said)])
    card = survey(corpus, ENCODER, READER, "the towers of Orsel", NOW)
    assert sum("tower" in text for text in texts(card)) == 7
    assert sum("tower" in text for text in texts(summarise(corpus, ENCODER, READER, "the towers of Orsel", NOW))) <= 4


def test_a_claim_in_two_outlets_stands_once_and_names_both(corpus: Corpus) -> None:
    text = "“Orsel fell to our brigades this morning,” said Mira Tolk, a spokeswoman of the Varn Republic.\n\nNo ship left Orsel."
    again = replace(GAZETTE, id="again", url=None, outlet="Harbour Post", text=text)
    put(corpus, again, [claim(again, "Orsel fell to our brigades this morning", "said Mira", "Mira Tolk", VARN)])
    card = survey(corpus, ENCODER, READER, "Orsel", NOW)
    (said,) = (quotation for quotation in card.quotations if quotation.text.startswith("Orsel fell"))
    outlets = {source.n: source.outlet for source in card.sources}
    assert {outlets[n] for n in (said.source, *said.also)} == {"Orsel Gazette", "Harbour Post"}


def test_a_survey_has_a_bound(corpus: Corpus) -> None:
    lines = [f"Mira Tolk said that house {number} in Orsel had burned down." for number in range(100, 200)]
    article = replace(GAZETTE, id="houses", url=None, title="The houses of Orsel", text="\n\n".join(lines))
    said = [claim(article, line.removeprefix("Mira Tolk said that ").rstrip("."), "said", "Mira Tolk", VARN) for line in lines]
    put(corpus, article, [replace(c, paragraphs=(i,)) for i, c in enumerate(said)])
    for topic in ("the houses of Orsel", "houses"):
        assert len(survey(corpus, ENCODER, READER, topic, NOW).quotations) == SURVEY_MOST


def test_a_survey_leaves_out_articles_on_something_else(corpus: Corpus) -> None:
    assert {source.article for source in survey(corpus, ENCODER, READER, "the salt tax talks", NOW).sources} == {"post"}
    assert survey(corpus, ENCODER, READER, "the price of bread in Kesh", NOW).status is Status.NOTHING


@pytest.mark.parametrize(
    "address",
    [
        "gazette",
        " gazette ",
        "https://gazette.example/orsel",
        "https://gazette.example/orsel#comments",
        "https://gazette.example/orsel#:~:text=its%20army",
    ],
)
def test_an_article_is_read_whole_by_its_id_or_address(corpus: Corpus, address: str) -> None:
    for whole in (survey(corpus, ENCODER, READER, address, NOW), summarise(corpus, ENCODER, READER, address, NOW)):
        assert {source.article for source in whole.sources} == {"gazette"}
        assert whole.query.text == address
    assert len(texts(survey(corpus, ENCODER, READER, address, NOW))) == 6


def test_an_address_with_a_place_of_its_own_is_found_by_our_link_to_it(corpus: Corpus) -> None:
    card = summarise(corpus, ENCODER, READER, "https://post.example/orsel?a=1#top:~:text=talks", NOW)
    assert {source.article for source in card.sources} == {"post"}


@pytest.mark.parametrize("address", ["https://gazette.example/orsel/other", "http://orsel.example/Orsel-harbour-Varn"])
def test_an_address_that_is_not_in_the_store_is_answered_with_nothing_at_all(corpus: Corpus, address: str) -> None:
    for card in (survey(corpus, ENCODER, READER, address, NOW), summarise(corpus, ENCODER, READER, address, NOW)):
        assert (card.status, card.nearest, card.sources) == (Status.NOTHING, (), ())
        assert card.query.text == address


def test_an_empty_store_has_nothing_to_survey(tmp_path: Path) -> None:
    store = SqlCorpus.open(f"sqlite:///{tmp_path / 'empty.db'}", ENCODER)
    assert survey(store, ENCODER, READER, "Orsel", NOW).status is Status.NOTHING
    store.close()
