"""Between which bounds a model's activations lie: what its products are computed in 8-bit integers with.

The bounds are measured once, when the model is trained, and lie beside its weights in `ranges.json`; a model without that file is
computed in float32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from whosays.errors import ModelError

FILE = "ranges.json"
#: Steps between the lowest and the highest value.
LEVELS = 255
#: The lowest and the highest value that is told from those beyond it; 0 lies between them.
Range = tuple[float, float]

#: Shares of the span from lowest to highest that are tried: a tighter one rounds less, and cuts off more.
_SHARES = tuple(share / 20 for share in range(4, 21))
#: Values of each tensor that are kept of a text to choose by.
_KEPT = 4096


def load(folder: Path) -> Mapping[str, Range] | None:
    """Return the bounds in a model's folder; None where it has none. Raises ModelError where they are damaged."""
    try:
        rows = json.loads((folder / FILE).read_text("utf-8"))
        return {str(name): (float(low), float(high)) for name, (low, high) in rows.items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / FILE} cannot be read: {error}") from error


def save(folder: Path, ranges: Mapping[str, Range]) -> None:
    """Write bounds into a model's folder."""
    rows = ",\n".join(f'"{name}": [{low:.5g}, {high:.5g}]' for name, (low, high) in sorted(ranges.items()))
    (folder / FILE).write_text(f"{{{rows}}}\n", "utf-8")


def measure(folder: Path, rows: Sequence[Sequence[int]]) -> Mapping[str, Range]:
    """Return the bounds for the token classifier in `folder`, as it computes these rows of token ids in float32.

    They are those with the least mean square error of rounding, over a sample of the values. Raises ModelError.
    """
    import onnxruntime  # noqa: PLC0415 - as in `runtime`
    from onnx import TensorProto, helper  # noqa: PLC0415

    from whosays.encode.bert import build  # noqa: PLC0415 - it imports this module
    from whosays.encode.runtime import Head  # noqa: PLC0415

    model = build(folder, Head.TOKENS)
    watched: dict[str, str] = json.loads(model.metadata_props[0].value)
    tensors = sorted(set(watched.values()))
    model.graph.output.extend(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None) for tensor in tensors)
    run = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(0)
    kept: dict[str, list[NDArray[np.float32]]] = {tensor: [] for tensor in tensors}
    for row in rows:
        ids = np.array([row], np.int64)
        for tensor, values in zip(tensors, run.run(tensors, {"ids": ids, "mask": np.ones_like(ids)}), strict=True):
            ends = np.array([values.min(), values.max()], np.float32)
            kept[tensor].append(np.concatenate([draw.choice(values.ravel(), min(_KEPT, values.size), replace=False), ends]))
    bounds = {tensor: _bounds(np.concatenate(values)) for tensor, values in kept.items()}
    return {name: bounds[tensor] for name, tensor in watched.items()}


def _bounds(values: NDArray[np.float32]) -> Range:
    def error(share: float) -> float:
        low, high = share * lowest, share * highest
        scale = (high - low) / LEVELS
        zero = round(-low / scale)
        rounded = (np.clip(np.rint(values / scale) + zero, 0, LEVELS) - zero) * scale
        return float(np.square(rounded - values).mean())

    lowest, highest = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    best = min(_SHARES, key=error)
    return best * lowest, best * highest
