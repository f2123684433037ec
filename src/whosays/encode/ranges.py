"""Between which bounds a model's activations lie: what its products are computed in 8-bit integers with.

The bounds are measured once, when the model is trained, and lie beside its weights in `ranges.json`; a model without that file is
computed in float32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whosays.errors import ModelError

if TYPE_CHECKING:
    from whosays.encode.runtime import Head

FILE = "ranges.json"
#: In that file beside the ranges: what is added to logits or a vector, where rounding moves them always in the same direction.
_LOGITS, _VECTOR = "logits", "vector"
#: Steps between the lowest and the highest value.
LEVELS = 255
#: Shares of the span from lowest to highest that are tried: a tighter one rounds less, and cuts off more.
_SHARES = tuple(share / 40 for share in range(4, 41))
#: Tokens of a text whose values are kept to choose by, beside the first and the last.
_KEPT = 64
#: Channels of a tensor that may have a span of their own, where it is so many times that of the others. BERT keeps huge values in
#: one or two, of [CLS] and [SEP] alone: for their sake all others would be rounded coarsely (Kovaleva et al., 2021).
_OWN, _LARGE = 2, 1.3
#: What is rounded twice has steps to spare: so much is left for values that were not seen.
_WIDER = 1.25


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest value that is told from those beyond it, with 0 between them.

    `channels` are those of the last dimension that are divided by a number of their own, above 1, before they are rounded. What
    is rounded `twice` has what the first rounding took multiplied as well, in further 8 bits: two products instead of one.
    """

    low: float
    high: float
    channels: Mapping[int, float]
    twice: bool = False


def load(folder: Path) -> Mapping[str, Range] | None:
    """Return the bounds in a model's folder; None where it has none. Raises ModelError where they are damaged."""
    try:
        rows = json.loads((folder / FILE).read_text("utf-8"))
        for name in (_LOGITS, _VECTOR):
            rows.pop(name, None)
        return {
            name: Range(float(low), float(high), {int(channel): float(by) for channel, by in channels.items()}, bool(twice))
            for name, (low, high, channels, *twice) in rows.items()
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / FILE} cannot be read: {error}") from error


def added(folder: Path) -> Sequence[float]:
    """Return what `ranges.json` in `folder` wants added to the logits, or to the unit vector; () for nothing."""
    rows = json.loads((folder / FILE).read_text("utf-8"))
    return tuple(float(number) for number in rows.get(_LOGITS, rows.get(_VECTOR, ())))


def save(folder: Path, ranges: Mapping[str, Range], logits: Sequence[float] = (), vector: Sequence[float] = ()) -> None:
    """Write bounds into a folder, and what is to be added to logits or to the unit vector."""
    rows: dict[str, list[object]] = {}
    for name, own in sorted(ranges.items()):
        channels = {str(channel): _short(by) for channel, by in own.channels.items()}
        rows[name] = [_short(own.low), _short(own.high), channels, *([True] if own.twice else [])]
    if logits:
        rows[_LOGITS] = [round(number, 3) for number in logits]
    if vector:
        rows[_VECTOR] = [_short(number) for number in vector]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    (folder / FILE).write_text(f"{{{lines}}}\n", "utf-8")


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def measure(folder: Path, head: Head, rows: Sequence[Sequence[int]], *, twice: bool = False) -> Mapping[str, Range]:
    """Return the bounds for the model in `folder`, as it computes these rows of token ids in float32.

    They are those with the least mean square error of rounding, over a sample of the values; for what is to be rounded `twice`,
    all that was seen and some more. Raises ModelError.
    """
    import onnxruntime  # noqa: PLC0415 - as in `runtime`
    from onnx import TensorProto, helper  # noqa: PLC0415

    from whosays.encode.bert import build  # noqa: PLC0415 - it imports this module

    model = build(folder, head)
    watched: dict[str, str] = json.loads(model.metadata_props[0].value)
    tensors = sorted(set(watched.values()))
    if not tensors:
        return {}  # of one layer only the first token is wanted: there is nothing to round
    model.graph.output.extend(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None) for tensor in tensors)
    run = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(0)
    kept: dict[str, list[NDArray[np.float32]]] = {tensor: [] for tensor in tensors}
    for row in rows:
        ids = np.array([row], np.int64)
        for tensor, (values,) in zip(tensors, run.run(tensors, {"ids": ids, "mask": np.ones_like(ids)}), strict=True):
            # [CLS] and [SEP] first: what they hold is like nothing else.
            some = [0, len(values) - 1, *draw.choice(len(values), min(_KEPT, len(values)), replace=False)]
            kept[tensor].append(values[some])
    bounds = {tensor: (_wide_range if twice else _range)(np.concatenate(values)) for tensor, values in kept.items()}
    return {name: bounds[tensor] for name, tensor in watched.items()}


def _wide_range(values: NDArray[np.float32]) -> Range:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    return Range(_WIDER * low, _WIDER * high, {}, twice=True)


def _range(values: NDArray[np.float32]) -> Range:
    """Return the range of (n, channels) values with the least mean square error of rounding."""
    largest = np.abs(values).max(axis=0)
    order = np.argsort(-largest)
    own, usual = order[:_OWN], float(largest[order[_OWN]])
    channels = {int(channel): float(largest[channel]) / usual for channel in own if largest[channel] > _LARGE * usual}
    divided = values.copy()
    for channel, by in channels.items():
        divided[:, channel] /= by
    low, high = _bounds(divided)
    return Range(low, high, channels)


def _bounds(values: NDArray[np.float32]) -> tuple[float, float]:
    def error(share: float) -> float:
        low, high = share * lowest, share * highest
        scale = (high - low) / LEVELS
        zero = round(-low / scale)
        rounded = (np.clip(np.rint(values / scale) + zero, 0, LEVELS) - zero) * scale
        return float(np.square(rounded - values).mean())

    lowest, highest = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    best = min(_SHARES, key=error)
    return best * lowest, best * highest
