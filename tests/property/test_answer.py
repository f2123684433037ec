"""Whatever is asked of whatever claims: a card quotes its articles byte for byte, in order, and each side under its own name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.orsel import CLAIMS, GAZETTE, POST, material
from tests.unit.test_question import NOW
from whosays.answer import answer
from whosays.citations import CUT
from whosays.errors import LanguageError
from whosays.question import understand
from whosays.types import Attribution, Claim, Query, Span, Speaker, Stance, Status

QUESTIONS = st.sampled_from(
    [
        "who holds Orsel?",
        "did the army capture Orsel?",
        "what did Averin say?",
        "how many tents?",
        "Orsel",
        "where is the camp?",
        "why?",
    ]
)


@st.composite
def any_claim(draw: st.DrawFn) -> Claim:
    """A claim of any spans, as a tagger that goes wrong may find it."""
    article = draw(st.sampled_from([GAZETTE, POST]))
    spans = draw(st.lists(st.tuples(st.integers(0, len(article.text) - 1), st.integers(1, 60)), min_size=1, max_size=3))
    content = tuple(Span(start, min(start + length, len(article.text))) for start, length in spans)
    return Claim(
        article=article.id,
        paragraphs=tuple(draw(st.sets(st.integers(0, 7), max_size=2))),
        attribution=Attribution(source=(), cue=(), content=content),
        speaker=Speaker(name=draw(st.sampled_from(["Jon Averin", "Mira Tolk", ""]))),
        side=draw(st.sampled_from(["Varn Republic", "Coast League", "observer", None])),
        stance=draw(st.sampled_from(Stance)),
        confidence=0.5,
    )


@given(question=QUESTIONS, claims=st.lists(any_claim(), max_size=6))
def test_every_quoted_character_stands_in_its_article_in_order(question: str, claims: list[Claim]) -> None:
    lot = material(understand(question, NOW), claims=[*CLAIMS, *claims])
    card = answer(lot)
    for quotation in card.quotations:
        text = lot.articles[quotation.article].text
        position = 0
        for piece in quotation.text.split(CUT):
            position = text.index(piece, position) + len(piece)
    for side in card.sides:
        assert all(quotation.claim is not None and quotation.claim.side == side.name for quotation in side.quotations)
    assert (card.status is Status.NOTHING) == (not card.quotations)


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    try:
        query = understand(text, NOW, ["Reuters", text[:20]])
    except LanguageError:
        return
    assert query.text == text
    assert isinstance(answer(material(Query(text=query.text, topic=query.topic))).status, Status)
