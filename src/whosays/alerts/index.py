"""All topics that are followed, in memory: which of them an article may be news on, by words and by one matrix product.

Of a topic's words, its names above all, some must stand in the article; then its vector must be near to that of a claim or a
passage. Most topics are let go by their words, which costs a count of postings; the product is with what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whosays.relevance import named
from whosays.types import Vector, Vectors
from whosays.words import alike, terms

#: The share of a topic's content words that must stand in the article, or words of a like meaning …
_WORDS = 0.5
#: … and of its names.
_NAMES = 0.6
#: The cosine of a topic with a claim or a passage of the article. On labelled questions these three let 0.91 of the answering
#: claims pass, and of the articles that answer nothing 1 in 30 (DESIGN.md).
NEAR = 0.35
#: Rows that are multiplied at a time: what they need stays in a core's own cache.
_CHUNK = 4096

_Rows = NDArray[np.int64]


@dataclass(slots=True)
class _Postings:
    """The rows of topics that have a term. `rows` is what of `added` was made an array."""

    added: list[int]
    rows: _Rows

    def array(self) -> _Rows:
        if len(self.rows) != len(self.added):
            self.rows = np.array(self.added, dtype=np.int64)
        return self.rows


class TopicIndex:
    """Topics by row, in the order in which they were added; each row's vector has length 1. Not safe for several threads."""

    def __init__(self, dimension: int) -> None:
        self._vectors: Vectors = np.empty((64, dimension), dtype=np.float32)
        self._words: dict[str, _Postings] = {}
        self._names: dict[str, _Postings] = {}
        self._of_words = np.empty(64, dtype=np.float32)
        self._of_names = np.empty(64, dtype=np.float32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, topic: str, vector: Vector) -> int:
        """Add a topic and return its row. One without content words matches nothing."""
        row = self._count
        if row == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
            self._of_words = np.concatenate([self._of_words, np.empty_like(self._of_words)])
            self._of_names = np.concatenate([self._of_names, np.empty_like(self._of_names)])
        own, names = set(terms(topic)), named(topic)
        self._vectors[row] = vector
        self._of_words[row] = len(own) if own else np.inf
        self._of_names[row] = len(names)
        _post(self._words, own, row)
        _post(self._names, names, row)
        self._count += 1
        return row

    def matching(self, words: Iterable[str], vectors: Vectors) -> _Rows:
        """Return the rows of topics that an article of these terms, and of these (n, d) vectors, may be news on, in order."""
        rows = self._by_words(words)
        if not len(vectors):
            return rows[:0]
        near = np.zeros(len(rows), dtype=np.bool_)
        for first in range(0, len(rows), _CHUNK):
            chunk = rows[first : first + _CHUNK]
            near[first : first + _CHUNK] = (self._vectors[chunk] @ vectors.T).max(axis=1) >= NEAR
        return rows[near]

    def _by_words(self, words: Iterable[str]) -> _Rows:
        near = {like for word in words for like in alike(word)}
        found = _counted(self._words, near, self._count) >= _WORDS * self._of_words[: self._count]
        # Whom a topic names must be there himself: nobody is like another one.
        found &= _counted(self._names, near, self._count) >= _NAMES * self._of_names[: self._count]
        return np.flatnonzero(found)


def _post(postings: dict[str, _Postings], words: Iterable[str], row: int) -> None:
    for word in words:
        if word not in postings:
            postings[word] = _Postings([], np.empty(0, dtype=np.int64))
        postings[word].added.append(row)


def _counted(postings: dict[str, _Postings], words: Iterable[str], count: int) -> NDArray[np.int64]:
    """Return how many of these words each topic has."""
    parts: Sequence[_Rows] = [postings[word].array() for word in words if word in postings]
    return np.bincount(np.concatenate(parts), minlength=count) if parts else np.zeros(count, dtype=np.int64)
