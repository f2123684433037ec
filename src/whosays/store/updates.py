"""Updates that are not answered yet, and the numbers of those that are: each a few statements within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy import update as change

from whosays.chats import MOST_TRIES
from whosays.store.chats_schema import updates, waiting


def receive(connection: Connection, update: int, chat: int | None, person: int | None, text: str) -> bool:
    """Keep an update until it is done; False where it was received before."""
    new = _note(connection, update, begun=False)
    if new:
        connection.execute(insert(waiting).values(update=update, chat=chat, person=person, text=text))
    return new


def begin(connection: Connection, update: int) -> bool:
    """Note that an answer to an update is about to be sent; False where that was noted before."""
    first = change(updates).where(updates.c.id == update, ~updates.c.begun).values(begun=True)
    # One that could not be kept when it came is noted now.
    return connection.execute(first).rowcount > 0 or _note(connection, update, begun=True)


def put_off(connection: Connection, update: int) -> None:
    """Note that the answer that was begun has not left."""
    connection.execute(change(updates).where(updates.c.id == update).values(begun=False))


def done(connection: Connection, update: int) -> None:
    """Let an update's text go; its number stays."""
    connection.execute(delete(waiting).where(waiting.c.update == update))


def unanswered(connection: Connection) -> Sequence[tuple[int, str]]:
    """Return the updates that were received and not begun, in order, and count that they are taken up."""
    statement = (
        select(waiting.c.update, waiting.c.text)
        .join(updates, updates.c.id == waiting.c.update)
        .where(~updates.c.begun, waiting.c.tries < MOST_TRIES)
        .order_by(updates.c.received, updates.c.id)
    )
    found = [(id, text) for id, text in connection.execute(statement)]
    taken_up = [id for id, _ in found]
    connection.execute(change(waiting).where(waiting.c.update.in_(taken_up)).values(tries=waiting.c.tries + 1))
    return found


def _note(connection: Connection, update: int, *, begun: bool) -> bool:
    """Note an update; say whether it was not noted yet."""
    if connection.execute(select(updates.c.id).where(updates.c.id == update)).first():
        return False
    connection.execute(insert(updates).values(id=update, received=datetime.now(UTC), begun=begun))
    return True
