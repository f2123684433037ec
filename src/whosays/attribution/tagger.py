"""Text → spans that are sources, cues and contents: the fine-tuned encoder, served by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whosays.attribution.labels import CONTENT, CONTENT_CUE, CUE, CUE_BEFORE, LAYERS, OUTSIDE, SOURCE, SOURCE_CUE, Layer
from whosays.attribution.windows import Window, windows
from whosays.encode import Head, graph, session
from whosays.types import Span

if TYPE_CHECKING:
    import onnxruntime

#: Windows that are run at once: more do not go faster on a CPU.
BATCH = 8

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A span that the tagger found: how sure it is, and how likely its cue stands before it (both 0..1)."""

    span: Span
    confidence: float
    cue_before: float = 0.5


@dataclass(frozen=True, slots=True)
class Tags:
    """All that the tagger found in a text, each kind in text order."""

    sources: tuple[Tagged, ...]
    cues: tuple[Tagged, ...]
    contents: tuple[Tagged, ...]


class Tagger:
    """The weights in a folder, ready to tag. Safe to use from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Tagger:
        """Serve the weights in `folder` (made by `whosays train`); the graph is built once, into `cache`.

        Raises ModelError where they are missing or damaged.
        """
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(session(graph(folder, Head.TOKENS, cache), threads), tokenizer)

    def tag(self, text: str, paragraphs: Sequence[Span]) -> Tags:
        """Find sources, cues and contents in these paragraphs of a text."""
        found: dict[Layer, list[Tagged]] = {SOURCE: [], CUE: [], CONTENT: []}
        packed = list(windows(text, paragraphs, self._tokenizer))
        for window, logits in zip(packed, self._logits(packed), strict=True):
            probabilities = {layer: _softmax(logits[:, layer.start : layer.start + layer.size]) for layer in LAYERS}
            for layer, direction in ((SOURCE, SOURCE_CUE), (CUE, None), (CONTENT, CONTENT_CUE)):
                before = probabilities[direction][:, CUE_BEFORE] if direction else None
                found[layer] += _spans(text, window, probabilities[layer], before)
        return Tags(*(tuple(sorted(found[layer], key=lambda tagged: tagged.span)) for layer in (SOURCE, CUE, CONTENT)))

    def _logits(self, packed: Sequence[Window]) -> Sequence[Logits]:
        """Run windows in batches of like length; return (tokens, LOGITS) for each, in the order given."""
        order = sorted(range(len(packed)), key=lambda i: len(packed[i].ids))
        result: list[Logits] = [np.empty((0, 0), np.float32)] * len(packed)
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            longest = max(len(packed[i].ids) for i in rows)
            ids = np.zeros((len(rows), longest), np.int64)
            mask = np.zeros((len(rows), longest), np.int64)
            for row, i in enumerate(rows):
                ids[row, : len(packed[i].ids)] = packed[i].ids
                mask[row, : len(packed[i].ids)] = 1
            (logits,) = self._session.run(None, {"ids": ids, "mask": mask})
            for row, i in enumerate(rows):
                result[i] = logits[row, : len(packed[i].ids)]
        return result


def _softmax(logits: Logits) -> Logits:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def _spans(text: str, window: Window, probabilities: Logits, before: Logits | None) -> Iterator[Tagged]:
    """Read spans off B-I-O probabilities; a word goes as its first piece goes."""
    classes = _viterbi(probabilities)
    first: int | None = None
    for i in range(len(window.ids) + 1):
        inside = i < len(window.ids) and classes[i] != OUTSIDE and window.offsets[i].end > 0
        goes_on = first is not None and i < len(window.ids) and _continues_word(text, window, i)
        if first is not None and not goes_on and (not inside or classes[i] == 1):
            yield _tagged(text, window, probabilities, before, first, i)
            first = None
        if inside and first is None and not _continues_word(text, window, i):
            first = i


def _continues_word(text: str, window: Window, i: int) -> bool:
    start, previous = window.offsets[i].start, window.offsets[i - 1].end
    return i > 0 and 0 < start == previous and text[start - 1].isalnum() and text[start].isalnum()


def _tagged(text: str, window: Window, probabilities: Logits, before: Logits | None, first: int, last: int) -> Tagged:
    span = Span(window.offsets[first].start, window.offsets[last - 1].end)
    sure = 1.0 - probabilities[first:last, OUTSIDE]
    # The weakest tokens decide: a span with one doubtful edge is a doubtful span.
    confidence = float(np.exp(np.log(np.clip(sure, 1e-6, 1.0)).mean()) * max(probabilities[first, 1], 1e-3) ** 0.5)
    return Tagged(span, min(confidence, 1.0), float(before[first:last].mean()) if before is not None else 0.5)


def _viterbi(probabilities: Logits) -> list[int]:
    """Return the likeliest classes in which no I follows an O."""
    scores = np.log(np.clip(probabilities, 1e-9, 1.0))
    best = scores[0].copy()
    best[2] = -np.inf
    steps: list[list[int]] = []
    for row in scores[1:]:
        # O and B may follow anything; I follows only B or I.
        anything = int(best.argmax())
        inside = 1 if best[1] >= best[2] else 2
        steps.append([anything, anything, inside])
        best = np.array([best[anything] + row[0], best[anything] + row[1], best[inside] + row[2]])
    classes = [int(best.argmax())]
    for step in reversed(steps):
        classes.append(step[classes[-1]])
    return classes[::-1]
