"""Fit the confidence of attributions to texts that people annotated: `whosays train DATA --only confidence`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from whosays import text as texts
from whosays.attribution import polnear
from whosays.attribution.asker import Asker
from whosays.attribution.confidence import Confidence, features, fit
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.relations import spans_of
from whosays.attribution.tagger import Tagger
from whosays.types import Attribution, Span

#: Two spans are the same from this share of their joint letters on, as in the scorer of the benchmark.
_SAME = 0.5


def calibrate(data: Path, model: Path, cache: Path, threads: int | None, report: Callable[[str], None]) -> Confidence:
    """Return the confidence that fits the PolNeAR folder `data`, which must not be what the passes in `model` were trained on.

    Raises InputError where `data` holds no annotated texts, and ModelError where a pass is missing.
    """
    tagger, asker = Tagger.load(model / TAGGER, cache, threads), Asker.load(model / ASKER, cache, threads)
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for article in polnear.read(data):
        paragraphs = texts.paragraphs(article.text)
        for asked in asker.ask(article.text, paragraphs, tagger.tag(article.text, paragraphs).cues):
            if asked.contents:
                source, _, content = spans_of(asked)
                rows.append(features(asked))
                right.append(_is_right(article.text, source, content, article.attributions))
    report(f"{len(rows)} attributions, {sum(right)} of them right")
    return fit(rows, right)


def _is_right(text: str, source: Sequence[Span], content: Sequence[Span], gold: Iterable[Attribution]) -> bool:
    found = _letters(text, content), _letters(text, source)
    return any(_alike(found[0], _letters(text, one.content)) and _alike(found[1], _letters(text, one.source)) for one in gold)


def _letters(text: str, spans: Sequence[Span]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end) if text[i].isalnum())


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _SAME * len(one | other)
