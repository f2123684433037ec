"""Questions made from an article, to teach with."""

from __future__ import annotations

from random import Random

from whosays.distil.questions import questions
from whosays.types import Article

ARTICLE = Article(
    id="mill",
    title="Fire at the mill in Orsel",
    text=(
        "On Monday the Coast League denied the attack on Orsel. In May envoy Averin stopped the talks with the Varn Republic, "
        "and in Orsel 12 houses were burned. The envoy said that Averin will meet the League in May."
    ),
)


def test_what_somebody_did_is_asked_of_in_three_ways() -> None:
    asked = questions(ARTICLE, 100, Random(1))
    what = "stop the talks with the Varn Republic?"
    assert {"who stopped the talks with the Varn Republic?", f"did Averin {what}", f"why did Averin {what}"} <= set(asked)
    assert "did Coast League deny the attack on Orsel?" in asked


def test_numbers_states_names_and_topics_are_asked_of() -> None:
    asked = questions(ARTICLE, 100, Random(1))
    assert "how many houses were burned in Orsel?" in asked
    assert "will Averin meet the League?" in asked
    assert "Fire at the mill in Orsel" in asked
    assert any("Varn Republic" in question for question in asked)


def test_the_same_draw_makes_the_same_questions_and_no_more_than_are_wanted() -> None:
    first, second = (questions(ARTICLE, 5, Random(7)) for _ in range(2))
    assert first == second
    assert len(first) == len(set(first)) == 5


def test_of_a_text_without_a_name_its_title_alone_is_asked() -> None:
    assert questions(Article(id="x", title="Rain", text="it rained."), 5, Random(1)) == ["Rain"]
    assert questions(Article(id="x", text=""), 5, Random(1)) == []
