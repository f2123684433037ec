"""A BERT graph for ONNX Runtime, written straight from the weights: numpy and onnx, no torch.

The operators are those that ONNX Runtime's own transformer optimiser would fuse a traced model into (`com.microsoft`
EmbedLayerNormalization, Attention, Gelu), so next to nothing is left to optimise when the graph is loaded.
The architecture is that of Devlin et al. (2019), the weights' names those of the transformers library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto
from safetensors import SafetensorError, safe_open

from whosays.encode.folder import CONFIG, WEIGHTS, supported
from whosays.encode.nodes import MICROSOFT, Graph
from whosays.encode.ranges import Range
from whosays.encode.runtime import Head
from whosays.errors import ModelError

#: What transformers and sentence-transformers add before they divide, so that an empty text is no division by zero.
_TINY_COUNT, _TINY_NORM = 1e-9, 1e-12
#: Added to the scores of padding, of which nothing is taken then.
_NEVER = 1e4
#: A product by the names of its weight, of what is multiplied and of what is added, and the name of what it gives.
_Matmul = Callable[[str, str, str], str]


def build(folder: Path, head: Head, ranges: Mapping[str, Range] | None = None, added: Sequence[float] = ()) -> onnx.ModelProto:
    """Return the graph of the model in `folder` (`config.json` and `model.safetensors`, in float32 or float16).

    Inputs `ids` and `mask`, int64 (batch, tokens), both axes free; output `vectors` float32 (batch, d) of length 1, or
    `logits` float32 (batch, tokens, classes), or those of the first token alone, (batch, classes), for which the last layer is
    computed at no other. In float32, whatever the weights are stored in. With `ranges`, the bounds of what goes into each
    product, the layers' products are computed in int8; `added` is what is added then to the logits or to the vector. The graph's
    property `watched` holds, as JSON, the name of each such input by the name of its range. Raises ModelError where the folder
    holds no such model.
    """
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        if not supported(config):
            raise ModelError(f"{folder}: config.json does not describe a BERT with exact GELU and absolute positions")
        with safe_open(folder / WEIGHTS, framework="np") as weights:
            graph = _Bert(weights.get_tensor, prefix=_prefix(set(weights.keys())), ranges=ranges)
            match head:
                case Head.MEAN:
                    output, shape = graph.mean(graph.encoder(config), config["hidden_size"], added)
                case Head.TOKENS:
                    output, shape = graph.tokens(graph.encoder(config), added)
                case Head.FIRST:
                    output, shape = graph.first(graph.encoder(config, but=1), config, added)
    except (OSError, SafetensorError, json.JSONDecodeError, KeyError) as error:
        raise ModelError(f"{folder}: not a BERT model in safetensors form: {error}") from error
    return graph.model(output, shape)


def _prefix(names: set[str]) -> str:
    """Return what stands before the encoder's own names: nothing, or the attribute that a model wraps it in."""
    for prefix in ("", "encoder.", "bert."):
        if f"{prefix}embeddings.word_embeddings.weight" in names:
            return prefix
    raise ModelError("model.safetensors holds no BERT embeddings")


class _Bert(Graph):
    """The layers of a BERT, and what is made of the last one."""

    def encoder(self, config: dict[str, Any], but: int = 0) -> str:
        """Add all layers but so many; the last hidden states, (batch, tokens, d)."""
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
        hidden = self._node("EmbedLayerNormalization", [ids, "", *embeddings, *norm], MICROSOFT, outputs=2, epsilon=epsilon)
        for i in range(int(config["num_hidden_layers"]) - but):
            hidden = self._layer(f"encoder.layer.{i}", hidden, mask, int(config["num_attention_heads"]), epsilon)
        return hidden

    def _layer(self, name: str, hidden: str, mask: str, heads: int, epsilon: float) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weight(f"{part}.weight").T for part in parts], axis=1)
        bias = np.concatenate([self._weight(f"{part}.bias") for part in parts])
        attended = self._attention(f"{name}.attention.self", hidden, weight, bias, mask, heads)
        return self._after_attention(name, attended, hidden, epsilon, self._matmul)

    def _after_attention(self, name: str, attended: str, hidden: str, epsilon: float, matmul: _Matmul) -> str:
        """Add the rest of a layer, with `hidden` as what went into it."""

        def linear(part: str, left: str) -> str:
            return matmul(part, left, self._bias(part))

        hidden = self._norm_of_sum(
            f"{name}.attention.output", linear(f"{name}.attention.output.dense", attended), hidden, epsilon
        )
        inner = self._node("Gelu", [linear(f"{name}.intermediate.dense", hidden)], MICROSOFT)
        return self._norm_of_sum(f"{name}.output", linear(f"{name}.output.dense", inner), hidden, epsilon)

    def _norm_of_sum(self, name: str, product: str, hidden: str, epsilon: float) -> str:
        """Add a sum and its layer norm, spelt out: the one operator for it takes three times as long."""
        added = self._node("Add", [product, hidden])
        share = self._store(f"{name}.share", np.full((self._width, 1), 1 / self._width, dtype=np.float32))
        centred = self._node("Sub", [added, self._node("MatMul", [added, share])])
        variance = self._node("MatMul", [self._node("Mul", [centred, centred]), share])
        tiny = self._store(f"{name}.epsilon", np.array([epsilon], dtype=np.float32))
        scaled = self._node("Div", [centred, self._node("Sqrt", [self._node("Add", [variance, tiny])])])
        weight, bias = self._norm(f"{name}.LayerNorm")
        return self._node("Add", [self._node("Mul", [scaled, weight]), bias])

    def mean(self, hidden: str, dimension: int, added: Sequence[float]) -> tuple[str, list[str | int]]:
        """Add the mean over the tokens that the mask keeps, scaled to length 1; with these numbers added, if any, once more."""
        one, last = self._store("axis.1", np.array([1], dtype=np.int64)), self._store("axis.2", np.array([2], dtype=np.int64))
        kept = self._node("Cast", [self._node("Unsqueeze", ["mask", last])], to=TensorProto.FLOAT)
        total = self._node("ReduceSum", [self._node("Mul", [hidden, kept]), one], keepdims=0)
        count = self._node("Max", [self._node("ReduceSum", [kept, one], keepdims=0), self._scalar("count", _TINY_COUNT)])
        mean = self._node("Div", [total, count])
        tiny = self._scalar("norm", _TINY_NORM)
        if added:
            mean = self._node("Add", [self._unit(mean, tiny), self._store("added", np.array(added, np.float32))])
        return self._unit(mean, tiny, name="vectors"), ["batch", dimension]

    def _unit(self, vector: str, tiny: str, name: str = "") -> str:
        norm = self._node("Max", [self._node("ReduceL2", [vector], axes=[1], keepdims=1), tiny])
        return self._node("Div", [vector, norm], name=name)

    def tokens(self, hidden: str, added: Sequence[float]) -> tuple[str, list[str | int]]:
        """Add the linear layer `head` over each token, and these numbers to what it gives, if there are any."""
        name, classes = self._head(hidden, added)
        return name, ["batch", "tokens", classes]

    def first(self, hidden: str, config: dict[str, Any], added: Sequence[float]) -> tuple[str, list[str | int]]:
        """Add the last layer for the first token alone, in float32, the linear layer `head` over it, and these numbers."""
        name, epsilon = f"encoder.layer.{config['num_hidden_layers'] - 1}", float(config["layer_norm_eps"])
        ends = (self._store(f"first.{part}", np.array([at], np.int64)) for part, at in (("start", 0), ("end", 1), ("axis", 1)))
        own = self._node("Slice", [hidden, *ends])
        attended = self._attention_of_one(f"{name}.attention.self", own, hidden, int(config["num_attention_heads"]))
        own = self._after_attention(name, attended, own, epsilon, self._exact_matmul)
        flat = self._node("Squeeze", [own, self._store("first.squeezed", np.array([1], np.int64))])
        output, classes = self._head(flat, added)
        return output, ["batch", classes]

    def _attention_of_one(self, name: str, own: str, hidden: str, heads: int) -> str:
        """Add the attention of one token, (batch, 1, d), to all.

        Neither keys nor values are wanted for each token: q·(K x) is (q K)·x, and the sum of p (V x) is V times that of p x. What
        a bias adds to all keys changes no share.
        """
        query, key, value = (self._weight(f"{name}.{part}.weight") for part in ("query", "key", "value"))
        size = len(query) // heads
        product = self._exact_matmul(f"{name}.query", own, self._bias(f"{name}.query"))
        queries = self._node("Reshape", [product, self._store("one.split", np.array([0, heads, 1, size], np.int64))])
        keys = key.reshape(heads, size, -1) / np.float32(np.sqrt(size))
        two = self._store("one.axis", np.array([2], np.int64))
        asked = self._node("Squeeze", [self._node("MatMul", [queries, self._store(f"{name}.key.weight", keys)]), two])
        scores = self._node("MatMul", [asked, self._node("Transpose", [hidden], perm=[0, 2, 1])])
        kept = self._node("Sub", [self._node("Cast", ["mask"], to=TensorProto.FLOAT), self._scalar("one", 1.0)])
        never = self._node("Mul", [kept, self._scalar("never", _NEVER)])
        never = self._node("Unsqueeze", [never, self._store("one.mask", np.array([1], np.int64))])
        shares = self._node("Softmax", [self._node("Add", [scores, never])], axis=-1)
        sums = self._node("Unsqueeze", [self._node("MatMul", [shares, hidden]), two])
        values = np.swapaxes(value.reshape(heads, size, -1), 1, 2)
        taken = self._node("MatMul", [sums, self._store(f"{name}.value.weight", values)])
        joined = self._node("Reshape", [taken, self._store("one.joined", np.array([0, 1, len(value)], np.int64))])
        return self._node("Add", [joined, self._bias(f"{name}.value")])

    def _head(self, hidden: str, added: Sequence[float]) -> tuple[str, int]:
        weight, bias = (np.ascontiguousarray(self._tensor(f"head.{part}"), np.float32) for part in ("weight", "bias"))
        bias = bias + np.array(added, np.float32) if added else bias
        product = self._node("MatMul", [hidden, self._store("head.weight", weight.T)])
        return self._node("Add", [product, self._store("head.bias", bias)], name="logits"), len(bias)
