"""A measurement as a row of a table: what was measured, ours beside another's in the same run, and what was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one measurement gave.

    `ours` and `against` are figures with their units, as they are to be read; `ratio` is how many times ours is better, None
    where nothing stands beside it; `wanted` says what was asked for, `met` whether it was reached, None where nothing was.
    """

    what: str
    ours: str
    against: str
    ratio: float | None
    wanted: str
    met: bool | None


_HEAD = ("what", "ours", "beside it", "ratio", "asked for", "")


def text(rows: Iterable[Row]) -> str:
    """Return rows as a table to be read in a terminal, or in Markdown."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def say(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print rows: as a table, or a JSON object a line for a program that gathers them."""
    print("\n".join(json.dumps(asdict(row)) for row in rows) if as_json else text(rows), flush=True)


def read(lines: Iterable[str]) -> list[Row]:
    """Return the rows among the lines that a measurement printed as JSON."""
    return [Row(**json.loads(line)) for line in lines if line.startswith("{")]


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}" if row.ratio < 10 else f"{row.ratio:.0f}"
    return row.what, row.ours, row.against, ratio, row.wanted, {True: "met", False: "missed", None: ""}[row.met]
