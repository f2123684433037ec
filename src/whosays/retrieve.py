"""Question → hits: what a store proposes by meaning and by words, ranked here, so that all backends answer alike.

The fusion is of scores, each scaled to 0..1 over its own proposals. It was chosen on 42 queries over 423 articles (DESIGN.md has
the figures): half for meaning is a plateau, not a peak. An article's words say more of what it is about than a passage's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from whosays import text as texts
from whosays.store.corpus import Corpus, Filter, Passage
from whosays.types import Block, Hit, Paragraph, Query, Span, Vector, Vectors

#: What meaning counts for; the words of the article and those of the paragraph itself share the rest.
_DENSE, _ARTICLE_WORDS, _PARAGRAPH_WORDS = 0.5, 0.35, 0.15
#: How many proposals are ranked at least: scores are scaled over them, so few of them would make the scale a chance.
_PROPOSALS = 100
#: Paragraphs looked at for each article that is wanted.
_DEEP = 2
#: A passage is some 90 words; a paragraph is divided where it is half as long again. What is closer to a sentence ranks better.
_PASSAGE, _TOO_LONG = 90, 135
_WORD = re.compile(r"\S+")


class Encodes(Protocol):
    """What retrieval needs of an encoder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of length 1."""


class Embeds(Encodes, Protocol):
    """What embeds articles, too."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the same, near enough for what is searched and as soon as can be."""


def search(corpus: Corpus, query: Query, vector: Vector) -> list[Hit]:
    """Return at most `query.limit` paragraphs for a question's topic, best first, within its window and outlets.

    `vector` is the topic's. `Hit.dense` is the cosine, `Hit.lexical` the part of words in 0..1. That something is found says
    not that it is an answer.
    """
    where = Filter(window=query.window, outlets=query.outlets)
    most = max(_PROPOSALS, 2 * query.limit)
    words = question_words(query.topic)
    near = {candidate.paragraph: candidate.score for candidate in corpus.nearest(vector, most, where)}
    of_paragraphs = {candidate.paragraph: candidate.score for candidate in corpus.matching(words, most, where)}
    of_articles = {candidate.article: candidate.score for candidate in corpus.matching_articles(words, most, where)}
    far = [id for id in of_paragraphs if id not in near]
    cosines = near | dict(zip(far, np.einsum("nd,d->n", corpus.paragraph_vectors(far), vector).tolist(), strict=True))
    nearest, farthest = max(near.values(), default=1.0), min(near.values(), default=0.0)
    best_article, best_paragraph = max(of_articles.values(), default=1.0), max(of_paragraphs.values(), default=1.0)
    scored: list[tuple[float, int, float, Paragraph]] = []
    # A paragraph may be gone since it was proposed: its article was read anew.
    for id, paragraph in corpus.paragraphs(cosines).items():
        by_words = _ARTICLE_WORDS * _scaled(of_articles.get(paragraph.article, 0.0), 0.0, best_article)
        by_words += _PARAGRAPH_WORDS * _scaled(of_paragraphs.get(id, 0.0), 0.0, best_paragraph)
        scored.append((-_DENSE * _scaled(cosines[id], farthest, nearest) - by_words, id, by_words / (1 - _DENSE), paragraph))
    scored.sort()  # no two have one id
    return [
        Hit(paragraph=paragraph, score=-score, dense=cosines[id], lexical=lexical)
        for score, id, lexical, paragraph in scored[: query.limit]
    ]


def rank_articles(corpus: Corpus, encoder: Encodes, text: str, limit: int) -> list[tuple[str, float]]:
    """Return the ids of at most `limit` articles for a text, with their scores: by their best paragraph, best first."""
    best: dict[str, float] = {}
    query = Query(text=text, topic=text, limit=_DEEP * limit)
    for hit in search(corpus, query, encoder.encode([text])[0]):
        best.setdefault(hit.paragraph.article, hit.score)
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]


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
    """Divide a paragraph into parts of about equal length, at ends of sentences if they are not very long themselves."""
    length = len(text[slice(*span)].split())
    if length <= _TOO_LONG:
        return [span]
    room = length / round(length / _PASSAGE)
    parts: list[Span] = []
    taken = 0
    for piece in (piece for sentence in texts.sentences(text, span) for piece in _pieces(text, sentence)):
        if parts and taken < room * len(parts):
            parts[-1] = Span(parts[-1].start, piece.end)
        else:
            parts.append(piece)
        taken += len(text[slice(*piece)].split())
    return parts


def _pieces(text: str, sentence: Span) -> list[Span]:
    """Return a sentence whole, or cut between words where it is longer than a passage: a list, a text without stops."""
    words = [Span(sentence.start + m.start(), sentence.start + m.end()) for m in _WORD.finditer(text[slice(*sentence)])]
    step = _PASSAGE // 2 if len(words) > _PASSAGE else _PASSAGE
    return [Span(words[i].start, words[i : i + step][-1].end) for i in range(0, len(words), step)]


def _scaled(score: float, low: float, high: float) -> float:
    """Return where a score lies between two others: 0 at the lower one and below, 1 at the higher one."""
    return max(score - low, 0.0) / (high - low) if high > low else float(score >= high)
