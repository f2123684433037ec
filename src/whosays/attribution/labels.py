"""What the tagger says of a token: three layers of B, I, O and, for two of them, where the cue stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whosays.attribution.windows import Window
from whosays.types import Attribution, Span

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
#: The cue stands before, or after, the span that a token belongs to.
CUE_BEFORE, CUE_AFTER = 0, 1
#: No loss is taken here.
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Layer:
    """`size` neighbouring logits that make one softmax."""

    name: str
    start: int
    size: int


#: Source, cue and content may overlap (a quotation holds another one's cue), so each has a layer of its own.
SOURCE, CUE, CONTENT = Layer("source", 0, 3), Layer("cue", 3, 3), Layer("content", 6, 3)
SOURCE_CUE, CONTENT_CUE = Layer("source_cue", 9, 2), Layer("content_cue", 11, 2)
LAYERS = (SOURCE, CUE, CONTENT, SOURCE_CUE, CONTENT_CUE)
LOGITS = sum(layer.size for layer in LAYERS)


def label(window: Window, attributions: Sequence[Attribution]) -> NDArray[np.int64]:
    """Return (tokens, layers) int64: the class of each token in each layer, `IGNORE` where none is asked for."""
    labels = np.full((len(window.ids), len(LAYERS)), IGNORE, dtype=np.int64)
    labels[[offset.start < offset.end for offset in window.offsets], :3] = OUTSIDE
    for attribution in attributions:
        _mark(labels, window, attribution.cue, None, LAYERS.index(CUE), None)
        _mark(labels, window, attribution.source, attribution.cue, LAYERS.index(SOURCE), LAYERS.index(SOURCE_CUE))
        _mark(labels, window, attribution.content, attribution.cue, LAYERS.index(CONTENT), LAYERS.index(CONTENT_CUE))
    return labels


def _mark(
    labels: NDArray[np.int64],
    window: Window,
    spans: Sequence[Span],
    cue: Sequence[Span] | None,
    layer: int,
    direction: int | None,
) -> None:
    for span in spans:
        begun = False
        for i, offset in enumerate(window.offsets):
            if offset.start < span.end and span.start < offset.end:
                labels[i, layer] = INSIDE if begun else BEGIN
                begun = True
                if cue and direction is not None:
                    labels[i, direction] = CUE_BEFORE if cue[0].start < span.start else CUE_AFTER
