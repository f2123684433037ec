"""Numbers that a process hands to the one that started it: a line of JSON every few seconds, over a pipe between the two.

So both are scraped at one address, and none of them needs a port that might be taken. prometheus_client's own way, files that
all processes map into memory, would make each number of the bot a file's, and leave those of the dead for somebody to delete.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from time import monotonic

import msgspec
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

_EVERY = 5.0
#: Numbers older than this are of a process that hangs, or is gone.
_FRESH = 30.0
#: Of one line; all numbers of a poller are some ten thousand letters.
MOST = 1 << 20
#: What tells its samples from those of the process that has them.
_LABEL = {"process": "poller"}


class Handed:
    """The last numbers that came, until they are old."""

    def __init__(self) -> None:
        self._text = ""
        self._came = -_FRESH

    def take(self, line: bytes) -> None:
        """Keep what a line says; one that says nothing that could be read leaves things as they are."""
        with suppress(msgspec.DecodeError):
            self._text, self._came = msgspec.json.decode(line, type=str), monotonic()

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Keep what comes, until the other process closes its end."""
        # A line beyond all measure ends it, and is nothing that a poller of ours would write.
        with suppress(ValueError):
            while line := await stream.readline():
                self.take(line)

    def joined(self, own: Iterable[Metric]) -> Iterator[Metric]:
        """Return families with the handed samples among them, each with the label `process`; none of those where they are old."""
        families = {family.name: family for family in own}
        fresh = monotonic() - self._came < _FRESH
        for family in text_string_to_metric_families(self._text) if fresh else ():
            known = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            known.samples += [Sample(s.name, {**s.labels, **_LABEL}, s.value) for s in family.samples]
        yield from families.values()


async def hand_over(exposition: Callable[[], bytes]) -> None:
    """Write numbers to stdout, again and again."""
    while True:
        line = msgspec.json.encode(exposition().decode()) + b"\n"
        # The other end may have no time to read: that must not hold this process up.
        await asyncio.to_thread(_write, line)
        await asyncio.sleep(_EVERY)


def _write(line: bytes) -> None:
    # Unbuffered: what cannot be written now is not to be written when the process ends.
    with suppress(OSError), open(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as stdout:
        stdout.write(line)
