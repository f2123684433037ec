"""When two sides contradict each other on what was asked: the pair that shows it best, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from whosays.contradiction import RULES
from whosays.statement import Asked, Statement
from whosays.types import Disagreement, Vector

#: Below this cosine two statements are taken to speak of different things.
_SAME_MATTER = 0.35
#: Statements that have no word of the question in common with it must have these cosines with it and with each other.
_NEAR_THE_QUESTION = 0.4
_NEAR_EACH_OTHER = 0.7
#: … or one of them most of the question's words, its names among them.
_MOST_OF_IT = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """Two statements, by their places in the sequence given, that contradict each other, and the evidence."""

    kind: Disagreement
    one: int
    other: int


def conflict(statements: Sequence[Statement], question: str, vector: Vector) -> Found | None:
    """Return the contradiction between two sides whose ends lie nearest to the question and to each other, or None.

    `vector` is the question's. Each pair costs some dot products of vectors that retrieval has at hand, and no encoding.
    """
    asked = Asked(question)
    best, nearest = None, -np.inf
    for (i, a), (j, b) in combinations(enumerate(statements), 2):
        if a.side == b.side:
            continue
        alike, ours, theirs = (float(np.dot(x, y)) for x, y in ((a.vector, b.vector), (a.vector, vector), (b.vector, vector)))
        near = min(ours, theirs) >= _NEAR_THE_QUESTION and alike >= _NEAR_EACH_OTHER
        on_it = near or asked.touched(a, b) or max(asked.covered(a), asked.covered(b)) >= _MOST_OF_IT
        if alike + ours + theirs <= nearest or not on_it:
            continue
        if kind := contradict(a, b, asked):
            best, nearest = Found(kind, i, j), alike + ours + theirs
    return best


def contradict(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return what shows that two statements cannot both be so, or None; the order does not matter."""
    if float(np.dot(a.vector, b.vector)) < _SAME_MATTER:
        return None
    return next((kind for rule in RULES if (kind := rule(a, b, asked))), None)
