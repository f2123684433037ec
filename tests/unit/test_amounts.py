"""Numbers that exclude each other, and those that do not."""

from __future__ import annotations

import pytest

from whosays.amounts import differ


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 soldiers died", "40 soldiers died"),
        ("twelve soldiers died", "40 soldiers died"),
        ("1,200 tents came", "300 tents came"),
        ("at least 40 tents came", "12 tents came"),
        ("fewer than 40 tents came", "more than 90 tents came"),
        ("about 40 tents came", "some 90 tents came"),
        ("2 million marks were paid", "2,000 marks were paid"),
    ],
)
def test_other_numbers_for_one_thing_differ_in_either_order(one: str, other: str) -> None:
    assert differ(one, other)
    assert differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 soldiers died", "twelve soldiers died"),
        ("at least 12 soldiers died", "40 soldiers died"),
        ("about 40 tents came", "42 tents came"),
        ("12 soldiers died", "40 tents came"),
        ("two thousand tents came", "2,000 tents came"),
        ("on 12 May the army came", "on 4 May the army came"),
        ("12 soldiers and later 40 soldiers died", "40 soldiers died"),
        ("the army came", "12 soldiers came"),
    ],
)
def test_numbers_that_can_both_be_so_do_not(one: str, other: str) -> None:
    assert not differ(one, other)
    assert not differ(other, one)


def test_only_what_is_wanted_is_compared() -> None:
    assert differ("12 soldiers died", "40 soldiers died", frozenset({"soldier"}))
    assert not differ("12 soldiers died", "40 soldiers died", frozenset({"tent"}))
