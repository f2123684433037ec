"""The questions of the demo articles, asked over SQLite and over PostgreSQL: the answers are the same, to the last word."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from whosays.config import data_folder
from whosays.engine import Engine, demo_ids

QUESTIONS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("demo_questions.toml").read_text("utf-8"))
CHAINS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("demo_follow_ups.toml").read_text("utf-8"))


@pytest.mark.parametrize("question", [expected["question"] for expected in QUESTIONS["question"]])
def test_a_question_has_the_same_answer(engine: Engine, engine_over_postgres: Engine, question: str) -> None:
    assert engine_over_postgres.ask(question, QUESTIONS["now"]) == engine.ask(question, QUESTIONS["now"])
    assert engine_over_postgres.survey(question, QUESTIONS["now"]) == engine.survey(question, QUESTIONS["now"])


@pytest.mark.parametrize("chain", CHAINS["chain"], ids=lambda chain: " ".join(chain["asked"]))
def test_follow_ups_have_the_same_answers(engine: Engine, engine_over_postgres: Engine, chain: dict[str, Any]) -> None:
    here = there = None
    for question in chain["asked"]:
        here = engine.ask(question, CHAINS["now"], here.query if here else None)
        there = engine_over_postgres.ask(question, CHAINS["now"], there.query if there else None)
        assert here == there


def test_articles_rank_alike_and_their_stories_and_copies_are_the_same(engine: Engine, engine_over_postgres: Engine) -> None:
    for expected in QUESTIONS["question"]:
        here, there = (one.search(expected["question"], 20) for one in (engine, engine_over_postgres))
        assert [article for article, _ in here] == [article for article, _ in there]
        assert [score for _, score in here] == pytest.approx([score for _, score in there], abs=1e-5)
    assert engine.outlets() == engine_over_postgres.outlets()
    assert engine.revision() == engine_over_postgres.revision()


def test_claims_of_each_article_are_the_same(engine: Engine, engine_over_postgres: Engine) -> None:
    ids = {article.id for article in engine.articles(demo_ids(data_folder() / "demo"))}
    for id in ids:
        assert engine.article(id) == engine_over_postgres.article(id)
        assert engine.claims_in(id) == engine_over_postgres.claims_in(id)
