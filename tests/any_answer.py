"""Answers of any shape, for hypothesis: any script, marks of direction, markup, any length, any number of anything."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from tests.cards import quotation
from whosays.chats import Card, CardKind
from whosays.types import OBSERVER, Answer, Conflict, Disagreement, Query, Quotation, Side, Source, Stance, Status

LETTERS = st.sampled_from(
    ["a", "é", "Ж", "&", "<", ">", '"', " ", "\n", ".", "“", "[…]", "ا", "ש", "۴", "😀", "e\u0301", "\u202e", "\u2067", "\u2069"]
)
WORDS = st.lists(LETTERS, min_size=1, max_size=30).map(lambda letters: "|" + "".join(letters))
#: A name, a title or a topic: now and then far too long.
NAMES = st.builds(lambda words, times: words * times, WORDS, st.sampled_from([1, 1, 1, 40]))
#: A quotation: of any length up to some three messages.
QUOTED = st.builds(lambda words, times: words * times, WORDS, st.sampled_from([1, 2, 5, 30, 400]))
URLS = st.sampled_from(["https://gazette.example/a?b=1&c=2", "https://post.example/" + "x" * 300, "javascript:alert(1)", None])
MOST_SOURCES = 40


@st.composite
def sources(draw: st.DrawFn) -> tuple[Source, ...]:
    """Draw up to MOST_SOURCES sources."""
    days = st.sampled_from([datetime(2031, 5, 4, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC), None])
    return tuple(
        Source(
            n=n,
            article=f"orsel-{n}",
            outlet=draw(st.none() | NAMES),
            title=draw(st.none() | NAMES),
            published=draw(days),
            url=draw(URLS),
        )
        for n in range(1, draw(st.sampled_from([1, 2, 5, MOST_SOURCES])) + 1)
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Draw an answer."""
    listed = draw(sources())
    numbers = st.integers(1, len(listed))

    def claim(side: str | None) -> Quotation:
        also = draw(st.lists(numbers, max_size=12).map(tuple))
        found = quotation(
            draw(QUOTED), source=1, name=draw(st.just("") | NAMES), role=draw(st.just("") | NAMES), side=side,
            stance=draw(st.sampled_from(Stance)), also=also,
        )  # fmt: skip
        told = f"said {found.text}" if draw(st.booleans()) else ""
        return _of(found, draw(numbers), draw(URLS), told)

    def claims(side: str | None, most: int = 6) -> tuple[Quotation, ...]:
        return tuple(claim(side) for _ in range(draw(st.integers(0, most))))

    names = [draw(NAMES) for _ in range(draw(st.sampled_from([0, 1, 2, 2, 3, 12])))]
    sides = tuple(Side(name=name, quotations=claims(name, 3)) for name in names)
    own_voice = tuple(_own(draw(QUOTED), draw(numbers)) for _ in range(draw(st.integers(0, 4))))
    said = [quotation for side in sides for quotation in side.quotations]
    pair = (said[0], said[-1]) if len(said) > 1 and draw(st.booleans()) else None
    return Answer(
        query=Query(text=draw(NAMES), topic="Orsel", follows=draw(st.just("") | NAMES)),
        status=draw(st.sampled_from(Status)),
        as_of=draw(st.none() | st.just(datetime(2031, 5, 6, tzinfo=UTC))),
        sides=sides,
        observers=claims(OBSERVER, 4),
        open=claims(None, 4),
        own_voice=own_voice,
        sources=listed,
        missing=tuple(draw(st.lists(NAMES, max_size=12))),
        nearest=tuple(draw(st.lists(NAMES, max_size=5))),
        conflict=Conflict(kind=Disagreement.DENIAL, pair=pair) if pair else None,
    )


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Draw a card that is kept."""
    return card_of(draw(answers()), draw(st.sampled_from(CardKind)))


def card_of(answer: Answer, kind: CardKind = CardKind.ANSWER) -> Card:
    """Return an answer as a card that is kept."""
    return Card(
        id="Ab3-xY_9kLmN",
        kind=kind,
        chat=1,
        thread=None,
        asker=1,
        question_message=7,
        language="en",
        answer=answer,
        asked=datetime(2031, 5, 7, tzinfo=UTC),
    )


def _of(found: Quotation, source: int, url: str | None, told: str) -> Quotation:
    return Quotation(
        article=found.article, spans=found.spans, text=found.text, source=source, url=url, claim=found.claim, also=found.also,
        told=told,
    )  # fmt: skip


def _own(text: str, source: int) -> Quotation:
    return Quotation(article=f"orsel-{source}", spans=quotation(text).spans, text=text, source=source)
