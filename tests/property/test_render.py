from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import closed, cut, isolate, units
from bot.phrases import load_phrases
from bot.render import render_answer
from bot.terminal import render_text
from tests.cards import answer, quotation
from tests.e2e.telegram_server.parse_mode import length16, parse_html, quotations
from whosays.config import data_folder
from whosays.types import Quotation, Side, Stance

PHRASES = load_phrases(data_folder())

SCRIPTS = st.sampled_from(
    ["a", "é", "&", "<", ">", '"', " ", "\n", ".", "“", "”", "[…]", "ا", "ש", "😀", "\u202e", "\u2067", "\u2069"]
)
WORDS = st.lists(SCRIPTS, min_size=1, max_size=60).map("".join).filter(str.strip)
#: Of any length up to some three messages.
QUOTED = st.builds(lambda words, times: ("|" + words) * times, WORDS, st.integers(1, 12000)).map(lambda text: text[:12000])
CLAIMS = st.builds(
    quotation, QUOTED, name=WORDS, role=WORDS, stance=st.sampled_from(Stance), source=st.integers(1, 3),
    also=st.lists(st.integers(1, 3), max_size=3).map(tuple),
)  # fmt: skip


def without_closing_marks(text: str) -> str:
    return re.sub("[\u2067-\u2069\u202c]", "", text)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, st.lists(CLAIMS, min_size=1, max_size=3)), min_size=1, max_size=3))
def test_pages_fit_telegram_and_hold_every_quotation_whole(sides: list[tuple[str, list[Quotation]]]) -> None:
    card = answer(sides=tuple(Side(name=name, quotations=tuple(claims)) for name, claims in sides))
    quoted = []
    for page in render_answer(card, PHRASES):
        text, entities = parse_html(page.html)
        assert 1 <= length16(text) <= 4096
        assert len(entities) <= 100
        quoted += quotations(text, entities)
        assert render_text(page)
    whole = "".join(claim.text for _, claims in sides for claim in claims)
    assert without_closing_marks("".join(quoted)) == without_closing_marks(whole)


@given(WORDS, st.integers(2, 50))
def test_pieces_make_up_the_text_again_and_break_at_spaces(text: str, size: int) -> None:
    pieces = list(cut(text, size))
    assert "".join(pieces) == text
    assert all(units(piece) <= size for piece in pieces)
    assert all(piece[-1].isspace() or not any(map(str.isspace, piece)) for piece in pieces[:-1])


@given(WORDS)
def test_an_isolated_text_is_balanced_and_unchanged_within(text: str) -> None:
    isolated = isolate(text)
    assert text in isolated
    depth = 0
    for character in isolated:
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0 or isolated == text
    assert depth == 0


@given(WORDS)
def test_a_closed_text_begins_with_the_text_and_leaves_nothing_open(text: str) -> None:
    shut = closed(text)
    assert shut.startswith(text)
    assert closed(shut) == shut
    assert set(shut[len(text) :]) <= {"\u2069", "\u202c"}


@given(st.text())
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", errors="surrogatepass")) // 2
