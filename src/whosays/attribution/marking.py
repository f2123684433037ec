"""A cue marked in its paragraph: what the second pass reads, and what it is taught to say of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A tokenized paragraph: made once, however many cues are marked in it. `edges` are the offsets' ends, ascending."""

    ids: tuple[int, ...]
    offsets: tuple[Span, ...]
    edges: tuple[int, ...]
    #: Of [CLS], [SEP] and the two marks.
    special: tuple[int, int, int, int]


def reading(paragraph: Span, encoding: Encoding, tokenizer: Tokenizer) -> Reading:
    """Read a paragraph that is tokenized as `encoding`."""
    cls, sep, opening, closing = (tokenizer.token_to_id(t) or 0 for t in ("[CLS]", "[SEP]", _OPENING, _CLOSING))
    offsets = tuple(Span(paragraph.start + start, paragraph.start + end) for start, end in encoding.offsets)
    return Reading(tuple(encoding.ids), offsets, tuple(offset.end for offset in offsets), (cls, sep, opening, closing))


def mark(read: Reading, cue: Span) -> Marked | None:
    """Mark a cue in a paragraph; None where the cue has no token there."""
    cls, sep, opening, closing = read.special
    ids, offsets = read.ids, read.offsets
    # Tokens stand in text order: those of the cue follow each other.
    start = bisect_right(read.edges, cue.start)
    end = bisect_left(offsets, cue.end, lo=start, key=lambda offset: offset.start)
    if start == end:
        return None
    first = max(0, min(start - _BEFORE, len(offsets) - _MOST))
    last = min(len(offsets), first + _MOST)
    end = min(end, last)
    marked = (cls, *ids[first:start], opening, *ids[start:end], closing, *ids[end:last], sep)
    places = (NOWHERE, *offsets[first:start], NOWHERE, *offsets[start:end], NOWHERE, *offsets[end:last], NOWHERE)
    return Marked(Window(marked, places), 1 + start - first)


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
