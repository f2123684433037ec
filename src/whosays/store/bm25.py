"""How words are indexed and what they score, whatever database keeps the index: pure, so that all backends rank alike.

Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over stemmed words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log
from struct import Struct

import numpy as np
import Stemmer
from numpy.typing import NDArray

#: Texts that have a term: the number of each, its length in words, how often it has the term. The last two stop at 65,535.
Postings = NDArray[np.void]
POSTING = np.dtype([("id", "<u4"), ("length", "<u2"), ("count", "<u2")])
_PACKED = Struct("<IHH")
_MOST = 65_535

#: How soon a word said again stops to count, and how much a long text is held against it: the usual values.
_K1, _B = 1.2, 0.75
#: A word that stands in half of all texts tells nothing; that it is there still counts.
_LEAST = 1e-6
#: What is longer, in characters, is an address or noise, and is cut, in texts and in questions alike.
_LONGEST = 40
#: Words no longer than this are as they are.
_SHORTEST = 2
#: Letters and digits: "don't" and "U.S." are two words each. Whole ones ranked a little worse (DESIGN.md).
_WORD = re.compile(r"[^\W_]+")
_stemmer = Stemmer.Stemmer("porter")


def terms(text: str) -> list[str]:
    """Return the words of a text as they are indexed, in order: folded, without accents, stemmed (Porter, 1980)."""
    return [_term(word) for word in _WORD.findall(text.casefold())]


@lru_cache(maxsize=65_536)
def _term(word: str) -> str:
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    word = word[:_LONGEST]
    # Of "s" the rules would leave nothing.
    return str(_stemmer.stemWord(word)) if len(word) > _SHORTEST else word


def inverted(texts: Iterable[tuple[int, Sequence[str]]]) -> dict[str, bytes]:
    """Return the postings, as bytes, of each term of numbered texts that are given by their terms."""
    found: dict[str, list[bytes]] = {}
    for number, text in texts:
        # Most terms stand there once.
        once = packed(number, len(text), 1)
        for term, count in Counter(text).items():
            found.setdefault(term, []).append(once if count == 1 else packed(number, len(text), count))
    return {term: b"".join(postings) for term, postings in found.items()}


def packed(number: int, length: int, count: int) -> bytes:
    """Return one posting as bytes."""
    return _PACKED.pack(number, min(length, _MOST), min(count, _MOST))


def postings(data: bytes) -> Postings:
    """Return (n,) of POSTING."""
    return np.frombuffer(data, POSTING)


def without(data: bytes, numbers: Sequence[int]) -> bytes:
    """Return postings without those of these texts."""
    held = postings(data)
    return held[~np.isin(held["id"], np.array(numbers, dtype=np.uint32))].tobytes()


def scores(found: Mapping[str, Postings], texts: int, words: int) -> NDArray[np.float64]:
    """Return (largest number + 1,): the score of each text by its number, 0 for those that have none of the terms.

    `texts` is how many there are in all, `words` the sum of their lengths. Terms are added up in the order given, which decides
    a score's last bit. There must be one term at least.
    """
    numbers = np.concatenate([held["id"] for held in found.values()])
    gains = np.concatenate([_gains(held, texts, words / texts) for held in found.values()])
    return np.bincount(numbers, gains).astype(np.float64, copy=False)


def _gains(held: Postings, texts: int, average: float) -> NDArray[np.float64]:
    weight = max(log((texts - len(held) + 0.5) / (len(held) + 0.5)), _LEAST)
    often = held["count"].astype(np.float64)
    gains: NDArray[np.float64] = held["length"] * (_K1 * _B / average)
    gains += _K1 * (1 - _B)
    gains += often
    np.divide(often, gains, out=gains)
    gains *= weight * (_K1 + 1)
    return gains


def best(scores: NDArray[np.float64], limit: int) -> list[tuple[int, float]]:
    """Return the numbers and scores of the `limit` best texts that score at all, best first; of equal ones the lower number."""
    numbers = np.flatnonzero(scores)
    held = scores[numbers]
    if len(held) > limit > 0:
        near = held >= np.partition(held, len(held) - limit)[len(held) - limit]
        numbers, held = numbers[near], held[near]
    order = np.argsort(-held, kind="stable")[:limit]
    return list(zip(numbers[order].tolist(), held[order].tolist(), strict=True))
