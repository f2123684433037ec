"""A topic, or one article, in each side's own words: the best claims of each side, none of which says what another one does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from whosays.answer import compose, is_likely, is_party, nothing
from whosays.crossencoder import Reads
from whosays.evidence import is_enough
from whosays.gather import gather, read_whole
from whosays.question import understand
from whosays.relevance import Material, Relevance, Scored
from whosays.retrieve import Encodes
from whosays.store.corpus import Corpus
from whosays.types import Answer, Query

#: A summary covers a topic, not one question: claims count to this distance below the best one.
_NEAR_THE_BEST = 0.35
_EACH_SIDE_MOST = 4
#: Claims of one side that are more alike than this (cosine) say the same; their titles alone make them alike.
_ALIKE = 0.93
_UNDATED = datetime.min.replace(tzinfo=UTC)


def summarise(corpus: Corpus, encoder: Encodes, reader: Reads, topic: str, now: datetime) -> Answer:
    """Return the best claims of each side on a topic, or in the article whose id or address is given, newest first.

    `now` is aware. Raises LanguageError, StoreError, and QuotationError, which is a bug.
    """
    if article := corpus.articles([topic.strip()]).get(topic.strip()):
        query = Query(text=topic, topic=article.title or topic)
        return summary(read_whole(corpus, [article.id], query, encoder.encode([query.topic])[0]), whole=True)
    outlets = [record.outlet for record in corpus.outlets() if record.outlet]
    return summary(gather(corpus, encoder, reader, understand(topic, now, outlets)), whole=False)


def summary(material: Material, *, whole: bool) -> Answer:
    """Return the card of each side's best claims; of a `whole` article all claims count, of a topic those near the best one."""
    relevance = Relevance(material)
    scored = sorted((relevance.of_claim(s) for s in material.claims if is_likely(s.claim)), key=lambda s: -s.score)
    near = [s for s in scored if whole or s.score >= scored[0].score - _NEAR_THE_BEST]
    if not near or not (whole or is_enough(relevance, material.query.topic, near, [])):
        return nothing(material)
    # A side may speak of the topic all along without naming it again: in the same articles it is heard with its best claims.
    about, heard = {s.claim.article for s in near}, {s.claim.side for s in near}
    near += [s for s in scored if is_party(s.claim.side) and s.claim.side not in heard and s.claim.article in about]
    chosen = [
        s for side in dict.fromkeys(s.claim.side for s in near) for s in _diverse([s for s in near if s.claim.side == side])
    ]
    chosen.sort(key=lambda s: material.articles[s.claim.article].published or _UNDATED, reverse=True)
    return compose(material, chosen, [])


def _diverse(scored: Sequence[Scored]) -> list[Scored]:
    """Return the best claims, best first, without those that say what a better one says."""
    kept: list[Scored] = []
    for s in scored:
        if len(kept) < _EACH_SIDE_MOST and all(float(np.dot(s.stored.vector, other.stored.vector)) < _ALIKE for other in kept):
            kept.append(s)
    return kept
