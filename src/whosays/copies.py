"""Copies of one text: wire copies under other headlines, cut at the end or with captions between, have most words in common.

A text is compared as the set of its runs of five words (shingles: Broder, 1997). Of that set an index holds a sample that
depends on the runs alone, so that samples of two texts have what their sets have in common (FracMinHash).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from whosays.text import plain, written_words

#: A set of runs of words: their hashes (63 bits), sorted, each once.
Shingles = NDArray[np.int64]

_RUN = 5
#: Share of the shorter text's runs that must stand in the longer one. Two reports of one event by two hands have a few
#: hundredths, those that share a long quotation a fifth; a copy in which every tenth word is another one has six tenths.
_SAME = 0.55
#: One outlet's articles share more: a gallery's captions, its background to an affair. Of them the longer text is asked.
_SAME_OF_ONE_OUTLET = 0.8
#: A text that is this much shorter than another one may be quoted there whole, beside much else: a roundup is nobody's copy.
_MUCH_SHORTER = 8
#: So few runs in common are a quotation: texts of a few lines are copies where nearly all is the same.
_FEWEST, _ALL_BUT = 20, 0.9
#: One run in so many is in the sample, and at least so many, those of the smallest hashes, of a short text.
_SAMPLED, _AT_LEAST = 16, 8
_BITS = 63
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def shingles(text: str) -> Shingles:
    """Return the runs of five words of a text; a shorter text is one run."""
    hashes = np.array([_hash(word) for word in written_words(text)], dtype=np.uint64)
    if not len(hashes):
        return np.empty(0, dtype=np.int64)
    runs = np.zeros(max(len(hashes) - _RUN + 1, 1), dtype=np.uint64)
    for i in range(min(_RUN, len(hashes))):
        runs = runs * _MULTIPLIER + hashes[i : i + len(runs)]
    return np.unique(_mixed(runs) >> np.uint64(64 - _BITS)).astype(np.int64)


@lru_cache(maxsize=65_536)
def _hash(written: str) -> int:
    return zlib.crc32(plain(written).encode("utf-8", "replace"))


def sample(of: Shingles) -> Shingles:
    """Return what an index holds of a text's runs: some sixteenth of them."""
    below = int(np.searchsorted(of, (1 << _BITS) // _SAMPLED))
    return of[: max(below, _AT_LEAST)]


def are_copies(one: Shingles, other: Shingles, *, one_outlet: bool = False, common: int | None = None) -> bool:
    """Say whether two texts, of one outlet or two, are one text, perhaps cut, or with some words changed.

    `common` is how many runs they share, where that is known (`in_common`).
    """
    shorter, longer = sorted((len(one), len(other)))
    if common is None:
        common = len(np.intersect1d(one, other, assume_unique=True))
    enough = common >= _FEWEST or common >= _ALL_BUT * longer > 0
    if one_outlet:
        return enough and common >= _SAME_OF_ONE_OUTLET * longer
    return enough and longer < _MUCH_SHORTER * shorter and common >= _SAME * shorter


def in_common(texts: Sequence[Shingles]) -> NDArray[np.int64]:
    """Return (n, n): how many runs each text shares with each other one; one sort for all of them."""
    runs, of = np.concatenate([*texts, np.empty(0, dtype=np.int64)]), np.repeat(np.arange(len(texts)), [len(t) for t in texts])
    _, numbers, counts = np.unique(runs, return_inverse=True, return_counts=True)
    shared = counts[numbers] > 1
    has = np.zeros((len(texts), len(counts)), dtype=np.float32)
    has[of[shared], numbers[shared]] = 1.0
    common: NDArray[np.int64] = np.rint(has @ has.T).astype(np.int64)
    return common


def share(of: Shingles, within: Shingles) -> float:
    """Return which part of a text's runs stands in another one; 0 for a text without words."""
    return len(np.intersect1d(of, within, assume_unique=True)) / len(of) if len(of) else 0.0


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread hashes evenly, so that the smallest ones are a fair sample (the finalizer of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
