"""How likely a claim answers a question: a cross-encoder reads both together (Nogueira and Cho, 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whosays.attribution.batches import tokenizer_of
from whosays.attribution.labels import Layer
from whosays.encode import Head, Network, graph

#: The one layer of a BERT, read at [CLS].
ANSWERS = Layer("answers", 0, 2)
NO, YES = 0, 1
#: Tokens that are read of a question and of a claim.
_LONG = 32, 96
#: Letters of a text that are looked at for each of its tokens: what comes after them would be cut off anyhow, save in odd texts.
_LETTERS = 8


class Reads(Protocol):
    """What an answer needs of a cross-encoder."""

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim answers the question (0..1)."""


class CrossEncoder:
    """The weights in a folder, ready to read. Safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        """Take the parts."""
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> CrossEncoder:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        return cls(Network(graph(folder, Head.FIRST, cache), threads, often_alone=True), tokenizer_of(folder))

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim (title, speaker, cue and content) answers the question (0..1)."""
        return [float(1 / (1 + np.exp(-margin))) for margin in self.margins(question, claims)]

    def margins(self, question: str, claims: Sequence[str]) -> NDArray[np.float64]:
        """Return the same as log-odds, float64 (claims,)."""
        margins = np.empty(len(claims), np.float64)
        rows = [pair(self._tokenizer, question, claim) for claim in claims]
        for batch, logits in self._network.run(rows):
            margins[batch] = logits[:, YES].astype(np.float64) - logits[:, NO]
        return margins


def pair(tokenizer: Tokenizer, question: str, claim: str) -> list[int]:
    """Return the ids of [CLS] question [SEP] claim [SEP], as a BERT reads them."""
    cls, sep = (tokenizer.token_to_id(special) or 0 for special in ("[CLS]", "[SEP]"))
    of_question, of_claim = (
        tokenizer.encode(_readable(text, most), add_special_tokens=False).ids[:most]
        for text, most in zip((question, claim), _LONG, strict=True)
    )
    return [cls, *of_question, sep, *of_claim, sep]


def _readable(text: str, tokens: int) -> str:
    # A lone surrogate (an argument that was no UTF-8) is no reason to fail: it is an unknown character.
    return text[: _LETTERS * tokens].encode("utf-8", "replace").decode("utf-8")
