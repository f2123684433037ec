"""What shows that two statements cannot both be so: a small rule for each kind of evidence, all of them pure.

A rule says nothing of who is right, and takes no difference of topics for a contradiction: each wants something that ties the two
statements to one matter, to each other's words or to the words of the question. How they are read stands in statement.py. The
shares were chosen on labelled questions and on pairs of MNLI, Perspectrum and others; DESIGN.md has the figures.
"""

from __future__ import annotations

import re

from whosays.amounts import differ
from whosays.asked import Kind
from whosays.opposites import opposed
from whosays.statement import (
    ANSWERS,
    ASSERTS,
    REFUSES,
    WANTS,
    Asked,
    Statement,
    calls_it_its_own,
    is_negated,
    is_undecided,
    names,
    of_own_part,
    position,
    refuses,
    takes_responsibility,
    turns_down_a_proposal,
)
from whosays.types import Disagreement, Stance
from whosays.words import alike

#: Where two statements differ in a number alone, of their words so many (Jaccard) must be the same; in a "not"; in opposites.
_SAME_BUT_A_NUMBER = 0.4
_SAME_BUT_NOT = 0.25
_SAME_BUT_OPPOSITES = 0.1
#: A refusal of no more content words than this ("any involvement", "the claims") only points at what it refuses.
_POINTS = 2
_CLAIM_OF = re.compile(r"(?<=\w)[’']s?\s+(?:\w+\s+)?(?:claims?|accusations?|allegations?|assertions?|charges?|suggestions?)\b")
#: Who is accused is named this early, in code points.
_WHOM = 60


def denial(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return DENIAL where one refuses what the other asserts or wants, ACCUSATION where that accuses the one who refuses."""
    if refuses(a) == refuses(b):
        return None
    refusing, other = (a, b) if refuses(a) else (b, a)
    if _is_claim_of(other.side, refusing.words):
        return Disagreement.DENIAL
    if other.stance not in ASSERTS and not (other.stance in WANTS and turns_down_a_proposal(refusing)):
        return None
    if is_undecided(other):
        return None
    accused = names(other.words, refusing.side)
    about = refusing.terms
    if asked.who:
        if of_own_part(refusing) and not accused:
            return None  # that it was not he contradicts nobody who does not say that it was
        if len(about) > _POINTS and asked.does and alike(asked.does).isdisjoint(about):
            return None  # who controls the weapons is one thing, who used them another
    elsewhere = len(about) > _POINTS and all(alike(term).isdisjoint(other.terms) for term in about)
    if elsewhere and not accused:
        return None
    return Disagreement.ACCUSATION if accused else Disagreement.DENIAL


def accusation(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return ACCUSATION where one accuses the other of what is asked, and that one answers with anything but a confession."""
    of_guilt = (asked.kind is Kind.WHETHER and not asked.to_come) or (asked.who and not asked.advisable)
    if not of_guilt or names(a.side, b.side) or names(b.side, a.side):
        return None
    for accuser, accused in ((a, b), (b, a)):
        # A demand or a threat is no answer; a promise is one to "they do nothing".
        answers = accused.stance in ANSWERS or (accused.stance is Stance.PROMISES and is_negated(accuser.words))
        accuses = accuser.stance is Stance.ACCUSES and names(accuser.words[:_WHOM], accused.side)
        if accuses and answers and not takes_responsibility(accused):
            return Disagreement.ACCUSATION
    return None


def opposites(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return OPPOSITES where one thing, or what the question asks for, is said to be so and to be its opposite."""
    if a.stance in REFUSES or b.stance in REFUSES or is_undecided(a) or is_undecided(b):
        return None
    if is_negated(a.words) != is_negated(b.words):
        return None
    for row in opposed(a.terms, b.terms):
        if row & asked.near or _same(a.terms - row, b.terms - row, _SAME_BUT_OPPOSITES):
            return Disagreement.OPPOSITES
    return None


def numbers(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return NUMBERS where other numbers are given for one thing: for what the question counts, or in otherwise like words."""
    if not {a.stance, b.stance} <= ASSERTS:
        return None
    if asked.kind is Kind.NUMBER:
        return Disagreement.NUMBERS if differ(a.words, b.words, asked.terms) else None
    return Disagreement.NUMBERS if _same(a.terms, b.terms, _SAME_BUT_A_NUMBER) and differ(a.words, b.words) else None


def negation(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return DENIAL where one says in like words, with a "not", what the other says."""
    of_one_kind = any({a.stance, b.stance} <= kind for kind in (ASSERTS, WANTS))
    turned = is_negated(a.words) != is_negated(b.words)
    return Disagreement.DENIAL if of_one_kind and turned and _same(a.terms, b.terms, _SAME_BUT_NOT) else None


def rivals(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return RIVALS where both call one thing their own."""
    return Disagreement.RIVALS if calls_it_its_own(a) and calls_it_its_own(b) else None


def positions(a: Statement, b: Statement, asked: Asked) -> Disagreement | None:
    """Return POSITIONS where one answers a question of yes or no with yes and the other one with no."""
    return Disagreement.POSITIONS if {position(a, asked), position(b, asked)} == {1, -1} else None


#: The first that finds something names the evidence.
RULES = (denial, accusation, opposites, numbers, negation, rivals, positions)


def _is_claim_of(side: str, words: str) -> bool:
    """Say whether words name a side's own claim: "the League's claims of wanting peace", whatever else it says."""
    claim = _CLAIM_OF.search(words)
    return claim is not None and names(words[: claim.start()], side)


def _same(a: frozenset[str], b: frozenset[str], share: float) -> bool:
    return len(a & b) >= share * len(a | b) > 0
