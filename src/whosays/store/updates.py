"""Updates that are not answered yet, and the numbers of those that are: each a few statements within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select
from sqlalchemy import update as change

from whosays.chats import MOST_TRIES, Hold
from whosays.store.chats_schema import held, updates, waiting


def receive(
    connection: Connection, update: int, chat: int | None, person: int | None, text: str, hold: Hold | None = None
) -> bool:
    """Keep an update until it is done; False where it was received before."""
    new = _note(connection, update, begun=False)
    if new:
        connection.execute(insert(waiting).values(update=update, chat=chat, person=person, text=text))
        if hold is not None:
            connection.execute(insert(held).values(update=update, holder=hold.holder, until=hold.until))
    return new


def begin(connection: Connection, update: int) -> bool:
    """Note that an answer to an update is about to be sent; False where that was noted before."""
    first = change(updates).where(updates.c.id == update, ~updates.c.begun).values(begun=True)
    # One that could not be kept when it came is noted now.
    return connection.execute(first).rowcount > 0 or _note(connection, update, begun=True)


def put_off(connection: Connection, update: int) -> None:
    """Note that the answer that was begun has not left."""
    connection.execute(change(updates).where(updates.c.id == update).values(begun=False))


def was_let_go(connection: Connection, update: int) -> bool:
    """Say whether an update that was received waits no more."""
    of = select(updates.c.id).where(updates.c.id == update, ~exists().where(waiting.c.update == update))
    return connection.execute(of).first() is not None


def done(connection: Connection, update: int) -> None:
    """Let an update's text go; its number stays."""
    connection.execute(delete(waiting).where(waiting.c.update == update))


def any_unanswered(connection: Connection, hold: Hold) -> bool:
    """Say whether there is anything to be taken up."""
    of = select(waiting.c.update).join(updates, updates.c.id == waiting.c.update).where(*_unanswered(), ~_held(hold))
    return connection.execute(of.limit(1)).first() is not None


def unanswered(connection: Connection, hold: Hold | None = None) -> Sequence[tuple[int, str]]:
    """Return the updates that were received and not begun, in order, and count that they are taken up.

    With a `hold` those that nobody holds; nobody else may take any up within the same moment.
    """
    statement = select(waiting.c.update, waiting.c.text).join(updates, updates.c.id == waiting.c.update).where(*_unanswered())
    if hold is not None:
        # Before they are looked for: whoever holds on to some at this moment keeps them.
        connection.execute(delete(held).where(held.c.until <= hold.now))
        statement = statement.where(~_held(hold))
    found = [(id, text) for id, text in connection.execute(statement.order_by(updates.c.received, updates.c.id))]
    taken_up = [id for id, _ in found]
    connection.execute(change(waiting).where(waiting.c.update.in_(taken_up)).values(tries=waiting.c.tries + 1))
    if hold is not None and found:
        connection.execute(insert(held), [{"update": id, "holder": hold.holder, "until": hold.until} for id in taken_up])
    return found


def go_on_holding(connection: Connection, hold: Hold) -> None:
    """Hold on to what its holder has."""
    connection.execute(change(held).where(held.c.holder == hold.holder).values(until=hold.until))


def release(connection: Connection, holder: str) -> None:
    """Leave what somebody holds to others."""
    connection.execute(delete(held).where(held.c.holder == holder))


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    return ~updates.c.begun, waiting.c.tries < MOST_TRIES


def _held(hold: Hold) -> ColumnElement[bool]:
    return exists().where(held.c.update == waiting.c.update, held.c.until > hold.now)


def _note(connection: Connection, update: int, *, begun: bool) -> bool:
    """Note an update; say whether it was not noted yet."""
    if connection.execute(select(updates.c.id).where(updates.c.id == update)).first():
        return False
    connection.execute(insert(updates).values(id=update, received=datetime.now(UTC), begun=begun))
    return True
