"""What the tagger says of a token: three layers of B, I, O and, for two of them, where the cue stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whosays.attribution.spans import BEGIN, INSIDE, OUTSIDE, Logits
from whosays.attribution.windows import Window
from whosays.types import Attribution, Span

#: The cue stands before, or after, the span that a token belongs to.
CUE_BEFORE, CUE_AFTER = 0, 1
#: No loss is taken here.
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Layer:
    """`size` neighbouring logits that make one softmax; `weight` is what its loss counts for in training."""

    name: str
    start: int
    size: int
    weight: float = 1.0

    def of(self, logits: Logits) -> Logits:
        """Return this layer's part of (tokens, classes)."""
        return logits[..., self.start : self.start + self.size]


#: Source, cue and content may overlap (a quotation holds another one's cue), so each has a layer of its own.
SOURCE, CUE, CONTENT = Layer("source", 0, 3), Layer("cue", 3, 3), Layer("content", 6, 3)
#: Sources and directions are learnt for the sake of the others (the asker finds sources better), and not read.
SOURCE_CUE, CONTENT_CUE = Layer("source_cue", 9, 2, 0.3), Layer("content_cue", 11, 2, 0.3)
TAGGER_LAYERS = (SOURCE, CUE, CONTENT, SOURCE_CUE, CONTENT_CUE)


def label(window: Window, attributions: Sequence[Attribution]) -> NDArray[np.int64]:
    """Return (tokens, layers) int64: the class of each token in each layer, `IGNORE` where none is asked for."""
    labels = np.full((len(window.ids), len(TAGGER_LAYERS)), IGNORE, dtype=np.int64)
    labels[[offset.start < offset.end for offset in window.offsets], :3] = OUTSIDE
    for attribution in attributions:
        mark_spans(labels[:, 1], window, attribution.cue)
        for layer, direction, spans in ((0, 3, attribution.source), (2, 4, attribution.content)):
            mark_spans(labels[:, layer], window, spans)
            for span in spans if attribution.cue else ():
                before = attribution.cue[0].start < span.start
                labels[list(_tokens(window, span)), direction] = CUE_BEFORE if before else CUE_AFTER
    return labels


def mark_spans(column: NDArray[np.int64], window: Window, spans: Sequence[Span]) -> None:
    """Write B and I into one layer where these spans stand."""
    for span in spans:
        for nth, i in enumerate(_tokens(window, span)):
            column[i] = INSIDE if nth else BEGIN


def _tokens(window: Window, span: Span) -> list[int]:
    return [i for i, offset in enumerate(window.offsets) if offset.start < span.end and span.start < offset.end]
