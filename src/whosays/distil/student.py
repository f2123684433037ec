"""A cross-encoder of few layers learns what one of more says: `whosays train LOTS.jsonl --only relevance`. Imports torch.

It begins as some of the teacher's layers (Sanh et al., 2019). From each pair it learns the teacher's log-odds (Hinton et al.,
2015), and from all claims of a question how the teacher shares a likelihood out among them (Cao et al., 2007): they are ranked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from whosays.attribution.batches import tokenizer_of
from whosays.crossencoder import NO, YES, pair
from whosays.distil.lots import Lot, read
from whosays.encode import Head, ranges
from whosays.encode.folder import CONFIG, TOKENIZER, WEIGHTS
from whosays.errors import InputError

#: What stands before the number of a layer in the names of weights.
_LAYER = "encoder.encoder.layer."
#: What the distance of log-odds and the ranking count for beside the likelihood.
_OF_MARGIN, _OF_RANKING = 0.1, 0.5
#: Log-odds beyond these are all the same.
_SURE = 6.0
#: Every so many lots one is not learnt from: on these it is seen how far student and teacher agree.
_ASIDE = 10
#: Pairs that the bounds of the activations are measured on.
_MEASURED = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What, beside the data and the teacher, decides the weights: `layers` of the teacher's, and `lots` a step."""

    layers: tuple[int, ...] = (0, 2, 5)
    epochs: int = 2
    lots: int = 2
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    seed: int = 1
    weight_decay: float = 0.01
    warm_up: float = 0.1
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far log-odds correlate with the teacher's: over all pairs, and by rank within a question (the mean of them)."""

    pairs: float
    ranks: float


class Student(nn.Module):
    """A BERT of some of a teacher's layers, and the linear layer at [CLS]; its weights have the names that they are served by."""

    def __init__(self, teacher: Path, layers: Sequence[int]) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(teacher, num_hidden_layers=len(layers), attn_implementation="sdpa")
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.head = nn.Linear(config.hidden_size, 2)
        self.load_state_dict(_of_layers(load_file(teacher / WEIGHTS), layers))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return log-odds, float32 (batch,)."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            first = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
        logits = self.head(first.float())
        return logits[:, YES] - logits[:, NO]  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, eq=False)
class _Example:
    """A lot as it is read: a row of token ids and the teacher's log-odds for each claim."""

    rows: Sequence[Sequence[int]]
    margins: torch.Tensor


def train(data: Path, teacher: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> Agreement:
    """Train on the lots in the file `data`, from the weights in the folder `teacher`; write the student's to the folder `out`.

    Raises InputError where there is nothing to train on, or the teacher has no such layers.
    """
    lots = read(data)
    if len(lots) <= _ASIDE:
        raise InputError(f"there is nothing to train on in {data}: more than {_ASIDE} lots are wanted")
    config = json.loads((teacher / CONFIG).read_text("utf-8"))
    if max(recipe.layers) >= config["num_hidden_layers"]:
        raise InputError(f"{teacher} has {config['num_hidden_layers']} layers, and no layer {max(recipe.layers)}")
    tokenizer = tokenizer_of(teacher)

    def example(lot: Lot) -> _Example:
        rows = [pair(tokenizer, lot.question, claim.text) for claim in lot.claims]
        return _Example(rows, torch.tensor([claim.margin for claim in lot.claims]))

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    student = Student(teacher, recipe.layers)
    learnt = [example(lot) for n, lot in enumerate(lots) if n % _ASIDE]
    _fit(student, learnt, recipe, report)
    agreement = _agreement(student, [example(lot) for lot in lots[::_ASIDE]])
    report(f"log-odds correlate with the teacher's at {agreement.pairs:.3f}, ranks within a question at {agreement.ranks:.3f}")
    _save(student, config, teacher, out, recipe)
    rows = list(chain.from_iterable(one.rows for one in learnt))
    some = np.random.default_rng(recipe.seed).choice(len(rows), min(_MEASURED, len(rows)), replace=False)
    ranges.save(out, ranges.measure(out, Head.FIRST, [rows[i] for i in some]))
    return agreement


def _of_layers(weights: Mapping[str, torch.Tensor], layers: Sequence[int]) -> dict[str, torch.Tensor]:
    """Return weights with these layers alone, numbered anew, in float32."""
    kept = {}
    for name, tensor in weights.items():
        if not name.startswith(_LAYER):
            kept[name] = tensor.float()
            continue
        number, rest = name.removeprefix(_LAYER).split(".", 1)
        if int(number) in layers:
            kept[f"{_LAYER}{layers.index(int(number))}.{rest}"] = tensor.float()
    return kept


def _fit(student: Student, examples: Sequence[_Example], recipe: Recipe, report: Callable[[str], None]) -> None:
    order = np.random.default_rng(recipe.seed)
    parts = [
        {"params": list(student.encoder.parameters()), "lr": recipe.encoder_rate},
        {"params": list(student.head.parameters()), "lr": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(parts, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * -(-len(examples) // recipe.lots)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=[recipe.encoder_rate, recipe.head_rate], total_steps=steps, pct_start=recipe.warm_up
    )
    report(f"{sum(len(one.rows) for one in examples)} pairs, {steps} steps")
    step, started = 0, time.monotonic()
    student.train()
    for _ in range(recipe.epochs):
        shuffled = order.permutation(len(examples)).tolist()
        for first in range(0, len(shuffled), recipe.lots):
            some = [examples[i] for i in shuffled[first : first + recipe.lots]]
            optimizer.zero_grad(set_to_none=True)
            # A lot at a time: its rows are of like length, and less is held at once.
            for one in some:
                (_loss(student(*_padded(one.rows)), one.margins) / len(some)).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                left = (time.monotonic() - started) / step * (steps - step)
                report(f"step {step}/{steps}, {left / 60:.0f} min left")


def _loss(said: torch.Tensor, told: torch.Tensor) -> torch.Tensor:
    likelihood = functional.binary_cross_entropy_with_logits(said, torch.sigmoid(told))
    margin = functional.mse_loss(said, told.clamp(-_SURE, _SURE))
    shares = functional.log_softmax(said, dim=0), functional.log_softmax(told, dim=0)
    ranking = functional.kl_div(*shares, log_target=True, reduction="sum")
    return likelihood + _OF_MARGIN * margin + _OF_RANKING * ranking


def _agreement(student: Student, aside: Sequence[_Example]) -> Agreement:
    student.eval()
    with torch.inference_mode():
        said = [student(*_padded(one.rows)).numpy() for one in aside]
    told = [one.margins.numpy() for one in aside]
    ranks = [_correlation(_ranks(own), _ranks(other)) for own, other in zip(said, told, strict=True) if len(own) > 1]
    pairs = _correlation(np.concatenate(said), np.concatenate(told))
    return Agreement(pairs=pairs, ranks=float(np.mean(ranks)) if ranks else 0.0)


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return values.argsort().argsort().astype(np.float32)


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return Pearson's correlation; 0 where either is the same everywhere."""
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask, (batch, tokens)."""
    ids = torch.zeros((len(rows), max(map(len, rows))), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for n, row in enumerate(rows):
        ids[n, : len(row)] = torch.tensor(row)
        mask[n, : len(row)] = 1
    return ids, mask


def _save(student: Student, config: dict[str, object], teacher: Path, out: Path, recipe: Recipe) -> None:
    """Write the weights as float16 with what is needed to serve them."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in student.state_dict().items()}
    save_file(weights, out / WEIGHTS)
    config = config | {"num_hidden_layers": len(recipe.layers)}
    (out / CONFIG).write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    (out / TOKENIZER).write_bytes((teacher / TOKENIZER).read_bytes())
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
