"""Question → hits: what a store proposes by meaning and by words, ranked here, so that all backends answer alike.

The fusion is of scores, each scaled to 0..1 over what was proposed. It was chosen on 42 queries over 423 articles (DESIGN.md has
the table): 0.6 for meaning is a plateau, not a peak, and ranks by whole articles' words because those say more than a passage's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

from whosays import text as texts
from whosays.store.corpus import Corpus, Filter, Passage
from whosays.types import Block, Hit, Query, Span, Vectors

Key = TypeVar("Key", bound=Hashable)

#: What meaning counts for; the words of the article and those of the passage itself share the rest.
_DENSE, _ARTICLE_WORDS, _PASSAGE_WORDS = 0.6, 0.28, 0.12
#: What an article's second-best paragraph adds to its best one.
_SECOND = 0.1
#: How many proposals are ranked at least: scores are scaled over them, so few of them would make the scale a chance.
_PROPOSALS = 100
#: A passage is some 120 words; a paragraph is divided where it is half as long again. An encoder cuts at some 180.
_PASSAGE, _TOO_LONG = 120, 180


class Encodes(Protocol):
    """What retrieval needs of an encoder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of length 1."""


def search(corpus: Corpus, encoder: Encodes, query: Query) -> list[Hit]:
    """Return at most `query.limit` paragraphs for a question's topic, best first, within its window and outlets.

    `Hit.dense` is the cosine, `Hit.lexical` the part of words in 0..1. That something is found says not that it is an answer.
    """
    where = Filter(window=query.window, outlets=query.outlets)
    most = max(_PROPOSALS, 2 * query.limit)
    vector = encoder.encode([query.topic])[0]
    words = question_words(query.topic)
    cosines = {candidate.paragraph: candidate.score for candidate in corpus.nearest(vector, most, where)}
    of_passages = {candidate.paragraph: candidate.score for candidate in corpus.matching(words, most, where)}
    of_articles = {candidate.article: candidate.score for candidate in corpus.matching_articles(words, most, where)}
    unscored = [id for id in of_passages if id not in cosines]
    cosines.update(zip(unscored, (corpus.paragraph_vectors(unscored) @ vector).tolist(), strict=True))
    dense, passage_words, article_words = _scaled(cosines), _scaled(of_passages, 0.0), _scaled(of_articles, 0.0)
    hits = []
    # A paragraph may be gone since it was proposed: its article was read anew.
    for id, paragraph in corpus.paragraphs(cosines).items():
        by_words = _ARTICLE_WORDS * article_words.get(paragraph.article, 0.0) + _PASSAGE_WORDS * passage_words.get(id, 0.0)
        score, lexical = _DENSE * dense[id] + by_words, by_words / (_ARTICLE_WORDS + _PASSAGE_WORDS)
        hits.append(Hit(paragraph=paragraph, score=score, dense=cosines[id], lexical=lexical))
    hits.sort(key=lambda hit: (-hit.score, hit.paragraph.id))
    return hits[: query.limit]


def rank_articles(corpus: Corpus, encoder: Encodes, text: str, limit: int) -> list[tuple[str, float]]:
    """Return the ids of at most `limit` articles for a text, with their scores: by their best paragraphs, best first."""
    scores = defaultdict(list)
    for hit in search(corpus, encoder, Query(text=text, topic=text, limit=max(4 * limit, _PROPOSALS))):
        scores[hit.paragraph.article].append(hit.score)
    ranked = ((article, (best[0] + _SECOND * sum(best[1:2])) / (1 + _SECOND)) for article, best in scores.items())
    return sorted(ranked, key=lambda item: (-item[1], item[0]))[:limit]


def question_words(text: str) -> list[str]:
    """Return the words of a question that are worth looking for, each once."""
    return [word for word in dict.fromkeys(texts.words(text)) if word not in texts.STOP_WORDS]


def passages(text: str, blocks: Sequence[Block]) -> tuple[Passage, ...]:
    """Return what of an article is embedded and indexed, in order: its paragraphs, very long ones in parts of whole sentences."""
    return tuple(
        Passage(position, span)
        for position, block in enumerate(blocks)
        if not block.furniture
        for span in _parts(text, block.span)
    )


def _parts(text: str, span: Span) -> list[Span]:
    """Divide a paragraph into parts of about equal length, at ends of sentences; one sentence is never divided."""
    length = len(text[slice(*span)].split())
    if length <= _TOO_LONG:
        return [span]
    room = length / round(length / _PASSAGE)
    parts: list[Span] = []
    taken = 0
    for sentence in texts.sentences(text, span):
        if parts and taken < room * len(parts):
            parts[-1] = Span(parts[-1].start, sentence.end)
        else:
            parts.append(sentence)
        taken += len(text[slice(*sentence)].split())
    return parts


def _scaled(scores: Mapping[Key, float], lowest: float | None = None) -> dict[Key, float]:
    """Return scores in 0..1: the best is 1, the worst (or `lowest`) 0."""
    if not scores:
        return {}
    low, high = min(scores.values()) if lowest is None else lowest, max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}
