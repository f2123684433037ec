"""Probabilities of O, B and I → spans of whole words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whosays.types import Span

#: (tokens, classes) float32.
Logits = NDArray[np.float32]

OUTSIDE, BEGIN, INSIDE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Found:
    """A span, and how likely its tokens are inside it: on average, and the least likely one (both 0..1)."""

    span: Span
    mean: float
    least: float


def softmax(logits: Logits) -> Logits:
    """Return probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def spans(text: str, offsets: Sequence[Span], probabilities: Logits) -> Iterator[Found]:
    """Read spans off the likeliest classes, (tokens, 3) → in text order; a word goes as its first piece goes."""
    classes = _viterbi(probabilities)
    inside = [kind != OUTSIDE for kind in classes]
    return _read(text, offsets, probabilities, inside, [kind == BEGIN for kind in classes])


def runs(text: str, offsets: Sequence[Span], probabilities: Logits, least: float) -> Iterator[Found]:
    """Read off every run of words inside with more than this probability: with a low one, what is merely possible too."""
    inside = (probabilities[:, OUTSIDE] < 1.0 - least).tolist()
    return _read(text, offsets, probabilities, inside, (probabilities[:, BEGIN] > probabilities[:, INSIDE]).tolist())


def _read(
    text: str, offsets: Sequence[Span], probabilities: Logits, inside: Sequence[bool], begins: Sequence[bool]
) -> Iterator[Found]:
    if not any(inside):
        return
    first: int | None = None
    for i in range(len(offsets) + 1):
        here = i < len(offsets) and inside[i] and offsets[i].end > 0
        same_word = i < len(offsets) and _continues_word(text, offsets, i)
        if first is not None and not same_word and (not here or begins[i]):
            sure = 1.0 - probabilities[first:i, OUTSIDE]
            yield Found(Span(offsets[first].start, offsets[i - 1].end), float(sure.mean()), float(sure.min()))
            first = None
        if here and first is None and not same_word:
            first = i


def _continues_word(text: str, offsets: Sequence[Span], i: int) -> bool:
    start, previous = offsets[i].start, offsets[i - 1].end
    return i > 0 and 0 < start == previous and text[start - 1].isalnum() and text[start].isalnum()


def _viterbi(probabilities: Logits) -> list[int]:
    """Return the likeliest classes in which no I follows an O: mostly those that are likeliest one by one."""
    likeliest = probabilities.argmax(axis=1)
    before = np.concatenate([[OUTSIDE], likeliest[:-1]])
    if not ((likeliest == INSIDE) & (before == OUTSIDE)).any():
        return [int(kind) for kind in likeliest]
    scores = np.log(np.clip(probabilities, 1e-9, 1.0))
    best = scores[0].copy()
    best[INSIDE] = -np.inf
    steps: list[list[int]] = []
    for row in scores[1:]:
        # O and B may follow anything; I follows only B or I.
        anything = int(best.argmax())
        inside = BEGIN if best[BEGIN] >= best[INSIDE] else INSIDE
        steps.append([anything, anything, inside])
        best = np.array([best[anything] + row[OUTSIDE], best[anything] + row[BEGIN], best[inside] + row[INSIDE]])
    classes = [int(best.argmax())]
    for step in reversed(steps):
        classes.append(step[classes[-1]])
    return classes[::-1]
