"""Which words stand where in an article, worked out once for all questions that it is read for.

A set of paragraphs, or of claims, is a whole number: its bit i stands for the i-th of the article. So whether the article has the
words of a question, and where, takes a look for each word and not one for each place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from whosays.citations import cut_out, in_order, is_quotable
from whosays.store.corpus import Whole
from whosays.types import Claim
from whosays.words import new_terms, terms

#: "did not respond to a request for comment" is no position.
_NO_COMMENT = re.compile(r"\bcomment\b")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArticleWords:
    """The terms of an article, and what of its claims is the same for all questions.

    `places` has the number of the paragraph at a position; `paragraphs` and `claims` say of a term in which of them it stands (a
    claim has the words of its speaker, cue and content); `said` are the contents, `within` the paragraphs that each claim stands
    in, `bare` the claims that say next to nothing by themselves, `quotable` those that stand whole in quotable paragraphs;
    `numbers` tells claims apart by identity.
    """

    title: frozenset[str]
    places: Mapping[int, int]
    paragraphs: Mapping[str, int]
    claims: Mapping[str, int]
    said: tuple[str, ...]
    within: tuple[int, ...]
    bare: int
    quotable: int
    numbers: Mapping[int, int]


def words_of(whole: Whole) -> ArticleWords:
    """Return the words of an article."""
    text = whole.article.text
    places = {paragraph.position: number for number, paragraph in enumerate(whole.paragraphs)}
    paragraphs: dict[str, int] = {}
    for number, paragraph in enumerate(whole.paragraphs):
        for term in set(new_terms(text[slice(*paragraph.span)])):
            paragraphs[term] = paragraphs.get(term, 0) | 1 << number
    claims: dict[str, int] = {}
    said, within, bare, quotable = [], [], 0, 0
    for number, claim in enumerate(stored.claim for stored in whole.claims):
        content = cut_out(text, in_order(claim.attribution.content))
        own = new_terms(content)
        cue = cut_out(text, in_order(claim.attribution.cue))
        for term in {*own, *terms(claim.speaker.name), *terms(cue)}:
            claims[term] = claims.get(term, 0) | 1 << number
        said.append(content)
        stands_in = [places[position] for position in claim.paragraphs if position in places]
        within.append(sum(1 << place for place in set(stands_in)))
        bare |= (len(own) < 2 or bool(_NO_COMMENT.search(content))) << number
        quotable |= (bool(stands_in) and _is_quotable(whole, claim, stands_in)) << number
    return ArticleWords(
        title=frozenset(terms(whole.article.title or "")),
        places=places,
        paragraphs=paragraphs,
        claims=claims,
        said=tuple(said),
        within=tuple(within),
        bare=bare,
        quotable=quotable,
        numbers={id(stored): number for number, stored in enumerate(whole.claims)},
    )


def _is_quotable(whole: Whole, claim: Claim, places: list[int]) -> bool:
    spans = [whole.paragraphs[place].span for place in places]
    return all(is_quotable(span, spans) for span in claim.attribution.content)
