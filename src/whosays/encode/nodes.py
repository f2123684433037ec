"""What graphs for ONNX Runtime are put together with: nodes, weights, and products that are computed in 8-bit integers.

Where it is known between which bounds the activations lie (`ranges.py`), products are computed in 8-bit integers: more than three
times as fast with AVX512-VNNI. The bounds are fixed, so that what a text gives does not depend on its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from whosays.encode.ranges import LEVELS, Range

MICROSOFT = "com.microsoft"
_OPSET = 17
#: A column of weights that are all nothing has a scale, too.
_TINY = 1e-12
#: Weights are rounded to -127..127. Where there is no VNNI, two products of 8 and 8 bits are added in 16: a few in 100,000 pairs
#: overflow and are cut off, which moves what comes out by a thousandth. With 63 none would, and rounding alone moves it by more.
_WEIGHT_LEVELS = 127


class Graph:
    """Nodes and weights as they come together; every method adds some and returns the name of what they compute."""

    def __init__(self, tensor: Callable[[str], NDArray[Any]], prefix: str, ranges: Mapping[str, Range] | None) -> None:
        self._tensor = tensor
        self._prefix = prefix
        self._ranges = ranges
        self._watched: dict[str, str] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []

    def _attention(
        self, name: str, hidden: str, weight: NDArray[np.float32], bias: NDArray[np.float32], mask: str, heads: int
    ) -> str:
        self._watched[name] = hidden
        stored = self._store(f"{name}.bias", bias)
        if self._ranges is None:
            inputs = [hidden, self._store(f"{name}.weight", weight), stored, mask]
            return self._node("Attention", inputs, MICROSOFT, num_heads=heads)
        if self._ranges[name].twice:
            # Nothing has it all in one then.
            product = self._rounded_product(name, hidden, weight, stored)
            parts = self._node("Split", [product, self._thirds(name, weight.shape[1] // 3)], outputs=3, axis=-1)
            inputs = [parts, f"{parts}.1", f"{parts}.2", "", mask]
            return self._node("MultiHeadAttention", inputs, MICROSOFT, num_heads=heads)
        of_input, of_weight = self._quantized(name, hidden, weight)
        inputs = [of_input[0], of_weight[0], stored, of_input[1], of_weight[1], mask, of_input[2], of_weight[2]]
        return self._node("QAttention", inputs, MICROSOFT, num_heads=heads)

    def _thirds(self, name: str, width: int) -> str:
        return self._store(f"{name}.thirds", np.full(3, width, np.int64))

    def model(self, output: str, shape: list[str | int]) -> onnx.ModelProto:
        """Return the finished, checked model."""
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in ("ids", "mask")]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)]
        graph = helper.make_graph(self._nodes, "bert", inputs, outputs, self._initializers)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="whosays")
        helper.set_model_props(model, {"watched": json.dumps(self._watched)})
        return model

    def _node(
        self, kind: str, inputs: list[str], domain: str = "", *, name: str = "", outputs: int = 1, **attributes: Any
    ) -> str:
        name = name or f"{kind}.{len(self._nodes)}"
        names = [name, *(f"{name}.{i}" for i in range(1, outputs))]
        self._nodes.append(helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes))
        return name

    def _matmul(self, name: str, left: str, bias: str = "") -> str:
        self._watched[name] = left
        if self._ranges is None:
            return self._exact_matmul(name, left, bias)
        return self._rounded_product(name, left, self._weight(f"{name}.weight").T, bias)

    def _rounded_product(self, name: str, left: str, weight: NDArray[np.float32], bias: str) -> str:
        assert self._ranges is not None
        of_left, of_weight = self._quantized(name, left, weight)

        def product(rounded: str, scale: str, zero: str, bias: str = "") -> str:
            inputs = [rounded, of_weight[0], scale, of_weight[1], zero, of_weight[2], bias]
            return self._node("MatMulIntegerToFloat", inputs, MICROSOFT)

        if not self._ranges[name].twice:
            return product(*of_left, bias)
        rest = self._node("Sub", [left, self._node("DequantizeLinear", [*of_left])])
        step = (self._ranges[name].high - self._ranges[name].low) / LEVELS
        parts = (
            self._store(f"{name}.rest.scale", np.array(step / LEVELS, dtype=np.float32)),
            self._store(f"{name}.rest.zero", np.array((LEVELS + 1) // 2, dtype=np.uint8)),
        )
        of_rest = self._node("QuantizeLinear", [rest, *parts])
        return self._node("Add", [product(*of_left, bias), product(of_rest, *parts)])

    def _exact_matmul(self, name: str, left: str, bias: str = "") -> str:
        """Add a product in float32, whatever the bounds: for few rows, where it costs nothing."""
        product = self._node("MatMul", [left, self._store(f"{name}.weight", self._weight(f"{name}.weight").T)])
        return self._node("Add", [product, bias]) if bias else product

    def _quantized(
        self, name: str, tensor: str, weight: NDArray[np.float32]
    ) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """Add a tensor as uint8 and what it is multiplied by as int8; the names of each, its scale and what stands for 0."""
        assert self._ranges is not None
        own = self._ranges[name]
        scale = (own.high - own.low) / LEVELS
        if own.channels:
            divided = np.ones(len(weight), dtype=np.float32)
            divided[list(own.channels)] = list(own.channels.values())
            weight = weight * divided[:, None]
            tensor = self._node("Mul", [tensor, self._store(f"{name}.channels", 1 / divided)])
        parts = (
            self._store(f"{name}.scale", np.array(scale, dtype=np.float32)),
            self._store(f"{name}.zero", np.array(round(-own.low / scale), dtype=np.uint8)),
        )
        return (self._node("QuantizeLinear", [tensor, *parts]), *parts), self._quantized_weight(name, weight)

    def _quantized_weight(self, name: str, weight: NDArray[np.float32]) -> tuple[str, str, str]:
        """Store a weight, each of its columns with a scale of its own."""
        scale = np.maximum(np.abs(weight).max(axis=0), _TINY) / _WEIGHT_LEVELS
        return (
            self._store(f"{name}.weight", np.rint(weight / scale).astype(np.int8)),
            self._store(f"{name}.weight.scale", scale.astype(np.float32)),
            self._store(f"{name}.weight.zero", np.zeros(len(scale), dtype=np.int8)),
        )

    def _bias(self, name: str) -> str:
        return self._store(f"{name}.bias", self._weight(f"{name}.bias"))

    def _norm(self, name: str) -> list[str]:
        return [self._store(f"{name}.{part}", self._weight(f"{name}.{part}")) for part in ("weight", "bias")]

    def _scalar(self, name: str, value: float) -> str:
        return self._store(f"tiny.{name}", np.array([value], dtype=np.float32))

    def _weight(self, name: str) -> NDArray[np.float32]:
        return np.asarray(self._tensor(self._prefix + name), np.float32)

    def _store(self, name: str, array: NDArray[Any]) -> str:
        self._initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name
