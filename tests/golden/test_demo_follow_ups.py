"""The chains of demo_follow_ups.toml over the demo articles, with the real models; surveys and contexts of the same."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from whosays.engine import Engine
from whosays.types import Status

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("demo_follow_ups.toml").read_text("utf-8"))


@pytest.mark.parametrize("chain", TABLE["chain"], ids=lambda chain: " ".join(chain["asked"]))
def test_a_follow_up_keeps_the_matter_and_shows_those_alone_whom_it_asks(engine: Engine, chain: dict[str, Any]) -> None:
    card = engine.ask(chain["asked"][0], TABLE["now"])
    first = chain["asked"][0]
    for question, follows in zip(chain["asked"][1:], chain["follows"], strict=True):
        card = engine.ask(question, TABLE["now"], card.query)
        first = first if follows else question
        assert card.query.text == question
        assert card.query.follows == (first if follows else "")
    assert card.status in chain["status"]
    assert {side.name for side in card.sides} == set(chain["sides"])
    for word in chain.get("observers", []):
        assert any(quotation.claim and word in quotation.claim.speaker.name for quotation in card.observers)


@pytest.mark.parametrize(
    ("topic", "word", "least"),
    [("Panjshir", "Panjshir", 40), ("MH17", "MH17", 18), ("the Lachin road", "Lachin", 20), ("the Nile dam", "Nile", 16)],
)
def test_a_survey_has_all_that_a_topics_articles_say_and_each_quotation_its_context(
    engine: Engine, topic: str, word: str, least: int
) -> None:
    survey = engine.survey(topic, TABLE["now"])
    assert len(survey.quotations) >= least
    about = {source.article for source in survey.sources}
    for article in engine.articles(about):
        assert word.casefold() in f"{article.title} {article.text}".casefold()
    for quotation in survey.quotations:
        context = engine.context(quotation)
        assert context is not None
        marked = [paragraph.text[span.start : span.end] for paragraph in context.paragraphs for span in paragraph.quoted]
        assert " ".join(" […] ".join(marked).split()) == " ".join(quotation.text.split())


def test_a_survey_of_nothing_is_nothing(engine: Engine) -> None:
    assert engine.survey("the price of bread", TABLE["now"]).status is Status.NOTHING
