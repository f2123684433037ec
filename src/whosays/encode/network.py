"""Rows of token ids → what a graph computes of them: batches of like length, as many at a time as there are threads.

Batches side by side, each on one thread, are faster than one after the other on all threads: nothing waits within a layer, and
Python reads one result while the next is computed. Small ones stay in the processor's own cache, and hold little padding.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whosays.encode.runtime import session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

#: Tokens in a batch, padding included: fewer cost more for each call, more are slower for each token.
_TOKENS = 512
#: A row joins a batch only if this part of the batch's width is not padding for it.
_FILLED = 0.8


class Network:
    """A graph in a file, ready to run. Safe to use from several threads."""

    def __init__(self, path: Path, threads: int | None = None, *, often_alone: bool = False, pad: int = 0) -> None:
        """Load the graph for so many threads (default: one a core). Raises ModelError where the file is damaged.

        Where rows come `often_alone`, a single batch is computed on all threads; the graph is loaded a second time when several
        batches come.
        """
        self._path = path
        self._threads = threads or os.cpu_count() or 1
        self._alone = self._threads if often_alone else 1
        self._pad = pad
        self._opening = Lock()
        self._sessions = {self._alone: session(path, self._alone)}

    def width(self) -> int:
        """Return the last dimension of what is computed."""
        return int(self._sessions[self._alone].get_outputs()[0].shape[-1])

    def run(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[Sequence[int], NDArray[np.float32]]]:
        """Yield batches, the longest rows first: the indices of their rows, and (rows, …) float32, padded to the longest."""
        batches = list(_batches([len(row) for row in rows], self._threads))
        if len(batches) == 1:
            yield batches[0], self._compute(self._alone, rows, batches[0])
        elif self._threads == 1:
            yield from ((batch, self._compute(1, rows, batch)) for batch in batches)
        elif batches:
            with ThreadPoolExecutor(self._threads) as pool:
                yield from zip(batches, pool.map(lambda batch: self._compute(1, rows, batch), batches), strict=True)

    def _compute(self, threads: int, rows: Sequence[Sequence[int]], batch: Sequence[int]) -> NDArray[np.float32]:
        longest = len(rows[batch[0]])
        ids = np.full((len(batch), longest), self._pad, np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(batch):
            ids[i, : len(rows[row])] = rows[row]
            mask[i, : len(rows[row])] = 1
        computed: NDArray[np.float32] = self._session(threads).run(None, {"ids": ids, "mask": mask})[0]
        return computed

    def _session(self, threads: int) -> InferenceSession:
        with self._opening:
            if threads not in self._sessions:
                # A later version that has built its own removes the file: then what was loaded of it serves, if not as fast.
                there = self._path.exists()
                self._sessions[threads] = session(self._path, threads) if there else self._sessions[self._alone]
            return self._sessions[threads]


def _batches(lengths: Sequence[int], threads: int) -> Iterator[list[int]]:
    """Yield the rows' indices, longest first, in batches that hold little padding; of few tokens each thread has its share."""
    most = min(_TOKENS, -(-sum(lengths) // threads))
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        longest = lengths[batch[0]] if batch else lengths[i]
        if batch and ((len(batch) + 1) * longest > most or lengths[i] < _FILLED * longest):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
