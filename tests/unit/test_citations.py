"""The check of every quoted character, and the links that open a passage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whosays.citations import check, cut_out, in_order, link, told
from whosays.errors import QuotationError
from whosays.types import (
    Answer,
    Article,
    Attribution,
    Claim,
    Paragraph,
    Query,
    Quotation,
    Source,
    Span,
    Speaker,
    Stance,
    Status,
)

TEXT = (
    "The town fell, he said. The town - all of it, & its harbour - is ours.\n\n"
    "The town fell, she said, and nobody there saw who came over the bridge."
)
ARTICLE = Article(id="a", text=TEXT, url="https://post.example/a")
PARAGRAPHS = [
    Paragraph(id=1, article="a", position=0, span=Span(0, TEXT.index("\n"))),
    Paragraph(id=2, article="a", position=1, span=Span(TEXT.index("\n") + 2, len(TEXT))),
]


def card(quotation: Quotation) -> Answer:
    source = Source(n=1, article="a", outlet=None, title=None, published=None, url=None)
    return Answer(query=Query(text="q", topic="q"), status=Status.REPORTED, own_voice=(quotation,), sources=(source,))


GOOD = Quotation(article="a", spans=(Span(0, 13), Span(24, 32)), text="The town fell […] The town", source=1)


def test_a_quotation_that_stands_in_its_article_passes() -> None:
    check(card(GOOD), {"a": ARTICLE}, PARAGRAPHS)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, text="The town fell … The town"),
        replace(GOOD, text="The town fell The town"),
        replace(GOOD, spans=(Span(24, 32), Span(0, 13)), text="The town […] The town fell"),
        replace(GOOD, spans=(Span(0, 13), Span(5, 13))),
        replace(GOOD, spans=(Span(0, 10_000),), text=TEXT),
        replace(GOOD, spans=(), text=""),
        replace(GOOD, article="b"),
        replace(GOOD, source=2),
        replace(GOOD, also=(7,)),
    ],
)
def test_a_card_with_words_that_do_not_stand_there_is_never_shown(wrong: Quotation) -> None:
    with pytest.raises(QuotationError):
        check(card(wrong), {"a": ARTICLE}, PARAGRAPHS)


def test_words_of_furniture_are_never_shown() -> None:
    with pytest.raises(QuotationError, match="no quotable paragraph"):
        check(card(GOOD), {"a": ARTICLE}, PARAGRAPHS[1:])


def test_words_under_another_claim_are_never_shown() -> None:
    attribution = Attribution(source=(), cue=(), content=(Span(0, 13),))
    claim = Claim(
        article="a",
        paragraphs=(0,),
        attribution=attribution,
        speaker=Speaker(name="Tolk"),
        side=None,
        stance=Stance.CLAIMS,
        confidence=1.0,
    )
    with pytest.raises(QuotationError, match="not what its claim says"):
        check(card(replace(GOOD, claim=claim)), {"a": ARTICLE}, PARAGRAPHS)


CONDEMNED = Article(id="a", text="Varn strongly condemned the attacks on Orsel. Kesh said that the town had fallen.")


def said(cue: str, content: str) -> Claim:
    def find(words: str) -> Span:
        return Span(CONDEMNED.text.index(words), CONDEMNED.text.index(words) + len(words))

    return Claim(
        article="a",
        paragraphs=(0,),
        attribution=Attribution(source=(), cue=(find(cue),), content=(find(content),)),
        speaker=Speaker(name="Varn"),
        side="Varn",
        stance=Stance.CLAIMS,
        confidence=1.0,
    )


def test_words_that_state_nothing_are_told_with_their_cue() -> None:
    assert told(CONDEMNED.text, said("strongly condemned", "the attacks on Orsel")) == "strongly condemned the attacks on Orsel"
    assert told(CONDEMNED.text, said("said", "the town had fallen")) == ""


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("it destroyed two bridges", True),
        ("They quickly reopened Orsel", True),
        ("the brigades attacked the mill", True),
        ("Tolk promised that nobody would leave", True),
        ("the council’s plan for a negotiated settlement", False),
        ("armed men at the mill of Orsel", False),
        ("the so-called elected council", False),
        ("people armed with knives", False),
        ("the men who burned the mill", False),
        ("the seized barges", False),
    ],
)
def test_a_participle_makes_no_statement(words: str, states: bool) -> None:
    text = f"Varn welcomed {words}."
    claim = replace(
        said("said", "the town had fallen"),
        attribution=Attribution(source=(), cue=(find("welcomed", text),), content=(find(words, text),)),
    )
    assert told(text, claim) == ("" if states else f"welcomed {words}")


def test_what_is_told_must_stand_there_too() -> None:
    claim = said("strongly condemned", "the attacks on Orsel")
    (span,) = claim.attribution.content
    quotation = Quotation(
        article="a", spans=(span,), text="the attacks on Orsel", source=1, claim=claim, told="made the attacks on Orsel"
    )
    with pytest.raises(QuotationError, match="told"):
        check(
            card(quotation),
            {"a": CONDEMNED},
            [Paragraph(id=1, article="a", position=0, span=Span(0, len(CONDEMNED.text)))],
        )


def test_spans_that_touch_are_one_and_a_cut_is_shown() -> None:
    assert in_order([Span(4, 8), Span(0, 4), Span(9, 9)]) == (Span(0, 8),)
    assert cut_out("one two three", (Span(0, 3), Span(4, 7))) == "one two"
    assert cut_out("one two three", (Span(0, 3), Span(8, 13))) == "one […] three"


def find(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def test_a_short_passage_is_linked_whole_with_what_has_a_meaning_encoded() -> None:
    assert link(ARTICLE, find("all of it, & its harbour - is")) == (
        "https://post.example/a#:~:text=all%20of%20it%2C%20%26%20its%20harbour%20%2D%20is"
    )


def test_a_long_passage_is_linked_by_its_first_and_last_words() -> None:
    assert link(ARTICLE, find("she said, and nobody there saw who came over the bridge.")) == (
        "https://post.example/a#:~:text=she%20said%2C%20and%20nobody,came%20over%20the%20bridge."
    )


def test_words_that_stand_there_twice_are_told_apart_by_those_before_them() -> None:
    article = replace(ARTICLE, text="They say it fell. We say it fell.")
    assert link(article, Span(24, 31)) == "https://post.example/a#:~:text=fell.%20We%20say-,it%20fell"


def test_a_passage_that_begins_inside_a_word_is_linked_from_the_words_beginning() -> None:
    assert link(ARTICLE, find("arbour - is ours")) == "https://post.example/a#:~:text=harbour%20%2D%20is%20ours"


def test_an_address_keeps_its_anchor_and_loses_an_older_fragment() -> None:
    article = replace(ARTICLE, url="https://post.example/a?b=1&c=2#top:~:text=old")
    assert link(article, find("is ours")) == "https://post.example/a?b=1&c=2#top:~:text=is%20ours"


def test_an_article_without_an_address_has_no_link() -> None:
    assert link(replace(ARTICLE, url=None), Span(0, 8)) is None
    assert link(replace(ARTICLE, url="javascript:alert(1)"), Span(0, 8)) is None
