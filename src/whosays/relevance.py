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

from whosays.citations import cut_out, in_order
from whosays.store.corpus import StoredClaim
from whosays.types import Article, Claim, Paragraph, Query, Vector
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
#: "did not respond to a request for comment" is no position.
_NO_COMMENT = re.compile(r"\bcomment\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was retrieved for a question. `vector` is the topic's; `paragraphs` go by article and position, `vectors` by their id.

    All quotable paragraphs of each article are there, and all claims in them; `likely` has those that a cross-encoder has read.
    """

    query: Query
    vector: Vector
    articles: Mapping[str, Article] = field(default_factory=dict)
    paragraphs: Mapping[tuple[str, int], Paragraph] = field(default_factory=dict)
    vectors: Mapping[int, Vector] = field(default_factory=dict)
    claims: Sequence[StoredClaim] = ()
    likely: Mapping[Claim, float] = field(default_factory=dict)

    def text(self, paragraph: Paragraph) -> str:
        """Return the words of a paragraph."""
        return self.articles[paragraph.article].text[paragraph.span.start : paragraph.span.end]

    def words(self, claim: Claim) -> str:
        """Return the words of a claim's content."""
        return cut_out(self.articles[claim.article].text, in_order(claim.attribution.content))


@dataclass(frozen=True, slots=True, eq=False)  # vectors have no one truth value to compare by
class Scored:
    """A claim with how well it answers, and the cosine of its vector with the question's."""

    stored: StoredClaim
    score: float
    cosine: float

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


class Relevance:
    """Scores for one question over one lot of material."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._terms = {key: set(terms(material.text(p))) for key, p in material.paragraphs.items()}
        self._titles = {article.id: set(terms(article.title or "")) for article in material.articles.values()}
        self.asked = tuple(dict.fromkeys(terms(material.query.topic)))
        found = {term: sum(not alike(term).isdisjoint(words) for words in self._terms.values()) for term in self.asked}
        total = len(self._terms)
        # The root: one rare word that a claim happens to share must not outweigh all the rest.
        self.weight = {term: sqrt(log(1 + (total - n + 0.5) / (n + 0.5))) for term, n in found.items()}
        self._cosines = {id_: float(np.dot(vector, material.vector)) for id_, vector in material.vectors.items()}

    def of_claim(self, stored: StoredClaim) -> Scored:
        """Return the claim with its score, about 0 to 1.6."""
        keys = self.paragraphs_of(stored.claim)
        around = max((self.cosine(key) for key in keys), default=0.0)
        own = float(np.dot(stored.vector, self._material.vector))
        found = self.covered(self.own_words(stored.claim)) + self.covered(self.near(keys)) + self.covered(self.context(keys))
        said = self._material.words(stored.claim)
        bare = len(terms(said)) < 2 or _NO_COMMENT.search(said)
        sure = _CONFIDENCE * (stored.claim.confidence - 1)
        read = _READ * self._material.likely.get(stored.claim, 0.0)
        return Scored(stored, (own + around) / 2 + _WORDS * found + sure + read - (_BARE if bare else 0), own)

    def of_paragraph(self, paragraph: Paragraph) -> float:
        """Return the score of a paragraph in the outlet's own voice, on the same scale."""
        key = (paragraph.article, paragraph.position)
        return self.cosine(key) + _WORDS * (2 * self.covered(self.near([key])) + self.covered(self.context([key])))

    def covered(self, words: set[str]) -> float:
        """Return the share (0..1) of the question's content words, by weight, that are among these; 0 for a question of none."""
        total = sum(self.weight.values())
        return sum(weight for term, weight in self.weight.items() if not alike(term).isdisjoint(words)) / total if total else 0.0

    def context(self, keys: Iterable[tuple[str, int]]) -> set[str]:
        """Return the words of paragraphs (by article and position), of those before them, and of the titles above them."""
        words: set[str] = set()
        for article, position in keys:
            words |= self._terms[article, position] | self._titles[article]
            # Furniture counts as a position but is not there: the paragraph before is the next one up that is.
            before = next((key for p in range(position - 1, -1, -1) if (key := (article, p)) in self._terms), None)
            words |= self._terms[before] if before else set()
        return words

    def near(self, keys: Iterable[tuple[str, int]]) -> set[str]:
        """Return the words of paragraphs."""
        return {word for key in keys for word in self._terms[key]}

    def on_topic(self, article: str) -> bool:
        """Say whether an article speaks of those whom the question names: of as many, nearly, as the best article does."""
        names = named(self._material.query.topic)
        most = max((len(names & self.articles([id_])) for id_ in self._titles), default=0)
        return len(names & self.articles([article])) >= _ON_TOPIC * most

    def articles(self, ids: Iterable[str]) -> set[str]:
        """Return all words of articles and of their titles."""
        wanted = set(ids)
        words = {word for key, found in self._terms.items() if key[0] in wanted for word in found}
        return words.union(*(self._titles[id_] for id_ in wanted))

    def own_words(self, claim: Claim) -> set[str]:
        """Return the words of a claim: its speaker, cue and content."""
        cue = cut_out(self._material.articles[claim.article].text, in_order(claim.attribution.cue))
        return set(terms(f"{claim.speaker.name} {cue} {self._material.words(claim)}"))

    def paragraphs_of(self, claim: Claim) -> list[tuple[str, int]]:
        """Return where a claim stands: its quotable paragraphs, by article and position."""
        return [key for position in claim.paragraphs if (key := (claim.article, position)) in self._terms]

    def cosine(self, key: tuple[str, int]) -> float:
        """Return the cosine of a paragraph with the question."""
        return self._cosines.get(self._material.paragraphs[key].id, 0.0)
