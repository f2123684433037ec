"""A graph goes into the cache: nodes in one file, weights in another beside it, which ONNX Runtime maps into memory.

Read from one file the encoder's 90 MB take 0.17 s and 121 MB of memory; mapped they take 0.05 s and 57 MB:
what is packed for the processor, and room to compute in.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import onnx
from onnx.external_data_helper import set_external_data

from whosays.encode.runtime import MAPPED
from whosays.errors import ModelError

#: Tensors of fewer bytes stay with the nodes: shapes are inferred from some of them.
_SMALL = 1024
#: Weights begin at such multiples, as pages in memory do.
_ALIGNED = 1 << 12
#: What `runtime.graph` calls a graph, its weights, and what is left of one whose builder was killed.
_NAMED = re.compile(r"\.?bert-[a-z]+-v(\d+)-[0-9a-f]{16}\.(?:onnx|weights)(?:\..*)?")


def keep(model: onnx.ModelProto, path: Path, check: Callable[[Path], None] | None) -> None:
    """Write a graph to `path`, and its weights beside it, when `check` is content with it: whole or not at all.

    The weights of `model` are taken out of it. Raises ModelError where the cache cannot be written.
    """
    weights = path.with_suffix(MAPPED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(weights, _take_out(model, weights.name))
        # The graph's name appears last: where it is, its weights are. Who builds the same beside us writes the same weights.
        _write(path, model.SerializeToString(), check)
    except ModelError:
        if not path.exists():
            weights.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise ModelError(f"cannot write the model cache {path.parent}: {error.strerror}") from error


def remove_earlier(cache: Path, version: int) -> None:
    """Remove the graphs that earlier versions have left in a cache: they would stay there for good, 90 MB each.

    A process of such a version that still runs on one keeps it: a file that is mapped is there until nobody has it. What was made
    by this version or a later one stays, whatever model it is of, and so does all that is called otherwise.
    """
    for file in cache.iterdir():
        named = _NAMED.fullmatch(file.name)
        if named is not None and int(named[1]) < version:
            with suppress(OSError):
                file.unlink()


def _take_out(model: onnx.ModelProto, name: str) -> bytes:
    """Return all large weights, and have the model say where in the file `name` they stand instead."""
    taken = bytearray()
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= _SMALL:
            taken.extend(bytes(-len(taken) % _ALIGNED))
            set_external_data(tensor, name, offset=len(taken), length=len(tensor.raw_data))
            taken.extend(tensor.raw_data)
            tensor.ClearField("raw_data")
    return bytes(taken)


def _write(path: Path, content: bytes, check: Callable[[Path], None] | None = None) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if check is not None:
            check(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
