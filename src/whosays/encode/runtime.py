"""Graphs built once and kept in a cache folder, and the ONNX Runtime sessions that run them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from whosays.encode import ranges
from whosays.encode.folder import CONFIG, WEIGHTS, digest
from whosays.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

#: Part of a built graph's name in the cache: raise it with every change to what `bert.build` writes.
_VERSION = 6
#: The weights of a graph lie beside it in a file that ends like this, and are mapped.
MAPPED = ".weights"


class Head(StrEnum):
    """What a graph computes: a unit vector a text (the mean over its tokens), logits a token, or logits a text, at its first."""

    MEAN = "mean"
    TOKENS = "tokens"
    FIRST = "first"


def graph(
    folder: Path, head: Head, cache: Path, check: Callable[[Path], None] | None = None, bounds_in: Path | None = None
) -> Path:
    """Return the ONNX file of the model in `folder`, built and checked now if the cache does not hold it yet.

    With `ranges.json` in its folder, or in `bounds_in`, it is computed in 8-bit integers. `check` is run on a fresh graph before
    it goes into the cache, and raises ModelError where it computes the wrong thing. What earlier versions have built is removed
    then.
    """
    beside = bounds_in or folder
    bounds = ranges.load(beside)
    known = digest(folder, (CONFIG, WEIGHTS), cache)
    if bounds is not None:
        known = hashlib.sha256(f"{known} {digest(beside, (ranges.FILE,))}".encode()).hexdigest()
    path = cache / f"bert-{head.value}-v{_VERSION}-{known[:16]}.onnx"
    if not (path.exists() and path.with_suffix(MAPPED).exists()):
        from whosays.encode.bert import build  # noqa: PLC0415 - onnx is wanted only where there is something to build
        from whosays.encode.kept import keep, remove_earlier  # noqa: PLC0415 - as is this

        keep(build(folder, head, bounds, () if bounds is None else ranges.added(beside)), path, check)
        remove_earlier(cache, _VERSION)
    return path


def session(path: Path, threads: int | None = None) -> InferenceSession:
    """Return a session on the CPU with that many threads (default: one a core). Raises ModelError where `path` is damaged."""
    import onnxruntime  # noqa: PLC0415 - a tenth of a second that `--help` need not wait for

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    # The bot shares its machine: a thread that waits must sleep, not spin.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own errors share no public base class
        raise ModelError(f"{path} cannot be loaded; delete it, and it is built anew: {error}") from error
