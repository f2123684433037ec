"""Is what was found an answer to what was asked, or only near it? Where it is not enough, nothing is shown."""

from __future__ import annotations

from collections.abc import Sequence

from whosays.asked import Kind, kind_of
from whosays.relevance import Relevance, Scored, named
from whosays.types import Paragraph

#: Cosine of question and claim, or question and paragraph: below it the matter is another one. Unrelated news stays below 0.3.
_NEAR = 0.4
#: The share of the question's content words, by weight, that one claim (or its paragraph, for a number) must have of its own …
_OF_ITS_OWN = 0.4
#: … and that must stand in what is shown with the text right before it and the titles above it.
_AROUND = 0.7


def is_enough(relevance: Relevance, question: str, shown: Sequence[Scored], own: Sequence[Paragraph]) -> bool:
    """Say whether claims and paragraphs of the outlets' own voice answer a question.

    A question of yes or no is answered by any position on the matter, in whatever words, if those whom it names are there.
    Who, which and what, how many, where and when are answered only where the words asked about stand together.
    """
    if not is_near(relevance, shown, own):
        return False
    keys = _where(relevance, shown, own)
    kind = kind_of(question)
    if kind is Kind.WHETHER:
        return named(question) <= relevance.articles({article for article, _ in keys})
    if relevance.covered(relevance.context(keys)) < _AROUND:
        return False
    if kind is Kind.THING:
        return any(relevance.covered(relevance.own_words(s.claim)) >= _OF_ITS_OWN for s in shown)
    return any(relevance.covered(relevance.near([key])) >= _OF_ITS_OWN for key in keys)


def is_near(relevance: Relevance, shown: Sequence[Scored], own: Sequence[Paragraph]) -> bool:
    """Say whether any of it is on the matter at all."""
    keys = _where(relevance, shown, own)
    return max([s.cosine for s in shown] + [relevance.cosine(key) for key in keys], default=0.0) >= _NEAR


def _where(relevance: Relevance, shown: Sequence[Scored], own: Sequence[Paragraph]) -> list[tuple[str, int]]:
    return [key for s in shown for key in relevance.paragraphs_of(s.claim)] + [(p.article, p.position) for p in own]
