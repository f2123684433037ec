"""Fine-tune a sentence encoder into the two passes: `whosays train`. The one module here that imports torch.

After PolNeAR (Newell et al., 2018) and the usual token classification of BERT (Devlin et al., 2019). The tagger is trained from
the encoder, the asker from the tagger, on the cues of the training texts and on what the tagger takes for possible cues there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModel

from whosays import text as texts
from whosays.attribution import polnear
from whosays.attribution.batches import tokenizer_of
from whosays.attribution.labels import IGNORE, TAGGER_LAYERS, Layer, label
from whosays.attribution.marking import ASKER_LAYERS, label_marked, mark, reading
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.tagger import Tagger
from whosays.attribution.windows import windows
from whosays.encode import ranges
from whosays.errors import InputError
from whosays.types import Attribution, Span

#: Token ids, and (tokens, layers) classes.
Example = tuple[Sequence[int], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What, beside the data and the base model, decides the weights."""

    epochs: int
    batch: int
    encoder_rate: float
    seed: int = 20260906
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: float = 0.1
    dropout: float = 0.1
    threads: int = 2
    #: Examples of like length are batched together, out of so many batches.
    pool: int = 1


RECIPES = {
    TAGGER: Recipe(epochs=5, batch=16, encoder_rate=1.5e-4),
    ASKER: Recipe(epochs=3, batch=32, encoder_rate=1e-4, pool=40),
}


class Classifier(nn.Module):
    """A BERT encoder and one linear layer over its last hidden states."""

    def __init__(self, base: Path, layers: Sequence[Layer], dropout: float) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.encoder.config.hidden_size, sum(layer.size for layer in layers))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, tokens, classes)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(self.dropout(hidden))  # type: ignore[no-any-return]


def train(
    data: Path,
    base: Path,
    out: Path,
    report: Callable[[str], None],
    *,
    only: str | None = None,
    recipes: Mapping[str, Recipe] = RECIPES,
) -> None:
    """Train both passes, or one of them (`TAGGER`, or `ASKER` with the tagger that is in `out`), on the PolNeAR folder `data`.

    `base` is the folder of a sentence encoder; the weights are written to folders of the passes' names in `out`. Raises
    InputError where `data` holds no annotated texts.
    """
    if only in (None, TAGGER):
        train_tagger(data, base, out / TAGGER, recipes[TAGGER], report)
    if only in (None, ASKER):
        train_asker(data, base, out / TAGGER, out / ASKER, recipes[ASKER], report)


def train_tagger(data: Path, base: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Train the first pass on the PolNeAR folder `data`, from the encoder in the folder `base`, and write it to `out`.

    Raises InputError where `data` holds no annotated texts.
    """
    tokenizer = tokenizer_of(base)
    examples = [
        (window.ids, label(window, article.attributions))
        for article in polnear.read(data)
        for window in windows(article.text, texts.paragraphs(article.text), tokenizer)
    ]
    fit(lambda: Classifier(base, TAGGER_LAYERS, recipe.dropout), examples, TAGGER_LAYERS, base, out, recipe, report)


def train_asker(data: Path, base: Path, tagger: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Train the second pass on `data`, from the trained tagger in its folder, and write it to `out`. Raises InputError."""
    with TemporaryDirectory() as cache:
        examples = list(_asked(data, tagger, Path(cache), recipe.threads))

    def model() -> Classifier:
        made = Classifier(base, ASKER_LAYERS, recipe.dropout)
        weights = {name: tensor.float() for name, tensor in load_file(tagger / "model.safetensors").items()}
        made.load_state_dict({name: tensor for name, tensor in weights.items() if name.startswith("encoder.")}, strict=False)
        return made

    fit(model, examples, ASKER_LAYERS, tagger, out, recipe, report)


def _asked(data: Path, folder: Path, cache: Path, threads: int) -> Iterator[Example]:
    """Yield an example for each annotated cue, and for each stretch that the tagger takes for a possible one."""
    tagger, tokenizer = Tagger.load(folder, cache, threads), tokenizer_of(folder)
    for article in polnear.read(data):
        paragraphs = texts.paragraphs(article.text)
        encodings = tokenizer.encode_batch([article.text[slice(*p)] for p in paragraphs], add_special_tokens=False)
        possible = [found.span for found in tagger.tag(article.text, paragraphs).cues]
        read = [reading(paragraph, encoding, tokenizer) for paragraph, encoding in zip(paragraphs, encodings, strict=True)]
        for cue, attribution in _with_gold(possible, article.attributions):
            for paragraph, own in zip(paragraphs, read, strict=True):
                if paragraph.start <= cue.start < paragraph.end and (marked := mark(own, cue)):
                    yield marked.window.ids, label_marked(marked, attribution)


def _with_gold(candidates: Sequence[Span], attributions: Sequence[Attribution]) -> Iterator[tuple[Span, Attribution | None]]:
    """Yield the annotated cues with their attributions, and each other candidate with the one that it overlaps, or none."""
    gold = {attribution.cue[0]: attribution for attribution in attributions if attribution.cue}
    yield from gold.items()
    for candidate in candidates:
        if candidate not in gold:
            yield candidate, next((a for cue, a in gold.items() if cue.start < candidate.end and candidate.start < cue.end), None)


def fit(
    make: Callable[[], Classifier],
    examples: Sequence[Example],
    layers: Sequence[Layer],
    base: Path,
    out: Path,
    recipe: Recipe,
    report: Callable[[str], None],
) -> None:
    """Train what `make` makes on these examples, and write it to `out` with what `base` holds beside weights.

    Raises InputError where there are none.
    """
    if not examples:
        raise InputError(f"there is nothing to train {out.name} on: the data holds no examples")
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    order = np.random.default_rng(recipe.seed)
    model = make()
    model.train()
    parts = [
        {"params": list(model.encoder.parameters()), "lr": recipe.encoder_rate},
        {"params": list(model.head.parameters()), "lr": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(parts, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * -(-len(examples) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=[recipe.encoder_rate, recipe.head_rate], total_steps=steps, pct_start=recipe.warm_up
    )
    report(f"{out.name}: {len(examples)} examples, {steps} steps")
    step, started = 0, time.monotonic()
    for epoch in range(recipe.epochs):
        for batch in _batches(examples, recipe, order):
            ids, mask, labels = collate(batch, len(layers))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(ids, mask)
            loss = loss_of(logits.float(), labels, layers)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                left = (time.monotonic() - started) / step * (steps - step)
                report(f"{out.name}: epoch {epoch + 1} step {step}/{steps} loss {loss.item():.4f}, {left / 60:.0f} min left")
    save(model, base, out, recipe)


def _batches(examples: Sequence[Example], recipe: Recipe, order: np.random.Generator) -> Iterator[list[Example]]:
    """Yield the examples in random batches, each of one pool's examples of like length: less padding is less to compute."""
    shuffled = order.permutation(len(examples)).tolist()
    room = recipe.batch * recipe.pool
    batches: list[list[int]] = []
    for first in range(0, len(shuffled), room):
        pool = shuffled[first : first + room]
        if recipe.pool > 1:
            pool.sort(key=lambda i: len(examples[i][0]))
        batches += [pool[i : i + recipe.batch] for i in range(0, len(pool), recipe.batch)]
    if recipe.pool > 1:
        order.shuffle(batches)
    for batch in batches:
        yield [examples[i] for i in batch]


def loss_of(logits: torch.Tensor, labels: torch.Tensor, layers: Sequence[Layer]) -> torch.Tensor:
    """Sum over the layers of the mean cross-entropy over the tokens that count; a layer without any adds nothing."""
    total = logits.new_zeros(())
    for i, layer in enumerate(layers):
        part, wanted = logits[..., layer.start : layer.start + layer.size].reshape(-1, layer.size), labels[..., i].reshape(-1)
        if bool((wanted != IGNORE).any()):
            total = total + layer.weight * nn.functional.cross_entropy(part, wanted, ignore_index=IGNORE)
    return total


def collate(batch: Sequence[Example], layers: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad a batch to its longest example: ids, mask (batch, tokens) and labels (batch, tokens, layers)."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    labels = torch.full((len(batch), longest, layers), IGNORE, dtype=torch.long)
    for row, (own, marks) in enumerate(batch):
        ids[row, : len(own)] = torch.tensor(own)
        mask[row, : len(own)] = 1
        labels[row, : len(own)] = torch.from_numpy(marks)
    return ids, mask, labels


def save(model: Classifier, base: Path, out: Path, recipe: Recipe) -> None:
    """Write the weights as float16 (half the size; no figure moves) with what is needed to serve them."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, out / "model.safetensors")
    # Those of other weights.
    (out / ranges.FILE).unlink(missing_ok=True)
    for name in ("config.json", "tokenizer.json"):
        (out / name).write_bytes((base / name).read_bytes())
    (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2) + "\n", "utf-8")
