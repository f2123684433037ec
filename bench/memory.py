"""What a process that answers over a million paragraphs needs of its own, and how soon its store is open.

    ./run bench memory [PARAGRAPHS]

RssAnon of /proc/self/status is counted: memory that no file stands behind. Vectors and weights are mapped, and the system takes
their pages away where it needs them. The process asks questions over a store made for it (bench/_made_store.py), of all and of
single outlets, and is looked at all the while.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from bench._made_store import QUESTIONS, made
from bench.table import Row, say
from whosays.config import Settings
from whosays.engine import Engine
from whosays.parts import load_reader

PARAGRAPHS = 1_000_000
_MIB = 1024
#: Bytes of a vector.
_VECTOR = 4 * 384


def rows(paragraphs: int = PARAGRAPHS) -> list[Row]:
    """Return what a process that opens a store of so many paragraphs and asks it takes: memory, and time until it is open."""
    settings = Settings.from_environment(os.environ)
    store = made(settings, paragraphs)
    load_reader(settings)  # whose graph is made the first time, which takes memory of its own
    command = [sys.executable, "-m", "bench.memory", "--in", store]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(ended.stdout)
    return [
        Row(
            what=f"memory while answering, {paragraphs:,} paragraphs",
            ours=f"RssAnon at most {found['peak']:.0f} MiB, {found['asked']:.0f} MiB at the end",
            against=f"vectors alone, as float32: {paragraphs * _VECTOR / _MIB**2:,.0f} MiB",
            ratio=paragraphs * _VECTOR / _MIB**2 / found["peak"],
            wanted="under 600 MiB",
            met=found["peak"] < 600,
        ),
        Row(
            what=f"opening a store, {paragraphs:,} paragraphs",
            ours=f"{found['open']:.2f} s",
            against="",
            ratio=None,
            wanted="",
            met=None,
        ),
    ]


def _measured(store: str) -> dict[str, float]:
    settings = replace(Settings.from_environment(os.environ), store=store)
    began = time.perf_counter()
    engine = Engine.open(settings)
    opened = time.perf_counter() - began
    now, done, seen = datetime.now(UTC), Event(), [own_memory()]

    def look() -> None:
        while not done.wait(0.005):
            seen.append(own_memory())

    looking = Thread(target=look)
    looking.start()
    for question in QUESTIONS:
        for outlet in ("", " according to Post 7"):
            engine.ask(question.replace("?", f"{outlet}?"), now)
    done.set()
    looking.join()
    found = {"open": opened, "asked": own_memory(), "peak": max(seen)}
    engine.close()
    return found


def own_memory() -> float:
    """Return this process's RssAnon in MiB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / _MIB


if __name__ == "__main__":
    if "--in" in sys.argv:
        print(json.dumps(_measured(sys.argv[-1])))
    else:
        say(rows(*[int(argument) for argument in sys.argv[1:] if argument.isdecimal()]), as_json="--json" in sys.argv)
