"""A model's folder → its graph, by what is to be computed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import onnx

from whosays.encode import bert, pair
from whosays.encode.ranges import Range
from whosays.encode.runtime import Head


def build(folder: Path, head: Head, ranges: Mapping[str, Range] | None = None) -> onnx.ModelProto:
    """Return the graph of the model in `folder`; see `bert.build` and `pair.build`. Raises ModelError."""
    return pair.build(folder, ranges) if head is Head.PAIR else bert.build(folder, head, ranges)
