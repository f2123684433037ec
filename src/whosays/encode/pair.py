"""The graph of a small cross-encoder, which reads a question and a text together and says one thing of both.

Made to cost little on a CPU: few full transformer layers, with ReLU, and without layer norms, which cost as much as all products
in 8 bits. Of the last one only what [CLS] takes from all tokens is computed. With one query neither keys nor values are
needed for each token: products with the query can be taken of the query first, those with the values of the sum last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto
from safetensors import SafetensorError, safe_open

from whosays.encode.folder import CONFIG, WEIGHTS
from whosays.encode.nodes import Graph
from whosays.encode.ranges import Range
from whosays.errors import ModelError

#: What `config.json` says of the kind of model.
KIND = "pair"
_TINY = 1e-5
#: Added to the scores of padding, of which nothing is taken then.
_NEVER = 1e4


def build(folder: Path, ranges: Mapping[str, Range] | None = None) -> onnx.ModelProto:
    """Return the graph of the model in `folder`.

    `config.json` has {"model_type": "pair", "vocabulary": V, "width": d, "layers": n, "heads": H, "readers": R}. Inputs `ids` and
    `mask`, int64 (batch, tokens): [CLS] question [SEP] text, where the ids up to [SEP] are moved up by V, which tells the two
    apart. Output `logits` float32 (batch, 1, classes). With `ranges` the products over all tokens are computed in int8. Raises
    ModelError where the folder holds no such model.
    """
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        if config.get("model_type") != KIND:
            raise ModelError(f"{folder}: config.json describes no cross-encoder of this program")
        with safe_open(folder / WEIGHTS, framework="np") as weights:
            graph = _Pair(weights.get_tensor, prefix="", ranges=ranges)
            return graph.model(*graph.logits(graph.tokens_of(config), config))
    except (OSError, SafetensorError, json.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}: not a cross-encoder in safetensors form: {error}") from error


class _Pair(Graph):
    def tokens_of(self, config: Mapping[str, Any]) -> str:
        """Add the full layers; all tokens' states, (batch, tokens, d)."""
        hidden = self._embedded(int(config["vocabulary"]))
        mask = self._node("Cast", ["mask"], to=TensorProto.INT32)
        for i in range(int(config["layers"])):
            hidden = self._full_layer(f"layers.{i}", hidden, mask, int(config["heads"]))
        return hidden

    def logits(self, hidden: str, config: Mapping[str, Any]) -> tuple[str, list[str | int]]:
        """Add what [CLS] takes from all tokens, and the two layers that judge it."""
        first = self._node("Slice", [hidden, *(self._integer(n) for n in (0, 1, 1))])
        taken = self._node("Concat", [self._taken(first, hidden, int(config["readers"])), first], axis=2)
        normed = self._node("LayerNormalization", [taken, *self._norm("norm")], axis=-1, epsilon=_TINY)
        inner = self._node("Relu", [self._of_one("hidden", normed)])
        return self._of_one("head", inner, name="logits"), ["batch", "one", len(self._weight("head.bias"))]

    def _embedded(self, vocabulary: int) -> str:
        """Add word, place and kind of each token, (batch, tokens, d)."""
        words = self._node("Mod", ["ids", self._integer(vocabulary)])
        of_text = self._node("Cast", [self._node("Less", ["ids", self._integer(vocabulary)])], to=TensorProto.INT64)
        length = self._node("Slice", [self._node("Shape", ["ids"]), *(self._integer(n) for n in (1, 2))])
        places = self._node("Slice", [self._store("places.weight", self._weight("places.weight")), self._integer(0), length])
        embedded = self._node("Gather", [self._store("words.weight", self._weight("words.weight")), words])
        kinds = self._node("Gather", [self._store("kinds.weight", self._weight("kinds.weight")), of_text])
        return self._node("Add", [self._node("Add", [embedded, kinds]), places])

    def _full_layer(self, name: str, hidden: str, mask: str, heads: int) -> str:
        weight, bias = self._weight(f"{name}.qkv.weight").T, self._weight(f"{name}.qkv.bias")
        attended = self._attention(f"{name}.qkv", hidden, weight, bias, mask, heads)
        hidden = self._node("Add", [self._linear(f"{name}.out", attended), hidden])
        inner = self._node("Relu", [self._linear(f"{name}.up", hidden)])
        return self._node("Add", [self._linear(f"{name}.down", inner), hidden])

    def _taken(self, first: str, hidden: str, readers: int) -> str:
        """Add attention with the one query of `first`, (batch, 1, d); what each of the readers takes, side by side."""
        query, key, value = (self._weight(f"{part}.weight") for part in ("query", "key", "value"))
        size = len(query) // readers
        split = self._store("split", np.array([0, readers, 1, size], np.int64))
        queries = self._node("Reshape", [self._of_one("query", first), split])
        keys = key.reshape(readers, size, -1) / np.float32(np.sqrt(size))
        # (q K) x for each token x, and V (the sum of p x): the same numbers as q (K x) and the sum of p (V x).
        asked = self._node("Squeeze", [self._node("MatMul", [queries, self._store("key.weight", keys)]), self._integer(2)])
        scores = self._node("MatMul", [asked, self._node("Transpose", [hidden], perm=[0, 2, 1])])
        kept = self._node("Sub", [self._node("Cast", ["mask"], to=TensorProto.FLOAT), self._scalar("one", 1.0)])
        never = self._node("Unsqueeze", [self._node("Mul", [kept, self._scalar("never", _NEVER)]), self._integer(1)])
        shares = self._node("Softmax", [self._node("Add", [scores, never])], axis=-1)
        sums = self._node("Unsqueeze", [self._node("MatMul", [shares, hidden]), self._integer(2)])
        values = np.swapaxes(value.reshape(readers, size, -1), 1, 2)
        joined = self._store("joined", np.array([0, 1, len(value)], np.int64))
        taken = self._node("Reshape", [self._node("MatMul", [sums, self._store("value.weight", values)]), joined])
        return self._node("Add", [taken, self._bias("value")])

    def _linear(self, name: str, left: str) -> str:
        return self._matmul(name, left, self._bias(name))

    def _of_one(self, layer: str, left: str, name: str = "") -> str:
        """Add a linear layer over [CLS] alone: in float32, which costs nothing there."""
        product = self._node("MatMul", [left, self._store(f"{layer}.weight", self._weight(f"{layer}.weight").T)])
        return self._node("Add", [product, self._bias(layer)], name=name)

    def _integer(self, value: int) -> str:
        name = f"integer.{value}"
        return name if any(stored.name == name for stored in self._initializers) else self._store(name, np.array([value]))
