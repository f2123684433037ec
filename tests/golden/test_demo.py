"""The questions of demo_questions.toml over the demo articles, with the real models: what a card must and must not show."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from whosays.engine import Engine
from whosays.types import Quotation, Status

FILE = Path(__file__).with_name("demo_questions.toml")
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))
QUESTIONS: list[dict[str, Any]] = TABLE["question"]


def heard(quotation: Quotation) -> str:
    return quotation.text if quotation.claim is None else f"{quotation.claim.speaker.name} {quotation.text}"


@pytest.mark.parametrize("expected", QUESTIONS, ids=lambda expected: expected["question"])
def test_a_card_shows_what_it_must_and_nothing_that_it_must_not(
    engine: Engine, expected: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if "not_yet" in expected:
        request.applymarker(pytest.mark.xfail(reason=expected["not_yet"], strict=True))
    answer = engine.ask(expected["question"], TABLE["now"])
    assert answer.status in expected["status"]
    sides = {side.name for side in answer.sides}
    assert set(expected.get("sides", [])) <= sides
    assert not set(expected.get("never", [])) & sides
    for word in expected.get("observers", []):
        assert any(word in heard(quotation) for quotation in answer.observers)
    if outlets := expected.get("outlets"):
        assert {source.outlet for source in answer.sources} <= set(outlets)
    if latest := expected.get("latest"):
        end = datetime.combine(latest, datetime.min.time(), UTC) + timedelta(days=1)
        assert all(source.published is not None and source.published < end for source in answer.sources)
    # A question about a time in which nothing falls may be answered with what is older, or with nothing.
    if answer.status is Status.NOTHING:
        assert not answer.quotations
        assert not answer.sources
    elif answer.status is not Status.OLD:
        assert answer.quotations


@pytest.mark.parametrize("expected", QUESTIONS, ids=lambda expected: expected["question"])
def test_every_quotation_stands_in_its_article_and_none_is_furniture(engine: Engine, expected: dict[str, Any]) -> None:
    answer = engine.ask(expected["question"], TABLE["now"])
    for quotation in answer.quotations:
        article = engine.article(quotation.article)
        assert article is not None
        position = 0
        for part in quotation.text.split(" […] "):
            position = article.text.index(part, position) + len(part)
        assert not any(furniture in quotation.text for furniture in ("Comments are closed", "cookies", "Send a tip", "graphic)"))


def test_the_wire_copy_and_its_original_are_one_source(engine: Engine) -> None:
    answer = engine.ask("who holds Panjshir?", TABLE["now"])
    titles = [source.title for source in answer.sources]
    assert not {"Taliban say Panjshir has fallen, resistance says it fights on", "Taliban claim last Afghan province"} <= set(
        titles
    )
