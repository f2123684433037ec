"""Stores as released versions of whosays have left them: schema 1 and schema 2, with everything in them that they could hold.

`released/schema_N.sql` was written from a store that the last version of schema N had made by its own code; it is never changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.stored import article, claim, unit
from whosays.store.corpus import Corpus, Indexed
from whosays.store.vectors import RowFile, sign_bits
from whosays.text import blocks
from whosays.types import Article, Claim

RELEASED = (1, 2)
HARBOUR = replace(
    article(
        "harbour",
        "The harbour of Orsel is shut since the storm of Monday, and ferries lie idle at its quays.",
        "Ferries lie idle ‘for good’, said Mira Tolk, who speaks for the Varn Republic, and nobody knows when they sail again.",
        outlet="Orsel Gazette",
        day=3,
        title="Orsel’s harbour shut",
    ),
    url="https://gazette.example/harbour",
    author="Ada Brack",
)
WIRE = replace(HARBOUR, id="wire", outlet="Harbour Post", url=None, author=None)
OLD_BUDGET = article("budget", "The council passed its budget.")
BUDGET = article("budget", "The council passed its budget at last.", "It had sat all night.", day=5)
GONE = article("gone", "Nobody reads this any more.", outlet="Orsel Gazette", day=1)
#: Vectors of passages and of claims, by their slots; so many rows of each there are.
_VECTORS, _CLAIM_VECTORS = unit(40, 1), unit(40, 2)
_SLOTS = {1: (8, 5), 2: (10, 5)}


def restore(folder: Path, schema: int) -> None:
    """Put a store of an old schema into a folder, as `store.db`."""
    with closing(sqlite3.connect(folder / "store.db")) as database:
        database.executescript((Path(__file__).parent / "released" / f"schema_{schema}.sql").read_text("utf-8"))
        [(store,)] = database.execute("SELECT value FROM meta WHERE key = 'store'")
    passages, claims = (vectors[:count] for vectors, count in zip((_VECTORS, _CLAIM_VECTORS), _SLOTS[schema], strict=True))
    codes = sign_bits(passages)
    for name, kind, rows in (
        ("passages.f32", np.float32, passages),
        ("passages.bits", np.uint64, codes),
        ("claims.f32", np.float32, claims),
    ):
        file = RowFile(folder / f"store.db.{name}", store, kind, rows.shape[1])  # type: ignore[type-var]
        file.create()
        file.write(0, rows)


def read(corpus: Corpus) -> None:
    """Put into a corpus just what the old stores were made of, in the same order: it has the same numbers then."""
    slots = [0, 0]

    def put(of: Article, *claims: Claim) -> None:
        parts = blocks(of.text)
        quotable = sum(not block.furniture for block in parts)
        vectors, spoken = _VECTORS[slots[0] :][:quotable], _CLAIM_VECTORS[slots[1] :][: len(claims)]
        slots[0], slots[1] = slots[0] + quotable, slots[1] + len(claims)
        corpus.put(Indexed(article=of, blocks=parts, vectors=vectors, claims=claims, claim_vectors=spoken))

    put(HARBOUR, claim(HARBOUR, "harbour of", 0), claim(HARBOUR, "Ferries lie", 1, speaker="Bren Osk"))
    put(OLD_BUDGET)
    put(GONE, claim(GONE, "Nobody reads", 0))
    put(BUDGET, claim(BUDGET, "It had", 1))
    put(WIRE, claim(WIRE, "harbour of", 0))
    corpus.remove("gone")


def rows(folder: Path, tables: Sequence[str] | None = None) -> dict[str, list[dict[str, object]]]:
    """Return the rows of a store's tables as SQLite keeps them, without those of indexes of words."""
    with closing(sqlite3.connect(folder / "store.db")) as database:
        database.row_factory = sqlite3.Row
        names = tables or [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "_words" not in name and name != "sqlite_sequence"
        ]
        return {name: sorted((dict(row) for row in database.execute(f'SELECT * FROM "{name}"')), key=repr) for name in names}
