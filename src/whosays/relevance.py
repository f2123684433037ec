"""How well a claim, or a paragraph in the outlet's own voice, answers a question: meaning and words, of itself and around it.

The score is the mean of two cosines (the question with the claim, and with its paragraph) plus a part for each of three shares of
the question's content words, weighted by their rarity in what was retrieved: those found in the claim, in its paragraph, and in
title, paragraph and the paragraph before. A claim that was found with little confidence, or that says next to nothing by itself,
scores less; one that a cross-encoder takes for an answer scores more. DESIGN.md says on what the settings were chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from whosays.article_words import any_of, bits
from whosays.citations import cut_out, in_order
from whosays.material import Material
from whosays.store.corpus import StoredClaim, Whole
from whosays.types import Article, Claim, Paragraph, Vector
from whosays.words import alike, terms

#: What each of the three shares of found words adds at most.
_WORDS = 0.1
#: An article that has less than this share of the question's names that the best one has is about something else.
_ON_TOPIC = 0.6
#: What full confidence adds over none.
_CONFIDENCE = 0.2
#: What a claim loses of which only one content word is left ("the deal"): it says nothing that can be read alone.
_BARE = 0.3
#: What is added for a claim that, read together with the question, is sure to answer it.
_READ = 0.15


_POSITION = attrgetter("position")


@dataclass(frozen=True, slots=True, eq=False)  # vectors have no one truth value to compare by
class Scored:
    """A claim with how well it answers, the cosine of its vector with the question's, and how likely a cross-encoder takes it."""

    stored: StoredClaim
    score: float
    cosine: float
    likely: float = 0.0

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.stored.claim


def claim_text(article: Article, claim: Claim) -> str:
    """Return what of a claim is embedded: the title (what the words are about), the speaker, the cue and the content.

    With title and speaker a claim's own vector ranked better than that of its content alone on the labelled claims
    (average precision 0.59 and 0.55, in an exploration that is not kept).
    """
    attribution = claim.attribution
    speaker = claim.speaker.name or cut_out(article.text, in_order(attribution.source))
    parts = (speaker, cut_out(article.text, in_order(attribution.cue)), cut_out(article.text, in_order(attribution.content)))
    said = " ".join(part for part in parts if part)
    return f"{article.title}. {said}" if article.title else said


_NAME = re.compile(r"(?<=\s)(?:[A-Z][\w’'-]*\.?)(?:[A-Z]\.)*")


def named(question: str) -> set[str]:
    """Return the terms of the names in a question; its first word is capitalised whatever it is."""
    return {term for match in _NAME.finditer(question) for term in terms(match.group())}


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Where an article has the words of a question: of each (a row) in which paragraphs, and around which (a column).

    `cosines` are those of its paragraphs. The last column stands for no paragraph.
    """

    whole: Whole
    in_paragraphs: NDArray[np.bool_]
    around: NDArray[np.bool_]
    in_claims: NDArray[np.bool_]
    cosines: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """What of a question's scores is the same whatever a cross-encoder has read of `of`.

    `found` and `named` (how many of the question's names it has) go by article; `weights` are those of the terms asked for.
    `numbers` tells all claims apart by identity; by their numbers `scores` are those without likelihood, `cosines` their own,
    `bare` and `quotable` as in `ClaimWords`.
    """

    of: Material
    found: Mapping[str, _Found]
    named: Mapping[str, int]
    weights: Mapping[str, float]
    numbers: Mapping[int, int]
    scores: Sequence[float]
    cosines: Sequence[float]
    bare: Sequence[bool]
    quotable: Sequence[bool]

    def serves(self, material: Material) -> bool:
        """Say whether it is of the same articles and claims, and of the same vector."""
        of = self.of
        return of.paragraphs is material.paragraphs and of.claims is material.claims and of.vector is material.vector


def _basis(material: Material) -> _Basis:
    asked = tuple(dict.fromkeys(terms(material.query.topic)))
    wanted = [alike(term) for term in asked]
    wholes = material.wholes()
    found = [_find(whole, wanted, material.vector) for whole in wholes]
    total = sum(len(whole.paragraphs) for whole in wholes)
    counts = sum((of.in_paragraphs.sum(axis=1) for of in found), np.zeros(len(asked), dtype=np.int64)).tolist()
    # The root: one rare word that a claim happens to share must not outweigh all the rest.
    weights = {term: sqrt(log(1 + (total - n + 0.5) / (n + 0.5))) for term, n in zip(asked, counts, strict=True)}
    names = named(material.query.topic)
    claims = [stored for whole in wholes for stored in whole.claims]
    scores, cosines = _of_claims(found, claims, material.vector, list(weights.values()))
    return _Basis(
        of=material,
        found={of.whole.article.id: of for of in found},
        named={
            whole.article.id: sum(name in whole.of_text.paragraphs or name in whole.of_text.title for name in names)
            for whole in wholes
        },
        weights=weights,
        numbers={id(stored): number for number, stored in enumerate(claims)},
        scores=scores,
        cosines=cosines,
        bare=_marked((whole.of_claims.bare, len(whole.claims)) for whole in wholes),
        quotable=_marked((whole.of_claims.quotable, len(whole.claims)) for whole in wholes),
    )


def _find(whole: Whole, wanted: Sequence[frozenset[str]], vector: Vector) -> _Found:
    paragraphs, claims, title = len(whole.paragraphs), len(whole.claims), whole.of_text.title
    rows = bits((any_of(whole.of_text.paragraphs, words, paragraphs) for words in wanted), paragraphs, len(wanted))
    in_paragraphs = np.zeros((len(wanted), paragraphs + 1), dtype=np.bool_)
    in_paragraphs[:, :-1] = rows
    around = in_paragraphs.copy()
    # Around a paragraph: in itself, in the one before, in the title.
    around[:, 1:-1] |= rows[:, :-1]
    around[[not words.isdisjoint(title) for words in wanted], :-1] = True
    cosines = np.zeros(paragraphs + 1)
    if paragraphs:
        cosines[:-1] = np.einsum("nd,d->n", whole.vectors, vector)
    in_claims = bits((any_of(whole.of_claims.claims, words, claims) for words in wanted), claims, len(wanted))
    return _Found(whole, in_paragraphs, around, in_claims, cosines)


def _of_claims(
    found: Sequence[_Found], claims: Sequence[StoredClaim], vector: Vector, weights: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Return the scores of all claims, which are those of `found` in order, without their likelihoods, and their cosines."""
    if not claims:
        return [], []
    own: NDArray[np.float64] = np.einsum("nd,d->n", np.array([stored.vector for stored in claims]), vector).astype(np.float64)
    before = 0
    places, firsts, reached = list[NDArray[np.int64]](), list[NDArray[np.int64]](), 0
    for of in found:
        here = np.frombuffer(of.whole.of_claims.places, np.uint32).astype(np.int64)
        firsts.append(np.frombuffer(of.whole.of_claims.firsts, np.uint32).astype(np.int64) + reached)
        places.append(here + before)
        before, reached = before + len(of.cosines), reached + len(here)
    at, first = np.concatenate(places), np.concatenate(firsts)
    nearest = np.maximum.reduceat(np.concatenate([of.cosines for of in found])[at], first)

    def within(rows: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
        return np.logical_or.reduceat(np.concatenate(rows, axis=1)[:, at], first, axis=1)

    words = _covered(weights, np.concatenate([of.in_claims for of in found], axis=1))
    words += _covered(weights, within([of.in_paragraphs for of in found]))
    words += _covered(weights, within([of.around for of in found]))
    confidence = np.array([stored.claim.confidence for stored in claims])
    scores = (own + nearest) / 2 + _WORDS * words + _CONFIDENCE * (confidence - 1)
    return scores.tolist(), own.tolist()


def _covered(weights: Sequence[float], found: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (n,): the share (0..1) of a question's terms, by weight, that are found (terms, n); 0 for a question of none."""
    covered, total = np.zeros(found.shape[1]), sum(weights)
    if total:
        for weight, row in zip(weights, found, strict=True):
            covered += weight * row
        covered /= total
    return covered


def _marked(rows: Iterable[tuple[bytes, int]]) -> list[bool]:
    return [marked for row, count in rows for marked in bits([row], count, 1)[0].tolist()]


class Relevance:
    """Scores for one question over one lot of material."""

    def __init__(self, material: Material) -> None:
        self._material = material
        topic = material.query.topic
        basis = material.worked_out.get(topic)
        if not isinstance(basis, _Basis) or not basis.serves(material):
            basis = material.worked_out[topic] = _basis(material)
        self._basis, self._found = basis, basis.found
        self.weight, self.asked = basis.weights, tuple(basis.weights)
        self._total = sum(self.weight.values())
        # A claim is compared with those that were read only where one of them has its words: that costs less.
        self._likely = {(claim.article, claim.attribution.content) for claim in material.likely}

    def of_claim(self, stored: StoredClaim) -> Scored:
        """Return a claim of the material with its score, about 0 to 1.6."""
        claim, basis = stored.claim, self._basis
        number = basis.numbers[id(stored)]
        likely = 0.0
        if (claim.article, claim.attribution.content) in self._likely:
            likely = self._material.likely.get(claim, 0.0)
        bare = _BARE if basis.bare[number] else 0
        return Scored(stored, basis.scores[number] + _READ * likely - bare, basis.cosines[number], likely)

    def is_quotable(self, stored: StoredClaim) -> bool:
        """Say whether a claim of the material stands whole in paragraphs that may be quoted."""
        return self._basis.quotable[self._basis.numbers[id(stored)]]

    def of_own_voice(self, least: float) -> list[tuple[float, Paragraph]]:
        """Return the paragraphs that hold nobody's claim and score so much at least, with their scores, best first.

        The scores are on the same scale as those of claims.
        """
        weights, result = tuple(self.weight.values()), list[tuple[float, Paragraph]]()
        for found in self._found.values():
            whole, count = found.whole, len(found.whole.paragraphs)
            words = 2 * _covered(weights, found.in_paragraphs) + _covered(weights, found.around)
            scores = found.cosines + _WORDS * words
            free = scores >= least
            free[:-1] &= ~bits([whole.of_text.reports], count, 1)[0]
            free[np.frombuffer(whole.of_claims.places, np.uint32)] = False
            free[-1] = False
            result += [(float(scores[i]), whole.paragraphs[i]) for i in np.flatnonzero(free).tolist()]
        return sorted(result, key=lambda pair: -pair[0])

    def covered(self, words: set[str]) -> float:
        """Return the share (0..1) of the question's content words, by weight, that are among these; 0 for a question of none."""
        if not self._total:
            return 0.0
        return sum(weight for term, weight in self.weight.items() if not alike(term).isdisjoint(words)) / self._total

    def context(self, keys: Iterable[tuple[str, int]]) -> set[str]:
        """Return the words of paragraphs (by article and position), of those before them, and of the titles above them."""
        words: set[str] = set()
        for article, position in keys:
            words |= self._terms((article, position)) | self._found[article].whole.of_text.title
            # Furniture counts as a position but is not there: the paragraph before is the next one up that is.
            before = next((key for p in range(position - 1, -1, -1) if (key := (article, p)) in self._material.paragraphs), None)
            words |= self._terms(before) if before else set()
        return words

    def near(self, keys: Iterable[tuple[str, int]]) -> set[str]:
        """Return the words of paragraphs."""
        return {word for key in keys for word in self._terms(key)}

    def on_topic(self, article: str) -> bool:
        """Say whether an article speaks of those whom the question names: of as many, nearly, as the best article does."""
        return self._basis.named[article] >= _ON_TOPIC * max(self._basis.named.values(), default=0)

    def articles(self, ids: Iterable[str]) -> set[str]:
        """Return all words of articles and of their titles."""
        words = [self._found[id_].whole.of_text for id_ in set(ids)]
        return {term for of in words for term in of.paragraphs}.union(*(of.title for of in words))

    def own_words(self, claim: Claim) -> set[str]:
        """Return the words of a claim: its speaker, cue and content."""
        cue = cut_out(self._material.articles[claim.article].text, in_order(claim.attribution.cue))
        return set(terms(f"{claim.speaker.name} {cue} {self._material.words(claim)}"))

    def paragraphs_of(self, claim: Claim) -> list[tuple[str, int]]:
        """Return where a claim stands: its quotable paragraphs, by article and position."""
        return [key for position in claim.paragraphs if (key := (claim.article, position)) in self._material.paragraphs]

    def cosine(self, key: tuple[str, int]) -> float:
        """Return the cosine of a paragraph with the question."""
        article, position = key
        found = self._found[article]
        return float(found.cosines[bisect_left(found.whole.paragraphs, position, key=_POSITION)])

    def _terms(self, key: tuple[str, int]) -> set[str]:
        return set(terms(self._material.text(self._material.paragraphs[key])))
