from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from babel import Locale

from bot.markup import units
from bot.phrases import Phrases, load_phrases
from bot.picture import describe_timeline, draw_timeline
from bot.picture.canvas import Canvas, Text
from bot.picture.entries import MOST, Entry, chosen, lanes_of
from bot.picture.layout import MARGIN, WIDTH, lay_out
from bot.picture.palette import DARK, LIGHT, Palette
from bot.picture.timeline import MAX_DESCRIPTION
from tests.cards import quotation
from whosays.config import data_folder
from whosays.types import OBSERVER, Answer, Conflict, Disagreement, Query, Quotation, Side, Source, Status

SIDES = (
    "Coast League",
    "Varn Republic",
    "Hill Cantons",
    "Salt Guild",
    "Ferrymen",
    "Orsel Town Watch",
    "Harbour Guard",
    "Old Rite",
)
LONG = "that anyone who hands in a weapon will go free " * 9 + "[…] and that the courts will sit again"
HOSTILE = "<b>&\"'</text><script>alert(1)</script> ]]> \x00\x1b[31m \ud800 \u202edesrever \u2067 漢字 😀 e\u0301 " + "W" * 400
FIRST = datetime(2031, 5, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(data_folder())


@pytest.fixture(scope="module")
def mirrored(phrases: Phrases) -> Phrases:
    """The same phrases in a language that runs from right to left."""
    return replace(phrases, language="fa", locale=Locale("fa"))


def survey(sides: int, claims: int = 4, *, text: str = "that the harbour is theirs", topic: str = "who holds Orsel?") -> Answer:
    """Return a survey whose claims stand in an article each, one every other day; each third has no date, nor outlet."""
    sources: list[Source] = []

    def claim(name: str | None, number: int) -> Quotation:
        n = len(sources) + 1
        dated = n % 3 != 0
        outlet = "Orsel Gazette" if dated else None
        published = FIRST + timedelta(days=2 * number) if dated else None
        sources.append(Source(n=n, article=f"a{n}", outlet=outlet, title=None, published=published, url=None))
        return replace(quotation(f"{number}: {text}", side=name), source=n)

    parties = tuple(Side(name=name, quotations=tuple(claim(name, number) for number in range(claims))) for name in SIDES[:sides])
    observers = tuple(claim(OBSERVER, number) for number in range(2))
    unclear = (claim(None, 0),)
    return Answer(
        query=Query(text=topic, topic=topic),
        status=Status.SEVERAL_SIDES,
        as_of=FIRST,
        sides=parties,
        observers=observers,
        open=unclear,
        sources=tuple(sources),
    )


def hostile() -> Answer:
    """Return a survey in which every text that comes from elsewhere is malicious."""
    card = survey(3, text=HOSTILE, topic=HOSTILE)
    sides = tuple(replace(side, name=f"{number} {HOSTILE}") for number, side in enumerate(card.sides))
    return replace(card, sides=sides, sources=tuple(replace(source, outlet=HOSTILE) for source in card.sources))


def drawn(card: Answer, phrases: Phrases, palette: Palette = LIGHT) -> tuple[Canvas, float]:
    return lay_out(card, phrases, palette)


def lines(canvas: Canvas) -> list[str]:
    return [text.text for text in canvas.texts]


def shown(card: Answer, most: int = MOST) -> tuple[Entry, ...]:
    return chosen(card, lanes_of(card, observers="Observers", unclear="Side not clear"), most)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    across, down = struct.unpack(">II", png[16:24])
    return across, down


# --- which claims ---


def test_claims_stand_by_date_and_the_undated_last() -> None:
    days = [entry.day for entry in shown(survey(2))]
    dated = [day for day in days if day]
    assert dated == sorted(dated)
    assert days == [*dated, *[None] * (len(days) - len(dated))]


@pytest.mark.parametrize("sides", [1, 2, 5, 8])
def test_every_side_is_shown_and_so_are_those_who_are_none(sides: int) -> None:
    entries = shown(survey(sides))
    assert {entry.lane for entry in entries} == set(range(sides + 2))
    assert len(entries) <= MOST


def test_a_talkative_side_does_not_crowd_out_the_other() -> None:
    card = survey(2, 20)
    quiet = replace(card.sides[1], quotations=card.sides[1].quotations[:3])
    entries = shown(replace(card, sides=(card.sides[0], quiet)))
    assert len([entry for entry in entries if entry.lane == 1]) == 3
    assert len(entries) == MOST


def test_a_side_is_shown_on_many_days_rather_than_twice_on_one() -> None:
    card = survey(1, 6)
    sources = {source.n: source for source in card.sources}
    days = [0, 0, 0, 0, 1, 2]
    card = replace(
        card,
        observers=(),
        open=(),
        sources=tuple(replace(sources[n + 1], published=FIRST + timedelta(days=day)) for n, day in enumerate(days)),
    )
    assert [entry.source.n for entry in shown(card, 3)] == [1, 5, 6]


def test_few_claims_reach_from_the_first_day_to_the_last() -> None:
    card = replace(survey(1, 9), observers=(), open=())
    days = [entry.day for entry in shown(card, 3)]
    dated = [source.published.date() for source in card.sources if source.published]
    assert (days[0], days[-1]) == (min(dated), max(dated))


def test_the_pair_that_a_dispute_rests_on_is_shown_however_late_it_comes() -> None:
    card = survey(2, 20)
    pair = (card.sides[0].quotations[-1], card.sides[1].quotations[-1])
    entries = shown(replace(card, status=Status.DISPUTED, conflict=Conflict(kind=Disagreement.DENIAL, pair=pair)))
    assert all(any(entry.quotation is end for entry in entries) for end in pair)


# --- what is written ---


def test_the_topic_the_status_and_the_sides_come_first_and_the_footer_last(phrases: Phrases) -> None:
    texts = lines(drawn(survey(2), phrases)[0])
    assert texts[:2] == ["who holds Orsel?", "Several sides · as of 4 May 2031"]
    assert texts[2:10] == ["Coast League", "4", "Varn Republic", "4", "Observers", "2", "Side not clear", "1"]
    assert texts[-2:] == ["and 1 more in the list", "Every quotation is verbatim. [n] as in the list."]


def test_a_claim_has_its_day_side_stance_words_speaker_outlet_and_number(phrases: Phrases) -> None:
    card = survey(1, 1)
    texts = lines(drawn(replace(card, observers=(), open=()), phrases)[0])
    assert texts[4:9] == [
        "4 May 2031",
        "Coast League",
        "claims",
        "0: that the harbour is theirs",
        "\u2068Ilva Tarn\u2069, \u2068spokeswoman\u2069 · \u2068Orsel Gazette\u2069 [1]",
    ]


def test_words_that_state_nothing_are_shown_with_their_cue(phrases: Phrases) -> None:
    card = survey(1, 1)
    told = replace(card.sides[0].quotations[0], text="the attacks", told="condemned the attacks")
    texts = lines(drawn(replace(card, sides=(Side(name="Coast League", quotations=(told,)),)), phrases)[0])
    assert "condemned the attacks" in texts
    assert "the attacks" not in texts


def test_a_day_is_written_once_for_all_its_claims(phrases: Phrases) -> None:
    texts = lines(drawn(survey(2, 1), phrases)[0])
    assert texts.count("4 May 2031") == 1
    assert texts.count("undated") == 1


def test_nothing_found_still_is_a_picture(phrases: Phrases) -> None:
    nothing = Answer(query=Query(text="bread in Orsel", topic="bread"), status=Status.NOTHING)
    assert lines(drawn(nothing, phrases)[0])[:2] == ["bread in Orsel", "Nothing found"]
    assert size(draw_timeline(nothing, phrases, dark=True))[0] == WIDTH


# --- how it looks ---


def overlapping(canvas: Canvas) -> list[tuple[Text, Text]]:
    """Return the pairs of texts whose boxes overlap."""
    return [
        (one, other)
        for one, other in combinations(canvas.texts, 2)
        if one.x < other.x + other.width - 0.5
        and other.x < one.x + one.width - 0.5
        and one.y < other.y + other.height - 0.5
        and other.y < one.y + one.height - 0.5
    ]


@pytest.mark.parametrize("direction", ["phrases", "mirrored"])
@pytest.mark.parametrize("sides", [1, 2, 5, 8])
@pytest.mark.parametrize("text", ["the harbour", LONG, HOSTILE, "قال متحدث إن البلدة (القديمة) سقطت " * 9])
def test_no_text_overlaps_another_or_leaves_the_picture(
    sides: int, text: str, direction: str, request: pytest.FixtureRequest
) -> None:
    card = survey(sides, text=text, topic=text)
    canvas, height = drawn(
        replace(card, sides=tuple(replace(side, name=side.name + text) for side in card.sides)), say(request, direction)
    )
    assert overlapping(canvas) == []
    for line in canvas.texts:
        assert line.x >= MARGIN - 1
        assert line.x + line.width <= WIDTH - MARGIN + 1
        assert line.y + line.height <= height
        assert line.size >= 26


def say(request: pytest.FixtureRequest, direction: str) -> Phrases:
    found = request.getfixturevalue(direction)
    assert isinstance(found, Phrases)
    return found


def test_a_full_picture_is_not_so_tall_that_telegram_shrinks_it_beyond_reading(phrases: Phrases) -> None:
    across, down = size(draw_timeline(survey(8, 8, text=LONG), phrases, dark=False))
    assert across == WIDTH
    assert down <= 2 * WIDTH


def test_a_picture_of_a_right_to_left_language_is_mirrored(phrases: Phrases, mirrored: Phrases) -> None:
    card = survey(2)
    left, right = (drawn(card, say)[0].texts for say in (phrases, mirrored))
    assert left[0].x == MARGIN
    assert right[0].x + right[0].width == pytest.approx(WIDTH - MARGIN)
    claim, mirror = (next(text for text in texts if text.text == "0: that the harbour is theirs") for texts in (left, right))
    assert mirror.x + mirror.width == pytest.approx(WIDTH - claim.x)
    assert not mirror.right_to_left


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_of_letters_reaches_aa_on_its_ground(palette: Palette) -> None:
    for colour in (palette.letters, palette.lesser, palette.no_side, *palette.sides):
        assert contrast(colour, palette.ground) >= 4.5
    for side in palette.sides:
        assert contrast(palette.letters, mixed(side, palette.ground, 0.13)) >= 4.5


def test_all_sides_of_a_palette_differ() -> None:
    assert len({*LIGHT.sides}) == len({*DARK.sides}) == len(LIGHT.sides)


def channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def mixed(colour: str, ground: str, share: float) -> str:
    values = (share * one + (1 - share) * other for one, other in zip(channels(colour), channels(ground), strict=True))
    return "#" + "".join(f"{round(value * 255):02x}" for value in values)


def contrast(one: str, other: str) -> float:
    """Return the contrast by WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# --- what becomes of it ---


def test_hostile_text_is_letters_and_nothing_else(phrases: Phrases) -> None:
    canvas, height = drawn(hostile(), phrases)
    root = ET.fromstring(canvas.svg(height))
    names = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
    assert names <= {"svg", "rect", "text", "circle", "polygon"}
    assert any("<script>" in (element.text or "") for element in root.iter())
    assert size(draw_timeline(hostile(), phrases, dark=False))[0] == WIDTH


def test_one_survey_gives_the_same_bytes_and_light_differs_from_dark(phrases: Phrases) -> None:
    card = survey(2)
    assert draw_timeline(card, phrases, dark=False) == draw_timeline(card, phrases, dark=False)
    assert draw_timeline(card, phrases, dark=False) != draw_timeline(card, phrases, dark=True)


def test_the_letters_come_from_our_font_and_are_joined(phrases: Phrases) -> None:
    # Without its font resvg draws no letters at all: then both pictures would be alike.
    one, other = (draw_timeline(survey(1, text=text, topic="x"), phrases, dark=False) for text in ("لا", "ل\u200cا"))
    assert one != other


# --- in words ---


def test_a_description_gives_each_side_with_its_claims_and_days(phrases: Phrases) -> None:
    assert describe_timeline(survey(2), phrases).splitlines() == [
        "Timeline: who holds Orsel?",
        "Coast League: 4 claims, 4–10 May 2031",
        "Varn Republic: 4 claims, 4–10 May 2031",
        "Observers: 2 claims, 6 May 2031",
        "Side not clear: 1 claim, 4 May 2031",
    ]


def test_a_description_of_undated_claims_says_so(phrases: Phrases) -> None:
    card = survey(1, 1)
    undated = replace(card, sources=tuple(replace(source, published=None) for source in card.sources), observers=(), open=())
    assert describe_timeline(undated, phrases).splitlines()[1] == "Coast League: 1 claim, undated"


@pytest.mark.parametrize("direction", ["phrases", "mirrored"])
def test_a_description_fits_into_a_caption_however_much_there_is(direction: str, request: pytest.FixtureRequest) -> None:
    card = hostile()
    many = replace(card, query=Query(text="😀" * 900, topic="x"), sides=card.sides * 20)
    description = describe_timeline(many, say(request, direction))
    assert units(description) <= MAX_DESCRIPTION
    assert len(description.splitlines()) > 3
