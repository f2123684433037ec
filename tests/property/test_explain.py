"""However spans overlap, every word is shown, brackets and tags nest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from whosays.attribution.actors import Actors
from whosays.explain import explained, to_page, to_text
from whosays.types import Article, Attribution, Claim, Span, Speaker, Stance

TEXT = "Ana said the pier, which he called <old> & dear, fell.\n\nBen denied it; so did Cleo, who wrote a long letter."
WORDS = re.sub(r"\s+", "", TEXT)

spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)).map(lambda s: Span(s[0], min(s[0] + s[1], len(TEXT))))
attributions = st.builds(
    lambda source, cue, content: Attribution(source=tuple(source), cue=tuple(cue), content=tuple(content)),
    st.lists(spans, max_size=1),
    st.lists(spans, max_size=2),
    st.lists(spans, min_size=1, max_size=3),
)


def claim(attribution: Attribution, side: str | None) -> Claim:
    return Claim(
        article="a",
        paragraphs=(),
        attribution=attribution,
        speaker=Speaker(name="Ana"),
        side=side,
        stance=Stance.CLAIMS,
        confidence=0.5,
    )


claims = st.lists(st.builds(claim, attributions, st.sampled_from(["League", "Varn", "observer", None])), max_size=6)


@pytest.fixture(scope="module")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Actors:
    file: Path = tmp_path_factory.mktemp("actors") / "actors.toml"
    file.write_text("", "utf-8")
    return Actors.load(file)


@given(found=claims)
def test_the_pieces_of_a_paragraph_are_its_text(actors: Actors, found: list[Claim]) -> None:
    explanation = explained(Article(id="a", text=TEXT), found, actors)
    assert ["".join(piece.text for piece in passage.pieces) for passage in explanation.passages] == TEXT.split("\n\n")
    assert sum(len(told.voices) for told in explanation.told) == len(found)


@given(found=claims, width=st.integers(30, 120))
def test_the_brackets_of_the_terminal_nest_around_all_words(actors: Actors, found: list[Claim], width: int) -> None:
    explanation = explained(Article(id="a", text=TEXT.replace("<old>", "old")), found, actors)
    text = to_text(explanation, width=width)
    marked = text.partition("paragraph\n")[2] or text.partition("below the")[2]
    opened: list[str] = []
    for bracket in re.findall(r"[{<\[](?=\d)|[}>\]]", marked):
        if bracket in "{<[":
            opened.append(bracket)
        else:
            assert {"{": "}", "<": ">", "[": "]"}[opened.pop()] == bracket
    assert not opened


@given(found=claims)
def test_the_tags_of_a_page_nest_around_all_words(actors: Actors, found: list[Claim]) -> None:
    page = to_page(explained(Article(id="a", text=TEXT), found, actors))
    main = etree.fromstring(page[page.index("<main>") : page.index("</main>") + len("</main>")])
    paragraphs = main.findall("div/p")
    for badge in main.iterfind(".//p//a"):
        badge.text = ""
    assert re.sub(r"\s+", "", "".join("".join(paragraph.itertext()) for paragraph in paragraphs)) == WORDS
