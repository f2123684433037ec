"""An article with who says what marked in it: the marks, the terminal's text and the page."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, VARN, claim
from whosays.attribution.actors import Actors
from whosays.explain import Explanation, explained, to_page, to_text
from whosays.explain.marks import Part
from whosays.types import Article, Attribution, Claim, Span, Speaker

ACTORS = """
[[party]]
name = "Varn Republic"
kind = "country"
aliases = ["Varnmark"]
people = [{ name = "Mira Tolk", role = "spokeswoman" }]

[[observer]]
name = "Calder House"
kind = "monitor"
"""


@pytest.fixture
def actors(tmp_path: Path) -> Actors:
    file = tmp_path / "actors.toml"
    file.write_text(ACTORS, "utf-8")
    return Actors.load(file)


@pytest.fixture
def gazette(actors: Actors) -> Explanation:
    return explained(GAZETTE, [one for one in CLAIMS if one.article == GAZETTE.id], actors)


def at(text: str, words: str) -> tuple[Span, ...]:
    start = text.index(words)
    return (Span(start, start + len(words)),)


def saying(article: Article, source: str, cue: str, content: str, *, side: str | None, speaker: str = "Ana Blum") -> Claim:
    spans = [at(article.text, words) if words else () for words in (source, cue, content)]
    attribution = Attribution(source=spans[0], cue=spans[1], content=spans[2])
    made = claim(article, content, cue, speaker, side)
    return replace(made, attribution=attribution, speaker=Speaker(name=speaker))


NESTED = Article(
    id="nested",
    text="Ana Blum of Varnmark said that the League denied that the pier had burned. Nobody else spoke.",
    title="The pier",
)
OUTER = saying(NESTED, "Ana Blum of Varnmark", "said", "the League denied that the pier had burned", side=VARN)
INNER = saying(NESTED, "the League", "denied", "the pier had burned", side=LEAGUE, speaker="Coast League")


def test_each_paragraph_holds_its_words_and_the_statements_that_begin_in_it(gazette: Explanation) -> None:
    shown = ["".join(piece.text for piece in passage.pieces) for passage in gazette.passages]
    assert shown == GAZETTE.text.split("\n\n")
    assert [[told.number for told in passage.told] for passage in gazette.passages] == [[1], [2], [3, 4], [5], [], [6]]
    assert gazette.sides == (VARN, LEAGUE, "observer")


def test_overlapping_statements_are_marked_in_the_same_words(actors: Actors) -> None:
    (passage,) = explained(NESTED, [OUTER, INNER], actors).passages
    marked = {piece.text: [(mark.number, mark.part) for mark in piece.marks] for piece in passage.pieces}
    assert marked["the League"] == [(1, Part.CONTENT), (2, Part.SOURCE)]
    assert marked["the pier had burned"] == [(1, Part.CONTENT), (2, Part.CONTENT)]
    assert marked[" that "] == [(1, Part.CONTENT)]
    assert marked[". Nobody else spoke."] == []


def test_joint_speakers_make_one_statement(actors: Actors) -> None:
    other = replace(OUTER, speaker=Speaker(name="Jon Averin"), side=LEAGUE)
    explanation = explained(NESTED, [OUTER, other, INNER], actors)
    assert [[voice.claim.speaker.name for voice in told.voices] for told in explanation.told] == [
        ["Ana Blum", "Jon Averin"],
        ["Coast League"],
    ]
    assert "1 AB" in to_page(explanation), "the letters of both sides"
    assert re.search(r"^ {2}1 Ana Blum .*\n.*\n {2}& Jon Averin ", to_text(explanation), re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "speaker", "side", "reason"),
    [
        ("Ana Blum of Varnmark", "Ana Blum", VARN, "“Varnmark” in the source, listed as Varn Republic"),
        ("Ana Blum", "Mira Tolk", VARN, "listed as spokeswoman, Varn Republic"),
        ("Ana Blum", "Calder House", "observer", "“Calder House” in the speaker's name"),
        ("the League", "Coast League", LEAGUE, "speaks for itself"),
        ("the League", "Jon Averin", LEAGUE, ""),
        ("Ana Blum of Varnmark", "Ana Blum", None, ""),
    ],
)
def test_a_reason_is_given_only_where_a_name_gives_it(
    actors: Actors, source: str, speaker: str, side: str | None, reason: str
) -> None:
    one = saying(NESTED, source, "said", "the pier had burned", side=side, speaker=speaker)
    (told,) = explained(NESTED, [one], actors).told
    assert told.voices[0].reason == reason


def test_the_terminal_shows_brackets_and_a_list_under_each_paragraph(actors: Actors) -> None:
    text = to_text(explained(NESTED, [OUTER, INNER], actors), width=200)
    marked = (
        "{1 Ana Blum of Varnmark} <1 said> that [1 {2 the League} <2 denied> that [2 the pier had burned]]. Nobody else spoke."
    )
    assert text.splitlines()[-5:] == [
        marked,
        "  1 Ana Blum · Varn Republic · claims · 90%",
        "    “Varnmark” in the source, listed as Varn Republic",
        "  2 Coast League · Coast League · claims · 90%",
        "    speaks for itself",
    ]


def test_lines_keep_to_the_width_and_colours_change_no_word(gazette: Explanation) -> None:
    plain, coloured = to_text(gazette, width=50), to_text(gazette, width=50, ansi=True)
    assert max(map(len, plain.splitlines())) <= 50
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_a_text_cannot_steer_the_terminal(actors: Actors) -> None:
    article = replace(NESTED, text="The mayor \x1b[31mpainted\x1b[0m the pier red again.", title="\x1b]0;Gotcha\x07")
    assert "\x1b" not in to_text(explained(article, [], actors))


def test_an_article_in_which_nobody_speaks_says_so(actors: Actors) -> None:
    explanation = explained(NESTED, [], actors)
    assert "nobody is said to say anything" in to_text(explanation)
    assert "nobody is said to say anything" in to_page(explanation)


def test_furniture_is_shown_as_not_read(actors: Actors) -> None:
    article = replace(NESTED, text=NESTED.text + "\n\nShare this article", outlet="Harbour Post")
    explanation = explained(article, [OUTER], actors)
    assert "not read" in to_text(explanation).splitlines()[-1]
    assert '<p class="left"><b>not read' in to_page(explanation)


def test_every_mark_of_a_page_leads_to_its_statement(gazette: Explanation) -> None:
    page = html.document_fromstring(to_page(gazette))
    notes = {item.get("id"): item for item in page.iter("li")}
    assert list(notes) == [f"c{number}" for number in range(1, 7)]
    badges = [badge.get("href") for badge in page.iterfind(".//main//a")]
    assert badges == [f"#c{number}" for number in range(1, 7)]
    for told in gazette.told:
        for part in ("cue", "content"):
            spans = [element for element in page.iterfind(".//p/span") if element.get("data-n") == str(told.number)]
            words = "".join(element.text_content() for element in spans if element.get("class").startswith(part))
            wanted = told.attribution.cue if part == "cue" else told.attribution.content
            assert words == "".join(GAZETTE.text[start:end] for start, end in wanted)
    chips = {button.text_content(): button.get("data-n") for button in page.iter("button")}
    assert chips == {"AVarn Republic 2": "1 2", "BCoast League 3": "3 4 6", "◇observer 1": "5"}


def test_a_page_needs_nothing_else_and_runs_no_script_but_its_own(gazette: Explanation) -> None:
    page = to_page(gazette)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert not re.search(r"\ssrc=|@import|url\(", page)
    assert re.findall(r'(?:href|content)="(https?:[^"]*)"', page) == [GAZETTE.url]


def test_what_an_article_holds_cannot_become_markup(actors: Actors) -> None:
    evil = '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(2)>'
    text = f"{evil} said that {evil} would come."
    article = Article(id="evil", text=text, title=evil, outlet=evil, url="javascript:alert(3)")
    spans = Attribution(source=(Span(0, len(evil)),), cue=at(text, "said"), content=(Span(len(evil) + 11, len(text) - 12),))
    one = replace(OUTER, article="evil", attribution=spans, speaker=Speaker(name=evil, role=evil), side=evil)
    page = html.document_fromstring(to_page(explained(article, [one], actors)))
    assert [script.text_content()[:2] for script in page.iter("script")] == ["//"]
    assert not list(page.iter("img"))
    assert not [link for link in page.iter("a") if "javascript" in link.get("href")]
    assert page.findtext(".//h1") == evil
    assert evil in page.find(".//main").text_content()
