"""A sentence encoder is fine-tuned into the teacher: `whosays train LABELS.jsonl --only teacher`. Imports torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from whosays.attribution.batches import tokenizer_of
from whosays.attribution.labels import IGNORE
from whosays.attribution.training import Classifier, Example, Recipe, fit
from whosays.crossencoder import ANSWERS, NO, YES, pair
from whosays.errors import InputError

RECIPE = Recipe(epochs=3, batch=32, encoder_rate=5e-5, pool=20)


def train(data: Path, base: Path, out: Path, recipe: Recipe, report: Callable[[str], None]) -> None:
    """Train on `data`, from the encoder in the folder `base`, and write the weights to `out`.

    `data` holds lines {"question": str, "claims": [{"text": str, "answers": bool}, …]}, "text" being what of a claim is embedded
    (its article's title, the speaker, the cue and the content). Raises InputError where a line is not like that.
    """
    tokenizer = tokenizer_of(base)
    examples: list[Example] = []
    for question, claim, answers in _read(data):
        ids = pair(tokenizer, question, claim)
        labels = np.full((len(ids), 1), IGNORE, np.int64)
        labels[0, 0] = YES if answers else NO
        examples.append((ids, labels))
    fit(lambda: Classifier(base, (ANSWERS,), recipe.dropout), examples, (ANSWERS,), base, out, recipe, report)


def _read(data: Path) -> Iterator[tuple[str, str, bool]]:
    for number, line in enumerate(data.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            for claim in row["claims"]:
                yield str(row["question"]), str(claim["text"]), bool(claim["answers"])
        except (ValueError, KeyError, TypeError) as error:
            wanted = '{"question": …, "claims": [{"text": …, "answers": true}]}'
            raise InputError(f"{data}, line {number}: {wanted} is wanted ({error})") from error
