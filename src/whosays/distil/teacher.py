"""The large cross-encoder that teaches the small one: a fine-tuned sentence encoder, read at [CLS] (Nogueira and Cho, 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from whosays.attribution.batches import TokenClassifier, tokenizer_of
from whosays.attribution.labels import Layer

#: The one layer, read at [CLS].
ANSWERS = Layer("answers", 0, 2)
NO, YES = 0, 1
#: Tokens that are read of a question and of a claim.
_QUESTION, _CLAIM = 32, 96


class Teacher:
    """The weights in a folder, as `whosays.distil.labelled` writes them."""

    def __init__(self, network: TokenClassifier, tokenizer: Tokenizer) -> None:
        self._network = network
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Teacher:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        return cls(TokenClassifier.load(folder, cache, threads), tokenizer_of(folder))

    def margins(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return how likely each claim (title, speaker, cue and content) answers the question, as log-odds."""
        logits = dict(self._network.run([pair(self._tokenizer, question, claim) for claim in claims]))
        return [float(logits[i][0, YES] - logits[i][0, NO]) for i in range(len(claims))]


def pair(tokenizer: Tokenizer, question: str, claim: str) -> list[int]:
    """Return the ids of [CLS] question [SEP] claim [SEP]."""
    cls, sep = (tokenizer.token_to_id(special) or 0 for special in ("[CLS]", "[SEP]"))
    # A lone surrogate in a text is no reason to fail: it is an unknown character.
    first, second = (text.encode("utf-8", "replace").decode("utf-8") for text in (question, claim))
    of_question, of_claim = (tokenizer.encode(text, add_special_tokens=False).ids for text in (first, second))
    return [cls, *of_question[:_QUESTION], sep, *of_claim[:_CLAIM], sep]
