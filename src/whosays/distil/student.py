"""The small cross-encoder learns from what a large one says: `whosays train LOTS.jsonl --only relevance`. Imports torch.

It learns the teacher's log-odds for each pair (Hinton et al., 2015), and the cosine of question and claim besides, which is there
for nothing and says something of meaning.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from whosays.attribution.batches import tokenizer_of
from whosays.crossencoder import CLAIM, QUESTION, pairs
from whosays.distil.lots import Lot, read
from whosays.encode import Head, ranges
from whosays.encode.folder import CONFIG, TOKENIZER, WEIGHTS
from whosays.encode.pair import KIND
from whosays.errors import InputError

#: Where a teacher keeps its word embeddings, which the student's are made of.
_WORDS = "encoder.embeddings.word_embeddings.weight"
#: What the two further losses count for beside that of the likelihood.
_OF_MARGIN, _OF_COSINE = 0.05, 10.0
#: Log-odds beyond these are all the same.
_SURE = 6.0
#: How far the kinds of token lie apart, in the one dimension of a head that tells them, when training begins.
_APART = 3.5
#: Every so many lots one is not learnt from: on these it is seen how far apart the log-odds lie.
_ASIDE = 10
_TINY = 1e-6
#: Units of the layer that judges, and pairs that bounds of the activations are measured on.
_HIDDEN, _MEASURED = 256, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What, beside the data and the teacher, decides the weights."""

    epochs: int = 4
    batch: int = 48
    rate: float = 1.5e-3
    seed: int = 1
    weight_decay: float = 0.01
    warm_up: float = 0.1
    threads: int = 1
    pool: int = 20
    width: int = 128
    inner: int = 256
    layers: int = 1
    heads: int = 4
    readers: int = 8


#: Token ids, the teacher's log-odds, and the cosine.
Example = tuple[Sequence[int], float, float]


class Student(nn.Module):
    """The network whose graph `whosays.encode.pair` builds; weights have the same names there."""

    def __init__(self, words: torch.Tensor, recipe: Recipe) -> None:
        super().__init__()
        width, self.readers = recipe.width, recipe.readers
        size = width // recipe.heads
        taken = self.readers * size
        self.vocabulary = len(words)
        self.words = nn.Embedding(len(words), width, sparse=True, _weight=_fewer(words, width))
        self.places = nn.Embedding(QUESTION + CLAIM + 2, width)
        self.kinds = nn.Embedding(2, width)
        self.layers = nn.ModuleList(_Layer(recipe) for _ in range(recipe.layers))
        self.query, self.key = nn.Linear(width, taken), nn.Linear(width, taken, bias=False)
        self.value = nn.Linear(width, taken)
        self.norm = nn.LayerNorm(taken + width)
        self.hidden, self.head = nn.Linear(taken + width, _HIDDEN), nn.Linear(_HIDDEN, 2)
        with torch.no_grad():
            self.places.weight.mul_(0.1)
            self.kinds.weight.mul_(0.1)
            for last in _last_of_heads(recipe):
                self.words.weight[:, last] = self.places.weight[:, last] = 0
                self.kinds.weight[:, last] = torch.tensor([_APART, -_APART])

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, 2): log-odds and cosine."""
        kinds = (ids < self.vocabulary).long()
        hidden = self.words(ids % self.vocabulary) + self.places.weight[: ids.shape[1]] + self.kinds(kinds)
        padding = torch.zeros(mask.shape).masked_fill(mask == 0, -1e4)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, padding)
        first = hidden[:, :1]
        query, key, value = (_split(part, self.readers) for part in (self.query(first), self.key(hidden), self.value(hidden)))
        taken = functional.scaled_dot_product_attention(query, key, value, attn_mask=padding).transpose(1, 2).flatten(1)
        inner = torch.relu(self.hidden(self.norm(torch.cat([taken, first[:, 0]], dim=-1))))
        return self.head(inner)  # type: ignore[no-any-return]


class _Layer(nn.Module):
    """Attention and two linear layers, each added to what goes in.

    Half of the heads begin as matching: a token looks for those like it among the tokens of the other kind.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        width, self.heads = recipe.width, recipe.heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, recipe.inner), nn.Linear(recipe.inner, width)
        size, same = width // recipe.heads, torch.eye(width)
        with torch.no_grad():
            self.qkv.bias.zero_()
            self.out.bias.zero_()
            self.out.weight.mul_(0.3).add_(0.5 * same)
            self.down.weight.mul_(0.5)
            nn.init.kaiming_normal_(self.up.weight)
            self.up.weight.mul_(0.7)
            self.qkv.weight[2 * width :].mul_(0.3).add_(same)
            for last in _last_of_heads(recipe):
                own = slice(last + 1 - size, last + 1)
                self.qkv.weight[own] = self.qkv.weight[width : 2 * width][own] = same[own]
                self.qkv.weight[width + last, last] = -1

    def forward(self, hidden: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
        """Return what goes in, (batch, tokens, width), with what is added."""
        query, key, value = (_split(part, self.heads) for part in self.qkv(hidden).chunk(3, dim=-1))
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=padding).transpose(1, 2).flatten(2)
        hidden = hidden + self.out(attended)
        return hidden + self.down(torch.relu(self.up(hidden)))  # type: ignore[no-any-return]


def train(data: Path, teacher: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Train on the lots in the file `data`, from the word embeddings of the `teacher`, and write the weights to `out`.

    Raises InputError where there is nothing to train on.
    """
    tokenizer = tokenizer_of(teacher)
    words = load_file(teacher / WEIGHTS)[_WORDS].float()
    lots = read(data)
    aside, learnt = lots[::_ASIDE], [lot for n, lot in enumerate(lots) if n % _ASIDE]

    def pairs_of(lot: Lot) -> list[list[int]]:
        return pairs(tokenizer, len(words), lot.question, [claim.text for claim in lot.claims])

    examples = list(_examples(learnt, pairs_of))
    if not examples:
        raise InputError(f"there is nothing to train on in {data}: two lots are wanted at least")
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    student = Student(words, recipe)
    _fit(student, examples, recipe, report)
    _spread(student, list(_examples(aside, pairs_of)), recipe)
    _save(student, teacher, out, recipe)
    some = np.random.default_rng(recipe.seed).choice(len(examples), min(_MEASURED, len(examples)), replace=False)
    ranges.save(out, ranges.measure(out, Head.PAIR, [examples[i][0] for i in some]))


def _examples(lots: Sequence[Lot], pairs_of: Callable[[Lot], list[list[int]]]) -> Iterator[Example]:
    for lot in lots:
        for ids, claim in zip(pairs_of(lot), lot.claims, strict=True):
            yield ids, claim.margin, claim.cosine


def _fit(student: Student, examples: Sequence[Example], recipe: Recipe, report: Callable[[str], None]) -> None:
    order = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * -(-len(examples) // recipe.batch)
    others = [weights for name, weights in student.named_parameters() if name != "words.weight"]
    optimizer = torch.optim.AdamW(others, lr=recipe.rate, weight_decay=recipe.weight_decay)
    # Of the words only those of the batch are touched: they are most of the weights.
    of_words = torch.optim.SparseAdam([student.words.weight], lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.rate, total_steps=steps + recipe.epochs, pct_start=recipe.warm_up
    )
    report(f"{len(examples)} pairs, {steps} steps")
    step, started = 0, time.monotonic()
    for _ in range(recipe.epochs):
        for batch in _batches(examples, recipe, order):
            loss = _loss(student, batch)
            optimizer.zero_grad()
            of_words.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(others, 1.0)
            optimizer.step()
            of_words.param_groups[0]["lr"] = 2 * schedule.get_last_lr()[0]
            of_words.step()  # type: ignore[no-untyped-call]
            schedule.step()
            step += 1
            if step % 50 == 0:
                left = (time.monotonic() - started) / step * (steps - step)
                report(f"step {step}/{steps} loss {loss.item():.4f}, {left / 60:.0f} min left")


def _spread(student: Student, aside: Sequence[Example], recipe: Recipe) -> None:
    """Have log-odds lie as far apart as the teacher's, on pairs that were not learnt.

    What learns from square errors says less than it was told wherever it is not sure; an answer chooses claims by how far apart
    they lie.
    """
    said, told = list[torch.Tensor](), torch.tensor([margin for _, margin, _ in aside])
    with torch.no_grad():
        for first in range(0, len(aside), recipe.batch):
            ids, mask = _padded(aside[first : first + recipe.batch])
            said.append(student(ids, mask)[:, 0])
        before = torch.cat(said)
        wider = float(told.std() / before.std().clamp(min=_TINY))
        student.head.weight[0] *= wider
        student.head.bias[0] = wider * student.head.bias[0] + (1 - wider) * before.mean()


def _loss(student: Student, batch: Sequence[Example]) -> torch.Tensor:
    margins = torch.tensor([margin for _, margin, _ in batch])
    cosines = torch.tensor([cosine for _, _, cosine in batch])
    said = student(*_padded(batch))
    likelihood = functional.binary_cross_entropy_with_logits(said[:, 0], torch.sigmoid(margins))
    margin = functional.mse_loss(said[:, 0], margins.clamp(-_SURE, _SURE))
    return likelihood + _OF_MARGIN * margin + _OF_COSINE * functional.mse_loss(said[:, 1], cosines)


def _padded(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask, (batch, tokens)."""
    longest = max(len(ids) for ids, _, _ in batch)
    ids, mask = np.zeros((len(batch), longest), np.int64), np.zeros((len(batch), longest), np.int64)
    for row, (own, _, _) in enumerate(batch):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def _batches(examples: Sequence[Example], recipe: Recipe, order: np.random.Generator) -> Iterator[list[Example]]:
    """Yield the examples in random batches, each of one pool's examples of like length."""
    shuffled = order.permutation(len(examples)).tolist()
    room, batches = recipe.batch * recipe.pool, list[list[int]]()
    for first in range(0, len(shuffled), room):
        pool = sorted(shuffled[first : first + room], key=lambda i: len(examples[i][0]))
        batches += [pool[i : i + recipe.batch] for i in range(0, len(pool), recipe.batch)]
    for nth in order.permutation(len(batches)):
        yield [examples[i] for i in batches[nth]]


def _fewer(words: torch.Tensor, width: int) -> torch.Tensor:
    """Return word embeddings in their principal components, turned at random so that each head sees some of all."""
    centred = words - words.mean(0)
    _, components = torch.linalg.eigh(centred.T @ centred / len(centred))
    turned = centred @ components[:, -width:] @ torch.linalg.qr(torch.randn(width, width))[0]
    return turned / turned.std()  # type: ignore[no-any-return]


def _last_of_heads(recipe: Recipe) -> list[int]:
    """Return the last dimension of each head that begins as matching: it tells the kinds of token apart."""
    size = recipe.width // recipe.heads
    return [(head + 1) * size - 1 for head in range(max(1, recipe.heads // 2))]


def _split(hidden: torch.Tensor, heads: int) -> torch.Tensor:
    """Return (batch, tokens, heads · size) as (batch, heads, tokens, size)."""
    return hidden.unflatten(-1, (heads, -1)).transpose(1, 2)  # type: ignore[no-any-return, no-untyped-call]


def _save(student: Student, teacher: Path, out: Path, recipe: Recipe) -> None:
    """Write the weights as float16 with what is needed to serve them."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in student.state_dict().items()}
    save_file(weights, out / WEIGHTS)
    config = {"model_type": KIND, "vocabulary": student.vocabulary}
    config |= {"width": recipe.width, "layers": recipe.layers, "heads": recipe.heads, "readers": recipe.readers}
    (out / CONFIG).write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    (out / TOKENIZER).write_bytes((teacher / TOKENIZER).read_bytes())
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
