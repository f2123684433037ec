"""The files beside an SQLite store: vectors, and what is known of each passage's slot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from whosays.store.generations import FIRST
from whosays.store.slots import BEHIND_CODE, slot_rows
from whosays.store.vectors import Codes, RowFile, words


class VectorFiles:
    """Passages' vectors, their slots, and claims' vectors, which are looked up, never searched.

    The file of slots holds nothing that the vectors and the database do not: where it is missing it is made anew. Each
    generation of a store has files of its own.
    """

    def __init__(self, path: Path, store: str, dimension: int, generation: int = FIRST) -> None:
        self.dimension, self.words = dimension, words(dimension)
        if generation != FIRST:
            path = path.with_name(f"{path.name}.{generation}")
        self.passages = RowFile(Path(f"{path}.passages.f32"), store, np.float32, dimension)
        self.slots = RowFile(Path(f"{path}.passages.slots"), store, np.uint64, self.words + BEHIND_CODE)
        self.claims = RowFile(Path(f"{path}.claims.f32"), store, np.float32, dimension)
        #: Stores of schema 2 kept codes alone, here.
        self._codes = Path(f"{path}.passages.bits")

    def create(self) -> None:
        """Write empty files, whatever was there. Raises OSError."""
        for file in (self.passages, self.slots, self.claims):
            file.create()

    def remove(self) -> None:
        """Remove the files of a generation that nobody opens any more. Raises OSError."""
        for file in (self.passages, self.slots, self.claims):
            file.remove()

    def left_by_schema_2(self) -> bool:
        """Say whether a store of schema 2 was here last: of the slots it has given out since nothing stands in their file."""
        return self._codes.exists()

    def remake_slots(self, count: int, articles: Iterable[tuple[datetime | None, str | None, list[tuple[int, int]]]]) -> None:
        """Make the file of the first `count` slots anew. Raises StoreError where the vectors are not there, OSError.

        `articles` are the date, the outlet and the (slot, paragraph) of each article's passages, in the order of their slots.
        """
        self.slots.replace(self._remade(count, articles))
        self._codes.unlink(missing_ok=True)

    def _remade(
        self, count: int, articles: Iterable[tuple[datetime | None, str | None, list[tuple[int, int]]]]
    ) -> Iterator[Codes]:
        vectors, reached = self.passages.rows(count), 0
        for published, outlet, passages in articles:
            first, last = passages[0][0], passages[-1][0]
            # What lies between was removed, which the database says: nobody looks at these rows.
            yield np.zeros((first - reached, self.words + BEHIND_CODE), dtype=np.uint64)
            yield slot_rows(np.asarray(vectors[first : last + 1]), [paragraph for _, paragraph in passages], published, outlet)
            reached = last + 1
        yield np.zeros((count - reached, self.words + BEHIND_CODE), dtype=np.uint64)
