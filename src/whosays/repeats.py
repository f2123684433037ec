"""Claims that repeat one another, and articles that are copies of one text: each is shown once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whosays.copies import are_copies, in_common
from whosays.material import Material
from whosays.relevance import Scored
from whosays.store.corpus import StoredClaim
from whosays.types import Claim
from whosays.words import terms

#: Share of words that two contents must have in common to be one statement; a paraphrase stays apart.
_SAME_WORDS = 0.8
_SAME_VECTOR = 0.85
#: What changes a statement though all its other words are the same: another number, a "not". Neither counts among its terms.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    """What of a content is compared: its terms, its numbers, and how often it says "not"."""

    terms: frozenset[str]
    numbers: frozenset[str]
    negations: int


def _words(content: str) -> _Words:
    numbers = frozenset(match.group().replace(",", "") for match in _NUMBER.finditer(content))
    return _Words(frozenset(terms(content)), numbers, len(_NEGATION.findall(content)))


def fold(ranked: Sequence[Scored], material: Material) -> list[tuple[Scored, tuple[str, ...]]]:
    """Return each claim that says something new, with the ids of other articles that have it too, copies of one text left out."""
    copies = copies_of(material)
    words = {id(r): _words(material.words(r.stored.claim)) for r in ranked}
    kept: list[tuple[Scored, list[str]]] = []
    for r in ranked:
        claim = r.stored.claim
        for first, also in kept:
            other = first.stored.claim.article
            copied = copies[other] == copies[claim.article] and other != claim.article
            if _same(first.stored, r.stored, words[id(first)], words[id(r)], copied=copied):
                heard = {copies[a] for a in (other, *also)}
                if copies[claim.article] not in heard:
                    also.append(claim.article)
                break
        else:
            kept.append((r, []))
    return [(r, tuple(also)) for r, also in kept]


def copies_of(material: Material) -> dict[str, str]:
    """Return for each article's id the id of the first article of which it is a copy (itself, if of none)."""
    wholes = material.wholes()
    runs = [whole.of_text.shingles() for whole in wholes]
    common = in_common(runs).tolist()
    first: list[int] = []
    for i, whole in enumerate(wholes):
        outlet = whole.article.outlet
        copied = (
            j
            for j in range(i)
            if first[j] == j
            and common[i][j]
            and are_copies(
                runs[i],
                runs[j],
                one_outlet=outlet is not None and outlet == wholes[j].article.outlet,
                common=common[i][j],
            )
        )
        first.append(next(copied, i))
    return {whole.article.id: wholes[j].article.id for whole, j in zip(wholes, first, strict=True)}


def _same(a: StoredClaim, b: StoredClaim, a_words: _Words, b_words: _Words, *, copied: bool) -> bool:
    common, either = a_words.terms & b_words.terms, a_words.terms | b_words.terms
    if (
        a.claim.side != b.claim.side
        or a.claim.stance != b.claim.stance
        or (a_words.numbers, a_words.negations) != (b_words.numbers, b_words.negations)
        or not _one_speaker(a.claim, b.claim)
        or not either
    ):
        return False
    if copied and common == either:
        return True  # under another outlet's headline the vectors differ
    return len(common) >= _SAME_WORDS * len(either) and float(np.dot(a.vector, b.vector)) >= _SAME_VECTOR


def _one_speaker(a: Claim, b: Claim) -> bool:
    """Say whether two claims may be one speaker's: "Massoud" and "Ahmad Massoud" are, two different spokesmen are not."""
    one, other = set(terms(a.speaker.name)), set(terms(b.speaker.name))
    return one <= other or other <= one
