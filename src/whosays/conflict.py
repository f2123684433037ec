"""Do two sides contradict each other? Plain rules on stance, negation, opposites and numbers.

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
#: For words that only differ in a number or a "not", the rest must be the same to a higher degree.
_SAME_STATEMENT = 0.7

_ASSERTS = frozenset({Stance.CLAIMS, Stance.ACCUSES, Stance.BELIEVES, Stance.WARNS})
_REFUSES = frozenset({Stance.DENIES, Stance.DOUBTS})
_REFUSAL = re.compile(
    r"\b(?:fals(?:e|ely|ehood)|baseless|unfounded|groundless|untrue|lie|lies|liar|lying|fabricat\w*|invented|nonsense|unjustified"
    r"|unacceptable|propaganda|forged|hoax|slander\w*|no evidence|no proof|nothing to do with|not true|did not|didn[’']t|never)\b",
    re.I,
)
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|neither|nor|without|cannot)\b|n[’']t\b", re.I)
_OWNERSHIP = re.compile(r"\b(?:as|is|are|remains?)\s+(?:(?:its|their|his|her|our)\s+own|ours|theirs)\b|\bbelongs?\s+to\s+(?:us|them|it)\b", re.I)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")

#: What cannot both be so of one thing, stemmed alike by `terms`. The sets of a row exclude each other.
_OPPOSITES = tuple(
    tuple(frozenset(terms(group)) for group in row.split("|"))
    for row in (
        "fell captured seized conquered overran lost taken|holds repelled defended retained resisting control",
        "withdraw retreat leave quit scrap abandon|stay keep remain preserve",
        "guilty responsible|innocent",
        "alive|dead killed",
        "accept agree approve endorse|reject refuse oppose decline",
        "legal lawful legitimate|illegal unlawful illegitimate",
        "safe|dangerous unsafe",
        "true|false untrue",
        "win won victory|lost defeat",
        "rise increase grow|fall decrease decline drop",
        "begin start|end stop halt",
        "open|closed shut",
        "peaceful civilian|military weapons",
        "accident accidental|deliberate planned intentional murder",
        "success succeeded|fail failure failed",
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
    alike = float(np.dot(a.vector, b.vector))
    if alike < _SAME_MATTER:
        return False
    if _refuses(a) != _refuses(b) and {a.stance, b.stance} <= _ASSERTS | _REFUSES:
        return True
    if _OWNERSHIP.search(a.words) and _OWNERSHIP.search(b.words) and alike >= _SAME_STATEMENT:
        return True
    if _opposite(set(terms(a.words)), set(terms(b.words))) and bool(_NEGATION.search(a.words)) == bool(_NEGATION.search(b.words)):
        return True
    return alike >= _SAME_STATEMENT and (_negated(a, b) or _other_number(a.words, b.words))


def _refuses(statement: Statement) -> bool:
    """Say whether a statement turns another down, by its cue or by its words."""
    return statement.stance in _REFUSES or (statement.stance in _ASSERTS and bool(_REFUSAL.search(statement.words)))


def _opposite(a: set[str], b: set[str]) -> bool:
    for row in _OPPOSITES:
        for one, other in combinations(row, 2):
            if (a & one and b & other and not a & other and not b & one) or (b & one and a & other and not b & other and not a & one):
                return True
    return False


def _negated(a: Statement, b: Statement) -> bool:
    return bool(_NEGATION.search(a.words)) != bool(_NEGATION.search(b.words)) and {a.stance, b.stance} <= _ASSERTS


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
