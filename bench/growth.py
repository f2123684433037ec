"""How the cost of a question grows with the store: 10,000, 100,000 and a million paragraphs, as rows and as a plot.

    ./run bench growth [PARAGRAPHS …]

Stores are made for it (bench/_made_store.py). Each is asked by a process of its own; the plot, time by
stage and memory over paragraphs, is written to `growth.svg` and `growth.png` in the folder of prepared models.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench._made_store import QUESTIONS, made
from bench.memory import own_memory
from bench.table import Row, say
from whosays.config import Settings
from whosays.engine import Engine
from whosays.observe.trace import Stage, Trace, following

SIZES = (10_000, 100_000, 1_000_000)
#: The stages that are drawn; the others take next to nothing.
_STAGES = (Stage.ENCODE, Stage.SEARCH, Stage.FETCH, Stage.JUDGE, Stage.ANSWER)
_PLACES = ("Orsel", "Tarn", "Hollin", "Mirrow", "Sund", "Kesk", "Dorran", "Velm")
#: What is asked of each place, once.
_ASKED = ("who holds the pass of {}?", "what did the Varn Republic do to the mill of {}?", "did the Coast League shell {}?")


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Return what a question costs over stores of these sizes, and draw it."""
    settings = Settings.from_environment(os.environ)
    found = {size: _asked_apart(made(settings, size)) for size in sizes}
    drawn = settings.cache_folder / "growth"
    _draw(found, drawn)
    smallest = found[sizes[0]]
    return [
        Row(
            what=f"a question over {size:,} paragraphs",
            ours=f"p50 {cost['whole']:.1f} ms, of which search {cost[Stage.SEARCH]:.1f} ms; "
            f"open {cost['open']:.2f} s, RssAnon {cost['memory']:.0f} MiB, on disk {cost['disk']:.0f} MiB",
            against=f"over {sizes[0]:,}: {smallest['whole']:.1f} ms" if size != sizes[0] else f"drawn in {drawn.name}.svg",
            ratio=smallest["whole"] / cost["whole"] if size != sizes[0] else None,
            wanted="",
            met=None,
        )
        for size, cost in found.items()
    ]


def _asked_apart(store: str) -> dict[str, float]:
    """Measure in a process of its own; milliseconds but for `open` (seconds), `memory` and `disk` (MiB)."""
    ended = subprocess.run([sys.executable, "-m", "bench.growth", "--in", store], check=True, stdout=subprocess.PIPE, text=True)
    folder = Path(store.removeprefix("sqlite:///")).parent
    disk = sum(file.stat().st_size for file in folder.iterdir()) / 1024**2
    return {**json.loads(ended.stdout), "disk": disk}


def _asked(store: str) -> dict[str, float]:
    settings = replace(Settings.from_environment(os.environ), store=store)
    began = time.perf_counter()
    engine = Engine.open(settings)
    opened, now = time.perf_counter() - began, datetime.now(UTC)
    for question in QUESTIONS:
        engine.ask(question, now)
    traces = []
    for question in (asked.format(place) for asked in _ASKED for place in _PLACES):
        with following(Trace(names={})) as trace:
            engine.ask(question, now)
        traces.append((trace.seconds, trace.stages))
    memory = own_memory()
    engine.close()
    found = {stage.value: 1000 * median(stages.get(stage, 0.0) for _, stages in traces) for stage in _STAGES}
    return {**found, "whole": 1000 * median(whole for whole, _ in traces), "open": opened, "memory": memory}


def _draw(found: Mapping[int, Mapping[str, float]], path: Path) -> None:
    """Draw time by stage, and memory, over paragraphs: both axes logarithmic, so that a straight line at 45° is linear growth."""
    import matplotlib as mpl  # noqa: PLC0415 - the measuring processes have no use for it

    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415

    sizes = list(found)
    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(13, 4.5), layout="constrained")
    times.plot(sizes, [cost["whole"] for cost in found.values()], "k-o", label="whole question", linewidth=2)
    for stage in _STAGES:
        times.plot(sizes, [max(cost[stage], 0.01) for cost in found.values()], "-o", label=stage.value, alpha=0.8)
    times.set(xscale="log", yscale="log", xlabel="paragraphs", ylabel="median, ms", title="A question, by stage")
    memory.plot(sizes, [cost["memory"] for cost in found.values()], "-o", label="memory (RssAnon), MiB")
    memory.plot(sizes, [cost["disk"] for cost in found.values()], "-o", label="on disk, MiB")
    memory.plot(sizes, [max(1000 * cost["open"], 1) for cost in found.values()], "-o", label="opening the store, ms")
    memory.set(xscale="log", yscale="log", xlabel="paragraphs", title="What a store takes")
    for axes in (times, memory):
        axes.grid(visible=True, which="both", alpha=0.25)
        axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    for kind in ("svg", "png"):
        figure.savefig(path.with_suffix(f".{kind}"), dpi=130)
    pyplot.close(figure)


if __name__ == "__main__":
    if "--in" in sys.argv:
        print(json.dumps(_asked(sys.argv[-1])))
    else:
        chosen = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
        say(rows(chosen or SIZES), as_json="--json" in sys.argv)
