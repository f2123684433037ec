"""A model's folder, as sentence-transformers writes it: what in it decides how a text becomes a vector."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from whosays.errors import ModelError

T = TypeVar("T")

CONFIG, MODULES, TOKENIZER, WEIGHTS = "config.json", "modules.json", "tokenizer.json", "model.safetensors"
#: What a model is made of; a read-me may change without a store having to be indexed again.
_PARTS = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
#: A file of as many bytes is not read at each start to learn its digest.
_LARGE = 1 << 20
#: A file that was changed within so many seconds may change again without another time of change.
_SETTLED = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """A sentence-transformers folder, described.

    `digest` is of all its files; `max_tokens` counts the special ones; `plain` says that it is a
    BERT whose last hidden states are averaged over the tokens, which `bert.build` can write without torch.
    """

    path: Path
    digest: str
    max_tokens: int
    plain: bool


def describe(path: Path, cache: Path | None = None) -> ModelFolder:
    """Read what a model's folder says of itself; `cache` as for `digest`. Raises ModelError where it is none."""
    # A bare encoder has no modules: sentence-transformers itself puts the mean over the tokens on top.
    modules = _json(path / MODULES, list) if (path / MODULES).exists() else []
    transformer = path / modules[0]["path"] if modules else path
    config = _json(transformer / CONFIG, dict)
    has_parts = all((path / name).exists() for name in (CONFIG, TOKENIZER, WEIGHTS))
    return ModelFolder(
        path=path,
        digest=digest(path, cache=cache),
        max_tokens=_max_tokens(transformer, config),
        plain=has_parts and supported(config) and _is_averaged(path, modules),
    )


def digest(path: Path, names: tuple[str, ...] = (), cache: Path | None = None) -> str:
    """Return the SHA-256 of a model's files (of all, or of those named), 64 hexadecimal digits. Raises ModelError.

    In the folder `cache` it is kept of large files, so that they are not read at each start.
    """
    sha = hashlib.sha256()
    try:
        for file in [path / name for name in names] or sorted(f for f in path.rglob("*") if f.suffix in _PARTS):
            sha.update(f"{file.relative_to(path).as_posix()}\0".encode() + _file_digest(file, _state(file), cache))
    except OSError as error:
        raise ModelError(f"{path} is not a model's folder: {error.filename}: {error.strerror}") from error
    return sha.hexdigest()


@lru_cache(maxsize=64)
def _file_digest(file: Path, state: tuple[int, ...], cache: Path | None) -> bytes:
    """Read a file once a process; a large one once for all, while its state is the same."""
    size, changed, *_ = state
    if cache is None or size < _LARGE or time.time() - changed / 1e9 < _SETTLED:
        return _read_digest(file)
    key = hashlib.sha256(f"{file.resolve()}\0{state}".encode("utf-8", "surrogateescape")).hexdigest()
    kept = cache / "digests" / key[:32]
    with suppress(OSError):
        if len(known := kept.read_bytes()) == hashlib.sha256().digest_size:
            return known
    found = _read_digest(file)
    # A cache that cannot be written costs time at the next start, nothing else.
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=kept.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(found)
        Path(temporary).replace(kept)
    return found


def _read_digest(file: Path) -> bytes:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _state(file: Path) -> tuple[int, ...]:
    """Return what tells a version of a file from another one without reading it: its size and time of change first."""
    state = file.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def _is_averaged(path: Path, modules: Sequence[Mapping[str, Any]]) -> bool:
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if kinds not in ([], ["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    pooling = _json(path / modules[1]["path"] / CONFIG, dict) if modules else {"pooling_mode": "mean"}
    modes = [key for key, value in pooling.items() if key.startswith("pooling_mode_") and value]
    return pooling.get("pooling_mode") == "mean" or modes == ["pooling_mode_mean_tokens"]


def supported(config: Mapping[str, Any]) -> bool:
    """Say whether a transformers `config.json` describes the BERT that `bert.build` writes."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
    )


def _max_tokens(path: Path, config: Mapping[str, Any]) -> int:
    limits = [config.get("max_position_embeddings")]
    for name, key in (("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length")):
        if (path / name).exists():
            limits.append(_json(path / name, dict).get(key))
    return min([int(limit) for limit in limits if limit], default=512)


def _json(file: Path, kind: type[T]) -> T:
    try:
        value = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{file.parent} is not a model's folder: {file.name}: {error}") from error
    if not isinstance(value, kind):
        raise ModelError(f"{file.parent} is not a model's folder: {file.name} holds no {kind.__name__}")
    return value
