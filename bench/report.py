"""All that has a figure to reach, in one table: `./run bench` runs each measurement as a process of its own and gathers its rows.

    ./run bench [report] [--data DIR] [--only NAME,NAME]

Each row stands beside a peer or a floor that was measured in the same run. DIR holds `data/conflict-news`, real articles for what
is measured on them (`benchmarks` in the settings names it for good); without it those measurements are left out, and it says so.
What the machine is doing otherwise shows in the figures: leave it alone for the half hour that this takes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench._made_store import made
from bench.table import Row, read, text
from whosays.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A module of this folder; `on` says what it is told to measure."""

    name: str
    on: str = ""


MEASUREMENTS = (
    Measurement(name="startup"),
    Measurement(name="questions", on="store"),
    Measurement(name="search"),
    Measurement(name="words", on="data"),
    Measurement(name="memory"),
    Measurement(name="ingest", on="data"),
    Measurement(name="postgres"),
    Measurement(name="growth"),
)


def main(data: Path | None, only: Sequence[str]) -> int:
    """Run all measurements, or some, and print their rows in one table; return how many could not be made."""
    gathered: list[Row] = []
    failed = 0
    for measurement in MEASUREMENTS:
        if only and measurement.name not in only:
            continue
        if measurement.on == "data" and data is None:
            print(f"{measurement.name} is left out: it needs --data DIR", file=sys.stderr)
            continue
        began = time.monotonic()
        print(f"{measurement.name} …", end=" ", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", f"bench.{measurement.name}", *_arguments(measurement, data), "--json"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
        if ended.returncode:
            failed += 1
            print(f"{measurement.name} could not be measured: it ended with {ended.returncode}", file=sys.stderr)
        gathered += read(ended.stdout.splitlines())
    print(text(gathered))
    return failed


def _arguments(measurement: Measurement, data: Path | None) -> list[str]:
    if measurement.on == "data":
        return [str(data)]
    if measurement.on == "store":
        return [made(Settings.from_environment(os.environ), 100_000)]
    return []


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="./run bench", description="All figures in one table.")
    parser.add_argument("--data", type=Path, default=Settings.from_environment(os.environ).benchmarks, help="real articles")
    parser.add_argument("--only", default="", help=f"some of: {', '.join(one.name for one in MEASUREMENTS)}")
    options = parser.parse_args()
    sys.exit(main(options.data, [name for name in options.only.split(",") if name]))
