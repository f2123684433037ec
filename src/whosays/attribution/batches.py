"""Token ids → logits: padded batches of like length, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from whosays.attribution.spans import Logits
from whosays.encode import Head, graph, session

if TYPE_CHECKING:
    import onnxruntime

#: Tokens, padding included, that are run at once: more do not go faster on a CPU.
_TOKENS = 2048


class Network:
    """A token classifier in a folder, ready to run. Safe to use from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    @classmethod
    def load(cls, folder: Path, cache: Path, threads: int | None = None) -> Network:
        """Serve the weights in `folder`; the graph is built once, into `cache`. Raises ModelError where they are damaged."""
        return cls(session(graph(folder, Head.TOKENS, cache), threads))

    def run(self, rows: Sequence[Sequence[int]]) -> list[Logits]:
        """Return (tokens, classes) for each row of ids, in the order given."""
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        result: list[Logits] = [np.empty((0, 0), np.float32)] * len(rows)
        first = 0
        while first < len(order):
            longest = len(rows[order[first]])
            batch = order[first : first + max(1, _TOKENS // longest)]
            first += len(batch)
            ids = np.zeros((len(batch), longest), np.int64)
            mask = np.zeros((len(batch), longest), np.int64)
            for row, i in enumerate(batch):
                ids[row, : len(rows[i])] = rows[i]
                mask[row, : len(rows[i])] = 1
            (logits,) = self._session.run(None, {"ids": ids, "mask": mask})
            for row, i in enumerate(batch):
                result[i] = logits[row, : len(rows[i])]
        return result


def tokenizer_of(folder: Path) -> Tokenizer:
    """Return the tokenizer in a model's folder, neither cutting nor padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
