"""Figures → a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whosays.evaluate.benchmarks import Benchmark, Measured
from whosays.evaluate.figures import Figure

_NAME = 22


def head(release: str) -> str:
    """Return the line above all benchmarks."""
    return f"{'':{_NAME}}{'now':>8}{release:>8}{'change' if release else '':>9}   wanted"


def rows(benchmark: Benchmark, measured: Measured, figures: Sequence[Figure], seconds: float) -> Iterator[str]:
    """Yield the lines of a benchmark."""
    yield f"{benchmark.name}: {benchmark.about} ({measured.size}, {seconds:.0f} s)"
    for figure in figures:
        last = "" if figure.last is None else f"{figure.last:.3f}"
        change = "" if figure.change is None else f"{figure.change:+.3f}"
        yield f"  {figure.name:{_NAME - 2}}{figure.value:>8.3f}{last:>8}{change:>9}   {_wanted(figure)}".rstrip()


def _wanted(figure: Figure) -> str:
    if figure.short is None:
        return ""
    bound = f"≥ {figure.at_least:.2f}" if figure.at_most is None else f"≤ {figure.at_most:.2f}"
    return f"{bound}  {'met' if figure.short <= 0 else f'missed by {figure.short:.3f}'}"
