"""Whether two sides contradict each other: plain rules on stance, negation, opposites and numbers.

A first version: it says so only where something in the words shows it, and never takes a difference of topics for a dispute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from whosays.types import Stance, Vector
from whosays.words import terms

#: Below this cosine two claims are taken to speak of different things.
_SAME_MATTER = 0.35
#: Where two statements differ in a number or a "not" alone, of their words so many (Jaccard) must be the same.
_SAME_STATEMENT = 0.4

_ASSERTS = frozenset({Stance.CLAIMS, Stance.ACCUSES, Stance.BELIEVES, Stance.WARNS})
_REFUSES = frozenset({Stance.DENIES, Stance.DOUBTS})
_REFUSAL = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)|reject(?:s|ed|ing)?|fals(?:e|ely|ehoods?)|baseless|unfounded|groundless|untrue|lies?|liars?|lying"
    r"|fabricat\w*|unjustified|unacceptable|propaganda|forged|hoax|slander\w*|(?:no|any) (?:evidence|proof)"
    r"|(?:nothing|anything) to do with|do(?:es)?(?: not|n[’']t) (?:believe|accept))\b",
    re.I,
)
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|neither|nor|without|cannot)\b|n[’']t\b", re.I)
_OWNERSHIP = re.compile(
    r"\b(?:as|is|are|remains?)\s+(?:(?:its|their|his|her|our)\s+own|ours|theirs)\b|\bbelongs?\s+to\s+(?:us|them|it)\b", re.I
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")

#: What cannot both be so of one thing, stemmed alike by `terms`. The sets of a row exclude each other.
_OPPOSITES = tuple(
    tuple(frozenset(terms(group)) for group in row.split("|"))
    for row in (
        "fell capture seize conquer overrun took|hold repel defend retain resist",
        "withdraw leave quit scrap abandon|stay keep remain preserve",
        "guilty responsible|innocent",
        "alive|dead killed",
        "block blockade close shut|open",
        "legal lawful legitimate|illegal unlawful illegitimate",
        "safe|dangerous unsafe",
        "true authentic genuine|false untrue fake rehash",
        "win won victory|lost defeat",
        "accident accidental accidentally|deliberate deliberately planned murder",
        "secret clandestine weapons|peaceful civilian",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one side says: the words, what the cue does, and the embedding."""

    side: str
    words: str
    stance: Stance
    vector: Vector


def disputed(statements: Sequence[Statement]) -> bool:
    """Say whether two of the statements, of different sides, contradict each other."""
    return any(contradict(a, b) for a, b in combinations(statements, 2) if a.side != b.side)


def contradict(a: Statement, b: Statement) -> bool:
    """Say whether two statements cannot both be so; the order does not matter."""
    if float(np.dot(a.vector, b.vector)) < _SAME_MATTER:
        return False
    if _refuses(a) != _refuses(b) and {a.stance, b.stance} <= _ASSERTS | _REFUSES:
        return True
    if not {a.stance, b.stance} <= _ASSERTS:
        return False
    if _OWNERSHIP.search(a.words) and _OWNERSHIP.search(b.words):
        return True
    ours, theirs = frozenset(terms(a.words)), frozenset(terms(b.words))
    negated = bool(_NEGATION.search(a.words)) != bool(_NEGATION.search(b.words))
    if not negated and _opposite(ours, theirs):
        return True
    alike = len(ours & theirs) >= _SAME_STATEMENT * len(ours | theirs) > 0
    return alike and (negated or _other_number(a.words, b.words))


def _refuses(statement: Statement) -> bool:
    """Say whether a statement turns another down, by its cue or by its words."""
    return statement.stance in _REFUSES or (statement.stance in _ASSERTS and bool(_REFUSAL.search(statement.words)))


def _opposite(a: frozenset[str], b: frozenset[str]) -> bool:
    for row in _OPPOSITES:
        for one, other in combinations(row, 2):
            if (a & one and b & other and not a & other and not b & one) or (
                b & one and a & other and not b & other and not a & one
            ):
                return True
    return False


def _other_number(a: str, b: str) -> bool:
    """Say whether the same words stand beside different numbers: "killed 12 soldiers" and "killed 40 soldiers"."""

    def counted(text: str) -> dict[str, set[str]]:
        result: dict[str, set[str]] = {}
        for match in _NUMBER.finditer(text):
            noun = terms(text[match.end() : match.end() + 40])[:1]
            if noun:
                result.setdefault(noun[0], set()).add(match.group().replace(",", ""))
        return result

    first, second = counted(a), counted(b)
    return any(not first[noun] & second[noun] for noun in first.keys() & second.keys())
