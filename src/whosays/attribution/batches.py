"""Token ids → logits, by a token classifier in a folder, and the tokenizer that lies beside its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from whosays.attribution.spans import Logits
from whosays.encode import Head, Network, graph


class TokenClassifier:
    """A token classifier in a folder, ready to run. Safe to use from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> TokenClassifier:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        return cls(Network(graph(folder, Head.TOKENS, cache), threads))

    def run(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, Logits]]:
        """Yield the index and the logits, (tokens, classes), of each row of ids: the longest first, as they are computed."""
        for batch, logits in self._network.run(rows):
            for i, own in zip(batch, logits, strict=True):
                yield i, own[: len(rows[i])]


def tokenizer_of(folder: Path) -> Tokenizer:
    """Return the tokenizer in a model's folder, neither cutting nor padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
