"""`./run bench …`: which measurement is meant, and what each of them is, without importing any.

    ./run bench [--data DIR] [--only NAME,NAME]   all that has a figure to reach, in one table (bench/report.py)
    ./run bench list                              the first line of each
    ./run bench NAME [ARG …]                      one of them
    ./run bench NAME --help                       what it measures, and what it is to be given

A measurement is a process of its own, in place of this one.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent


def main(arguments: Sequence[str]) -> None:
    """Become the measurement that is meant, or print what was asked for. Ends the process."""
    name, *rest = arguments or [""]
    if name == "list":
        print("\n".join(f"bench/{one}.py: {_told(one).splitlines()[0]}" for one in names()))
    elif not name or name.startswith("-"):
        _become("report", arguments)
    elif name not in names():
        print(f"run: there is no bench {name}; ./run bench list names each", file=sys.stderr)
        sys.exit(2)
    elif {"-h", "--help"} & set(rest):
        print(_told(name))
    else:
        _become(name, rest)


def names() -> list[str]:
    """Return the names of all measurements, sorted."""
    return sorted(file.stem for file in _FOLDER.glob("[a-z]*.py") if file.stem != "table")


def _told(name: str) -> str:
    return ast.get_docstring(ast.parse((_FOLDER / f"{name}.py").read_text("utf-8"))) or name


def _become(name: str, arguments: Sequence[str]) -> None:
    os.execv(sys.executable, [sys.executable, "-m", f"bench.{name}", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
