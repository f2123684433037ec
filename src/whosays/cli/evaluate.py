"""`whosays eval`: the quality benchmarks, beside the figures of the last release."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whosays import __version__
from whosays.cli.exits import Exit, UsageError
from whosays.cli.output import print_json, print_line, warn
from whosays.config import Settings
from whosays.evaluate import (
    BENCHMARKS,
    NOISE,
    Bench,
    Benchmark,
    Figure,
    Folder,
    Known,
    Labelled,
    Measured,
    Models,
    over,
    table,
    worse,
)

_NAME_IT = "name it with --data DIR or WHOSAYS_BENCHMARKS"


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Measure what is asked for and print it. Raises WhosaysError."""
    folder, benchmarks = _folder(settings, options), _benchmarks(options)
    known = Known.read(settings.figures)
    if options.sides:
        known = known.without_last()  # which are of other labels
    runnable = _runnable(folder, benchmarks)
    results = _measured(Models(settings), folder, runnable, known, as_json=options.json)
    if options.save:
        known.updated(__version__, results).write(settings.figures)
        warn(f"{settings.figures} holds these figures now")
    fallen = [f"{name} {figure.name}" for name, figures in results.items() for figure in figures if worse(figure)]
    if options.check and fallen:
        warn(f"worse than {known.release} by more than {NOISE}: {', '.join(fallen)}")
    return Exit.REFUSED if len(runnable) < len(benchmarks) or (options.check and fallen) else Exit.DONE


def _folder(settings: Settings, options: argparse.Namespace) -> Folder:
    root = options.data or settings.benchmarks
    if root is None:
        raise UsageError(f"eval reads measuring data, which is no part of whosays: a folder with data/ and eval/; {_NAME_IT}")
    if not (root / "eval").is_dir():
        raise UsageError(f"{root} holds no folder eval/ with the scorers; {_NAME_IT}")
    return Folder(root)


def _benchmarks(options: argparse.Namespace) -> tuple[Benchmark, ...]:
    """Return the benchmarks that are asked for. Raises UsageError, and ConfigError where labels cannot be read."""
    if (options.sides is None) != (options.texts is None):
        raise UsageError("labels and articles belong together: --sides GOLD.jsonl --texts TEXTS.jsonl")
    if options.sides and options.save:
        raise UsageError("--save keeps figures of the usual labels; leave out --sides")
    known = over(Labelled.read(options.sides), options.texts) if options.sides else BENCHMARKS
    names = [benchmark.name for benchmark in known]
    unknown = [name for name in options.only if name not in names]
    if unknown:
        raise UsageError(f"there is no benchmark {', '.join(unknown)} here; --only takes any of {', '.join(names)}")
    return tuple(benchmark for benchmark in known if not options.only or benchmark.name in options.only)


def _runnable(folder: Folder, benchmarks: Sequence[Benchmark]) -> list[Benchmark]:
    """Return those whose data are there, and say of the others what they lack. Raises UsageError where none is left."""
    missing = {benchmark.name: folder.missing(benchmark.needs) for benchmark in benchmarks}
    for name, paths in missing.items():
        if paths:
            warn(f"{name} is left out: {folder.root} has no {' and no '.join(paths)}")
    runnable = [benchmark for benchmark in benchmarks if not missing[benchmark.name]]
    if not runnable:
        raise UsageError(f"there is nothing to measure in {folder.root}")
    return runnable


def _measured(
    models: Models, folder: Folder, benchmarks: Sequence[Benchmark], known: Known, *, as_json: bool
) -> dict[str, list[Figure]]:
    """Run the benchmarks, each in a folder of its own, and print each when it is done."""
    results = {}
    if not as_json:
        print_line(table.head(known.release))
    for benchmark in benchmarks:
        warn(f"{benchmark.name} …")
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="whosays-eval-") as scratch:
            measured = benchmark.run(Bench(models=models, folder=folder, scratch=Path(scratch), note=warn))
        seconds = time.monotonic() - started
        figures = results[benchmark.name] = known.beside(benchmark.name, measured.figures)
        if as_json:
            print_json(_row(benchmark, measured, figures, seconds, known.release))
        else:
            for line in table.rows(benchmark, measured, figures, seconds):
                print_line(line)
    return results


def _row(benchmark: Benchmark, measured: Measured, figures: Sequence[Figure], seconds: float, release: str) -> dict[str, Any]:
    return {
        "benchmark": benchmark.name,
        "about": benchmark.about,
        "over": measured.size,
        "seconds": round(seconds, 1),
        "last_release": release or None,
        "figures": [
            {"name": f.name, "value": f.value, "last": f.last, "at_least": f.at_least, "at_most": f.at_most} for f in figures
        ],
    }
