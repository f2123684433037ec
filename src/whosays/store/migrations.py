"""A database becomes a store, or an older store one of this version: numbered steps, those that are due in one transaction."""

from __future__ import annotations

import logging
import secrets
import time

from sqlalchemy import Connection, insert, inspect, select, update

from whosays.errors import StoreError
from whosays.store import fulltext, prepared, schema, schema_2
from whosays.store.chats_schema import held
from whosays.store.database import Database
from whosays.store.feeds_schema import hosts
from whosays.store.schema import SCHEMA_VERSION, articles, counters, meta, metadata, next_leads
from whosays.store.writing import CLAIMS, PASSAGES, REMOVALS

_log = logging.getLogger(__name__)

#: Seconds until it is looked again whether another process is done.
_PAUSE = 0.5
#: The row of `meta` that says how far a store has been moved there: it is no store until it is gone.
MOVING = "moving"


def bring_up(database: Database) -> dict[str, str]:
    """Return what the store says of itself (the rows of `meta`), once it is of this version; an empty one becomes a store.

    That takes minutes for a large store of an older version: whoever comes meanwhile waits for the one who is at it.
    A store that no articles were indexed into yet names no model. Raises StoreError where it is none of whosays', of a later
    version, or not moved there to the end.
    """
    known = what_is_said(database)
    if MOVING in known:
        raise StoreError(f"a store is being moved into {database.name}: run the same `whosays migrate` again until it is done")
    if known.get("schema") == str(SCHEMA_VERSION):
        return known
    if int(known.get("schema", SCHEMA_VERSION)) < SCHEMA_VERSION:
        _take_turn(database, known["schema"])
    with database.writing("schema") as connection:
        # Another process may have been quicker.
        known = _meta(connection) or _create(database, connection)
        version = int(known["schema"])
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{database.name} was made by a later version of whosays (schema {version}, this one has {SCHEMA_VERSION}); "
                "update whosays, or run `whosays ingest` into a new store"
            )
        for step in range(version, SCHEMA_VERSION):
            _STEPS[step](connection)
        known["schema"] = str(SCHEMA_VERSION)
        connection.execute(update(meta).where(meta.c.key == "schema").values(value=known["schema"]))
    return known


def _take_turn(database: Database, version: str) -> None:
    """Return once nobody else brings an older store up: he is done or has ended. Tables' locks are awaited for a minute only."""
    waits = False
    while not database.alone(f"schema-{SCHEMA_VERSION}"):
        if what_is_said(database).get("schema") != version:
            return
        if not waits:
            _log.warning("waiting for another process, which is bringing %s up to this version of whosays", database.name)
        waits = True
        time.sleep(_PAUSE)
    if what_is_said(database).get("schema") == version:
        _log.warning("bringing %s up to this version of whosays: a large store takes some minutes", database.name)


def what_is_said(database: Database) -> dict[str, str]:
    """Return what a store says of itself, whatever its version; nothing where there is no store. Raises StoreError."""
    with database.reading() as connection:
        return _meta(connection)


def _meta(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table(counters.name):
        return {}
    return dict(connection.execute(select(meta.c.key, meta.c.value)).all())


def _create(database: Database, connection: Connection) -> dict[str, str]:
    """Make all tables, as they are now."""
    if inspect(connection).get_table_names():
        raise StoreError(f"{database.name} is a database, but not one of whosays; name another one with --store or WHOSAYS_STORE")
    metadata.create_all(connection)
    database.create_own(connection)
    known = {"schema": str(SCHEMA_VERSION), "store": secrets.token_hex(8)}
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in known.items()])
    connection.execute(insert(counters), [{"name": name, "value": 0} for name in (PASSAGES, CLAIMS, REMOVALS)])
    return known


def _to_2(connection: Connection) -> None:
    """Chats, followed topics, feeds, alerts, stories, corrections."""
    for statement in schema_2.ADDED:
        connection.exec_driver_sql(statement)


def _to_3(connection: Connection) -> None:
    """What several machines need, and searching fast."""
    for index in articles.indexes:
        index.create(connection, checkfirst=True)
    next_leads.create(connection)
    for name in ("passage_words", "article_words"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    for table in (fulltext.word_segments, fulltext.postings, held, hosts, schema.prepared):
        table.create(connection)
    fulltext.index_all(connection)
    prepared.keep_all(connection)


#: By the version that a step starts from. A step never looks at tables as they are now, but for making what is new: they go on
#: changing. PostgreSQL came with schema 3, so steps before that speak SQLite.
_STEPS = {1: _to_2, 2: _to_3}
