"""What is kept in memory of every passage, by slot: its code, its paragraph, its article's date and outlet.

The same stands in a file beside the store, a row a slot, so that opening a store of a million passages asks the database nothing
about each. A slot's row never changes: an article that is read anew comes into new slots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whosays.store.corpus import Filter
from whosays.store.vectors import Codes, sign_bits
from whosays.types import Vectors

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Stands for a date that is not known: in no window that has a bound.
_UNDATED = np.iinfo(np.int64).min
#: Stands for an outlet that is not known.
_UNNAMED = 0
#: Numbers in a slot's row behind its code: paragraph, date, outlet.
BEHIND_CODE = 3

#: Filters remembered until the next write: a byte a passage each.
_FILTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a store has come: slots ever given out, removals so far. Two equal states hold the same passages."""

    slots: int = 0
    removals: int = 0


def slot_rows(vectors: Vectors, paragraphs: Sequence[int], published: datetime | None, outlet: str | None) -> Codes:
    """Return (n, words + 3) uint64: the rows of an article's passages in the file of slots."""
    behind = np.empty((len(vectors), BEHIND_CODE), dtype=np.int64)
    behind[:, 0] = paragraphs
    behind[:, 1] = _UNDATED if published is None else _microseconds(published)
    behind[:, 2] = _UNNAMED if outlet is None else _number(outlet)
    return np.concatenate([sign_bits(vectors), behind.view(np.uint64)], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All passages at one state. Never changed: who searches in it is disturbed by no writer.

    `codes` is (words, n); `vectors` (n, d), mapped; `paragraphs` the paragraph's id of each slot, `published` its date in
    microseconds, `outlet` what stands for its outlet's name, `gone` the slots that hold nothing any more.
    """

    state: State
    codes: Codes
    vectors: Vectors
    paragraphs: NDArray[np.int64]
    published: NDArray[np.int64]
    outlet: NDArray[np.int64]
    gone: NDArray[np.bool_]
    _blocked: dict[Filter, NDArray[np.bool_]] = field(default_factory=dict)

    def blocked(self, where: Filter) -> NDArray[np.bool_]:
        """Return (n,): the slots that are gone or that the filter keeps out. An outlet's name matches in any case."""
        if where == Filter():
            return self.gone
        blocked = self._blocked.get(where)
        if blocked is None:
            if len(self._blocked) >= _FILTERS:
                self._blocked.clear()
            blocked = self._blocked[where] = self.gone | self._outside(where)
        return blocked

    def _outside(self, where: Filter) -> NDArray[np.bool_]:
        outside = np.zeros_like(self.gone)
        if where.window.start is not None:
            outside |= self.published < _microseconds(where.window.start)
        if where.window.end is not None:
            outside |= (self.published >= _microseconds(where.window.end)) | (self.published == _UNDATED)
        if where.outlets:
            outside |= ~np.isin(self.outlet, [_number(name) for name in where.outlets])
        return outside


class Slots:
    """The growing arrays behind the snapshots. Not for several threads at once: its owner holds a lock."""

    def __init__(self, words: int, vectors: Vectors) -> None:
        self._codes = np.empty((words, 0), dtype=np.uint64)
        self._behind = np.empty((BEHIND_CODE, 0), dtype=np.int64)
        self.snapshot = self._taken(State(), vectors, np.empty(0, dtype=np.bool_))

    def advance(self, state: State, rows: Codes, removed: Sequence[int] | NDArray[np.int64], vectors: Vectors) -> None:
        """Take in what came and went since the last state.

        `rows` are those of the new slots in the file, (m, words + 3); `removed` the slots that went, new ones among them;
        `vectors` all (n, d).
        """
        known, words = self.snapshot.state.slots, len(self._codes)
        self._make_room(state.slots)
        # No snapshot has been given out that reaches beyond `known`, so nobody reads what is written here.
        self._codes[:, known : state.slots] = rows[:, :words].T
        self._behind[:, known : state.slots] = rows[:, words:].view(np.int64).T
        gone = np.zeros(state.slots, dtype=np.bool_)
        gone[:known] = self.snapshot.gone
        gone[np.asarray(removed, dtype=np.int64)] = True
        self.snapshot = self._taken(state, vectors, gone)

    def earlier(self, state: State, removed: Sequence[int], vectors: Vectors) -> Snapshot:
        """Return the snapshot of a state before the last one, until which these slots went; `vectors` are all of that time."""
        gone = np.zeros(state.slots, dtype=np.bool_)
        gone[np.asarray(removed, dtype=np.int64)] = True
        return self._taken(state, vectors, gone)

    def _taken(self, state: State, vectors: Vectors, gone: NDArray[np.bool_]) -> Snapshot:
        paragraphs, published, outlet = self._behind[:, : state.slots]
        return Snapshot(
            state=state,
            codes=self._codes[:, : state.slots],
            vectors=vectors,
            paragraphs=paragraphs,
            published=published,
            outlet=outlet,
            gone=gone,
        )

    def _make_room(self, rows: int) -> None:
        capacity = self._codes.shape[1]
        if rows > capacity:
            # Little room to spare: a million passages are 72 MB, and both copies are there while one is made of the other.
            capacity = max(rows, capacity + capacity // 8, 1024)
            self._codes = _grown(self._codes, capacity)
            self._behind = _grown(self._behind, capacity)


def _grown(array: NDArray[Any], columns: int) -> NDArray[Any]:
    """Return a copy with more room at the end of the last axis; old snapshots keep the old array."""
    larger = np.zeros((*array.shape[:-1], columns), dtype=array.dtype)
    larger[..., : array.shape[-1]] = array
    return larger


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _number(outlet: str) -> int:
    """Return what stands for an outlet's name in any case: 63 bits of a digest, never that of no name."""
    digest = hashlib.blake2b(outlet.casefold().encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1 or 1
