"""A BERT of two layers with the default model's tokenizer and weights drawn by chance: a model that is another one, and small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertModel

from whosays.encode import DEFAULT
from whosays.encode.encoder import find


def write(folder: Path) -> Path:
    """Write the model into a folder, and return that."""
    base = find(DEFAULT)
    assert base is not None
    torch.manual_seed(7)
    BertModel(config(initializer_range=0.3)).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((base / name).read_bytes())
    return folder


def config(**others: Any) -> BertConfig:
    """Return the measures of a small BERT, some of them others than here."""
    measures: dict[str, Any] = {
        "vocab_size": 30522,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "max_position_embeddings": 64,
    }
    return BertConfig(**(measures | others))
