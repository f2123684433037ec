"""What a button sends, and what is read out of anything that comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import presses
from bot.presses import MAX_BYTES, Does, Press, new_card_id


@pytest.mark.parametrize("does", Does)
@pytest.mark.parametrize("arguments", [(), ("0",), ("12", "s"), ("a", "s", "x" * 16)])
def test_what_a_button_sends_is_read_back_and_fits(does: Does, arguments: tuple[str, ...]) -> None:
    press = Press(does, new_card_id(), arguments)
    assert presses.read(press.data) == press
    assert len(press.data.encode()) <= MAX_BYTES


def test_a_press_about_nothing_in_particular_is_a_letter() -> None:
    assert Press(Does.SETTING).data == "g"
    assert presses.read("g") == Press(Does.SETTING)


def test_each_letter_stands_for_one_thing() -> None:
    assert len({does.value for does in Does}) == len(Does)
    assert all(len(does.value) == 1 for does in Does)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "q:abc",
        "P:abc",
        "p:",
        "p:abc:",
        "p::0",
        "p:abc:0:0:0:0",
        "p:" + "a" * 25,
        "p:abc:" + "0" * 17,
        "p:abc\n",
        "p:ä",
        "pp:a",
    ],
)
def test_what_no_button_of_ours_sends_is_not_read(data: str) -> None:
    assert presses.read(data) is None


@given(st.text(max_size=64))
def test_whatever_comes_back_is_read_or_not_but_does_no_harm(data: str) -> None:
    press = presses.read(data)
    assert press is None or press.data == data


@pytest.mark.parametrize(
    ("arguments", "number"), [((), None), (("7",), 7), (("-7",), None), (("x",), None), (("٧",), None), (("0" * 16,), 0)]
)
def test_an_argument_is_a_number_or_none(arguments: tuple[str, ...], number: int | None) -> None:
    assert Press(Does.PAGE, "abc", arguments).number(0) == number


def test_nobody_guesses_the_id_of_a_card() -> None:
    ids = {new_card_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(id_) for id_ in ids} == {12}
