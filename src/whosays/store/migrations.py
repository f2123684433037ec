"""A file becomes a store, or an older store one of this version: numbered steps forward, all that are due in one transaction."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, update

from whosays.errors import StoreError
from whosays.store import chats_schema, feeds_schema, fulltext, outbox_schema
from whosays.store.connections import Connections
from whosays.store.schema import SCHEMA_VERSION, STORY_TABLES, corrections, counters, meta, metadata, resolutions
from whosays.store.writing import CLAIMS, PASSAGES, REMOVALS


def connected(address: str, *, wipe: bool = False) -> Connections:
    """Return connections to the store at `sqlite:///PATH`, brought up to this version, or made. Raises StoreError.

    With `wipe`, what is deleted over them is overwritten.
    """
    path = Path(address.removeprefix("sqlite:///"))
    connections = Connections(path, wipe=wipe)
    try:
        bring_up(connections, path)
    except BaseException:
        connections.close()
        raise
    return connections


def bring_up(connections: Connections, path: Path) -> dict[str, str]:
    """Return what the store says of itself (the rows of `meta`), once it is of this version; an empty file becomes a store.

    A store that no articles were indexed into yet names no model. Raises StoreError where the file is none of whosays', or of a
    later version.
    """
    with connections.reading() as connection:
        known = _meta(connection)
    if known.get("schema") == str(SCHEMA_VERSION):
        return known
    with connections.writing() as connection:
        # Another process may have been quicker.
        known = _meta(connection) or _create(connection, path)
        version = int(known["schema"])
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{path} was made by a later version of whosays (schema {version}, this one has {SCHEMA_VERSION}); "
                "update whosays, or run `whosays ingest` into a new store"
            )
        for step in range(version, SCHEMA_VERSION):
            _STEPS[step](connection)
        known["schema"] = str(SCHEMA_VERSION)
        connection.execute(update(meta).where(meta.c.key == "schema").values(value=known["schema"]))
    return known


def _meta(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table(counters.name):
        return {}
    return dict(connection.execute(select(meta.c.key, meta.c.value)).all())


def _create(connection: Connection, path: Path) -> dict[str, str]:
    """Make all tables, as they are now."""
    if inspect(connection).get_table_names():
        raise StoreError(f"{path} is a database, but not one of whosays; name another file with --store or WHOSAYS_STORE")
    metadata.create_all(connection)
    fulltext.create(connection)
    known = {"schema": str(SCHEMA_VERSION), "store": secrets.token_hex(8)}
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in known.items()])
    connection.execute(insert(counters), [{"name": name, "value": 0} for name in (PASSAGES, CLAIMS, REMOVALS)])
    return known


def _add_chats_and_corrections(connection: Connection) -> None:
    # These are the tables as they are now: whoever changes one of them writes its columns of schema 2 down here first.
    new = [corrections, resolutions, *STORY_TABLES, *chats_schema.TABLES, *feeds_schema.TABLES, *outbox_schema.TABLES]
    metadata.create_all(connection, new, checkfirst=False)


#: By the version that a step starts from.
_STEPS = {1: _add_chats_and_corrections}
