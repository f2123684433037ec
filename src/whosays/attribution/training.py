"""Fine-tune a sentence encoder into the tagger: `whosays train`. The one module here that imports torch.

After PolNeAR (Newell et al., 2018) and the usual token classification of BERT (Devlin et al., 2019); the recipe (windows of
256 tokens, batches of 16, AdamW, one-cycle rates of 1.5e-4 for the encoder and 1e-3 for the head) is in the model card.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from whosays import text as texts
from whosays.attribution import polnear
from whosays.attribution.labels import IGNORE, LAYERS, LOGITS, label
from whosays.attribution.windows import Window, windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What, beside the data and the base model, decides the weights."""

    seed: int = 20260906
    epochs: int = 5
    batch: int = 16
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: float = 0.1
    dropout: float = 0.1
    threads: int = 2


class Tagger(nn.Module):
    """A BERT encoder and one linear layer over its last hidden states."""

    def __init__(self, base: Path, dropout: float) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.encoder.config.hidden_size, LOGITS)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, tokens, LOGITS)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(self.dropout(hidden))  # type: ignore[no-any-return]


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Sum over the layers of the mean cross-entropy over the tokens that count."""
    total = logits.new_zeros(())
    for i, layer in enumerate(LAYERS):
        part = logits[..., layer.start : layer.start + layer.size].reshape(-1, layer.size)
        weight = 1.0 if layer.size == 3 else 0.3
        total = total + weight * nn.functional.cross_entropy(part, labels[..., i].reshape(-1), ignore_index=IGNORE)
    return total


def collate(batch: Sequence[tuple[Window, np.ndarray]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad a batch to its longest window: ids, mask (batch, tokens) and labels (batch, tokens, layers)."""
    longest = max(len(window.ids) for window, _ in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    labels = torch.full((len(batch), longest, len(LAYERS)), IGNORE, dtype=torch.long)
    for row, (window, marks) in enumerate(batch):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        labels[row, : len(window.ids)] = torch.from_numpy(marks)
    return ids, mask, labels


def train(data: Path, base: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Train on the PolNeAR folder `data`, from the encoder in the folder `base`, and write the model to `out`.

    Raises InputError where `data` holds no annotated texts.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    order = np.random.default_rng(recipe.seed)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    examples = []
    for article in polnear.read(data):
        for window in windows(article.text, texts.paragraphs(article.text), tokenizer):
            examples.append((window, label(window, article.attributions)))
    model = Tagger(base, recipe.dropout)
    model.train()
    head = list(model.head.parameters())
    optimizer = torch.optim.AdamW(
        [
            {"params": list(model.encoder.parameters()), "lr": recipe.encoder_rate},
            {"params": head, "lr": recipe.head_rate},
        ],
        weight_decay=recipe.weight_decay,
    )
    steps = recipe.epochs * -(-len(examples) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=[recipe.encoder_rate, recipe.head_rate], total_steps=steps, pct_start=recipe.warm_up
    )
    report(f"{len(examples)} windows, {steps} steps")
    step, started = 0, time.monotonic()
    for epoch in range(recipe.epochs):
        shuffled = order.permutation(len(examples))
        for first in range(0, len(examples), recipe.batch):
            ids, mask, labels = collate([examples[i] for i in shuffled[first : first + recipe.batch]])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(ids, mask)
            loss = loss_of(logits.float(), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                left = (time.monotonic() - started) / step * (steps - step)
                report(f"epoch {epoch + 1} step {step}/{steps} loss {loss.item():.4f}, {left / 60:.0f} min left")
        save(model, base, out, recipe)


def save(model: Tagger, base: Path, out: Path, recipe: Recipe) -> None:
    """Write the weights as float16 (half the size; no figure moves) with what is needed to serve them."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, out / "model.safetensors")
    for name in ("config.json", "tokenizer.json"):
        (out / name).write_bytes((base / name).read_bytes())
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
