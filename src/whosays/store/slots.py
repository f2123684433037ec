"""What is kept in memory of every passage, by slot: its code, its paragraph, its article's date and outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whosays.store.corpus import Filter
from whosays.store.vectors import Codes
from whosays.types import Vectors

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Stands for a date that is not known: in no window that has a bound.
_UNDATED = np.iinfo(np.int64).min

#: Filters remembered until the next write: a byte a passage each.
_FILTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a store has come: slots ever given out, removals so far. Two equal states hold the same passages."""

    slots: int = 0
    removals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A passage that has come: its slot and paragraph, its article's date and outlet."""

    slot: int
    paragraph: int
    published: datetime | None
    outlet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All passages at one state. Never changed: who searches in it is disturbed by no writer.

    `codes` is (words, n); `vectors` (n, d), mapped; `paragraphs` the paragraph's id of each slot, `gone` the slots that hold
    nothing any more, `outlets` the outlets by their number.
    """

    state: State
    codes: Codes
    vectors: Vectors
    paragraphs: NDArray[np.int64]
    published: NDArray[np.int64]
    outlet: NDArray[np.int32]
    gone: NDArray[np.bool_]
    outlets: tuple[str | None, ...]
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

    def named(self, outlets: Sequence[str]) -> set[str]:
        """Return the outlets' names as they are stored, whatever case they are given in."""
        names = {name.casefold() for name in outlets}
        return {name for name in self.outlets if name is not None and name.casefold() in names}

    def _outside(self, where: Filter) -> NDArray[np.bool_]:
        outside = np.zeros_like(self.gone)
        if where.window.start is not None:
            outside |= self.published < _microseconds(where.window.start)
        if where.window.end is not None:
            outside |= (self.published >= _microseconds(where.window.end)) | (self.published == _UNDATED)
        if where.outlets:
            names = self.named(where.outlets)
            wanted = [number for number, name in enumerate(self.outlets) if name in names]
            outside |= ~np.isin(self.outlet, wanted)
        return outside


class Slots:
    """The growing arrays behind the snapshots. Not for several threads at once: its owner holds a lock."""

    def __init__(self, words: int, vectors: Vectors) -> None:
        self._numbers: dict[str | None, int] = {}
        self._codes = np.empty((words, 0), dtype=np.uint64)
        self._paragraphs = np.empty(0, dtype=np.int64)
        self._published = np.empty(0, dtype=np.int64)
        self._outlet = np.empty(0, dtype=np.int32)
        self.snapshot = self._taken(State(), vectors, np.empty(0, dtype=np.bool_))

    def advance(self, state: State, added: Sequence[Added], removed: Sequence[int], codes: Codes, vectors: Vectors) -> None:
        """Take in what came and went since the last state.

        `codes` are the new slots' (m, words), `vectors` all (n, d). A slot that is in neither `added` nor known came and went.
        """
        known = self.snapshot.state.slots
        self._make_room(state.slots)
        # No snapshot has been given out that reaches beyond `known`, so nobody reads what is written here.
        self._codes[:, known : state.slots] = codes.T
        gone = np.ones(state.slots, dtype=np.bool_)
        gone[:known] = self.snapshot.gone
        for passage in added:
            self._paragraphs[passage.slot] = passage.paragraph
            self._published[passage.slot] = _UNDATED if passage.published is None else _microseconds(passage.published)
            self._outlet[passage.slot] = self._numbers.setdefault(passage.outlet, len(self._numbers))
            gone[passage.slot] = False
        gone[[slot for slot in removed if slot < known]] = True
        self.snapshot = self._taken(state, vectors, gone)

    def _taken(self, state: State, vectors: Vectors, gone: NDArray[np.bool_]) -> Snapshot:
        return Snapshot(
            state=state,
            codes=self._codes[:, : state.slots],
            vectors=vectors,
            paragraphs=self._paragraphs[: state.slots],
            published=self._published[: state.slots],
            outlet=self._outlet[: state.slots],
            gone=gone,
            outlets=tuple(self._numbers),
        )

    def _make_room(self, rows: int) -> None:
        capacity = self._codes.shape[1]
        if rows > capacity:
            capacity = max(rows, capacity + capacity // 2, 1024)
            self._codes = _grown(self._codes, capacity)
            self._paragraphs = _grown(self._paragraphs, capacity)
            self._published = _grown(self._published, capacity)
            self._outlet = _grown(self._outlet, capacity)


def _grown(array: NDArray[Any], columns: int) -> NDArray[Any]:
    """Return a copy with more room at the end of the last axis; old snapshots keep the old array."""
    larger = np.zeros((*array.shape[:-1], columns), dtype=array.dtype)
    larger[..., : array.shape[-1]] = array
    return larger


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
