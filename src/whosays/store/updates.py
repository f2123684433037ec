"""Updates that are not answered yet, and the numbers of those that are: each method one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select
from sqlalchemy import update as change

from whosays.store.chats_schema import held, updates, waiting
from whosays.store.database import Database, retried
from whosays.updates import MOST_TRIES, Hold

#: Of processes that take up what others have left one does so at a time.
_TAKING_UP = "taking up"


class SqlUpdates:
    """`Updates` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried
    def receive(self, update: int, chat: int | None, person: int | None, text: str, hold: Hold | None = None) -> bool:
        """Keep an update (its JSON) until it is done; False where it was received before, done or not: it is not to be handled.

        A killed process loses nothing of it; a power cut may.
        """
        with self._database.writing() as connection:
            new = _note(connection, update, begun=False)
            if new:
                connection.execute(insert(waiting).values(update=update, chat=chat, person=person, text=text))
                if hold is not None:
                    connection.execute(insert(held).values(update=update, holder=hold.holder, until=hold.until))
        return new

    @retried
    def begin(self, update: int) -> bool:
        """Note that an answer to an update is about to be sent; False where that was noted before: it must not be sent again."""
        first = change(updates).where(updates.c.id == update, ~updates.c.begun).values(begun=True)
        with self._database.writing() as connection:
            # One that could not be kept when it came is noted now.
            return connection.execute(first).rowcount > 0 or _note(connection, update, begun=True)

    @retried
    def put_off(self, update: int) -> None:
        """Note that the answer that was begun has certainly not left, and waits: `begin` may be asked again."""
        with self._database.writing() as connection:
            connection.execute(change(updates).where(updates.c.id == update).values(begun=False))

    def was_let_go(self, update: int) -> bool:
        """Say whether an update that was received has been deleted since: with whoever was forgotten, or because it is done."""
        of = select(updates.c.id).where(updates.c.id == update, ~exists().where(waiting.c.update == update))
        with self._database.reading() as connection:
            return connection.execute(of).first() is not None

    @retried
    def done(self, update: int) -> None:
        """Let an update's text go; its number is kept for a few days, so that it is not handled twice."""
        with self._database.writing() as connection:
            connection.execute(delete(waiting).where(waiting.c.update == update))

    @retried
    def unanswered(self, hold: Hold | None = None) -> Sequence[tuple[int, str]]:
        """Return the updates that were received and not begun, in order: what a bot that was killed had not answered.

        With a `hold` those alone that nobody holds, who do it from now on. Each is returned `MOST_TRIES` times at most.
        """
        if hold is not None:
            with self._database.reading() as connection:
                if not _any_unanswered(connection, hold):
                    return []
        with self._database.writing(_TAKING_UP) as connection:
            return _taken_up(connection, hold)

    @retried
    def go_on_holding(self, hold: Hold) -> None:
        """Hold on to what its holder has, until later."""
        with self._database.writing() as connection:
            connection.execute(change(held).where(held.c.holder == hold.holder).values(until=hold.until))

    @retried
    def release(self, holder: str) -> None:
        """Leave what somebody holds to whoever takes it up."""
        with self._database.writing() as connection:
            connection.execute(delete(held).where(held.c.holder == holder))


def _any_unanswered(connection: Connection, hold: Hold) -> bool:
    """Say whether there is anything to be taken up."""
    of = select(waiting.c.update).join(updates, updates.c.id == waiting.c.update).where(*_to_take_up(), ~_held(hold))
    return connection.execute(of.limit(1)).first() is not None


def _taken_up(connection: Connection, hold: Hold | None) -> Sequence[tuple[int, str]]:
    """Return the updates that were received and not begun, in order, and count that they are taken up.

    With a `hold` those that nobody holds; nobody else may take any up within the same moment.
    """
    statement = select(waiting.c.update, waiting.c.text).join(updates, updates.c.id == waiting.c.update).where(*_to_take_up())
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


def _to_take_up() -> tuple[ColumnElement[bool], ...]:
    return ~updates.c.begun, waiting.c.tries < MOST_TRIES


def _held(hold: Hold) -> ColumnElement[bool]:
    return exists().where(held.c.update == waiting.c.update, held.c.until > hold.now)


def _note(connection: Connection, update: int, *, begun: bool) -> bool:
    """Note an update; say whether it was not noted yet."""
    if connection.execute(select(updates.c.id).where(updates.c.id == update)).first():
        return False
    connection.execute(insert(updates).values(id=update, received=datetime.now(UTC), begun=begun))
    return True
