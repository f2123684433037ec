"""A store that fails: some of its tables are, for a while, not where they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager


@contextmanager
def out_of_reach(address: str, *tables: str) -> Iterator[None]:
    """Let all that asks for these tables fail for as long as the block lasts."""
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=10)) as connection:
        # What refers to a table is not to follow it.
        connection.execute("PRAGMA legacy_alter_table = ON")
        for table in tables:
            connection.execute(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
        yield
        for table in tables:
            connection.execute(f"ALTER TABLE {table}_elsewhere RENAME TO {table}")
