"""Progress on stderr: one line that is written over where a person looks on, else a line from time to time."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from whosays.ingest import Progress

_SECONDS_ON_TERMINAL, _SECONDS_IN_LOG = 0.2, 15.0


class Line:
    """Shows how far something is."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._shown = time.monotonic()
        self._width = 0

    def show(self, told: Callable[[], str]) -> None:
        """Show what is told, if the last time is long enough ago."""
        now = time.monotonic()
        if now - self._shown < (_SECONDS_ON_TERMINAL if self._terminal else _SECONDS_IN_LOG):
            return
        self._shown = now
        line = told()
        self._stream.write(f"\r{line:<{self._width}}" if self._terminal else f"{line}\n")
        self._stream.flush()
        self._width = len(line)

    def end(self) -> None:
        """Leave the line clear for what comes next."""
        if self._width and self._terminal:
            self._stream.write(f"\r{'':<{self._width}}\r")
            self._stream.flush()


class ProgressLine(Line):
    """Shows how far an ingest is; `total` is the number of inputs, None where nobody knows it."""

    def __init__(self, total: int | None, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._total = total

    def __call__(self, progress: Progress) -> None:
        """Show it, if the last time is long enough ago."""
        self.show(lambda: describe(progress, self._total))


def describe(progress: Progress, total: int | None) -> str:
    """Return one line: inputs read, paragraphs stored, paragraphs a second, and the time left as it has gone so far."""
    of_total = f" of {total:,}" if total else ""
    line = f"articles: {progress.inputs:,}{of_total}, paragraphs: {progress.paragraphs:,}"
    if progress.paragraphs and progress.seconds > 0:
        line += f", {progress.paragraphs / progress.seconds:.1f}/s"
    if total and progress.seconds > 0 and 0 < progress.inputs < total:
        line += f", {remaining(progress.inputs, total, progress.seconds)} left"
    return line


def remaining(done: int, of: int, seconds: float) -> str:
    """Return how long the rest takes, as it has gone so far: `done` of them (1 at least) took so many seconds."""
    return _time(seconds / done * (of - done))


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@contextmanager
def finishing_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Within, the first Ctrl-C only makes the function given return true; a second one ends what runs at once."""
    interrupted = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        signal.signal(signal.SIGINT, before)
        sys.stderr.write("\nFinishing what is at hand (Ctrl-C again to stop at once) …\n")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: interrupted
    finally:
        signal.signal(signal.SIGINT, before)
