"""How well a claim, or a paragraph in the outlet's own voice, answers a question: meaning and words, of itself and around it.

The score is the mean of two cosines (the question with the claim, and with its paragraph) plus a part for each of three shares of
the question's content words, weighted by their rarity in what was retrieved: those found in the claim, in its paragraph, and in
title, paragraph and the paragraph before. A claim that was found with little confidence, or that says next to nothing by itself,
scores less; one that a cross-encoder takes for an answer scores more. DESIGN.md says on what the settings were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

import numpy as np

from whosays.article_words import ArticleWords, words_of
from whosays.citations import cut_out, in_order
from whosays.store.corpus import StoredClaim, Whole
from whosays.types import Article, Claim, Paragraph, Query, Vector, Vectors
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was retrieved for a question. `vector` is the topic's; `paragraphs` go by article and position, `vectors` by their id.

    All quotable paragraphs of each article are there, and all claims in them; `likely` has those that a cross-encoder has read.
    `read` are the same articles whole, where they were read so: what was worked out of them for one question serves the next.
    `worked_out` is what `Relevance` keeps by topic, for the same material with other likelihoods.
    """

    query: Query
    vector: Vector
    articles: Mapping[str, Article] = field(default_factory=dict)
    paragraphs: Mapping[tuple[str, int], Paragraph] = field(default_factory=dict)
    vectors: Mapping[int, Vector] = field(default_factory=dict)
    claims: Sequence[StoredClaim] = ()
    likely: Mapping[Claim, float] = field(default_factory=dict)
    read: Sequence[Whole] = ()
    worked_out: dict[str, _Basis] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, query: Query, vector: Vector, read: Sequence[Whole]) -> Material:
        """Return the material of articles that were read whole, the best one first. Claims come as the store has them."""
        as_stored = sorted(read, key=lambda whole: whole.row)
        return cls(
            query=query,
            vector=vector,
            articles={whole.article.id: whole.article for whole in read},
            paragraphs={(p.article, p.position): p for whole in read for p in whole.paragraphs},
            vectors={p.id: own for whole in read for p, own in zip(whole.paragraphs, whole.vectors, strict=True)},
            claims=[stored for whole in as_stored for stored in whole.claims],
            read=read,
        )

    def wholes(self) -> Sequence[Whole]:
        """Return the articles whole, as they were read or put together of the parts."""
        return self.read or [self._whole(id_) for id_ in self.articles]

    def _whole(self, article: str) -> Whole:
        paragraphs = sorted((p for p in self.paragraphs.values() if p.article == article), key=lambda p: p.position)
        return Whole(
            row=0,
            digest="",
            resolved_with=None,
            article=self.articles[article],
            paragraphs=tuple(paragraphs),
            vectors=np.array([self.vectors.get(p.id, np.zeros_like(self.vector)) for p in paragraphs], dtype=np.float32),
            claims=tuple(stored for stored in self.claims if stored.claim.article == article),
        )

    def text(self, paragraph: Paragraph) -> str:
        """Return the words of a paragraph."""
        return self.articles[paragraph.article].text[paragraph.span.start : paragraph.span.end]

    def words(self, claim: Claim) -> str:
        """Return the words of a claim's content."""
        return cut_out(self.articles[claim.article].text, in_order(claim.attribution.content))


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
    """Where an article has the words of a question: of each, in which paragraphs, around which paragraphs, in which claims."""

    whole: Whole
    words: ArticleWords
    in_paragraphs: tuple[int, ...]
    around: tuple[int, ...]
    in_claims: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """What of a question's scores is the same whatever a cross-encoder has read of `of`.

    `found`, `named` (how many of the question's names it has) and `claims` (each claim's score without its likelihood, and its
    cosine) go by article; `weights` are those of the terms asked for, `cosines` those of the paragraphs by their ids.
    """

    of: Material
    found: Mapping[str, _Found]
    named: Mapping[str, int]
    weights: Mapping[str, float]
    cosines: Mapping[int, float]
    claims: dict[str, Sequence[tuple[float, float]]] = field(default_factory=dict)

    def serves(self, material: Material) -> bool:
        """Say whether it is of the same articles and claims, and of the same vector."""
        of = self.of
        return of.paragraphs is material.paragraphs and of.claims is material.claims and of.vector is material.vector


def _basis(material: Material) -> _Basis:
    asked = tuple(dict.fromkeys(terms(material.query.topic)))
    found = {whole.article.id: _find(whole, asked) for whole in material.wholes()}
    total = sum(len(of.whole.paragraphs) for of in found.values())
    counts = [sum(of.in_paragraphs[i].bit_count() for of in found.values()) for i in range(len(asked))]
    names = named(material.query.topic)
    return _Basis(
        of=material,
        found=found,
        named={id_: sum(name in of.words.paragraphs or name in of.words.title for name in names) for id_, of in found.items()},
        # The root: one rare word that a claim happens to share must not outweigh all the rest.
        weights={term: sqrt(log(1 + (total - n + 0.5) / (n + 0.5))) for term, n in zip(asked, counts, strict=True)},
        cosines={
            paragraph.id: cosine
            for of in found.values()
            for paragraph, cosine in zip(of.whole.paragraphs, _cosines(of.whole.vectors, material.vector), strict=True)
        },
    )


def _find(whole: Whole, asked: Sequence[str]) -> _Found:
    words = whole.once(words_of)
    in_paragraphs, around, in_claims = [], [], []
    for term in asked:
        wanted = alike(term)
        found = _any_of(words.paragraphs, wanted)
        in_paragraphs.append(found)
        # Around a paragraph: in itself, in the one before, in the title. There are no bits for paragraphs that are not there.
        around.append(-1 if not wanted.isdisjoint(words.title) else found | found << 1)
        in_claims.append(_any_of(words.claims, wanted))
    return _Found(whole, words, tuple(in_paragraphs), tuple(around), tuple(in_claims))


class Relevance:
    """Scores for one question over one lot of material."""

    def __init__(self, material: Material) -> None:
        self._material = material
        topic = material.query.topic
        basis = material.worked_out.get(topic)
        if basis is None or not basis.serves(material):
            basis = material.worked_out[topic] = _basis(material)
        self._basis, self._found = basis, basis.found
        self.weight, self.asked = basis.weights, tuple(basis.weights)
        self._weights, self._total = tuple(self.weight.values()), sum(self.weight.values())
        # A claim is compared with those that were read only where one of them has its words: that costs less.
        self._likely = {(claim.article, claim.attribution.content) for claim in material.likely}

    def of_claim(self, stored: StoredClaim) -> Scored:
        """Return a claim of the material with its score, about 0 to 1.6."""
        claim, found = stored.claim, self._found[stored.claim.article]
        number = found.words.numbers[id(stored)]
        if claim.article not in self._basis.claims:
            self._basis.claims[claim.article] = self._of_claims(found)
        score, own = self._basis.claims[claim.article][number]
        likely = 0.0
        if (claim.article, claim.attribution.content) in self._likely:
            likely = self._material.likely.get(claim, 0.0)
        bare = _BARE if found.words.bare >> number & 1 else 0
        return Scored(stored, score + _READ * likely - bare, own, likely)

    def _of_claims(self, found: _Found) -> list[tuple[float, float]]:
        """Return of each claim of an article its score without its likelihood, and its cosine."""
        own = _cosines(np.array([stored.vector for stored in found.whole.claims]), self._material.vector)
        cosines, places = self._basis.cosines, found.words.places
        around = [cosines[paragraph.id] for paragraph in found.whole.paragraphs]
        result = []
        for number, stored in enumerate(found.whole.claims):
            claim, within = stored.claim, found.words.within[number]
            nearest = max([around[places[position]] for position in claim.paragraphs if position in places], default=0.0)
            words = self._covered(found.in_claims, 1 << number)
            words += self._covered(found.in_paragraphs, within)
            words += self._covered(found.around, within)
            score = (own[number] + nearest) / 2 + _WORDS * words + _CONFIDENCE * (claim.confidence - 1)
            result.append((score, own[number]))
        return result

    def said(self, stored: StoredClaim) -> str:
        """Return the words of the content of a claim of the material."""
        words = self._found[stored.claim.article].words
        return words.said[words.numbers[id(stored)]]

    def is_quotable(self, stored: StoredClaim) -> bool:
        """Say whether a claim of the material stands whole in paragraphs that may be quoted."""
        words = self._found[stored.claim.article].words
        return bool(words.quotable >> words.numbers[id(stored)] & 1)

    def of_paragraph(self, paragraph: Paragraph) -> float:
        """Return the score of a paragraph in the outlet's own voice, on the same scale."""
        found = self._found[paragraph.article]
        place = 1 << found.words.places[paragraph.position]
        words = 2 * self._covered(found.in_paragraphs, place) + self._covered(found.around, place)
        return self.cosine((paragraph.article, paragraph.position)) + _WORDS * words

    def covered(self, words: set[str]) -> float:
        """Return the share (0..1) of the question's content words, by weight, that are among these; 0 for a question of none."""
        if not self._total:
            return 0.0
        return sum(weight for term, weight in self.weight.items() if not alike(term).isdisjoint(words)) / self._total

    def context(self, keys: Iterable[tuple[str, int]]) -> set[str]:
        """Return the words of paragraphs (by article and position), of those before them, and of the titles above them."""
        words: set[str] = set()
        for article, position in keys:
            words |= self._terms((article, position)) | self._found[article].words.title
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
        words = [self._found[id_].words for id_ in set(ids)]
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
        return self._basis.cosines.get(self._material.paragraphs[key].id, 0.0)

    def _covered(self, found: Sequence[int], places: int) -> float:
        """Return the share (0..1) of the question's content words, by weight, that are found in any of these places."""
        if not self._total:
            return 0.0
        return sum([weight for weight, held in zip(self._weights, found, strict=True) if held & places]) / self._total

    def _terms(self, key: tuple[str, int]) -> set[str]:
        return set(terms(self._material.text(self._material.paragraphs[key])))


def _cosines(vectors: Vectors, vector: Vector) -> list[float]:
    return np.einsum("nd,d->n", vectors, vector).tolist() if len(vectors) else []


def _any_of(places: Mapping[str, int], wanted: Iterable[str]) -> int:
    found = 0
    for term in wanted:
        found |= places.get(term, 0)
    return found
