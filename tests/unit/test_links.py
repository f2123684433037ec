"""Deep links: what a link's parameter says, and what it cannot be made to say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import links
from bot.links import Opened
from bot.presses import new_card_id

#: https://core.telegram.org/bots/features#deep-linking
PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def test_a_cards_link_opens_the_card() -> None:
    card = new_card_id()
    address, _, parameter = links.to_card("WhoSaysTestBot", card).partition("?start=")
    assert address == "https://t.me/WhoSaysTestBot"
    assert PARAMETER.fullmatch(parameter)
    assert parameter == links.for_card(card)
    assert links.opened(parameter) == Opened(card=card)


@pytest.mark.parametrize("question", ["who holds Orsel?", "چه کسی اورسل را دارد؟", "  who\nholds\tOrsel? ", "😀"])
def test_a_questions_link_asks_it(question: str) -> None:
    parameter = links.for_question(question)
    assert parameter is not None
    assert PARAMETER.fullmatch(parameter)
    assert links.opened(parameter) == Opened(question=" ".join(question.split()))


@given(st.text())
def test_a_link_for_any_words_is_one_that_telegram_takes_or_none(question: str) -> None:
    parameter = links.for_question(question)
    if parameter is not None:
        assert PARAMETER.fullmatch(parameter)
        assert links.opened(parameter) in {None, Opened(question=_as_sent(question))}


def test_a_question_too_long_for_a_link_has_none() -> None:
    assert links.for_question("x" * 46) is not None
    assert links.for_question("x" * 47) is None
    assert links.for_question("   ") is None


@pytest.mark.parametrize(
    "parameter",
    [
        "",
        "ask",
        "c_",
        "q_",
        "c_abc!",
        "x_abc",
        "q_A",  # no base64
        "q__w",  # no UTF-8
        "q_IA",  # a space
        "q_AA",  # a character that nobody types
        "c_" + "a" * 63,
        "C_abc",
    ],
)
def test_a_damaged_link_opens_nothing(parameter: str) -> None:
    assert links.opened(parameter) is None


@given(st.text(alphabet="ABCabc019_-cq", max_size=70))
def test_no_parameter_does_any_harm(parameter: str) -> None:
    opened = links.opened(parameter)
    assert opened is None or bool(opened.card) is not bool(opened.question)


def _as_sent(question: str) -> str:
    return " ".join(" ".join(question.split()).encode("utf-8", "replace").decode().split())
