"""Figures of the last release and what is wanted, in data/figures.toml, and how those measured now stand beside them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from whosays.errors import ConfigError

#: Differences up to this are noise: another number of threads rounds otherwise, and one claim moves a figure by as much.
NOISE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with what is wanted of it, `at_least` or `at_most`. Of two, the higher one is better unless `at_most` is given."""

    name: str
    value: float | None = None
    last: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def short(self) -> float | None:
        """By how much it misses what is wanted, as it is shown; at most 0 where it is met, None where nothing is wanted."""
        if self.value is None:
            return None
        if self.at_most is not None:
            return round(self.value - self.at_most, 3)
        return None if self.at_least is None else round(self.at_least - self.value, 3)

    @property
    def change(self) -> float | None:
        """By how much it rose since the last release."""
        return None if self.value is None or self.last is None else self.value - self.last


def worse(figure: Figure) -> bool:
    """Say whether a figure is worse than the last release's by more than noise."""
    return figure.change is not None and (figure.change if figure.at_most is not None else -figure.change) > NOISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a release's figures, by benchmark and name."""

    release: str = ""
    figures: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Known:
        """Read figures.toml; a file that is not there knows nothing. Raises ConfigError for one of another form."""
        try:
            tables = tomllib.loads(file.read_text("utf-8"))
            release = tables.pop("release")
            figures = {
                benchmark: {name: Figure(name=name, **values) for name, values in table.items()}
                for benchmark, table in tables.items()
            }
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"{file} is no file of figures: {error!r}") from error
        return cls(release=release, figures=figures)

    def without_last(self) -> Known:
        """Return what is wanted alone."""
        figures = {
            benchmark: {name: replace(figure, last=None) for name, figure in table.items()}
            for benchmark, table in self.figures.items()
        }
        return Known(figures=figures)

    def beside(self, benchmark: str, measured: Mapping[str, float]) -> list[Figure]:
        """Return the figures of a benchmark with what was measured: those that are known first."""
        known = self.figures.get(benchmark, {})
        ordered = [name for name in known if name in measured] + [name for name in measured if name not in known]
        return [replace(known.get(name, Figure(name=name)), value=round(measured[name], 4)) for name in ordered]

    def updated(self, release: str, measured: Mapping[str, Iterable[Figure]]) -> Known:
        """Return what is known once these figures are the last ones; benchmarks that were not measured stay as they are."""
        new = {
            benchmark: {figure.name: replace(figure, last=figure.value, value=None) for figure in figures}
            for benchmark, figures in measured.items()
        }
        return Known(release=release, figures={**self.figures, **new})

    def write(self, file: Path) -> None:
        """Write figures.toml anew. Raises OSError."""
        file.write_text("\n".join(self._lines()) + "\n", "utf-8")

    def _lines(self) -> Iterator[str]:
        yield "# The figures of the last release, and what is wanted: shown by `whosays eval`, written by `whosays eval --save`."
        yield f"release = {json.dumps(self.release)}"
        for benchmark, figures in self.figures.items():
            yield f"\n[{benchmark}]"
            for figure in figures.values():
                values = {"last": figure.last, "at_least": figure.at_least, "at_most": figure.at_most}
                inside = ", ".join(f"{key} = {_number(value)}" for key, value in values.items() if value is not None)
                yield f"{json.dumps(figure.name) if '@' in figure.name else figure.name} = {{ {inside} }}"


def _number(value: Any) -> str:
    return f"{value:.4f}".rstrip("0").removesuffix(".") or "0"
