"""Vectors that sentence-transformers itself computed: what a freshly built graph is held against.

`python -m whosays.encode.export` writes the file anew (sentence-transformers must be installed for that).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path

import numpy as np

from whosays.config import data_folder
from whosays.encode.folder import digest
from whosays.errors import ModelError
from whosays.types import Vectors

FILE = data_folder() / "models" / "encoder-check.json"
#: The lowest cosine between a vector of ours and sentence-transformers' own that is taken for the same vector …
AGREEMENT = 0.9999
#: … and for the same but for rounding: of texts like these, some of which are like none of what bounds were measured on.
ROUNDED = 0.99
#: Short and long, plain and not: names, figures, accents, other scripts, nothing, and more than a model reads.
TEXTS = (
    "who holds the valley?",
    "The province's governor said on Tuesday that the last checkpoint had been handed over; the front denied it.",
    "Ünïcödé naïveté: the Łódź court fined Ms. Nuñez €1,250.50 — “a scandal”, she wrote.",
    "議会は予算案を可決した。 Парламент принял бюджет. صوّت البرلمان 🗳️",
    "",
    "The council met again, heard both parties and put off its vote until the spring. " * 40,
)

Encode = Callable[[Sequence[str]], Vectors]


class DisagreementError(ModelError):
    """A graph does not compute what it should."""


def check(folder: Path, encode: Encode) -> None:
    """Raise ModelError where `encode` is not what sentence-transformers computes with the model in `folder`.

    For the default model its vectors are at hand; for any other they are computed now, if sentence-transformers is installed.
    """
    if FILE.exists():
        known = json.loads(FILE.read_text("utf-8"))
        if known["digest"] == digest(folder):
            compare(encode(known["texts"]), np.array(known["vectors"], dtype=np.float32))
            return
    if util.find_spec("sentence_transformers") is not None:
        from whosays.encode import export  # noqa: PLC0415 - torch is loaded only where there is something to compare with

        compare(encode(TEXTS), export.original(folder)(TEXTS))


def compare(ours: Vectors, theirs: Vectors, least: float = AGREEMENT, whose: str = "sentence-transformers") -> None:
    """Raise DisagreementError where two rows of the same text have a lower cosine; `whose` are theirs."""
    if ours.shape != theirs.shape:
        raise DisagreementError(f"the model's graph gives {ours.shape[1]} dimensions, {whose} {theirs.shape[1]}")
    worst = float((ours * theirs).sum(axis=1).min())
    # Written so that a NaN fails too.
    if not worst >= least:
        raise DisagreementError(f"the model's graph and {whose} disagree: cosine {worst:.6f}, at least {least} is needed")
