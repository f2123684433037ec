"""Whom a "he" and whom a "she" may mean, in texts of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from whosays import text as texts
from whosays.attribution.actors import Actors
from whosays.attribution.gender import gender_of_words, genders
from whosays.attribution.names import Names

ACTORS = """
[[party]]
name = "Lowmark"
kind = "country"
people = [
    { name = "Sanne Vorn", role = "president", gender = "she" },
    { name = "Oren Tassik", role = "minister" },
]
"""


@pytest.fixture
def actors(tmp_path: Path) -> Actors:
    path = tmp_path / "actors.toml"
    path.write_text(ACTORS, "utf-8")
    return Actors.load(path)


@pytest.mark.parametrize(
    ("source", "name", "gender"),
    [
        ("The mill was sold by Ms Torv on Monday, and the town was glad.", "Torv", "she"),
        ("President Sanne Vorn opened the mill on Monday morning.", "Sanne Vorn", "she"),
        ("Oren Tassik, the minister, opened the mill on Monday morning.", "Oren Tassik", "he"),
        ("Margaret Torv opened the mill on Monday morning in the rain.", "Margaret Torv", "she"),
        ("Pell Arden, a spokeswoman, opened the mill on Monday morning.", "Pell Arden", "she"),
        ("Pell Arden opened the mill on Monday with her brother.", "Pell Arden", "she"),
        ("Pell Arden said: “He sold the mill on Monday, in the rain.”", "Pell Arden", None),
        ("Pell Arden met Gil Rask on Monday, and he opened the mill.", "Pell Arden", None),
    ],
)
def test_a_gender_is_told_by_title_list_name_office_or_pronoun(
    source: str, name: str, gender: str | None, actors: Actors
) -> None:
    paragraphs = [block.span for block in texts.blocks(source)]
    people = Names(source, paragraphs, actors, None).people
    assert genders(source, people, actors).get(name) == gender


def test_a_description_tells_it_too() -> None:
    assert gender_of_words("the miller’s widow") == "she"
    assert gender_of_words("an official") is None
