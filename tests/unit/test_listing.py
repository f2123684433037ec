"""Who speaks on a topic, and what was said when, as lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.listing import SPEAKERS_SHOWN, TIMELINE_UNITS, render_sides, render_timeline, speakers_of
from bot.markup import MAX_UNITS, Page, units
from bot.phrases import Phrases, load_phrases
from tests.cards import answer, full_answer, quotation
from tests.e2e.telegram_server.parse_mode import parse_html
from whosays.config import data_folder
from whosays.types import Side, Status


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(data_folder())


def text(pages: tuple[Page, ...]) -> str:
    return "\n\n".join(parse_html(page.html)[0] for page in pages)


def test_speakers_stand_under_their_side_with_claims_and_outlets(phrases: Phrases) -> None:
    shown = text(render_sides(full_answer(), phrases))
    assert shown.startswith("Who speaks: who holds Orsel?\n\nDisputed")
    assert "Varn Republic: 4 claims\n• Ilva Tarn, spokeswoman: 4 claims (Orsel Gazette [1])" in shown
    # One of his claims is told in two outlets.
    assert "Coast League: 3 claims\n• Bren Osk, commander: 3 claims (Orsel Gazette [1], Harbour Post [2])" in shown
    assert "Observers: 1 claim\n• the river monitors: 1 claim (Harbour Post [2])" in shown
    assert "Side not clear: 1 claim\n• officials: 1 claim (outlet unknown [3])" in shown
    assert shown.index("Varn Republic: 4") < shown.index("Coast League: 3") < shown.index("Observers") < shown.index("Side not")
    assert "[2] Harbour Post: Monitors <cannot> enter Orsel & its harbour, 6 May 2031" in shown


def test_a_number_leads_to_the_passage_and_a_mere_repetition_to_its_source(phrases: Phrases) -> None:
    said = quotation("one", source=2, also=(1,))
    (page,) = render_sides(answer(sides=(Side(name="Varn Republic", quotations=(said,)),)), phrases)
    links = {run.text: run.link for run in page.runs if run.link}
    assert links["[2]"] == said.url
    assert links["[1]"] == full_answer().sources[0].url


def test_a_surname_alone_is_the_one_speaker_who_has_it() -> None:
    said = [
        quotation("a", name="Jon Averin", role="commander"),
        quotation("b", name="Averin", role=""),
        quotation("c", name="Averin", role="general"),
        quotation("d", name="Jon Averin", role="commander"),
        quotation("e", name="", role="officials"),
        quotation("f", name="", role="soldiers"),
    ]
    averin, officials, soldiers = speakers_of(said)
    assert (averin.speaker.name, averin.speaker.role, averin.claims) == ("Jon Averin", "commander", 4)
    assert [(who.speaker.name, who.speaker.role) for who in (officials, soldiers)] == [("", "officials"), ("", "soldiers")]
    brothers = [quotation("a", name="Jon Averin"), quotation("b", name="Ed Averin"), quotation("c", name="Averin")]
    assert len(speakers_of(brothers)) == 3


def test_speakers_of_few_claims_are_counted_where_there_are_too_many(phrases: Phrases) -> None:
    many = tuple(quotation(f"claim {number}", name=f"Speaker {number:02}") for number in range(SPEAKERS_SHOWN + 3))
    often = tuple(quotation(f"again {number}", name="Ilva Tarn") for number in range(2))
    shown = text(render_sides(answer(sides=(Side(name="Varn Republic", quotations=(*many, *often)),)), phrases))
    assert shown.index("Ilva Tarn, spokeswoman: 2 claims") < shown.index("Speaker 00")
    assert "and 4 more" in shown


def test_claims_stand_by_day_the_undated_last_each_with_its_side_and_stance(phrases: Phrases) -> None:
    shown = text(render_timeline(full_answer(), phrases))
    assert shown.startswith("Timeline: who holds Orsel?\n\nDisputed")
    first, second, undated = (shown.index(f"\n{day}\n") for day in ("4 May 2031", "6 May 2031", "undated"))
    assert first < second < undated
    denial = "Coast League · denies\nany claim that Orsel has fallen\n— Bren Osk, commander\nHarbour Post [2], also in [1]"
    assert second < shown.index(denial) < undated
    assert first < shown.index("Varn Republic · promises\nthat anyone who hands in a weapon will go free") < second
    assert undated < shown.index("Side not clear · claims\nthe bridge had been mined\n— officials · outlet unknown [3]")
    assert "Observers · claims\nthey had not been let into the town" in shown


def test_a_long_quotation_is_cut_at_a_sentence_and_pages_stay_within_a_message(phrases: Phrases) -> None:
    long = "The harbour is ours, and so is the town. " * 40
    side = Side(name="Varn Republic", quotations=tuple(quotation(long + str(number)) for number in range(30)))
    pages = render_timeline(answer(sides=(side,)), phrases)
    assert len(pages) > 1
    for page in pages:
        plain, _ = parse_html(page.html)
        assert units(plain) <= MAX_UNITS
    quotes = [run.text for page in pages for run in page.runs if "harbour" in run.text]
    assert len(quotes) == 30
    assert all(quote.endswith("town. […]") and units(quote) <= TIMELINE_UNITS + 5 for quote in quotes)


def test_a_topic_without_claims_is_said_as_a_card_says_it(phrases: Phrases) -> None:
    nothing = replace(answer(status=Status.NOTHING, nearest=("Grain from Orsel",)), as_of=None, sources=())
    for render in (render_sides, render_timeline):
        shown = text(render(nothing, phrases))
        assert shown.startswith("Nothing found\n")
        assert "Grain from Orsel" in shown
