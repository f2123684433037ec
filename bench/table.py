"""A measurement as a row of a table: what was measured, ours beside another's in the same run, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass


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
