"""A topic, or one article, in each side's own words: the best claims of each side, or (a survey) all that are on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from whosays.answer import compose, is_likely, is_party, nothing
from whosays.crossencoder import Reads
from whosays.evidence import is_enough
from whosays.gather import gather, read_whole
from whosays.material import Material
from whosays.question import understand
from whosays.reading.article import is_web_address
from whosays.relevance import Relevance, Scored, named
from whosays.retrieve import Encodes
from whosays.store.corpus import Corpus
from whosays.types import Answer, Article, Query

#: A summary covers a topic, not one question: claims count to this distance below the best one.
_NEAR_THE_BEST = 0.35
_EACH_SIDE_MOST = 4
#: Claims of one side that are more alike than this (cosine) say the same; their titles alone make them alike.
_ALIKE = 0.93
#: A survey has what is said under the topic's words besides: claims to this distance, with this share (by weight) of its words,
#: or all its names, in their paragraph, the one before it or the title above. Chosen on six topics of the demo articles.
_UNDER_ITS_WORDS, _OF_ITS_WORDS = 0.65, 0.7
#: Claims of a survey: more would fill no picture and no list that anybody reads.
SURVEY_MOST = 60
_UNDATED = datetime.min.replace(tzinfo=UTC)


def summarise(corpus: Corpus, encoder: Encodes, reader: Reads, topic: str, now: datetime) -> Answer:
    """Return the best claims of each side on a topic, or in the article whose id or address is given, newest first.

    None of a side's claims says what another one does. An address of which nothing is stored is answered with nothing.
    `now` is aware. Raises LanguageError, StoreError, and QuotationError, which is a bug.
    """
    material, whole = _read(corpus, encoder, reader, topic, now)
    return summary(material, whole=whole)


def survey(corpus: Corpus, encoder: Encodes, reader: Reads, topic: str, now: datetime) -> Answer:
    """Return all claims on a topic, or in an article, newest first: those that rank best, at most `SURVEY_MOST`.

    The same claim in several articles stands once. Takes and raises what `summarise` does.
    """
    material, whole = _read(corpus, encoder, reader, topic, now)
    return survey_of(material, whole=whole)


def summary(material: Material, *, whole: bool) -> Answer:
    """Return the card of each side's best claims; of a `whole` article all claims count, of a topic those near the best one."""
    near, further = _on_the_topic(material, whole=whole)
    near += further
    chosen = [s for side in dict.fromkeys(map(_side, near)) for s in _diverse([s for s in near if _side(s) == side])]
    return _composed(material, chosen)


def survey_of(material: Material, *, whole: bool) -> Answer:
    """Return the card of all claims that count; of a party that does not name the topic again its best ones, as in a summary."""
    near, further = _on_the_topic(material, whole=whole, under_its_words=True)
    heard = [s for side in dict.fromkeys(map(_side, further)) for s in _diverse([s for s in further if _side(s) == side])]
    heard = heard[: SURVEY_MOST // 3]
    return _composed(material, [*near[: SURVEY_MOST - len(heard)], *heard])


def _read(corpus: Corpus, encoder: Encodes, reader: Reads, topic: str, now: datetime) -> tuple[Material, bool]:
    """Return what the store holds on a topic, and whether it is one article, read whole."""
    if article := _named(corpus, topic.strip()):
        query = Query(text=topic, topic=article.title or topic)
        return read_whole(corpus, [article.id], query, encoder.encode([query.topic])[0]), True
    if is_web_address(topic.strip()):
        # The words of an address would find articles that are like it, which nobody asked for.
        return Material(query=Query(text=topic, topic=topic), vector=encoder.encode([topic])[0]), True
    return gather(corpus, encoder, reader, understand(topic, now, corpus.outlet_names())), False


def _named(corpus: Corpus, topic: str) -> Article | None:
    """Return the article with this id or address; a place within the page (what our own links end in) does not count."""
    if article := corpus.articles([topic]).get(topic):
        return article
    if not is_web_address(topic):
        return None
    page = topic.partition("#")[0]
    return corpus.article_at(topic) or corpus.article_at(topic.partition(":~:")[0].rstrip("#")) or corpus.article_at(page)


def _on_the_topic(material: Material, *, whole: bool, under_its_words: bool = False) -> tuple[list[Scored], list[Scored]]:
    """Return the claims that count, best first; then those of the parties that have none, in the same articles.

    A side may speak of the topic all along without naming it again. Both are empty where what was found is not enough.
    """
    relevance = Relevance(material)
    scored = sorted((relevance.of_claim(s) for s in material.claims if is_likely(s.claim)), key=lambda s: -s.score)
    near = [s for s in scored if whole or s.score >= scored[0].score - _NEAR_THE_BEST]
    if not near or not (whole or is_enough(relevance, material.query.topic, near, [])):
        return [], []
    if under_its_words:
        near = _under_its_words(relevance, material.query.topic, scored, near)
    about, heard = {s.claim.article for s in near}, {s.claim.side for s in near}
    return near, [s for s in scored if is_party(s.claim.side) and s.claim.side not in heard and s.claim.article in about]


def _under_its_words(relevance: Relevance, topic: str, scored: Sequence[Scored], near: Sequence[Scored]) -> list[Scored]:
    """Return those near the best one with those said under the topic's words, or under all its names, best first.

    Where some article has the topic's words, those that have not are on something else: "Iran" alone is not "the Iran deal".
    """
    least, names = scored[0].score - _UNDER_ITS_WORDS, named(topic)

    def is_under(s: Scored) -> bool:
        around = relevance.context(relevance.paragraphs_of(s.claim))
        return relevance.covered(around) >= _OF_ITS_WORDS or (bool(names) and names <= around)

    wanted = {id(s) for s in near} | {id(s) for s in scored if s.score >= least and is_under(s)}
    found = [s for s in scored if id(s) in wanted]
    articles = {s.claim.article for s in found}
    about = {article for article in articles if relevance.covered(relevance.articles([article])) >= _OF_ITS_WORDS}
    return [s for s in found if s.claim.article in (about or articles)]


def _composed(material: Material, chosen: Sequence[Scored]) -> Answer:
    if not chosen:
        return nothing(material)
    newest_first = sorted(chosen, key=lambda s: material.articles[s.claim.article].published or _UNDATED, reverse=True)
    return compose(material, newest_first, [])


def _side(scored: Scored) -> str | None:
    return scored.claim.side


def _diverse(scored: Sequence[Scored]) -> list[Scored]:
    """Return the best claims, best first, without those that say what a better one says."""
    kept: list[Scored] = []
    for s in scored:
        if len(kept) < _EACH_SIDE_MOST and all(float(np.dot(s.stored.vector, other.stored.vector)) < _ALIKE for other in kept):
            kept.append(s)
    return kept
