"""What holds for any text: nothing is lost, nothing overlaps, offsets are exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whosays.text import blocks, paragraphs, sentences, words
from whosays.types import Span

PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t",
        "\u00a0",
        "\u2029",
        ". ",
        "? ",
        "”",
        "“",
        "...",
        "Dr.",
        "U.S.",
        "The",
        "mayor said",
        "(Reuters)",
        "é",
        "42",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


def left_over(text: str, spans: list[Span]) -> str:
    """Return what stands outside the spans, after a check that they are in order, apart and not empty."""
    rest, position = [], 0
    for start, end in spans:
        assert position <= start < end
        rest.append(text[position:start])
        position = end
    return "".join([*rest, text[position:]])


@given(TEXTS)
def test_blocks_hold_all_that_is_not_white_space(text: str) -> None:
    spans = [block.span for block in blocks(text)]
    assert left_over(text, spans).strip() == ""
    assert spans == paragraphs(text)


@given(TEXTS)
def test_a_block_begins_and_ends_with_a_character_to_be_seen(text: str) -> None:
    for start, end in paragraphs(text):
        assert not text[start].isspace()
        assert not text[end - 1].isspace()


@given(TEXTS, st.data())
def test_sentences_hold_all_of_their_span_that_is_not_white_space(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = sentences(text, Span(start, end))
    assert left_over(text[start:end], [Span(a - start, b - start) for a, b in found]).strip() == ""
    assert all(text[a:b] == text[a:b].strip() for a, b in found)


@given(TEXTS)
def test_words_are_folded_and_never_empty(text: str) -> None:
    assert all(word and word == word.casefold() for word in words(text))


@given(TEXTS, st.text(), st.text())
def test_an_outlet_and_a_title_never_change_where_blocks_stand(text: str, outlet: str, title: str) -> None:
    assert [block.span for block in blocks(text, outlet=outlet, title=title)] == paragraphs(text)
