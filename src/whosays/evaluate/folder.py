"""The folder of measuring data, which is no part of whosays: data/ to read, eval/ with the scorers to run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from whosays.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that holds data/ and eval/."""

    root: Path

    def missing(self, needed: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of these paths that are not there."""
        return tuple(path for path in needed if not (self.root / path).exists())

    def score(self, scorer: str, *arguments: str | Path) -> dict[str, float]:
        """Run a scorer of eval/ and return the figures that it prints, a `name value` line each.

        Scorers are run as the programs that they are: what they do to `sys` or print does not reach this process.
        Raises ConfigError where one fails.
        """
        command = [sys.executable, self.root / "eval" / scorer, *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if ran.returncode:
            reason = (ran.stderr.strip() or "it gave no reason").splitlines()[-1]
            raise ConfigError(f"the scorer {self.root / 'eval' / scorer} failed: {reason}")
        figures = {}
        for line in ran.stdout.splitlines():
            name, _, value = line.strip().rpartition(" ")
            try:
                figures[name] = float(value)
            except ValueError as error:
                raise ConfigError(f"the scorer {scorer} printed {line!r}, which is no `name value`") from error
        return figures
