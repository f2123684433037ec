"""What the two passes need to be computed in 8-bit integers: `whosays train DATA --only ranges`.

Beside the bounds of the activations (`whosays.encode.ranges`) that is a number for each logit, which is added to it: rounding
makes the networks a little less sure that words begin a span, always in the same direction. It is fitted to the likelihoods that
they give in float32, not to annotations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whosays import text as texts
from whosays.attribution.batches import TokenClassifier, tokenizer_of
from whosays.attribution.labels import TAGGER_LAYERS, Layer
from whosays.attribution.marking import ASKER_LAYERS, mark, reading
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.polnear import Annotated, read
from whosays.attribution.spans import Logits, softmax
from whosays.attribution.windows import windows
from whosays.encode import Head, ranges

#: Articles that are read, and of what is read in them so many windows, or marked cues, for the bounds and for the logits.
_ARTICLES, _BOUNDS, _LOGITS = 60, 300, 900
_STEPS = 20
#: Keeps what is fitted small where the data hardly says anything of it.
_RIDGE = 1e-6

Row = Sequence[int]


def measure(data: Path, model: Path, threads: int | None, report: Callable[[str], None]) -> None:
    """Measure what both passes in the folder `model` need on the PolNeAR folder `data`, and write it beside their weights.

    Raises InputError where `data` holds no annotated texts, and ModelError where a pass is missing.
    """
    articles = list(islice(read(data), _ARTICLES))
    for name, rows_of, layers in ((TAGGER, _windows, TAGGER_LAYERS[:3]), (ASKER, _marked, ASKER_LAYERS[:3])):
        folder, tokenizer = model / name, tokenizer_of(model / name)
        rows = [row for article in articles for row in rows_of(article, tokenizer)]
        rows = rows[:: max(1, len(rows) // _LOGITS)]
        (folder / ranges.FILE).unlink(missing_ok=True)
        exact = _logits(folder, rows, threads)
        bounds = ranges.measure(folder, Head.TOKENS, rows[:: max(1, len(rows) // _BOUNDS)])
        ranges.save(folder, bounds)
        rounded = _logits(folder, rows, threads)
        added = np.zeros(exact.shape[1])
        for layer in layers:
            added[layer.start : layer.start + layer.size] = _added(layer, exact, rounded)
        ranges.save(folder, bounds, added.tolist())
        error = float(np.abs(exact - rounded - added).mean())
        report(f"{name}: {len(rows)} texts, {len(exact)} tokens; a logit is off by {error:.3f} on average")


def _windows(article: Annotated, tokenizer: Tokenizer) -> Iterator[Row]:
    yield from (window.ids for window in windows(article.text, texts.paragraphs(article.text), tokenizer))


def _marked(article: Annotated, tokenizer: Tokenizer) -> Iterator[Row]:
    paragraphs = texts.paragraphs(article.text)
    encodings = tokenizer.encode_batch([article.text[slice(*p)] for p in paragraphs], add_special_tokens=False)
    for paragraph, encoding in zip(paragraphs, encodings, strict=True):
        whole = reading(paragraph, encoding, tokenizer)
        for cue in (found.cue[0] for found in article.attributions if found.cue):
            if paragraph.start <= cue.start < paragraph.end and (marked := mark(whole, cue)):
                yield marked.window.ids


def _logits(folder: Path, rows: Sequence[Row], threads: int | None) -> Logits:
    """Return (tokens of all rows, classes) as the folder is served now."""
    with TemporaryDirectory() as cache:
        by_row = dict(TokenClassifier.load(folder, Path(cache), threads).run(rows))
    return np.concatenate([by_row[i] for i in range(len(rows))])


def _added(layer: Layer, exact: Logits, rounded: Logits) -> NDArray[np.float64]:
    """Return what, added to a layer's logits, brings their likelihoods nearest to the exact ones (least cross-entropy)."""
    wanted, given = softmax(layer.of(exact)).astype(np.float64), layer.of(rounded).astype(np.float64)
    added = np.zeros(layer.size)
    for _ in range(_STEPS):
        shifted = np.exp(given + added - (given + added).max(axis=1, keepdims=True))
        share = shifted / shifted.sum(axis=1, keepdims=True)
        hessian = np.diag(share.mean(axis=0)) - share.T @ share / len(share) + _RIDGE * np.eye(layer.size)
        added = added - np.linalg.solve(hessian, (share - wanted).mean(axis=0) + _RIDGE * added)
    return np.asarray(added - added.mean())
