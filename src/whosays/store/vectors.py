"""The vector index in numpy: sign bits in memory find the likely rows, a memory-mapped file scores the best of them exactly.

The sign of each dimension is a locality-sensitive hash for the angle (Charikar, 2002): the Hamming distance of two codes grows
with the angle between the vectors. Of the nearest codes a second look weighs each bit that differs by what the question has in
that dimension (asymmetric distances, Gordo et al., 2014), which costs little and saves most of what the first one misses. Nothing
is built, and files are only ever appended to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedRandom, BufferedWriter
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from whosays.errors import StoreError
from whosays.types import Vector, Vectors

Codes = NDArray[np.uint64]
Slots = NDArray[np.int64]
Distances = NDArray[np.uint16]
Element = TypeVar("Element", np.float32, np.uint64)

#: Rows that are looked at twice: one in so many, at least and at most so many; of those the part that is scored exactly.
_ONE_IN, _LEAST, _MOST = 50, 8_000, 16_000
_EXACTLY = 5
#: Rows compared at a time: what they need stays in a core's own cache.
_CHUNK = 1 << 15
#: Vectors multiplied at a time, for the same reason.
_ROWS = 256
#: Of every so many distances one tells about how near the nearest are.
_SAMPLED = 16
#: Bits that a dimension's weight is rounded to.
_WEIGHT_BITS = 4
_MAGIC = b"whosays1"
_HEADER = 64


def sign_bits(vectors: Vectors) -> Codes:
    """Return (n, ceil(d / 64)) uint64: a bit a dimension, set where the vector is positive."""
    return _packed(vectors > 0)


def words(dimension: int) -> int:
    """Return how many uint64 a code of so many dimensions takes."""
    return -(-dimension // 64)


def nearest(vector: Vector, codes: Codes, vectors: Vectors, blocked: NDArray[np.bool_], least: int) -> tuple[Slots, Vector]:
    """Return the slots of `least` rows or more that are not blocked, by falling cosine to `vector`, and the cosines.

    `codes` is (words, n), a column a row of `vectors` (n, d); `blocked` is (n,). The best rows are among them but for the few
    that the codes miss (recall@10 in a million rows: DESIGN.md); where there are fewer rows, all are, and nothing is missed.
    """
    free = len(blocked) - int(np.count_nonzero(blocked))
    likely = min(max(free // _ONE_IN, _LEAST), _MOST)
    rescored = max(likely // _EXACTLY, least)
    if free <= rescored:
        slots = np.flatnonzero(~blocked)
    else:
        slots = _likeliest(_distances(vector, codes, blocked), min(max(likely, rescored), free))
        slots = np.sort(slots[_smallest(_weighed(vector, codes[:, slots]), rescored)])
    cosines = _cosines(vector, vectors, slots)
    order = np.argsort(-cosines, kind="stable")
    return slots[order], cosines[order]


def _cosines(vector: Vector, vectors: Vectors, slots: Slots) -> Vector:
    """Return (n,): the products of a vector with the rows of these slots."""
    cosines = np.empty(len(slots), dtype=np.float32)
    rows = np.empty((min(len(slots), _ROWS), vectors.shape[1]), dtype=np.float32)
    for first in range(0, len(slots), _ROWS):
        some = slots[first : first + _ROWS]
        # The mode "clip" writes to where it shall at once. Not `@`: that wakes a BLAS thread a core for work of a tenth of a
        # millisecond, and waits for the slowest.
        np.take(vectors, some, axis=0, out=rows[: len(some)], mode="clip")
        np.einsum("nd,d->n", rows[: len(some)], vector, out=cosines[first : first + _ROWS])
    return cosines


def _distances(vector: Vector, codes: Codes, blocked: NDArray[np.bool_]) -> Distances:
    """Return (n,): the Hamming distances; a blocked row is farther than any other."""
    distances = np.empty(codes.shape[1], dtype=np.uint16)
    question = sign_bits(vector[np.newaxis])[0][:, np.newaxis]
    differing = np.empty((len(codes), _CHUNK), dtype=np.uint64)
    count = np.empty((len(codes), _CHUNK), dtype=np.uint8)
    for first in range(0, len(distances), _CHUNK):
        chunk = distances[first : first + _CHUNK]
        size = len(chunk)
        np.bitwise_xor(codes[:, first : first + size], question, out=differing[:, :size])
        np.bitwise_count(differing[:, :size], out=count[:, :size])
        np.add.reduce(count[:, :size], axis=0, dtype=np.uint16, out=chunk)
    np.putmask(distances, blocked, len(codes) * 64 + 1)
    return distances


def _likeliest(distances: Distances, wanted: int) -> Slots:
    """Return the slots of the `wanted` smallest distances; of equal ones the newest rows."""
    # A sample tells how far to look; the rest need not be sorted. Where it tells too little, all are.
    sample = np.cumsum(np.bincount(distances[::_SAMPLED]))
    limit = np.searchsorted(sample, 1.1 * wanted / _SAMPLED + 3)
    near = np.flatnonzero(distances <= limit)
    if len(near) < wanted:
        near = np.arange(len(distances))
    return near[_smallest(distances[near], wanted)]


def _smallest(distances: Distances, wanted: int) -> Slots:
    """Return the indices of the `wanted` smallest distances, or of all; of equal ones the last."""
    if len(distances) <= wanted:
        return np.arange(len(distances))
    limit = int(np.searchsorted(np.cumsum(np.bincount(distances)), wanted))
    closer, level = np.flatnonzero(distances < limit), np.flatnonzero(distances == limit)
    return np.concatenate([closer, level[len(closer) - wanted :]])


def _weighed(vector: Vector, codes: Codes) -> Distances:
    """Return (n,): of `codes` (words, n) the bits that differ from the vector's, each counting what the vector has there.

    It falls as the product of the vector with the codes' signs grows. A bit of all weights at a time is counted as a code is.
    """
    size = np.abs(vector)
    most = (1 << _WEIGHT_BITS) - 1
    weights = np.rint(size * (most / max(float(size.max()), 1e-9))).astype(np.uint8)
    differing = codes ^ sign_bits(vector[np.newaxis])[0][:, np.newaxis]
    masked, count = np.empty_like(differing), np.empty(differing.shape, dtype=np.uint8)
    weighed = np.zeros(codes.shape[1], dtype=np.uint16)
    for bit in range(_WEIGHT_BITS):
        plane = _packed((weights[np.newaxis] >> bit & 1).astype(np.bool_))[0][:, np.newaxis]
        np.bitwise_count(np.bitwise_and(differing, plane, out=masked), out=count)
        for word in count:
            weighed += np.left_shift(word, bit, dtype=np.uint16)
    return weighed


def _packed(bits: NDArray[np.bool_]) -> Codes:
    """Return (n, ceil(d / 64)) uint64 of (n, d) bits; those past the last dimension are 0."""
    bytes_ = np.packbits(bits, axis=1)
    padded = np.zeros((len(bits), words(bits.shape[1]) * 8), dtype=np.uint8)
    padded[:, : bytes_.shape[1]] = bytes_
    return padded.view(np.uint64)


class RowFile(Generic[Element]):
    """A file of rows of equal width, appended to under the store's write lock and memory-mapped by its readers.

    Rows past those that the store has committed are what a crash left behind: they are never read, and overwritten next.
    The header names the store, so that a file of another store is not taken for this one's.
    """

    def __init__(self, path: Path, store: str, kind: type[Element], columns: int) -> None:
        self._path = path
        self._kind: np.dtype[Element] = np.dtype(kind)
        self._columns = columns
        self._header: bytes = (_MAGIC + self._kind.str.encode() + b" %d " % columns + store.encode()).ljust(_HEADER, b"\0")
        assert len(self._header) == _HEADER
        self._mapped: NDArray[Element] = np.empty((0, columns), dtype=self._kind)

    def create(self) -> None:
        """Write an empty file, whatever was there. Raises OSError."""
        self._mapped = self._mapped[:0]
        with self._path.open("wb") as file:
            file.write(self._header)
            _to_disk(file)

    def replace(self, chunks: Iterable[NDArray[Element]]) -> None:
        """Write the file anew, whole or not at all: the chunks one behind the other. Raises OSError."""
        temporary = self._path.with_name(f"{self._path.name}.new")
        with temporary.open("wb") as file:
            file.write(self._header)
            for rows in chunks:
                file.write(np.ascontiguousarray(rows, dtype=self._kind).tobytes())
            _to_disk(file)
        temporary.replace(self._path)
        self._mapped = self._mapped[:0]

    def write(self, first: int, rows: NDArray[Element]) -> None:
        """Write rows from row `first` on; they are on the disk when this returns.

        Raises OSError, and StoreError where those before are not there.
        """
        begin = _HEADER + first * self._columns * self._kind.itemsize
        with self._path.open("r+b") as file:
            if file.seek(0, os.SEEK_END) < begin:
                raise self._broken(f"{first} rows are needed before new ones, not all are there")
            file.seek(begin)
            file.write(np.ascontiguousarray(rows, dtype=self._kind).tobytes())
            _to_disk(file)

    def place(self, places: Sequence[int], rows: NDArray[Element]) -> None:
        """Write rows where they belong, in rising order; those between stay as they are, or empty. Raises OSError."""
        width = self._columns * self._kind.itemsize
        with self._path.open("r+b") as file:
            for first, last in _runs(places):
                file.seek(_HEADER + places[first] * width)
                file.write(np.ascontiguousarray(rows[first:last], dtype=self._kind).tobytes())
            _to_disk(file)

    def reach(self, count: int) -> None:
        """Make the file hold so many rows at least: those that were never written are empty. Raises OSError."""
        with self._path.open("r+b") as file:
            size = _HEADER + count * self._columns * self._kind.itemsize
            if file.seek(0, os.SEEK_END) < size:
                file.truncate(size)
                _to_disk(file)

    def remove(self) -> None:
        """Remove the file, if it is there. Whoever has mapped it keeps what he has. Raises OSError."""
        self._path.unlink(missing_ok=True)

    def rows(self, count: int) -> NDArray[Element]:
        """Return the first `count` rows, (count, columns), mapped. Raises StoreError where the file does not hold them.

        What was mapped once stays: rows are never taken back, and each page is found faster the second time.
        """
        # Another thread may map more meanwhile, or less.
        mapped = self._mapped
        if 0 < len(mapped) >= count:
            return mapped[:count]
        try:
            with self._path.open("rb") as file:
                if file.read(_HEADER) != self._header:
                    raise self._broken("it belongs to another store or model")
            held = (self._path.stat().st_size - _HEADER) // (self._columns * self._kind.itemsize)
            if held < count:
                raise self._broken(f"{count} rows are needed, {held} are there")
            if count:
                # As a plain array: each look at a part of a memmap costs.
                self._mapped = mapped = np.asarray(np.memmap(self._path, self._kind, "r", _HEADER, (held, self._columns)))
            return mapped[:count]
        except OSError as error:
            raise self._broken(error.strerror or str(error)) from error

    def _broken(self, reason: str) -> StoreError:
        return StoreError(
            f"{self._path} does not fit its store: {reason}. Bring it back from where the store was copied from, "
            "or delete the store with its vector files and run `whosays ingest` again"
        )


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last index (exclusive) of each run of places one behind the other."""
    if not places:
        return
    breaks = np.flatnonzero(np.diff(np.asarray(places)) != 1) + 1
    yield from pairwise([0, *breaks.tolist(), len(places)])


def _to_disk(file: BufferedWriter | BufferedRandom) -> None:
    file.flush()
    os.fsync(file.fileno())
