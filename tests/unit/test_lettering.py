from __future__ import annotations

import pytest

from bot.picture.layout import QUOTE, SMALL
from bot.picture.lettering import broken, cleaned, directed, excerpt, fitted, width

LONG = "that anyone who hands in a weapon will go free " * 9 + "[…] and that the courts will sit again"


@pytest.mark.parametrize("room", [90, 300, 700])
@pytest.mark.parametrize("most", [1, 2, 4])
def test_an_excerpt_is_the_quotations_first_words_and_shows_its_cut(room: float, most: int) -> None:
    found = excerpt(LONG, QUOTE, room, lines=most)
    assert len(found) <= most
    assert all(width(line, QUOTE) <= room for line in found)
    joined = " ".join(found)
    assert joined.endswith("[…]")
    assert "".join(LONG.split()).startswith("".join(joined.removesuffix("[…]").split()))


def test_a_quotation_that_fits_is_whole() -> None:
    assert excerpt("“Ours,” […] he said", QUOTE, 600, lines=2) == ["“Ours,” […] he said"]


def test_a_cut_behind_a_cut_is_marked_once() -> None:
    text = "dawn […] " + "harbour " * 20
    room = width("dawn […] har […]", QUOTE)
    assert excerpt(text, QUOTE, room, lines=1) == ["dawn […]"]


def test_lines_make_up_the_text_again() -> None:
    text = "Донаудампф W" + "漢" * 80 + " end"
    assert "".join("".join(broken(text, SMALL, 200)).split()) == "".join(text.split())


def test_a_mark_stays_on_its_letter_where_a_word_is_broken() -> None:
    assert not any(line.startswith("\u0301") for line in broken("e\u0301" * 200, SMALL, 100))


def test_a_long_name_is_cut_with_dots() -> None:
    (name,) = fitted("The Most Serene Republic of Varn", SMALL, 200, lines=1)
    assert name.endswith("…")
    assert "The Most Serene Republic of Varn".startswith(name[:-1])
    assert width(name, SMALL) <= 200


def test_arabic_letters_are_measured_joined() -> None:
    assert width("لا", SMALL) < width("ل", SMALL) + width("ا", SMALL)
    assert width("بب", SMALL) != 2 * width("ب", SMALL)


def test_a_line_says_in_which_direction_it_runs() -> None:
    assert directed("Orsel", right_to_left=False) == "Orsel"
    assert directed("Orsel", right_to_left=True) == "\u2067Orsel\u2069"
    assert directed("Orsel أورسل", right_to_left=False) == "\u2066Orsel أورسل\u2069"


def test_marks_of_direction_and_control_characters_reach_nothing() -> None:
    assert cleaned("a\u202eb\u2067c\x00d\ne\ud800\ufffe") == "abcd e"
