"""Vectors of passages and claims whose rows are there already: from one index into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, select

from whosays.store import table_rows
from whosays.store.index import Index, Placed
from whosays.store.schema import articles, claims, paragraphs, passages
from whosays.store.table_rows import Key

#: The tables whose rows have vectors; `slot` is their number.
WITH_VECTORS = (passages, claims)
#: Numbers that one statement names.
_NAMED = 1000


def placed(connection: Connection, slots: Sequence[int]) -> list[Placed]:
    """Return what an index keeps of these passages beside their vectors, by rising number; those that are gone are left out."""
    statement = (
        select(passages.c.slot, passages.c.paragraph, articles.c.published, articles.c.outlet)
        .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
        .join(articles, articles.c.id == paragraphs.c.article)
        .order_by(passages.c.slot)
    )
    return [
        Placed(slot=slot, paragraph=paragraph, published=published, outlet=outlet)
        for first in range(0, len(slots), _NAMED)
        for slot, paragraph, published, outlet in connection.execute(
            statement.where(passages.c.slot.in_(sorted(slots)[first : first + _NAMED]))
        )
    ]


def copy(table: Table, rows: Sequence[Any], read: tuple[Index, Connection], write: tuple[Index, Connection]) -> None:
    """Take the vectors of these rows over from one index into another, where their rows are."""
    (source, reading), (target, writing) = read, write
    slots = sorted(row.slot for row in rows)
    if table is claims:
        target.place_claims(writing, slots, source.claim_vectors(reading, slots))
    else:
        target.place_passages(writing, placed(writing, slots), source.passage_vectors(reading, slots))


def compare(
    first: tuple[Index, Connection], second: tuple[Index, Connection], report: Callable[[Table, int], None]
) -> tuple[int, dict[Table, list[Key]]]:
    """Compare all vectors of two stores with the same rows.

    Return how many are the same to the last bit, and the keys of the rows whose vectors are not.
    """
    same = 0
    wrong: dict[Table, list[Key]] = {table: [] for table in WITH_VECTORS}
    for table in WITH_VECTORS:
        with closing(table_rows.batches(first[1], table)) as batches:
            for rows in batches:
                slots = [row.slot for row in rows]
                report(table, same)
                pair = [
                    index.claim_vectors(connection, slots) if table is claims else index.passage_vectors(connection, slots)
                    for index, connection in (first, second)
                ]
                equal = (pair[0].view(np.uint32) == pair[1].view(np.uint32)).all(axis=1)
                same += int(equal.sum())
                wrong[table] += [table_rows.key_of(table, row) for row, well in zip(rows, equal, strict=True) if not well]
    return same, wrong
