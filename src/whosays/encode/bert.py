"""A BERT graph for ONNX Runtime, written straight from the weights: numpy and onnx, no torch.

The operators are those that ONNX Runtime's own transformer optimiser would fuse a traced model into (`com.microsoft`
EmbedLayerNormalization, Attention, BiasGelu), so nothing is left to optimise when the graph is loaded.
The architecture is that of Devlin et al. (2019), the weights' names those of the transformers library.

Where it is known between which bounds the activations lie (`ranges.py`), the layers' products are computed in 8-bit integers:
more than three times as fast with AVX512-VNNI. The bounds are fixed, so that what a text gives does not depend on its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import SafetensorError, safe_open

from whosays.encode.folder import CONFIG, WEIGHTS, supported
from whosays.encode.ranges import LEVELS, Range
from whosays.encode.runtime import Head
from whosays.errors import ModelError

_MICROSOFT = "com.microsoft"
_OPSET = 17
#: What transformers and sentence-transformers add before they divide, so that an empty text is no division by zero.
_TINY_COUNT, _TINY_NORM = 1e-9, 1e-12
#: Weights are rounded to -63..63: where there is no VNNI two products of 8 and 8 bits are added in 16, which 127 would overflow.
_WEIGHT_LEVELS = 63


def build(folder: Path, head: Head, ranges: Mapping[str, Range] | None = None) -> onnx.ModelProto:
    """Return the graph of the model in `folder` (`config.json` and `model.safetensors`, in float32 or float16).

    Inputs `ids` and `mask`, int64 (batch, tokens), both axes free; output `vectors` float32 (batch, d) of length 1, or
    `logits` float32 (batch, tokens, classes), computed in float32 whatever the weights are stored in. With `ranges`, the bounds
    of what goes into each product, the layers' products are computed in int8. The graph's property `watched` holds, as JSON, the
    name of each such input by the name of its range. Raises ModelError where the folder holds no such model.
    """
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        if not supported(config):
            raise ModelError(f"{folder}: config.json does not describe a BERT with exact GELU and absolute positions")
        with safe_open(folder / WEIGHTS, framework="np") as weights:
            graph = Graph(weights.get_tensor, prefix=_prefix(set(weights.keys())), ranges=ranges)
            hidden = graph.encoder(config)
            output, shape = graph.mean(hidden, config["hidden_size"]) if head is Head.MEAN else graph.tokens(hidden)
    except (OSError, SafetensorError, json.JSONDecodeError, KeyError) as error:
        raise ModelError(f"{folder}: not a BERT model in safetensors form: {error}") from error
    return graph.model(output, shape)


def _prefix(names: set[str]) -> str:
    """Return what stands before the encoder's own names: nothing, or the attribute that a model wraps it in."""
    for prefix in ("", "encoder.", "bert."):
        if f"{prefix}embeddings.word_embeddings.weight" in names:
            return prefix
    raise ModelError("model.safetensors holds no BERT embeddings")


class Graph:
    """Nodes and weights as they come together; every method adds some and returns the name of what they compute."""

    def __init__(self, tensor: Callable[[str], NDArray[Any]], prefix: str, ranges: Mapping[str, Range] | None) -> None:
        self._tensor = tensor
        self._prefix = prefix
        self._ranges = ranges
        self._watched: dict[str, str] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []

    def encoder(self, config: dict[str, Any]) -> str:
        """Add all layers; the last hidden states, (batch, tokens, d)."""
        epsilon = float(config["layer_norm_eps"])
        self._width = int(config["hidden_size"])
        words, positions, kinds = (
            self._weight(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")
        )
        mask = self._node("Cast", ["mask"], to=TensorProto.INT32)
        ids = self._node("Cast", ["ids"], to=TensorProto.INT32)
        # One text at a time is encoded, so every token is of the first kind: its embedding goes in with the positions.
        embeddings = [self._store("words", words), self._store("positions", positions + kinds[0]), ""]
        norm = self._norm("embeddings.LayerNorm")
        hidden = self._node("EmbedLayerNormalization", [ids, "", *embeddings, *norm], _MICROSOFT, outputs=2, epsilon=epsilon)
        for i in range(int(config["num_hidden_layers"])):
            hidden = self._layer(f"encoder.layer.{i}", hidden, mask, int(config["num_attention_heads"]), epsilon)
        return hidden

    def _layer(self, name: str, hidden: str, mask: str, heads: int, epsilon: float) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weight(f"{part}.weight").T for part in parts], axis=1)
        bias = np.concatenate([self._weight(f"{part}.bias") for part in parts])
        attended = self._attention(f"{name}.attention.self", hidden, weight, bias, mask, heads)
        hidden = self._add_and_norm(f"{name}.attention.output", attended, hidden, epsilon)
        inner = self._matmul(f"{name}.intermediate.dense", hidden)
        inner = self._node("BiasGelu", [inner, self._bias(f"{name}.intermediate.dense")], _MICROSOFT)
        return self._add_and_norm(f"{name}.output", inner, hidden, epsilon)

    def _attention(
        self, name: str, hidden: str, weight: NDArray[np.float32], bias: NDArray[np.float32], mask: str, heads: int
    ) -> str:
        self._watched[name] = hidden
        stored = self._store(f"{name}.bias", bias)
        if self._ranges is None:
            inputs = [hidden, self._store(f"{name}.weight", weight), stored, mask]
            return self._node("Attention", inputs, _MICROSOFT, num_heads=heads)
        of_input, of_weight = self._quantized(name, hidden, weight)
        inputs = [of_input[0], of_weight[0], stored, of_input[1], of_weight[1], mask, of_input[2], of_weight[2]]
        return self._node("QAttention", inputs, _MICROSOFT, num_heads=heads)

    def _add_and_norm(self, name: str, inner: str, hidden: str, epsilon: float) -> str:
        """Add what comes before a layer norm, and the norm, spelt out: the one operator for it takes three times as long."""
        product = self._matmul(f"{name}.dense", inner, self._bias(f"{name}.dense"))
        added = self._node("Add", [product, hidden])
        share = self._store(f"{name}.share", np.full((self._width, 1), 1 / self._width, dtype=np.float32))
        centred = self._node("Sub", [added, self._node("MatMul", [added, share])])
        variance = self._node("MatMul", [self._node("Mul", [centred, centred]), share])
        tiny = self._store(f"{name}.epsilon", np.array([epsilon], dtype=np.float32))
        scaled = self._node("Div", [centred, self._node("Sqrt", [self._node("Add", [variance, tiny])])])
        weight, bias = self._norm(f"{name}.LayerNorm")
        return self._node("Add", [self._node("Mul", [scaled, weight]), bias])

    def mean(self, hidden: str, dimension: int) -> tuple[str, list[str | int]]:
        """Add the mean over the tokens that the mask keeps, scaled to length 1."""
        one, last = self._store("axis.1", np.array([1], dtype=np.int64)), self._store("axis.2", np.array([2], dtype=np.int64))
        kept = self._node("Cast", [self._node("Unsqueeze", ["mask", last])], to=TensorProto.FLOAT)
        total = self._node("ReduceSum", [self._node("Mul", [hidden, kept]), one], keepdims=0)
        count = self._node("Max", [self._node("ReduceSum", [kept, one], keepdims=0), self._scalar("count", _TINY_COUNT)])
        mean = self._node("Div", [total, count])
        norm = self._node("Max", [self._node("ReduceL2", [mean], axes=[1], keepdims=1), self._scalar("norm", _TINY_NORM)])
        return self._node("Div", [mean, norm], name="vectors"), ["batch", dimension]

    def tokens(self, hidden: str) -> tuple[str, list[str | int]]:
        """Add the linear layer `head` over each token."""
        weight, bias = (np.ascontiguousarray(self._tensor(f"head.{part}"), np.float32) for part in ("weight", "bias"))
        product = self._node("MatMul", [hidden, self._store("head.weight", weight.T)])
        return self._node("Add", [product, self._store("head.bias", bias)], name="logits"), ["batch", "tokens", len(bias)]

    def model(self, output: str, shape: list[str | int]) -> onnx.ModelProto:
        """Return the finished, checked model."""
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in ("ids", "mask")]
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)]
        graph = helper.make_graph(self._nodes, "bert", inputs, outputs, self._initializers)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
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
        weight = self._weight(f"{name}.weight").T
        if self._ranges is None:
            product = self._node("MatMul", [left, self._store(f"{name}.weight", weight)])
            return self._node("Add", [product, bias]) if bias else product
        of_left, of_weight = self._quantized(name, left, weight)
        inputs = [of_left[0], of_weight[0], of_left[1], of_weight[1], of_left[2], of_weight[2], bias]
        return self._node("MatMulIntegerToFloat", inputs, _MICROSOFT)

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
        scale = np.maximum(np.abs(weight).max(axis=0), _TINY_NORM) / _WEIGHT_LEVELS
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
