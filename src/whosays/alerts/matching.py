"""Which claims of an article answer a topic that is followed: scored as an answer's are, and read together with the topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whosays.alerts.bare import relevance_to, said_under
from whosays.alerts.index import NEAR
from whosays.answer import is_likely, is_party, points_back
from whosays.article_words import claim_words, text_words
from whosays.asked import holds, is_question
from whosays.citations import is_quotable
from whosays.crossencoder import Reads
from whosays.material import Material
from whosays.relevance import Relevance, Scored, claim_text
from whosays.spoken_by import said_by
from whosays.store.corpus import Indexed, StoredClaim, Whole
from whosays.types import Claim, Paragraph, Query, Stance, Vector
from whosays.words import alike, terms

#: A claim is taken if it scores as much, and is at least so likely to answer …
SCORE, LEAST_LIKELY = 0.65, 0.2
#: … or if it is as likely as that. Chosen on the labelled questions of `sides/dev.jsonl`; DESIGN.md has the figures.
LIKELY = 0.5
#: … or if it says in its own words just what is asked: who *holds* Orsel is told by "its army had captured the town of Orsel".
_SCORE_OF_ITS_OWN = 0.6
_WHO_DOES = re.compile(r"\W*who\s+(?!(?:is|are|was|were)\b)(?P<does>\w+)", re.IGNORECASE)
#: Whoever is asked by name may answer in any words: his claims need this score alone, and those in an outlet that is asked this.
_SCORE_OF_NAMED, _SCORE_IN_NAMED = 0.3, 0.45
#: Where nothing is read, the score alone has to be so high.
SCORE_ALONE = 0.8
#: So many claims of an article, those that score best, are read together with a topic, and the best one of so many further sides.
_READ, _FURTHER = 12, 4
#: If of the first so many none is so likely, the rest is not read: it cost no answering claim on the labelled questions.
_FIRST, _GOES_ON = 6, 0.05
#: Content words of a denial that only points at what it denies: "the takeover claims".
_POINTS = 2
#: Below this score no reading helps.
_WORTH_READING = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A claim that answers a topic, with how likely it does (0..1).

    `points`: it is a denial that says nothing of what it denies but that it is a claim, an accusation, a charge.
    """

    scored: Scored
    likelihood: float
    points: bool = False

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.scored.claim


def matches(query: Query, vector: Vector, whole: Whole, reader: Reads | None) -> tuple[Material, list[Match]]:
    """Return the claims of an article that answer a topic, in text order, with the material that a card of them is made of.

    `vector` is that of the query's topic. Costs the cross-encoder's reading of some claims where the article is on the topic;
    without a reader fewer claims are taken, and by their score alone. A topic that asks nothing is not read: `bare` decides.
    """
    material = Material.of(query, vector, [whole])
    is_bare = not (query.speakers or query.outlets or is_question(query.text or query.topic))
    relevance = relevance_to(material) if is_bare else Relevance(material)
    said = [stored.claim for stored in whole.claims]
    asked = set(said_by(query.speakers, said)) if query.speakers else set(said)
    candidates = [s for s in material.claims if s.claim in asked and is_likely(s.claim) and _stands(material, s.claim)]
    near = [s for s in candidates if _cosine(relevance, s, vector) >= NEAR]
    ranked = sorted(map(relevance.of_claim, near), key=lambda s: -s.score)
    if is_bare:
        under = [
            Match(s, min(s.score, 1.0), points=_points(material, s.claim)) for s in said_under(query.topic, relevance, ranked)
        ]
        return material, _in_text_order(under + _denials(material, relevance, candidates, under))
    if reader is None:
        certain = [Match(s, min(s.score, 1.0), points=_points(material, s.claim)) for s in ranked if s.score >= SCORE_ALONE]
        return material, _in_text_order(certain + _denials(material, relevance, candidates, certain))
    read = _worth_reading(ranked)
    likely = dict(zip((s.claim for s in read), _likelihoods(material, read[:_FIRST], reader), strict=False))
    if max(likely.values(), default=0.0) >= _GOES_ON:
        rest = read[_FIRST:]
        likely |= dict(zip((s.claim for s in rest), _likelihoods(material, rest, reader), strict=True))
    # The score counts the likelihood once it is known.
    relevance = Relevance(replace(material, likely=likely))
    taken = [
        Match(scored, likelihood, points=_points(material, scored.claim))
        for scored, likelihood in ((relevance.of_claim(s.stored), likely.get(s.claim, 0.0)) for s in ranked)
        if likelihood >= LIKELY
        or (scored.score >= SCORE and likelihood >= LEAST_LIKELY)
        or _is_of_named(query, scored)
        or _says_who(material, scored)
    ]
    taken += _denials(material, relevance, candidates, taken)
    return material, _in_text_order(taken)


def whole_of(indexed: Indexed) -> Whole:
    """Return an article as if it alone were in the store. Paragraphs have their places for ids."""
    article, places = indexed.article, [i for i, block in enumerate(indexed.blocks) if not block.furniture]
    first: dict[int, int] = {}
    for row, position in enumerate(passage.position for passage in indexed.passages) if indexed.passages else enumerate(places):
        first.setdefault(position, row)
    paragraphs = tuple(Paragraph(id=i, article=article.id, position=i, span=indexed.blocks[i].span) for i in places)
    return Whole(
        row=0,
        digest="",
        resolved_with=indexed.resolved_with,
        article=article,
        paragraphs=paragraphs,
        vectors=indexed.vectors[[first[i] for i in places]],
        claims=tuple(
            StoredClaim(claim=claim, vector=own) for claim, own in zip(indexed.claims, indexed.claim_vectors, strict=True)
        ),
        of_text=text_words(article, paragraphs),
        of_claims=claim_words(article, paragraphs, indexed.claims),
    )


def _is_of_named(query: Query, scored: Scored) -> bool:
    """Say whether a topic asks for what somebody, or an outlet, says, and a claim, which is one of his, is on the matter."""
    if query.speakers:
        return scored.score >= _SCORE_OF_NAMED
    return bool(query.outlets) and scored.score >= _SCORE_IN_NAMED


def _says_who(material: Material, scored: Scored) -> bool:
    """Say whether a topic asks who does what has words of a like meaning, and a claim has the like of all its words."""
    topic = material.query.topic
    asks = _WHO_DOES.match(topic)
    if not asks or scored.score < _SCORE_OF_ITS_OWN or not any(len(alike(term)) > 1 for term in terms(asks["does"])):
        return False
    asked, own = set(terms(topic)), set(terms(material.words(scored.claim)))
    return len(asked) > 1 and all(not alike(term).isdisjoint(own) for term in asked)


def _in_text_order(found: list[Match]) -> list[Match]:
    return sorted(found, key=lambda match: min(match.claim.attribution.content, default=(0, 0)))


def _stands(material: Material, claim: Claim) -> bool:
    """Say whether a claim stands whole in paragraphs that may be quoted, one of which holds what is asked for."""
    paragraphs = [p for position in claim.paragraphs if (p := material.paragraphs.get((claim.article, position)))]
    quotable = all(is_quotable(span, (p.span for p in paragraphs)) for span in claim.attribution.content)
    return bool(claim.attribution.content) and quotable and any(holds(material.text(p), material.query.topic) for p in paragraphs)


def _cosine(relevance: Relevance, stored: StoredClaim, vector: Vector) -> float:
    return max(float(np.dot(stored.vector, vector)), *(relevance.cosine(key) for key in relevance.paragraphs_of(stored.claim)))


def _worth_reading(ranked: Sequence[Scored]) -> list[Scored]:
    worth = [s for s in ranked if s.score >= _WORTH_READING]
    read, further = worth[:_READ], dict[str | None, Scored]()
    sides = {s.claim.side for s in read}
    for s in worth[_READ:]:
        if s.claim.side not in sides:
            further.setdefault(s.claim.side, s)
    return read + list(further.values())[:_FURTHER]


def _likelihoods(material: Material, read: Sequence[Scored], reader: Reads) -> list[float]:
    """Return how likely each claim answers; what joint speakers say in one breath is read for each: the speaker matters."""
    texts = [claim_text(material.articles[s.claim.article], s.claim) for s in read]
    unique = list(dict.fromkeys(texts))
    known = dict(zip(unique, reader.likelihoods(material.query.topic, unique), strict=True)) if unique else {}
    return [known[text] for text in texts]


def _denials(material: Material, relevance: Relevance, candidates: Sequence[StoredClaim], taken: Sequence[Match]) -> list[Match]:
    """Return denials that only point at a claim that is taken ("rejected the takeover claims"), as a card shows them."""
    parties = [match for match in taken if is_party(match.claim.side)]
    known = {match.claim for match in taken}
    result = []
    for stored in candidates:
        if stored.claim in known or stored.claim.stance is not Stance.DENIES or not is_party(stored.claim.side):
            continue
        denied = next((match for match in parties if points_back(material, stored.claim, match.claim)), None)
        if denied and relevance.covered(relevance.context(relevance.paragraphs_of(stored.claim))) > 0:
            result.append(Match(relevance.of_claim(stored), denied.likelihood, points=_points(material, stored.claim)))
    return result


def _points(material: Material, claim: Claim) -> bool:
    return claim.stance is Stance.DENIES and len(set(terms(material.words(claim)))) <= _POINTS
