"""What a card's message shows, whatever the answer: it fits Telegram, quotes word for word, and its buttons can be read back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import CARD_ITSELF, choose, choose_fault, context_view, fault_of, first_view, page
from bot.markup import MAX_ENTITIES, MAX_UNITS, Page
from bot.phrases import Phrases, load_catalogue
from bot.presses import MAX_BYTES, Does, read
from tests.any_answer import WORDS, card_of, cards
from tests.cards import answer, full_answer, own_voice, quotation
from tests.e2e.telegram_server.parse_mode import Entity, length16, parse_html, quotations, words
from whosays.chats import Card, CardKind, Fault, Length
from whosays.config import data_folder
from whosays.types import Context, ContextParagraph, Side, Span, Status

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))
#: What closes marks of direction that a quotation leaves open.
CLOSING = re.compile("[\u2069\u202c]+$")
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def shown(view: Page) -> tuple[str, list[Entity]]:
    """Return what a view shows, having seen that Telegram takes it, buttons and all."""
    text, entities = parse_html(view.html)
    assert 1 <= length16(text) <= MAX_UNITS
    assert len(entities) <= MAX_ENTITIES
    for button in (button for row in view.buttons for button in row):
        assert button.text.strip()
        assert button.data is not None
        assert len(button.data.encode()) <= MAX_BYTES
        press = read(button.data)
        assert press is not None
        assert press.data == button.data
    return text, entities


def assert_verbatim(text: str, entities: list[Entity], card: Card) -> None:
    """Each block quote is a quotation of the card from its beginning, whole or cut with "[…]"."""
    whole = [quotation.told or quotation.text for quotation in card.answer.quotations]
    for quoted in quotations(text, entities):
        begun = CLOSING.sub("", quoted).removesuffix(" […]")
        bare = CLOSING.sub("", begun)
        assert any(text.startswith((begun, bare)) for text in whole)


# --- whatever the answer ---


@SLOW
@given(cards(), LANGUAGES, st.sampled_from(Length))
def test_a_first_view_is_one_message_that_quotes_word_for_word(card: Card, phrases: Phrases, length: Length) -> None:
    text, entities = shown(first_view(card, phrases, length))
    assert_verbatim(text, entities, card)


@SLOW
@given(cards(), LANGUAGES, st.integers(0, 30))
def test_every_page_of_the_whole_is_a_message(card: Card, phrases: Phrases, number: int) -> None:
    shown(page(card, number, phrases))


@SLOW
@given(cards(), LANGUAGES, st.sampled_from([Does.CHOOSE_CONTEXT, Does.CHOOSE_WRONG]), st.integers(0, 5))
def test_choosing_a_quotation_is_a_message(card: Card, phrases: Phrases, does: Does, number: int) -> None:
    shown(choose(card, does, number, phrases))


@SLOW
@given(cards(), LANGUAGES, st.integers(0, 40))
def test_saying_what_is_wrong_is_a_message_that_shows_that_quotation(card: Card, phrases: Phrases, number: int) -> None:
    view = choose_fault(card, str(number), phrases)
    if number >= len(card.answer.quotations):
        assert view is None
        return
    assert view is not None
    text, entities = shown(view)
    assert len(quotations(text, entities)) == 1
    meant = card.answer.quotations[number]
    assert_verbatim(text, entities, replace(card, answer=answer(open=(meant,))))
    whole = choose_fault(card, CARD_ITSELF, phrases)
    assert whole is not None
    shown(whole)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Draw paragraphs of any length, in some of which words are quoted: all but the first and the last."""
    lengths = st.sampled_from([1, 1, 3, 20, 400])
    paragraphs = [ContextParagraph(text=draw(WORDS) * draw(lengths)) for _ in range(draw(st.integers(1, 6)))]
    first = draw(st.integers(max(0, len(paragraphs) - 5), min(1, len(paragraphs) - 1)))
    for at in range(first, max(first + 1, len(paragraphs) - 1)):
        text = paragraphs[at].text
        ends = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        spans = tuple(Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False))
        paragraphs[at] = ContextParagraph(text=text, quoted=spans)
    return Context(
        outlet=draw(st.none() | WORDS),
        title=draw(st.none() | WORDS),
        published=None,
        url="https://gazette.example/orsel",
        paragraphs=tuple(paragraphs),
        before=draw(st.booleans()),
        behind=draw(st.booleans()),
    )


@SLOW
@given(contexts(), LANGUAGES)
def test_a_context_marks_just_the_words_quoted(context: Context, phrases: Phrases) -> None:
    text, entities = shown(context_view(card_of(full_answer()), context, phrases))
    shown_as = [entity for entity in entities if entity.type == "blockquote"]
    assert len(shown_as) == len(context.paragraphs)
    quoted = [paragraph for paragraph in context.paragraphs if paragraph.quoted]
    for paragraph, quote in zip(context.paragraphs, shown_as, strict=True):
        wanted = [paragraph.text[start:end] for start, end in paragraph.quoted]
        within = range(quote.offset, quote.offset + quote.length)
        marked = [words(text, entity) for entity in entities if entity.type == "bold" and entity.offset in within]
        assert bool(marked) == bool(wanted)
        if length16(paragraph.text) <= 2200 // len(quoted):
            assert marked == wanted
        elif marked:
            # Of a huge paragraph what lies around the first words quoted is shown, and of them what fits.
            assert marked[:-1] == wanted[: len(marked) - 1]
            assert wanted[len(marked) - 1].startswith(marked[-1])


# --- what is shown ---


def labels(view: Page) -> list[list[str]]:
    return [[button.text for button in row] for row in view.buttons]


def test_a_card_has_its_buttons_in_order() -> None:
    assert labels(first_view(card_of(full_answer()), ENGLISH)) == [
        ["More · 2", "Context", "Timeline"],
        ["Follow", "Wrong?"],
        ["Tell me if this changes"],
    ]


def test_there_is_no_more_where_all_is_shown() -> None:
    whole = answer(sides=(Side(name="Varn Republic", quotations=(quotation("Orsel is ours"),)),))
    assert labels(first_view(card_of(whole), ENGLISH))[0] == ["Context", "Timeline"]


def test_the_nearest_topics_are_buttons_and_no_list_besides() -> None:
    nothing = replace(answer(status=Status.NOTHING, nearest=("The harbour of Orsel", "Grain from Orsel")), sources=())
    view = first_view(card_of(nothing), ENGLISH)
    assert labels(view) == [["The harbour of Orsel"], ["Grain from Orsel"], ["Follow"], ["Tell me if this changes"]]
    text, _ = shown(view)
    assert text.endswith("The nearest topics that I have:")
    assert "Grain" not in text


def test_long_answers_show_less_at_first_and_all_of_it_page_by_page() -> None:
    sides = tuple(
        Side(name=name, quotations=tuple(quotation(f"{name} {n}: " + "the harbour is ours. " * 20, side=name) for n in range(5)))
        for name in ("Varn Republic", "Coast League", "Hill Cantons")
    )
    card = card_of(answer(sides=sides))
    first, _ = shown(first_view(card, ENGLISH))
    short, _ = shown(first_view(card, ENGLISH, Length.SHORT))
    assert length16(short) <= 1100 < length16(first) <= 1900
    assert all(name in short for name in ("Varn Republic", "Coast League", "Hill Cantons"))
    whole = "".join(shown(page(card, number, ENGLISH))[0] for number in range(30))
    assert all(f"{side.name} {n}: " in whole for side in sides for n in range(5))


def test_pages_turn_in_a_circle() -> None:
    many = tuple(quotation(f"claim {n} " * 60) for n in range(12))
    card = card_of(answer(sides=(Side(name="Varn Republic", quotations=many),)))
    first = page(card, 0, ENGLISH)
    (turning, back) = first.buttons
    pages = int(turning[1].text.rpartition(" ")[2])
    assert turning[1].text == f"1 of {pages}"
    assert [read(button.data or "") for button in turning] == [
        replace(press, arguments=(number,))
        for press, number in zip([read(turning[1].data or "")] * 3, (str(pages - 1), "0", "1"), strict=True)
        if press is not None
    ]
    assert [button.text for button in back] == ["Back"]
    assert page(card, 99, ENGLISH) == page(card, pages - 1, ENGLISH)


@pytest.mark.parametrize("kind", [CardKind.TIMELINE, CardKind.SIDES])
def test_a_list_turns_by_itself_and_has_nothing_to_go_back_to(kind: CardKind) -> None:
    many = tuple(quotation(f"claim {n} " * 30, name=f"Speaker {n}", source=1 + n % 3) for n in range(80))
    names = [f"Side {n}" for n in range(9)]
    card = card_of(answer(sides=tuple(Side(name=name, quotations=many) for name in names)), kind)
    first, second = first_view(card, ENGLISH), page(card, 1, ENGLISH)
    assert labels(first)[0][0] == "‹"
    assert labels(first)[-1] == ["Follow", "Wrong?"]
    assert labels(second)[0][1].startswith("2 of ")
    assert length16(shown(first)[0]) <= 1900


def test_each_quotation_has_a_button_that_says_who_and_what() -> None:
    view = choose(card_of(full_answer()), Does.CHOOSE_WRONG, 0, ENGLISH)
    assert labels(view)[0] == ["Bren Osk · denies: any claim that Orsel has…"]
    assert labels(view)[1] == ["Bren Osk: “Our <guards> stand at the town hall…"]
    assert labels(view)[-3:] == [["The card as a whole"], ["‹", "1 of 2", "›"], ["Back"]]
    rest = choose(card_of(full_answer()), Does.CHOOSE_CONTEXT, 1, ENGLISH)
    whose = [row[0].split(":")[0] for row in labels(rest)[:3]]
    assert whose == ["the river monitors", "speaker not named", "Reported in the outlets' own words"]
    assert shown(view)[0].endswith("Which quotation is wrong?")


def test_what_may_be_wrong_with_an_outlets_own_words_is_no_speaker() -> None:
    card = card_of(answer(own_voice=(own_voice("Smoke stood over the harbour."),)))
    view = choose_fault(card, "0", ENGLISH)
    assert view is not None
    assert labels(view) == [["Not relevant", "Out of date"], ["Back"]]
    assert shown(view)[0].startswith("Reported in the outlets' own words\nSmoke stood over the harbour.\n")
    assert choose_fault(card, "1", ENGLISH) is None
    assert choose_fault(card, "²", ENGLISH) is None


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_button_that_is_read_back(fault: Fault) -> None:
    view = choose_fault(card_of(full_answer()), "0", ENGLISH)
    assert view is not None
    presses = [read(button.data or "") for row in view.buttons for button in row]
    assert fault in {fault_of(press.arguments[-1]) for press in presses if press is not None and press.does is Does.REPORT}


def test_a_context_that_is_gone_says_so() -> None:
    text, _ = shown(context_view(card_of(full_answer()), None, ENGLISH))
    assert text == "The article has changed or is gone, so its context cannot be shown."


def test_a_quotation_in_a_huge_paragraph_begins_at_a_word() -> None:
    long = "The flags of Orsel came down. " * 200
    at = long.index("came", 3000)
    paragraph = ContextParagraph(text=long, quoted=(Span(at, at + 9),))
    context = Context(outlet="Orsel Gazette", title=None, published=None, url=None, paragraphs=(paragraph,))
    text, entities = shown(context_view(card_of(full_answer()), context, ENGLISH))
    (quoted,) = quotations(text, entities)
    assert re.match(r"\[…\] (The|flags|of|Orsel|came|down)\b", quoted)
    assert quoted.endswith(" […]")


@pytest.mark.parametrize("code", ["ar", "fa"])
def test_every_line_of_a_card_from_right_to_left_runs_so_but_for_quotations(code: str) -> None:
    text, entities = shown(first_view(card_of(full_answer()), CATALOGUE.of(code)))
    for quoted in quotations(text, entities):
        text = text.replace(quoted, "")
    strong = re.compile("[A-Za-zء-ی\u200f]")
    first = [found[0] for line in text.splitlines() if (found := strong.search(line))]
    assert first
    assert not [letter for letter in first if letter.isascii()]
