"""Which vectors a store is asked with: those of one model are a generation, and it goes over to the next one at once.

Whoever has opened one generation notices in the transaction in which he reads or writes that it is not the store's any more.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from whosays.errors import ReindexedError
from whosays.store.database import Shared
from whosays.store.schema import meta

#: The row of `meta` that holds the number of the store's generation.
GENERATION = "generation"
#: The generation of a store that was never indexed anew, which need not say so.
FIRST = 1


def of(known: Mapping[str, str]) -> int:
    """Return the generation of a store, by what it says of itself."""
    return int(known.get(GENERATION, FIRST))


def current(connection: Connection) -> int:
    """Return the store's generation, as the connection sees it."""
    return int(connection.execute(_CURRENT).scalar() or FIRST)


def check(connection: Connection, generation: int, shared: Shared | None = None) -> None:
    """Raise ReindexedError where the store, as the connection sees it, is of another generation; of what is `shared` once."""
    if (shared.once(current, connection, current) if shared else current(connection)) != generation:
        raise ReindexedError("the store has been indexed anew with another model meanwhile")


_CURRENT = select(meta.c.value).where(meta.c.key == GENERATION)
