"""A cue marked in its paragraph: what the second pass reads, and what it is taught to say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from whosays.attribution.labels import IGNORE, Layer, mark_spans
from whosays.attribution.spans import OUTSIDE
from whosays.attribution.windows import NOWHERE, Window
from whosays.types import Attribution, Span

#: The asker's layers: who says it, what is said, the whole cue, and (at the mark alone) whether the marked words are a cue.
ASKED_SOURCE, ASKED_CONTENT, ASKED_CUE = Layer("source", 0, 3), Layer("content", 3, 3), Layer("cue", 6, 3)
JUDGED = Layer("judged", 9, 2, 0.3)
ASKER_LAYERS = (ASKED_SOURCE, ASKED_CONTENT, ASKED_CUE, JUDGED)
#: In the layer `JUDGED`.
NO_CUE, IS_CUE = 0, 1

#: Tokens of a paragraph that are read at most, and how many of them before the cue where it is longer.
_MOST, _BEFORE = 250, 120
#: Two entries of BERT's vocabulary that it leaves to its users.
_OPENING, _CLOSING = "[unused1]", "[unused2]"


@dataclass(frozen=True, slots=True)
class Marked:
    """[CLS] words [unused1] cue [unused2] words [SEP]; `at` is the index of the first mark."""

    window: Window
    at: int


def mark(paragraph: Span, encoding: Encoding, cue: Span, tokenizer: Tokenizer) -> Marked | None:
    """Mark a cue in a paragraph that is tokenized as `encoding`; None where the cue has no token there."""
    cls, sep, opening, closing = (tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]", _OPENING, _CLOSING))
    offsets = [Span(paragraph.start + start, paragraph.start + end) for start, end in encoding.offsets]
    of_cue = [i for i, offset in enumerate(offsets) if offset.start < cue.end and cue.start < offset.end]
    if not of_cue:
        return None
    first = max(0, min(of_cue[0] - _BEFORE, len(offsets) - _MOST))
    last = min(len(offsets), first + _MOST)
    start, end = of_cue[0], min(of_cue[-1] + 1, last)
    ids = (cls, *encoding.ids[first:start], opening, *encoding.ids[start:end], closing, *encoding.ids[end:last], sep)
    places = (NOWHERE, *offsets[first:start], NOWHERE, *offsets[start:end], NOWHERE, *offsets[end:last], NOWHERE)
    return Marked(Window(ids, places), 1 + start - first)


def label_marked(marked: Marked, attribution: Attribution | None) -> NDArray[np.int64]:
    """Return (tokens, layers) int64: the attribution's spans and `IS_CUE`, or `NO_CUE` alone where there is none."""
    window = marked.window
    labels = np.full((len(window.ids), len(ASKER_LAYERS)), IGNORE, dtype=np.int64)
    labels[marked.at, -1] = NO_CUE if attribution is None else IS_CUE
    if attribution is not None:
        labels[[offset.end > 0 for offset in window.offsets], :3] = OUTSIDE
        for layer, spans in enumerate((attribution.source, attribution.content, attribution.cue)):
            mark_spans(labels[:, layer], window, spans)
    return labels
