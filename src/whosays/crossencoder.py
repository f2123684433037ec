"""How likely a claim answers a question: both are read together by a small cross-encoder (Nogueira and Cho, 2019).

It was taught by a large one (`whosays.distil`), for what it costs: a question waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from tokenizers import Tokenizer

from whosays.attribution.batches import tokenizer_of
from whosays.encode import Head, Network, graph
from whosays.encode.folder import CONFIG

#: Tokens that are read of a question and of a claim.
QUESTION, CLAIM = 24, 48
#: Letters of a text that are looked at for each of its tokens: what comes after them would be cut off anyhow, save in odd texts.
_LETTERS = 8
#: The one logit that is read at [CLS]: how likely the claim answers, as log-odds.
_ANSWERS = 0


class Reads(Protocol):
    """What an answer needs of a cross-encoder."""

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim answers the question (0..1)."""


class CrossEncoder:
    """The weights in a folder, ready to read. Safe to use from several threads."""

    def __init__(self, network: Network, tokenizer: Tokenizer, vocabulary: int) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> CrossEncoder:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        network = Network(graph(folder, Head.PAIR, cache), threads, often_alone=True)
        return cls(network, tokenizer_of(folder), int(json.loads((folder / CONFIG).read_text("utf-8"))["vocabulary"]))

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim (title, speaker, cue and content) answers the question (0..1)."""
        likely = np.empty(len(claims), np.float64)
        for batch, logits in self._network.run(pairs(self._tokenizer, self._vocabulary, question, claims)):
            likely[batch] = 1 / (1 + np.exp(-logits[:, 0, _ANSWERS].astype(np.float64)))
        return likely.tolist()


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
