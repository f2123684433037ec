"""What a card's message shows: a short first view, the whole of it page by page, a quotation's context, what may be wrong. Pure.

A card keeps its answer, so all of these show what was answered then; the same message is edited from one view to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.layout import WHOLE, CardLayout, Shape, address, line, name, one_line, shortened, stance
from bot.listing import render_sides, render_timeline
from bot.markup import MAX_ENTITIES, MAX_UNITS, Block, Button, Page, Run, Section, Style, closed, cut, paginate, units
from bot.phrases import Phrases, Say
from bot.presses import Does, Press, mark
from bot.turning import turning
from whosays.chats import Card, CardKind, Fault, Length
from whosays.types import OBSERVER, Answer, Context, Quotation, Stance, Status

#: UTF-16 units of a first view (some 800 fill a phone), and the shapes that are tried until one fits.
_FIRST_UNITS = {Length.NORMAL: 1900, Length.SHORT: 1100}
_SHAPES = (
    Shape(shown=3, own_voice=2, own_voice_cut=240, listed=False),
    Shape(shown=3, own_voice=1, own_voice_cut=240, cut=500, listed=False),
    Shape(shown=2, own_voice=1, own_voice_cut=240, cut=500, listed=False),
    Shape(shown=1, own_voice=1, own_voice_cut=240, cut=500, listed=False),
    Shape(shown=1, own_voice=1, own_voice_cut=160, cut=240, listed=False),
    Shape(shown=1, own_voice=0, cut=120, listed=False),
)
#: What a first view has at most, whatever the answer holds: there is room for a question below it.
_MOST_UNITS = MAX_UNITS - 400
_FIRST_ENTITIES = MAX_ENTITIES - 1
#: Of a quotation about which it is asked what is wrong with it.
_JUDGED = Shape(cut=1200, own_voice_cut=1200)
_FIRST_SHAPE = {Length.NORMAL: 0, Length.SHORT: 3}
#: UTF-16 units of a page of the whole, and of a list: short enough that turning it does not jump about.
_PAGE_UNITS = 1900
_CHOICES = 6
#: UTF-16 units of each of a paragraph's neighbours, and of all paragraphs quoted.
_NEIGHBOUR_UNITS = 700
_CONTEXT_UNITS = 2200
_CUT = "[…]"
#: What stands for the card as a whole where a quotation's number stands else.
CARD_ITSELF = "a"
_FAULT_KEYS = {Fault.SIDE: "s", Fault.SPEAKER: "p", Fault.RELEVANCE: "r", Fault.OUTDATED: "o"}
_FAULT_SAYS = {
    Fault.SIDE: Say.BUTTON_FAULT_SIDE,
    Fault.SPEAKER: Say.BUTTON_FAULT_SPEAKER,
    Fault.RELEVANCE: Say.BUTTON_FAULT_RELEVANCE,
    Fault.OUTDATED: Say.BUTTON_FAULT_OUTDATED,
}


def first_view(card: Card, phrases: Phrases, length: Length = Length.NORMAL) -> Page:
    """Return what a card shows at first: one message, whatever the answer holds."""
    if _is_answer(card):
        page, left_out = _short(card.answer, phrases, length)
        return replace(page, buttons=tuple(_first_buttons(card, left_out, 1, phrases)))
    pages = _pages(card, phrases)
    return replace(pages[0], buttons=tuple(_first_buttons(card, 0, len(pages), phrases)))


def page(card: Card, number: int, phrases: Phrases) -> Page:
    """Return a page of the whole card, counted from 0; the nearest one there is for a number beyond."""
    pages = _pages(card, phrases)
    number = max(0, min(number, len(pages) - 1))
    turning = _turning(card, Does.PAGE, number, len(pages), phrases)
    back = [] if card.kind in {CardKind.TIMELINE, CardKind.SIDES} else [_back(card, phrases)]
    return replace(pages[number], buttons=_rows(turning, back))


def choose(card: Card, does: Does, number: int, phrases: Phrases) -> Page:
    """Return the first view with a button for each quotation, a few at a time: `does` is CHOOSE_CONTEXT or CHOOSE_WRONG."""
    target = Does.CONTEXT if does is Does.CHOOSE_CONTEXT else Does.CHOOSE_FAULT
    quotations = card.answer.quotations
    pages = max(1, -(-len(quotations) // _CHOICES))
    number = max(0, min(number, pages - 1))
    listed = list(enumerate(quotations))[number * _CHOICES : (number + 1) * _CHOICES]
    rows = [
        [Button(text=_label(quotation, phrases), data=Press(target, card.id, (str(n), mark_of(card, str(n)))).data)]
        for n, quotation in listed
    ]
    if does is Does.CHOOSE_WRONG:
        whole = Press(target, card.id, (CARD_ITSELF, mark_of(card, CARD_ITSELF)))
        rows.append([Button(text=phrases(Say.BUTTON_CARD_ITSELF), data=whole.data)])
    buttons = _rows(*rows, _turning(card, does, number, pages, phrases), [_back(card, phrases)])
    ask = Say.CHOOSE_CONTEXT if does is Does.CHOOSE_CONTEXT else Say.CHOOSE_WRONG
    # What is chosen from stays in sight.
    return _asking(first_view(card, phrases, Length.SHORT), phrases(ask), buttons)


def choose_fault(card: Card, which: str, phrases: Phrases) -> Page | None:
    """Return a quotation (or, for CARD_ITSELF, the first view) with a button for each fault that it may have.

    None for no such quotation.
    """
    quotation = quotation_of(card, which)
    if quotation is None and which != CARD_ITSELF:
        return None
    faults = list(Fault) if quotation is not None and quotation.claim else [Fault.RELEVANCE, Fault.OUTDATED]
    mark = mark_of(card, which)
    pressed = [
        Button(text=phrases(_FAULT_SAYS[fault]), data=Press(Does.REPORT, card.id, (which, mark, _FAULT_KEYS[fault])).data)
        for fault in faults
    ]
    if quotation is None:
        view = first_view(card, phrases, Length.SHORT)
    else:
        view = paginate([CardLayout(card.answer, phrases, _JUDGED).only(quotation)])[0]
    return _asking(view, phrases(Say.CHOOSE_FAULT), _rows(pressed[:2], pressed[2:], [_back(card, phrases)]))


def fault_of(key: str) -> Fault | None:
    """Return the fault that a button's letter stands for."""
    return next((fault for fault, letter in _FAULT_KEYS.items() if letter == key), None)


def quotation_of(card: Card, which: str) -> Quotation | None:
    """Return a quotation of a card by its number in the order shown; None where there is none such."""
    quotations = card.answer.quotations
    return quotations[int(which)] if which.isascii() and which.isdigit() and int(which) < len(quotations) else None


def mark_of(card: Card, which: str) -> str:
    """Return what tells a quotation of a card (or, for CARD_ITSELF, all that it answers) from others: 8 letters for a button.

    A card whose question is edited answers with others, and a press on the one of before may still be under way.
    """
    quotation = quotation_of(card, which)
    quotations = card.answer.quotations if quotation is None else (quotation,)
    parts = [card.answer.query.text] if quotation is None else []
    for one in quotations:
        parts += [one.article, one.text, *([one.claim.speaker.name, one.claim.side or "", one.claim.stance] if one.claim else [])]
    return mark("\0".join(parts))


def context_view(card: Card, context: Context | None, phrases: Phrases) -> Page:
    """Return the paragraph of a quotation with its neighbours, the words quoted marked."""
    buttons = _rows([_back(card, phrases)])
    if context is None:
        return Page((Run(phrases(Say.CONTEXT_GONE)),), buttons)
    outlet = name(context.outlet or "", phrases) or phrases(Say.NO_OUTLET)
    title = Run(name(context.title or "", phrases) or phrases(Say.UNTITLED), link=address(context.url))
    date = phrases.short_date(context.published) if context.published else phrases(Say.UNDATED)
    heading = Block(lead=(Run(f"{outlet}: "), title, Run(f"{phrases.comma}{date}")))
    blocks = [heading, *([line(_CUT)] if context.before else [])]
    # All of them fit into one message, however many are quoted.
    most = _CONTEXT_UNITS // max(1, sum(bool(paragraph.quoted) for paragraph in context.paragraphs))
    for paragraph in context.paragraphs:
        blocks.append(Block(lead=(_marked(paragraph.text, paragraph.quoted, most),), gap=1))
    blocks += [line(_CUT)] if context.behind else []
    section = Section(heading=(Run(phrases(Say.CONTEXT), Style.BOLD),), blocks=tuple(blocks))
    return replace(paginate([section], MAX_UNITS)[0], buttons=buttons)


def _is_answer(card: Card) -> bool:
    return card.kind in {CardKind.ANSWER, CardKind.SUMMARY}


def _short(answer: Answer, phrases: Phrases, length: Length) -> tuple[Page, int]:
    """Return the fullest view that fits into a first message, and how many quotations it leaves out or cuts."""
    for shape in _SHAPES[_FIRST_SHAPE[length] :]:
        layout = CardLayout(answer, phrases, shape)
        pages = paginate(layout.sections(), _FIRST_UNITS[length], _FIRST_ENTITIES)
        if len(pages) == 1:
            return pages[0], layout.left_out
    layout = CardLayout(answer, phrases, _SHAPES[-1])
    pages = paginate(layout.sections(), _MOST_UNITS, _FIRST_ENTITIES)
    return pages[0], layout.left_out + len(pages) - 1


def _pages(card: Card, phrases: Phrases) -> tuple[Page, ...]:
    match card.kind:
        case CardKind.TIMELINE:
            return render_timeline(card.answer, phrases, _PAGE_UNITS)
        case CardKind.SIDES:
            return render_sides(card.answer, phrases, _PAGE_UNITS)
        case _:
            return paginate(CardLayout(card.answer, phrases, WHOLE).sections(), _PAGE_UNITS)


def _first_buttons(card: Card, left_out: int, pages: int, phrases: Phrases) -> Iterator[tuple[Button, ...]]:
    def button(say: Say, does: Does, **values: object) -> Button:
        return Button(text=phrases(say, **values), data=Press(does, card.id).data)

    follow = button(Say.BUTTON_FOLLOW, Does.FOLLOW)
    once = [(button(Say.BUTTON_ONCE, Does.ONCE),)] if card.kind is CardKind.ANSWER else []
    if card.answer.status in {Status.NOTHING, Status.OLD}:
        for n, topic in enumerate(card.answer.nearest):
            yield (Button(text=one_line(topic), data=Press(Does.NEAREST, card.id, (str(n), mark(topic))).data),)
        yield (follow,)
        yield from once
        return
    if not _is_answer(card):
        yield from _rows(_turning(card, Does.PAGE, 0, pages, phrases))
        yield follow, button(Say.BUTTON_WRONG, Does.CHOOSE_WRONG)
        return
    whole = Press(Does.PAGE, card.id, ("0",)).data
    more = [Button(text=phrases(Say.BUTTON_MORE, count=left_out), data=whole)] if left_out else []
    yield *more, button(Say.BUTTON_CONTEXT, Does.CHOOSE_CONTEXT), button(Say.BUTTON_TIMELINE, Does.TIMELINE)
    yield follow, button(Say.BUTTON_WRONG, Does.CHOOSE_WRONG)
    yield from once


def _turning(card: Card, does: Does, number: int, pages: int, phrases: Phrases) -> list[Button]:
    return turning(lambda to: Press(does, card.id, (to,)), number, pages, phrases)


def _back(card: Card, phrases: Phrases) -> Button:
    return Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.FIRST, card.id).data)


def _asking(view: Page, question: str, buttons: tuple[tuple[Button, ...], ...]) -> Page:
    """Return a view with a question below it."""
    return Page((*view.runs, Run("\n\n"), Run(question, Style.BOLD)), buttons)


def _label(quotation: Quotation, phrases: Phrases) -> str:
    claim = quotation.claim
    if claim is None:
        who = phrases(Say.OWN_VOICE)
    else:
        side = claim.side if claim.side not in {None, OBSERVER} else ""
        who = claim.speaker.name or side or phrases(Say.UNNAMED)
        if claim.stance is not Stance.CLAIMS or quotation.concedes:
            # His name before bare words would have him claim what he denies.
            who = f"{who} · {stance(quotation, phrases)}"
    return one_line(f"{who}: {quotation.told or quotation.text}")


def _marked(text: str, quoted: Sequence[tuple[int, int]], most: int) -> Run:
    """Return a paragraph as a quotation in which the words quoted are marked; of a huge one `most` units around them."""
    if not quoted:
        return Run(closed(shortened(text, _NEIGHBOUR_UNITS)), Style.QUOTE)
    if units(text) > most:
        start = max(0, quoted[0][0] - most // 4)
        # At the beginning of a word, if there is one before the words quoted.
        start = text.find(" ", start, quoted[0][0]) + 1 or start if start else 0
        piece = next(cut(text[start:], most))
        before = f"{_CUT} " if start else ""
        behind = f" {_CUT}" if start + len(piece) < len(text) else ""
        shift, end = len(before) - start, start + len(piece)
        quoted = [(from_ + shift, min(to, end) + shift) for from_, to in quoted if from_ < end]
        text = f"{before}{piece}{behind}"
    return Run(closed(text), Style.QUOTE, marked=tuple(quoted))


def _rows(*rows: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(row) for row in rows if row)
