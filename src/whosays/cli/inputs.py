"""What the commands read: articles, questions, queries."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from whosays.cli.exits import UsageError
from whosays.reading import Defaults, Web, read
from whosays.types import Reading

_PIECE = 1 << 20


def readings_of(options: argparse.Namespace, web: Web) -> Iterator[Reading]:
    """Read what the command line names; `web` says how web addresses are read.

    Raises ConfigError for details or a mapping that cannot be meant.
    """
    names = ("id", "url", "outlet", "title", "published")
    return read(options.paths, Defaults(**{name: getattr(options, name) for name in names}), options.map, web)


def count(paths: Sequence[str]) -> int | None:
    """Return how many inputs these paths hold, about, for the time that is left; None where only reading them tells."""
    total = 0
    for path in paths:
        inputs = _inputs_in(Path(path))
        if inputs is None:
            return None
        total += inputs
    return total


def _inputs_in(path: Path) -> int | None:
    if path.is_dir():
        below = [_inputs_in(Path(place, name)) for place, _, names in os.walk(path) for name in names]
        return None if None in below else sum(number or 0 for number in below)
    name = path.name.lower()
    if not path.is_file() or name.endswith((".xml", ".rss", ".atom")):
        return None
    if not name.removesuffix(".gz").endswith(".jsonl"):
        return 1
    try:
        with gzip.open(path) if name.endswith(".gz") else path.open("rb") as stream:
            # Piece by piece: a line may be longer than memory, and reading refuses it later.
            ends, last = 0, b"\n"
            while piece := stream.read(_PIECE):
                ends, last = ends + piece.count(b"\n"), piece[-1:]
            return ends + (last != b"\n")
    except (OSError, EOFError, zlib.error):
        return None  # why it cannot be read, reading says


def questions_in(file: Path) -> list[str]:
    """Return a file's lines, without the blank ones. Raises UsageError where it cannot be read."""
    return [line for line in _text(file).split("\n") if line.strip()]


def queries_in(file: Path) -> list[tuple[str, str]]:
    """Return id and text of a file's JSON lines. Raises UsageError, which names the line, where one is something else."""
    queries = []
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            id, text = " ".join(str(row["id"]).split()), row["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(f'{file} line {number} is not of the form {{"id": …, "text": …}}') from error
        if not isinstance(text, str) or not text.strip():
            raise UsageError(f"{file} line {number} has no text")
        queries.append((id, text))
    return queries


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8") from error
