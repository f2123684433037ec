"""What is kept of chats, in the database of the corpus: each method one transaction.

In SQLite what is deleted is overwritten with zeros, and forgetting somebody empties the write-ahead log as well: his words are
then no longer in the file, not merely out of sight.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Delete, Insert, Select, Update, delete, insert, or_, select
from sqlalchemy import update as set_values

from whosays.chats import Card, Chat, ChatState, Counts, Following, Kept, Report
from whosays.errors import StoreError
from whosays.heard import Heard
from whosays.store import chat_rows, keeping, opening, outbox_rows, waiting_alerts
from whosays.store.cards import asked_before
from whosays.store.cards import keep as keep_card
from whosays.store.chats_schema import cards, chats, followings, reports
from whosays.store.database import ARTICLES, chat_key, retried
from whosays.store.rows import RowOf
from whosays.store.updates import SqlUpdates

_log = logging.getLogger(__name__)


class SqlChats(SqlUpdates):
    """`Chats` over a database. May be used by several threads at once, and by several processes."""

    @classmethod
    def open(cls, address: str) -> Self:
        """Open the store at an address, or make it. Raises ConfigError, StoreError as `opening.connect` does."""
        return cls(opening.connect(address, wipe=True))

    def chat(self, id: int) -> Chat | None:
        """Return a chat's settings; None where nothing is kept of it."""
        with self._database.reading() as connection:
            return keeping.chat_of(connection, id)

    @retried
    def keep_chat(self, chat: Chat) -> None:
        """Keep a chat's settings, in place of those before."""
        # They say when alerts are told, those as well that an article brings at this moment.
        with self._database.writing(ARTICLES, chat_key(chat.id)) as connection:
            _keep_chat(connection, chat)

    @retried
    def change_chat(self, id: int, kind: str, change: Callable[[Chat], Chat | None]) -> Chat | None:
        """Keep a chat's settings changed, in one transaction, and return them; where `change` returns None nothing changes.

        `change` is given them as they are; of a chat of which nothing is kept, of this `kind`, those of every chat.
        """
        with self._database.writing(ARTICLES, chat_key(id)) as connection:
            changed = change(keeping.chat_of(connection, id) or Chat(id=id, kind=kind))
            if changed is not None:
                _keep_chat(connection, changed)
        return changed

    @retried
    def set_state(self, id: int, kind: str, state: ChatState) -> None:
        """Note whether a chat can be written to; its other settings stay."""
        with self._database.writing(chat_key(id)) as connection:
            if not connection.execute(set_values(chats).where(chats.c.id == id).values(state=state.value)).rowcount:
                connection.execute(insert(chats).values(chat_rows.from_chat(Chat(id=id, kind=kind, state=state))))

    @retried
    def migrate(self, old: int, new: int) -> None:
        """Give all that is kept of a group to the supergroup that it has become, in one transaction; twice is no harm.

        Topics that both follow stay once; settings of the new one, if it has any, win. The supergroup numbers its messages anew,
        so no message shows, or asks for, a card of before: its buttons go on working by its id.
        """
        if old != new:
            with self._database.writing(ARTICLES, chat_key(old), chat_key(new)) as connection:
                keeping.migrate(connection, old, new)
                waiting_alerts.reschedule(connection, new)

    @retried
    def keep_card(self, card: Card) -> None:
        """Keep a card; one with the same id is replaced, and one to the same question that was never sent goes."""
        with self._database.writing(chat_key(card.chat)) as connection:
            keep_card(connection, card)

    def let_card_go(self, id: str) -> None:
        """Delete a card, as `forget_person` does: nothing of it is left in the files."""
        self._any(delete(cards).where(cards.c.id == id))
        self._database.wipe_deleted()

    @retried
    def set_message(self, id: str, message: int, picture: int | None = None) -> None:
        """Note which message shows a card, and which its picture."""
        with self._database.writing() as connection:
            connection.execute(set_values(cards).where(cards.c.id == id).values(message=message, picture=picture))

    def card(self, id: str) -> Card | None:
        """Return the card of this id."""
        if "\0" in id:
            # No id has it, and PostgreSQL takes no text that does.
            return None
        return self._last_card(cards.c.id == id)

    def card_shown_in(self, chat: int, message: int) -> Card | None:
        """Return the card that a message of the bot shows, or whose picture it is."""
        return self._last_card(cards.c.chat == chat, or_(cards.c.message == message, cards.c.picture == message))

    def card_asked_by(self, chat: int, question_message: int) -> Card | None:
        """Return the card that answers a message."""
        return self._last_card(cards.c.chat == chat, cards.c.question_message == question_message)

    def last_card(self, chat: int, thread: int | None, asker: int, since: datetime, before: int | None = None) -> Card | None:
        """Return the card last asked for by somebody in a chat's thread, at `since` or later; none that was shared inline.

        With `before` those alone count that a message of a smaller number asked for.
        """
        return self._last_card(*asked_before(chat, thread, asker, since, before))

    @retried
    def follow(self, following: Following, heard: Sequence[Heard] = ()) -> Following | None:
        """Keep a topic and return it with its id; None where the chat's thread follows it already (whatever its case).

        `heard` is what a card of it has told the chat. A topic followed `once` is one for itself.
        """
        row = chat_rows.from_following(following)
        same = [followings.c[name] == row[name] for name in ("chat", "thread", "folded", "once")]
        with self._database.writing(ARTICLES) as connection:
            if connection.execute(select(followings.c.id).where(*same)).first():
                return None
            kept = replace(following, id=_inserted(connection, insert(followings).values(row)))
            outbox_rows.keep_heard(connection, [kept.id], ((kept.id, one) for one in heard), {})
        return kept

    def following(self, chat: int, id: int) -> Following | None:
        """Return a topic of a chat; None where it is followed no more."""
        found = self._followings(select(followings).where(followings.c.chat == chat, followings.c.id == id))
        return found[0] if found else None

    @retried
    def keep_following(self, following: Following) -> bool:
        """Keep how a topic is followed (sides, outlets, cadence, pause, mute), in place of before; say whether it is there."""
        of_id = (followings.c.chat == following.chat, followings.c.id == following.id)
        with self._database.writing(ARTICLES) as connection:
            statement = set_values(followings).where(*of_id).values(chat_rows.how_followed(following))
            there = connection.execute(statement).rowcount > 0
            waiting_alerts.reschedule(connection, following.chat)
        return there

    def followed_in(self, chat: int, thread: int | None = None, *, all_threads: bool = False) -> Sequence[Following]:
        """Return what a chat's thread (or all of the chat) follows, the oldest first."""
        statement = select(followings).where(followings.c.chat == chat)
        if not all_threads:
            statement = statement.where(followings.c.thread == chat_rows.thread_number(thread))
        return self._followings(statement)

    def followed(self) -> Sequence[Following]:
        """Return all topics followed by chats that can be written to, the oldest first."""
        shut = select(chats.c.id).where(chats.c.state == ChatState.SHUT.value)
        return self._followings(select(followings).where(followings.c.chat.not_in(shut)))

    @retried
    def unfollow(self, chat: int, id: int) -> bool:
        """Let a topic of a chat go; say whether it was there."""
        with self._database.writing(ARTICLES) as connection:
            there = connection.execute(delete(followings).where(followings.c.chat == chat, followings.c.id == id)).rowcount > 0
            if there:
                waiting_alerts.let_go(connection, id)
        return there

    @retried
    def report(self, report: Report) -> int:
        """Keep a report and return its id; the same person's same report on the same claim of the same card counts once."""
        row = chat_rows.from_report(report)
        same = [reports.c[name] == row[name] for name in ("person", "answer_digest", "quotation", "fault")]
        with self._database.writing() as connection:
            known: int | None = connection.execute(select(reports.c.id).where(*same)).scalar()
            return _inserted(connection, insert(reports).values(row)) if known is None else known

    def reports(self, *, settled: bool = False) -> Sequence[Report]:
        """Return the reports that are open, or (`settled`) all, the oldest first."""
        statement = select(reports).order_by(reports.c.id)
        with self._database.reading() as connection:
            found = connection.execute(statement if settled else statement.where(~reports.c.settled)).all()
        return list(_readable(found))

    def settle(self, id: int) -> bool:
        """Note that a report was dealt with; say whether it was there and open."""
        return self._any(set_values(reports).where(reports.c.id == id, ~reports.c.settled).values(settled=True))

    def alone(self, purpose: str) -> bool:
        """Say whether this process is the only one over this store that does something, from now until it closes, or ends."""
        return self._database.alone(purpose)

    def kept_of_person(self, person: int) -> Kept:
        """Count what is kept of a person, in all chats."""
        with self._database.reading() as connection:
            return keeping.of_person(connection, person)

    def kept_of_chat(self, chat: int) -> Kept:
        """Count what is kept of a chat."""
        with self._database.reading() as connection:
            return keeping.of_chat(connection, chat)

    @retried
    def forget_person(self, person: int) -> Kept:
        """Delete all that is kept of a person, and of the private chat with him; return how much it was.

        Topics that he had a group follow are the group's: they stay, and no longer say whose wish they were (`person` 0).
        """
        with self._database.writing(ARTICLES, chat_key(person)) as connection:
            kept = keeping.of_person(connection, person)
            keeping.forget_person(connection, person)
        self._database.wipe_deleted()
        return kept

    @retried
    def forget_chat(self, chat: int) -> Kept:
        """Delete all that is kept of a chat, but for the id that it had as a group; return how much it was."""
        with self._database.writing(ARTICLES, chat_key(chat)) as connection:
            kept = keeping.of_chat(connection, chat)
            keeping.forget_chat(connection, chat)
        self._database.wipe_deleted()
        return kept

    def counts(self, now: datetime) -> Counts:
        """Count for the operator."""
        with self._database.reading() as connection:
            return keeping.counts(connection, now)

    @retried
    def tidy(self, now: datetime) -> None:
        """Delete cards of more than `KEPT_CARDS` ago, and the numbers of updates of more than `KEPT_UPDATES` ago."""
        with self._database.writing() as connection:
            keeping.tidy(connection, now)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    def _last_card(self, *where: ColumnElement[bool]) -> Card | None:
        """Return the card last asked for of those that these conditions let pass; one that cannot be read any more goes."""
        statement = select(cards).where(*where).order_by(cards.c.asked.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(statement).first()
        if row is None:
            return None
        try:
            return chat_rows.to_card(row)
        except StoreError:
            self._any(delete(cards).where(cards.c.id == row.id))
            return None

    def _followings(self, statement: Select[Any]) -> Sequence[Following]:
        with self._database.reading() as connection:
            return [chat_rows.to_following(row) for row in connection.execute(statement.order_by(followings.c.id))]

    @retried
    def _any(self, statement: Delete | Update) -> bool:
        """Make a change; say whether any row was changed by it."""
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount > 0


def _keep_chat(connection: Connection, chat: Chat) -> None:
    connection.execute(delete(chats).where(chats.c.id == chat.id))
    connection.execute(insert(chats).values(chat_rows.from_chat(chat)))
    waiting_alerts.reschedule(connection, chat.id)


def _readable(found: Iterable[RowOf]) -> Iterator[Report]:
    """Yield the reports that this version can read: the others stay, and are no error to the operator."""
    for row in found:
        try:
            yield chat_rows.to_report(row)
        except StoreError as error:
            _log.warning("report %d is left out: %s", row.id, error)


def _inserted(connection: Connection, statement: Insert) -> int:
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])
