"""What of an article's claims is news to a chat, judged against what it has heard on the topic, and why. Pure.

A claim that was heard before, in whatever outlet, is none. All else is; the reason given is the weightiest one that holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whosays.answer import is_party
from whosays.contradiction import RULES, denial, negation, opposites, positions
from whosays.heard import Heard
from whosays.opposites import opposed
from whosays.outbox import Before, Reason
from whosays.statement import ASSERTS, REFUSES, WANTS, Asked, Statement
from whosays.types import Disagreement, Stance, Vector
from whosays.words import alike, terms

#: The same claim in other words: so many of all its words are the other's or of a like meaning, and so near are both in meaning.
#: A word more or another one ("wounded" for "killed") is a claim of its own. Chosen on pairs written for this (test_judging.py).
_SAME_WORDS, _SAME_MEANING = 0.75, 0.8
#: What adds no word to what was heard, and is not far from it, is heard.
_NOTHING_ADDED = 0.45
#: Two statements of one side contradict each other only where so many of their words are the same (Jaccard).
_SAME_MATTER = 0.4
#: Two sides speak of one thing where they have a word of the topic in common, or are so near.
_NEAR = 0.5
#: A refusal of no more content words than this, its cue among them, says nothing of what it refuses.
_POINTS = 2
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)
_WHETHER = re.compile(
    r"^\W*(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|must|may|might|shall)\b", re.IGNORECASE
)
_NONE: Vector = np.zeros(0, dtype=np.float32)
_KINDS = (ASSERTS, WANTS, REFUSES)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fresh:
    """A claim that an article has on a topic, as it would be heard.

    `concedes`: a side says what hurts its own case. `points`: it only points at what it denies ("rejected the claims"), and is as
    new as that.
    """

    heard: Heard
    concedes: bool = False
    points: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeat:
    """It was heard before: `of`."""

    of: Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """It is news: why, and what was said otherwise before, if anything was."""

    reason: Reason
    before: Before | None = None
    kind: Disagreement | None = None


def judge(fresh: Fresh, heard: Sequence[Heard], topic: str) -> Repeat | Novelty:
    """Return what a claim is to a chat that has heard these on the topic, in the order in which it heard them."""
    if (same := next((one for one in heard if is_same(fresh.heard, one)), None)) is not None:
        return Repeat(of=same)
    asked = Asked(topic)
    if (turned := _reversal(fresh.heard, heard, asked)) is not None:
        return turned
    if fresh.concedes:
        return Novelty(reason=Reason.CONCESSION)
    if (against := _conflict(fresh.heard, heard, asked)) is not None:
        return against
    side = fresh.heard.side
    if is_party(side) and all(one.side != side for one in heard):
        return Novelty(reason=Reason.NEW_SIDE)
    return Novelty(reason=Reason.NEW_CLAIM)


def is_same(new: Heard, old: Heard) -> bool:
    """Say whether a claim says no more than one that was heard: of the same side (else speaker), in like words."""
    if new.mark == old.mark:
        return True
    if not _same_source(new, old) or _kind(new.stance) != _kind(old.stance):
        return False
    if _figures(new.words) != _figures(old.words):
        return False
    ours, theirs = set(terms(new.words)), set(terms(old.words))
    if not ours or not theirs or opposed(frozenset(ours), frozenset(theirs)):
        return False  # what opens and what closes a harbour are words of a like meaning to a search, and no claim is the other
    found = sum(not alike(term).isdisjoint(theirs) for term in ours)
    nearness = _cosine(new, old)
    if found == len(ours) and len(ours) > 1 and nearness >= _NOTHING_ADDED:
        return True
    back = sum(not alike(term).isdisjoint(ours) for term in theirs)
    either = len(ours) + len(theirs) - min(found, back)
    return min(found, back) >= _SAME_WORDS * either and nearness >= _SAME_MEANING


def _reversal(new: Heard, heard: Sequence[Heard], asked: Asked) -> Novelty | None:
    """Return the newest contrary that the same side, or speaker, was heard to say; in one breath nobody takes back a thing."""
    rules = (opposites, negation, *((positions,) if _asks_whether(asked) else ()))
    for old in reversed(heard):
        if old.at >= new.at or not _same_source(new, old):
            continue
        a, b = _statement(new), _statement(old)
        kind = next((kind for rule in rules if (kind := rule(a, b, asked))), None)
        if kind is None and len(a.terms & b.terms) >= _SAME_MATTER * len(a.terms | b.terms) > 0:
            kind = denial(a, b, asked)
        if kind is not None:
            return Novelty(reason=Reason.REVERSAL, before=_before(old), kind=kind)
    return None


def _conflict(new: Heard, heard: Sequence[Heard], asked: Asked) -> Novelty | None:
    """Return the newest claim of another side that this one contradicts."""
    if not is_party(new.side):
        return None
    rules = [rule for rule in RULES if rule is not positions or _asks_whether(asked)]
    for old in reversed(heard):
        if not is_party(old.side) or old.side == new.side:
            continue
        if old.at < new.at and old.stance in REFUSES and len(set(terms(old.words))) <= _POINTS:
            continue  # what it refused stood beside it, and was something else
        a, b = _statement(new), _statement(old)
        on_it = asked.touched(a, b) or max(asked.covered(a), asked.covered(b)) >= _NEAR or _cosine(new, old) >= _NEAR
        if on_it and (kind := next((kind for rule in rules if (kind := rule(a, b, asked))), None)):
            return Novelty(reason=Reason.CONFLICT, before=_before(old), kind=kind)
    return None


def _statement(one: Heard) -> Statement:
    """Return a claim as the rules read it; none of them looks at vectors."""
    return Statement(side=one.side or one.speaker, words=one.words, stance=one.stance, vector=_NONE)


def _same_source(a: Heard, b: Heard) -> bool:
    """Say whether two claims are of one side; of those who speak for none, of one speaker ("Osk", "Bren Osk")."""
    if is_party(a.side) or is_party(b.side):
        return a.side == b.side
    one, other = set(terms(a.speaker)), set(terms(b.speaker))
    return bool(one and other) and (one <= other or other <= one)


def _asks_whether(asked: Asked) -> bool:
    """Say whether a topic is a question of yes or no, and no mere few words, on which nobody takes a position."""
    return bool(_WHETHER.match(asked.question))


def _kind(stance: Stance) -> int:
    return next(i for i, kind in enumerate(_KINDS) if stance in kind)


def _figures(words: str) -> tuple[frozenset[str], int]:
    """Return what changes a statement though all its other words are the same: its numbers, and how often it says "not"."""
    return frozenset(match.group().replace(",", "") for match in _NUMBER.finditer(words)), len(_NEGATION.findall(words))


def _cosine(a: Heard, b: Heard) -> float:
    return 0.0 if a.vector is None or b.vector is None else float(np.dot(a.vector, b.vector))


def _before(one: Heard) -> Before:
    return Before(
        words=one.words, side=one.side, speaker=one.speaker, stance=one.stance, at=one.at, outlet=one.outlet, url=one.url
    )
