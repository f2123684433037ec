"""Lines out: data on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any


def print_line(line: str) -> None:
    """Write a line to stdout, at once: whoever reads it may wait for it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def print_json(value: Any) -> None:
    """Write a value as one line of JSON to stdout."""
    print_line(json.dumps(value, ensure_ascii=False))


def warn(line: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(f"whosays: {line}\n")
    sys.stderr.flush()
