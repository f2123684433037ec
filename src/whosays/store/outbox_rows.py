"""Alerts, and what a chat was shown ↔ rows of their tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import Connection, insert, select

from whosays import snapshot
from whosays.errors import StoreError
from whosays.heard import Heard
from whosays.outbox import Alert, Why
from whosays.store.chat_rows import thread, thread_number
from whosays.store.outbox_schema import heard as heard_table
from whosays.store.outbox_schema import said_vectors
from whosays.store.rows import RowOf
from whosays.types import Stance, Vector

_WHY = msgspec.json.Decoder(Why)


def from_alert(alert: Alert) -> dict[str, Any]:
    """Return the row of an alert, but for its id, its answer and what becomes of it."""
    return {
        "following": alert.following,
        "chat": alert.chat,
        "thread": thread_number(alert.thread),
        "person": alert.person,
        "topic": alert.topic,
        "mark": alert.mark,
        "made": alert.made,
        "why": msgspec.json.encode(alert.why).decode(),
    }


def from_answer(alert: Alert) -> dict[str, Any]:
    """Return what of the row of an alert is its answer's: it changes when that grows. Raises StoreError."""
    first = alert.answer.sources[0].article if alert.answer.sources else ""
    return {"answer": snapshot.dumps(alert.answer), "sources": len(alert.answer.sources), "article": first}


def to_alert(row: RowOf) -> Alert:
    """Return the alert of a row of `alerts`. Raises StoreError where another version kept what this one cannot read."""
    try:
        why = _WHY.decode(row.why)
    except msgspec.DecodeError as error:
        raise StoreError(f"an alert that was kept cannot be read, perhaps it is of another version: {error}") from error
    return Alert(
        id=row.id,
        following=row.following,
        chat=row.chat,
        thread=thread(row.thread),
        person=row.person,
        topic=row.topic,
        mark=row.mark,
        why=why,
        answer=snapshot.loads(row.answer),
        made=row.made,
        sent=row.sent,
        message=row.message,
    )


def keep_heard(
    connection: Connection, ids: Sequence[int], heard: Iterable[tuple[int, Heard]], told: Mapping[tuple[int, str], int]
) -> None:
    """Note what the chats of these followings were shown; what they were shown before stays as it is.

    `heard` goes by following, `told` are the alerts (ids) by following and mark.
    """
    statement = select(heard_table.c.following, heard_table.c.mark).where(heard_table.c.following.in_(ids))
    known = {(row.following, row.mark) for row in connection.execute(statement)}
    new = {(following, one.mark): one for following, one in heard if (following, one.mark) not in known}
    values = [
        {
            "following": following,
            "mark": mark,
            "side": one.side,
            "speaker": one.speaker,
            "stance": one.stance.value,
            "words": one.words,
            "at": one.at,
            "outlet": one.outlet,
            "url": one.url,
            "alert": told.get((following, mark), one.alert),
            "said": said_key(one),
        }
        for (following, mark), one in new.items()
    ]
    if values:
        connection.execute(insert(heard_table), values)


def keep_said(connection: Connection, digest: str, vectors: Mapping[str, Vector]) -> None:
    """Keep the vectors of words that chats were shown, by `said_key`, in place of those of another model."""
    held = dict(
        connection.execute(select(said_vectors.c.said, said_vectors.c.digest).where(said_vectors.c.said.in_(vectors))).all()
    )
    old = [key for key, kept in held.items() if kept != digest]
    connection.execute(said_vectors.delete().where(said_vectors.c.said.in_(old)))
    values = [
        {"said": key, "digest": digest, "vector": from_vector(vector)}
        for key, vector in vectors.items()
        if held.get(key) != digest
    ]
    if values:
        connection.execute(insert(said_vectors), values)


def to_heard(row: RowOf, digest: str) -> Heard:
    """Return what was shown of a row of `heard` with the columns of `said_vectors`; without its vector if of another model."""
    return Heard(
        mark=row.mark,
        side=row.side,
        speaker=row.speaker,
        stance=Stance(row.stance),
        words=row.words,
        at=row.at,
        outlet=row.outlet,
        url=row.url,
        alert=row.alert,
        vector=to_vector(row.vector) if row.digest == digest else None,
    )


def said_key(heard: Heard) -> str:
    """Return what tells the words that are embedded of a claim from others."""
    return hashlib.blake2b(heard.words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def from_vector(vector: Vector) -> bytes:
    """Return a vector as bytes."""
    return np.asarray(vector, dtype="<f4").tobytes()


def to_vector(data: bytes) -> Vector:
    """Return the vector of bytes."""
    return np.frombuffer(data, dtype="<f4").astype(np.float32)
