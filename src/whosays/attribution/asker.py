"""A possible cue → who says it and what is said: the second pass, an encoder that reads one paragraph with one cue marked.

As semantic role labelling marks a predicate and asks for its arguments (Shi and Lin, 2019). That a cue has its source and its
content found for it, instead of being joined to the nearest ones, is what puts fewer words into the wrong mouth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from whosays.attribution.batches import TokenClassifier, tokenizer_of
from whosays.attribution.marking import ASKED_CONTENT, ASKED_CUE, ASKED_SOURCE, IS_CUE, JUDGED, Marked, mark, reading
from whosays.attribution.spans import OUTSIDE, Found, Logits, softmax, spans
from whosays.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the asker says of a possible cue. `judged` and `unsourced` (no word is the source) are likelihoods in 0..1."""

    candidate: Found
    judged: float
    unsourced: float
    sources: tuple[Found, ...]
    cues: tuple[Found, ...]
    contents: tuple[Found, ...]


class Asker:
    """The second pass, ready to be asked. Safe to use from several threads."""

    def __init__(self, network: TokenClassifier, tokenizer: Tokenizer) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Asker:
        """Serve the weights in `folder` (made by `whosays train`); the graph is built once, into `cache`.

        Raises ModelError where they are missing or damaged.
        """
        return cls(TokenClassifier.load(folder, cache, threads), tokenizer_of(folder))

    def ask(self, text: str, paragraphs: Sequence[Span], candidates: Sequence[Found]) -> tuple[Asked, ...]:
        """Ask for each candidate, within its paragraph; in the order of the text's paragraphs, then of the candidates."""
        return self.ask_all([(text, paragraphs, candidates)])[0]

    def ask_all(self, texts: Sequence[tuple[str, Sequence[Span], Sequence[Found]]]) -> list[tuple[Asked, ...]]:
        """Ask for the candidates of several texts, as `ask` does: side by side they cost less."""
        marked = [(n, candidate, own) for n, given in enumerate(texts) for candidate, own in self._marked(*given)]
        asked = {
            i: _read(texts[marked[i][0]][0], *marked[i][1:], logits)
            for i, logits in self._network.run([own.window.ids for _, _, own in marked])
        }
        answers: list[list[Asked]] = [[] for _ in texts]
        for i, (n, _, _) in enumerate(marked):
            answers[n].append(asked[i])
        return [tuple(own) for own in answers]

    def _marked(self, text: str, paragraphs: Sequence[Span], candidates: Sequence[Found]) -> Iterator[tuple[Found, Marked]]:
        wanted = {i: [c for c in candidates if p.start <= c.span.start < p.end] for i, p in enumerate(paragraphs)}
        there = [i for i, found in wanted.items() if found]
        encodings = self._tokenizer.encode_batch([text[slice(*paragraphs[i])] for i in there], add_special_tokens=False)
        for i, encoding in zip(there, encodings, strict=True):
            read = reading(paragraphs[i], encoding, self._tokenizer)
            for candidate in wanted[i]:
                if marked := mark(read, candidate.span):
                    yield candidate, marked


def _read(text: str, candidate: Found, marked: Marked, logits: Logits) -> Asked:
    real = [i for i, offset in enumerate(marked.window.offsets) if offset.end > 0]
    offsets = [marked.window.offsets[i] for i in real]
    source, content, cue = (softmax(layer.of(logits[real])) for layer in (ASKED_SOURCE, ASKED_CONTENT, ASKED_CUE))
    return Asked(
        candidate=candidate,
        judged=float(softmax(JUDGED.of(logits[marked.at]))[IS_CUE]),
        unsourced=float(np.prod(source[:, OUTSIDE])),
        sources=tuple(spans(text, offsets, source)),
        cues=tuple(spans(text, offsets, cue)),
        contents=tuple(spans(text, offsets, content)),
    )
