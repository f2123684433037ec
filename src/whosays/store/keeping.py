"""How much is kept of people and chats, and how it moves and goes: each a few statements within the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, union, update

from whosays.chats import KEPT_CARDS, Chat, ChatState, Counts, Kept
from whosays.store.chat_rows import from_chat, to_chat
from whosays.store.chats_schema import cards, chats, followings, reports, updates, waiting
from whosays.store.outbox_schema import alerts, heard
from whosays.updates import KEPT_UPDATES

#: `Following.person` where it is no longer said whose wish a topic was.
_NOBODY = 0


def chat_of(connection: Connection, id: int) -> Chat | None:
    """Return a chat's settings; None where nothing is kept of it."""
    row = connection.execute(select(chats).where(chats.c.id == id)).first()
    return None if row is None else to_chat(row)


def of_person(connection: Connection, person: int) -> Kept:
    """Count what is kept of a person in all chats, topics that he had a group follow among it."""
    return Kept(
        cards=_count(connection, cards, _cards_of(person)),
        followed=_count(connection, followings, or_(followings.c.chat == person, followings.c.person == person)),
        reports=_count(connection, reports, reports.c.person == person),
        settings=_count(connection, chats, chats.c.id == person),
        waiting=_count(connection, waiting, _waiting_of(person)),
    )


def of_chat(connection: Connection, chat: int) -> Kept:
    """Count what is kept of a chat; a report says nothing of the chat that it came from."""
    return Kept(
        cards=_count(connection, cards, cards.c.chat == chat),
        followed=_count(connection, followings, followings.c.chat == chat),
        settings=_count(connection, chats, chats.c.id == chat),
        waiting=_count(connection, waiting, waiting.c.chat == chat),
    )


def forget_person(connection: Connection, person: int) -> None:
    """Delete all that is kept of a person; a group's topics stay, without him."""
    connection.execute(delete(cards).where(_cards_of(person)))
    connection.execute(delete(followings).where(followings.c.chat == person))
    connection.execute(update(followings).where(followings.c.person == person).values(person=_NOBODY))
    connection.execute(delete(alerts).where(alerts.c.chat == person))
    connection.execute(update(alerts).where(alerts.c.person == person).values(person=_NOBODY))
    connection.execute(delete(reports).where(reports.c.person == person))
    connection.execute(delete(chats).where(chats.c.id == person))
    connection.execute(delete(waiting).where(_waiting_of(person)))


def forget_chat(connection: Connection, chat: int) -> None:
    """Delete all that is kept of a chat; of a supergroup its former id stays: whom the bot serves may be told by that."""
    known = chat_of(connection, chat)
    connection.execute(delete(cards).where(cards.c.chat == chat))
    connection.execute(delete(followings).where(followings.c.chat == chat))
    connection.execute(delete(alerts).where(alerts.c.chat == chat))
    connection.execute(delete(chats).where(chats.c.id == chat))
    if known is not None and known.former is not None:
        connection.execute(
            insert(chats).values(from_chat(Chat(id=chat, kind=known.kind, state=known.state, former=known.former)))
        )
    connection.execute(delete(waiting).where(waiting.c.chat == chat))


def migrate(connection: Connection, old: int, new: int) -> None:
    """Give what is kept of a group to the supergroup that it has become, an anonymous admin's (who speaks as it) as well."""
    _move_settings(connection, old, new)
    # A supergroup numbers its messages anew: the old numbers would be those of other messages.
    connection.execute(
        update(cards).where(cards.c.chat == old).values(chat=new, message=None, picture=None, question_message=None)
    )
    connection.execute(update(cards).where(cards.c.asker == old).values(asker=new))
    _merge_topics(connection, old, new)
    connection.execute(update(followings).where(followings.c.chat == old).values(chat=new))
    connection.execute(update(followings).where(followings.c.person == old).values(person=new))
    # A message that told an alert has no number in the supergroup: it is edited no more, and "why?" still knows it by its id.
    connection.execute(update(alerts).where(alerts.c.chat == old).values(chat=new, message=None))
    connection.execute(update(alerts).where(alerts.c.person == old).values(person=new))
    connection.execute(update(waiting).where(waiting.c.chat == old).values(chat=new))
    connection.execute(update(waiting).where(waiting.c.person == old).values(person=new))


def counts(connection: Connection, now: datetime) -> Counts:
    """Count for the operator: a day is the last 24 hours, a week the last seven days."""
    known = union(select(chats.c.id), select(cards.c.chat), select(followings.c.chat)).subquery()
    return Counts(
        chats=connection.execute(select(func.count()).select_from(known)).scalar_one(),
        shut=_count(connection, chats, chats.c.state == ChatState.SHUT.value),
        cards_today=_count(connection, cards, cards.c.asked > now - timedelta(days=1)),
        cards_week=_count(connection, cards, cards.c.asked > now - timedelta(weeks=1)),
        followed=_count(connection, followings, followings.c.id.is_not(None)),
        reports_open=_count(connection, reports, ~reports.c.settled),
    )


def tidy(connection: Connection, now: datetime) -> None:
    """Delete what is too old; an update goes with its text, if it still waits."""
    connection.execute(delete(cards).where(cards.c.asked < now - KEPT_CARDS))
    connection.execute(delete(updates).where(updates.c.received < now - KEPT_UPDATES))


def _cards_of(person: int) -> ColumnElement[bool]:
    return or_(cards.c.asker == person, cards.c.chat == person)


def _waiting_of(person: int) -> ColumnElement[bool]:
    return or_(waiting.c.person == person, waiting.c.chat == person)


def _move_settings(connection: Connection, old: int, new: int) -> None:
    """Give a group's settings to the supergroup, unless it has chosen some itself: to be told of its state is no choice."""
    before, own = chat_of(connection, old), chat_of(connection, new) or Chat(id=new, kind="supergroup")
    if before is not None and own == Chat(id=new, kind=own.kind, state=own.state, former=own.former):
        own = replace(before, id=new, kind="supergroup", state=own.state)
    connection.execute(delete(chats).where(chats.c.id.in_([old, new])))
    connection.execute(insert(chats).values(from_chat(replace(own, former=old))))


def _merge_topics(connection: Connection, old: int, new: int) -> None:
    """Let the old chat's topics go that the new one follows too; what either was shown is no news."""
    of_new = connection.execute(select(followings).where(followings.c.chat == new)).all()
    kept = {(row.thread, row.folded, row.once): row for row in of_new}
    for row in connection.execute(select(followings).where(followings.c.chat == old)).all():
        if twin := kept.get((row.thread, row.folded, row.once)):
            for table in (heard, alerts):
                known = select(table.c.mark).where(table.c.following == twin.id)
                new_to_it = (table.c.following == row.id, table.c.mark.not_in(known))
                connection.execute(update(table).where(*new_to_it).values(following=twin.id))
            connection.execute(delete(alerts).where(alerts.c.following == row.id, alerts.c.sent.is_(None)))
            connection.execute(delete(followings).where(followings.c.id == row.id))


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    count: int = connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()
    return count
