"""How likely a claim answers a question: a cross-encoder reads both together (Nogueira and Cho, 2019).

It is a fine-tuned BERT, or a small network of this program's own that was taught by one (`whosays.distil`) and costs a
twentieth: its folder says which.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whosays.attribution.batches import tokenizer_of
from whosays.attribution.labels import Layer
from whosays.encode import Head, Network, graph
from whosays.encode.folder import CONFIG

#: The one layer of a BERT, read at [CLS].
ANSWERS = Layer("answers", 0, 2)
NO, YES = 0, 1
#: Tokens that a BERT reads of a question and of a claim, and those that the small network reads.
_LONG = 32, 96
QUESTION, CLAIM = 24, 48
#: Letters of a text that are looked at for each of its tokens: what comes after them would be cut off anyhow, save in odd texts.
_LETTERS = 8


class Reads(Protocol):
    """What an answer needs of a cross-encoder."""

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim answers the question (0..1)."""


class CrossEncoder:
    """The weights in a folder, ready to read. Safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer, vocabulary: int | None) -> None:
        """Take the parts; `vocabulary` is the number of words of the small network, None for a BERT."""
        self._network = network
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> CrossEncoder:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        try:
            vocabulary = json.loads((folder / CONFIG).read_text("utf-8")).get("vocabulary")
        except (OSError, ValueError, AttributeError):
            vocabulary = None  # `graph` says what is wrong
        head = Head.TOKENS if vocabulary is None else Head.PAIR
        return cls(Network(graph(folder, head, cache), threads, often_alone=True), tokenizer_of(folder), vocabulary)

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim (title, speaker, cue and content) answers the question (0..1)."""
        return [float(1 / (1 + np.exp(-margin))) for margin in self.margins(question, claims)]

    def margins(self, question: str, claims: Sequence[str]) -> NDArray[np.float64]:
        """Return the same as log-odds, float64 (claims,)."""
        margins = np.empty(len(claims), np.float64)
        for batch, logits in self._network.run(self._rows(question, claims)):
            first = logits[:, 0].astype(np.float64)
            margins[batch] = first[:, YES] - first[:, NO] if self._vocabulary is None else first[:, 0]
        return margins

    def _rows(self, question: str, claims: Sequence[str]) -> list[list[int]]:
        if self._vocabulary is not None:
            return pairs(self._tokenizer, self._vocabulary, question, claims)
        return [pair(self._tokenizer, question, claim) for claim in claims]


def pair(tokenizer: Tokenizer, question: str, claim: str) -> list[int]:
    """Return the ids of [CLS] question [SEP] claim [SEP], as a BERT reads them."""
    cls, sep = (tokenizer.token_to_id(special) or 0 for special in ("[CLS]", "[SEP]"))
    of_question, of_claim = (
        tokenizer.encode(_readable(text, most), add_special_tokens=False).ids[:most]
        for text, most in zip((question, claim), _LONG, strict=True)
    )
    return [cls, *of_question, sep, *of_claim, sep]


def pairs(tokenizer: Tokenizer, vocabulary: int, question: str, claims: Sequence[str]) -> list[list[int]]:
    """Return the ids of [CLS] question [SEP] claim for each claim: those up to [SEP] are moved up by `vocabulary`."""
    of_question, *of_claims = tokenizer.encode_batch_fast(
        [_readable(question, QUESTION), *(_readable(claim, CLAIM) for claim in claims)], add_special_tokens=False
    )
    cls, sep = (tokenizer.token_to_id(special) or 0 for special in ("[CLS]", "[SEP]"))
    first = [vocabulary + id_ for id_ in (cls, *of_question.ids[:QUESTION], sep)]
    return [[*first, *claim.ids[:CLAIM]] for claim in of_claims]


def _readable(text: str, tokens: int) -> str:
    # A lone surrogate (an argument that was no UTF-8) is no reason to fail: it is an unknown character.
    return text[: _LETTERS * tokens].encode("utf-8", "replace").decode("utf-8")
