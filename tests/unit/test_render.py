from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.layout import shortened
from bot.markup import Page
from bot.phrases import Phrases, load_phrases
from bot.render import OUTLETS_SHOWN, render_answer, render_error, render_outlets
from bot.worker import BusyError
from tests.cards import SOURCES, answer, full_answer, own_voice, quotation
from tests.e2e.telegram_server.parse_mode import parse_html
from whosays.config import data_folder
from whosays.errors import LanguageError
from whosays.types import Conflict, Disagreement, OutletRecord, Side, Stance, Status

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(data_folder())


def text(pages: tuple[Page, ...]) -> str:
    return "\n\n".join(parse_html(page.html)[0] for page in pages)


@pytest.mark.parametrize("name", ["disputed", "nothing", "old", "reported"])
def test_a_card_looks_as_it_did(name: str, phrases: Phrases) -> None:
    nearest = ("The harbour of Orsel", "Grain from Orsel")
    card = {
        "disputed": full_answer(),
        "nothing": replace(answer(status=Status.NOTHING, nearest=nearest), as_of=None, sources=()),
        "old": replace(answer(status=Status.OLD, nearest=nearest), sources=()),
        "reported": answer(status=Status.REPORTED, own_voice=(own_voice("Smoke stood over the harbour."),)),
    }[name]
    assert "\n---\n".join(page.html for page in render_answer(card, phrases)) + "\n" == (GOLDEN / f"{name}.html").read_text()


def test_three_claims_of_a_side_are_shown_and_the_others_counted(phrases: Phrases) -> None:
    claims = tuple(quotation(f"claim {number}") for number in range(5))
    shown = text(render_answer(answer(sides=(Side(name="Varn Republic", quotations=claims),)), phrases))
    assert [number for number in range(5) if f"claim {number}" in shown] == [0, 1, 2]
    assert "and 2 more" in shown


def test_the_pair_that_a_dispute_rests_on_is_named_and_shown_however_late_it_comes(phrases: Phrases) -> None:
    claims = tuple(quotation(f"claim {number}") for number in range(5))
    other = quotation("no such thing", side="Coast League", source=2)
    sides = (Side(name="Varn Republic", quotations=claims), Side(name="Coast League", quotations=(other,)))
    conflict = Conflict(kind=Disagreement.DENIAL, pair=(claims[4], other))
    shown = text(render_answer(answer(sides=sides, conflict=conflict), phrases))
    assert shown.splitlines()[1] == "Varn Republic [1] against Coast League [2]"
    assert [number for number in range(5) if f"claim {number}" in shown] == [0, 1, 4]
    assert "and 2 more" in shown


@pytest.mark.parametrize("stance", Stance)
def test_every_stance_has_its_verb_before_the_quotation(stance: Stance, phrases: Phrases) -> None:
    card = answer(sides=(Side(name="Varn Republic", quotations=(quotation("that it rains", stance=stance),)),))
    shown = text(render_answer(card, phrases))
    assert f"Varn Republic · {stance.value}\nthat it rains\n— Ilva Tarn, spokeswoman\nOrsel Gazette, 4 May 2031 [1]" in shown


@pytest.mark.parametrize("status", Status)
def test_every_status_comes_first(status: Status, phrases: Phrases) -> None:
    first = text(render_answer(answer(status=status), phrases)).splitlines()[0]
    assert first.lower().startswith(status.value.split()[0])


def test_nothing_found_shows_no_passage_even_if_there_is_one(phrases: Phrases) -> None:
    card = answer(status=Status.NOTHING, own_voice=(own_voice("Smoke stood over the harbour."),))
    assert "Smoke" not in text(render_answer(card, phrases))


def test_only_sources_that_are_cited_are_listed(phrases: Phrases) -> None:
    claims = (*(quotation("from the first", source=1) for _ in range(3)), quotation("from the second", source=2))
    card = answer(sides=(Side(name="Varn Republic", quotations=claims),))
    shown = text(render_answer(card, phrases))
    assert "[1] Orsel Gazette" in shown
    assert "[2]" not in shown


def test_a_claim_found_elsewhere_too_names_and_lists_the_other_sources(phrases: Phrases) -> None:
    card = answer(sides=(Side(name="Varn Republic", quotations=(quotation("x", also=(2, 3)),)),))
    shown = text(render_answer(card, phrases))
    assert "[1], also in [2], [3]" in shown
    assert "[3] outlet unknown: untitled, undated" in shown


def test_a_speaker_without_name_or_role_is_said_to_be_unnamed(phrases: Phrases) -> None:
    card = answer(open=(quotation("x", name="", role="", side=None),))
    assert "speaker not named" in text(render_answer(card, phrases))


def test_own_voice_is_cut_at_the_end_of_a_sentence_and_says_so(phrases: Phrases) -> None:
    card = answer(status=Status.REPORTED, own_voice=(own_voice("It rained in Orsel on 4.5 days. " * 30),))
    quoted = re.findall("<blockquote>(.*?)</blockquote>", render_answer(card, phrases)[0].html)
    assert quoted == ["It rained in Orsel on 4.5 days. " * 10 + "[…]"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("“No. We will not hand it over to anybody.”", "“No. We will not hand it […]"),
        ("Mr. Averin had told them that he would not.", "Mr. Averin had told them […]"),
        ("He came at nine. Nobody was there at all.", "He came at nine. […]"),
        ("the harbour fell […] and then the bridge", "the harbour fell […]"),
        ("They had heard of the Gen. Averin whom Orsel feared.", "They had heard of the […]"),
        ("It was known to the U.S. and nobody else.", "It was known to the […]"),
        ("He spoke at once. Dr. A. Tolk did not.", "He spoke at once. […]"),
        ("He spoke, as did one Mr. A. Tolk of Orsel.", "He spoke, as did one […]"),
        ("Mr. Dr. Prof. Gen. Lt. Averin", "Mr. […]"),
    ],
)
def test_a_cut_leaves_more_than_a_word_and_is_marked_once(text: str, cut: str) -> None:
    assert shortened(text, 26) == cut


def test_a_long_claim_is_folded_but_whole(phrases: Phrases) -> None:
    words = "word " * 200
    card = answer(sides=(Side(name="Varn Republic", quotations=(quotation(words),)),))
    assert f"<blockquote expandable>{words}</blockquote>" in render_answer(card, phrases)[0].html


def test_a_side_carried_over_the_page_is_named_again(phrases: Phrases) -> None:
    claims = tuple(quotation("word " * 500 + str(number)) for number in range(3))
    pages = render_answer(answer(sides=(Side(name="Varn Republic", quotations=claims),)), phrases)
    assert len(pages) == 3
    assert all(page.html.startswith("<b>Varn Republic (continued)</b> · <i>claims</i>\n") for page in pages[1:])


def test_a_page_has_no_more_than_a_hundred_entities(phrases: Phrases) -> None:
    claims = tuple(quotation("x", name="y", role="") for _ in range(3))
    card = answer(sides=tuple(Side(name=f"Side {number}", quotations=claims) for number in range(30)))
    pages = render_answer(card, phrases)
    entities = [len(parse_html(page.html)[1]) for page in pages]
    assert sum(entities) > 300
    assert max(entities) <= 100


def test_right_to_left_names_are_isolated_and_quotations_keep_their_own_direction(phrases: Phrases) -> None:
    card = answer(sides=(Side(name="ورن", quotations=(quotation("المدينة لنا"), quotation("the \u2067town"))),))
    page = render_answer(card, phrases)[0]
    assert "\u2068ورن\u2069" in text((page,))
    assert "<blockquote>المدينة لنا</blockquote>" in page.html
    assert "<blockquote>the \u2067town\u2069</blockquote>" in page.html
    assert text((page,)).count("\u2068") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tg://user?id=1", "not an address", "http://", "http://[bad", "", None])
def test_an_address_that_is_no_web_address_is_no_link(url: str | None, phrases: Phrases) -> None:
    card = replace(
        answer(sides=(Side(name="Varn Republic", quotations=(replace(quotation("x"), url=url),)),)),
        sources=(replace(SOURCES[0], url=url),),
    )
    assert "<a" not in render_answer(card, phrases)[0].html


def test_a_name_with_line_breaks_or_of_any_length_stays_one_short_line(phrases: Phrases) -> None:
    card = answer(sides=(Side(name="Varn\n\nRepublic " * 500, quotations=(quotation("x", name="Tarn\n" * 500),)),))
    (page,) = render_answer(card, phrases)
    assert max(map(len, text((page,)).splitlines())) < 400


def test_errors_are_worded_by_kind_without_their_own_words(phrases: Phrases) -> None:
    worded = {text(render_error(error, phrases)) for error in (BusyError("x1"), LanguageError("x1"), KeyError("x1"))}
    assert len(worded) == 3
    assert not any("x1" in words for words in worded)


def test_outlets_are_listed_by_size_with_their_dates(phrases: Phrases) -> None:
    day = datetime(2031, 5, 4, tzinfo=UTC)
    small = OutletRecord(outlet="A & B", articles=1, oldest=None, newest=None)
    large = OutletRecord(outlet=None, articles=7, oldest=day, newest=day)
    lines = text(render_outlets([small, large], phrases)).splitlines()
    assert lines == [
        "8 articles, 2 outlets, newest: 4 May 2031",
        "outlet unknown: 7 articles (4 May 2031)",
        "A & B: 1 article (undated)",
    ]
    many = [OutletRecord(outlet=f"Outlet {n}", articles=1, oldest=None, newest=None) for n in range(OUTLETS_SHOWN + 2)]
    assert text(render_outlets(many, phrases)).endswith("and 2 more outlets")
    assert "not read any" in text(render_outlets([], phrases))
