"""Alerts that wait are scheduled, taken and sent: each a few statements within the caller's transaction.

Where others write beside it, of those that take one runs at a time, and what is taken or grows is locked before it is looked at:
what was sent, let go or moved to another chat just now is then seen to be.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, or_, select, update

from whosays.chats import ONCE_FOR, Cadence, ChatState, Following
from whosays.errors import StoreError
from whosays.outbox import GROWS_FOR, KEPT_SENT, KEPT_WAITING, Alert, Parcel
from whosays.store import chat_rows, outbox_rows
from whosays.store.chats_schema import chats, followings
from whosays.store.outbox_schema import alerts, heard, said_vectors
from whosays.store.telling import Settings
from whosays.timing import due, free

_log = logging.getLogger(__name__)

#: What a chat was told longer ago than this may be news again.
_KEPT_HEARD = timedelta(days=365)


def reschedule(connection: Connection, chat: int) -> None:
    """Set anew when a chat's alerts are due that wait, after its settings or its topics' have changed."""
    rows = connection.execute(
        select(alerts.c.id, alerts.c.made, followings)
        .join(followings, followings.c.id == alerts.c.following)
        .where(alerts.c.chat == chat, alerts.c.sent.is_(None), alerts.c.lease.is_(None))
    ).all()
    if not rows:
        return
    settings = Settings(connection, max(row.made for row in rows))
    for row in rows:
        when = due(row.made, _how(row), settings.chat(chat), settings.sent(chat))
        still = alerts.c.id == row.id, alerts.c.sent.is_(None), alerts.c.lease.is_(None)
        connection.execute(update(alerts).where(*still).values(due=when.at, held=when.held))


def let_go(connection: Connection, following: int) -> None:
    """Delete the alerts of a topic that wait: it is followed no more."""
    connection.execute(delete(alerts).where(alerts.c.following == following, alerts.c.sent.is_(None)))


def take(connection: Connection, worker: str, now: datetime, limit: int, lease: timedelta) -> list[Parcel]:
    """Return what is due, each thread's in one parcel; what is due in quiet hours, or too much, is put off."""
    settings, parcels = Settings(connection, now), list[Parcel]()
    other = alerts.alias()
    busy = exists().where(
        other.c.chat == alerts.c.chat, other.c.thread == alerts.c.thread, other.c.sent.is_(None), other.c.lease_until > now
    )
    threads = (
        select(alerts.c.chat, alerts.c.thread)
        .where(*can_be_told(), alerts.c.due <= now, ~busy)
        .group_by(alerts.c.chat, alerts.c.thread)
        .order_by(func.min(alerts.c.due))
    )
    # What is put off is not found again: this ends.
    while len(parcels) < limit and (found := connection.execute(threads.limit(limit - len(parcels))).all()):
        for chat, thread in found:
            where = (*can_be_told(), alerts.c.due <= now, alerts.c.chat == chat, alerts.c.thread == thread)
            rows = connection.execute(_locked(*where)).all()
            if not rows or _put_off(connection, rows, settings, now):
                continue
            if parcel := _parcel(connection, rows, worker, now + lease, digest=any(row.held for row in rows)):
                parcels.append(parcel)
            settings.forget_sent(chat)
    return parcels


def take_grown(connection: Connection, worker: str, now: datetime, limit: int, lease: timedelta) -> list[Parcel]:
    """Return messages that tell less than is known by now."""
    grown = (
        alerts.c.sent > now - GROWS_FOR,
        alerts.c.message.is_not(None),
        alerts.c.told < alerts.c.sources,
        alerts.c.due <= now,
        or_(alerts.c.lease_until.is_(None), alerts.c.lease_until <= now),
        ~_shut(),
    )
    messages = select(alerts.c.chat, alerts.c.message).where(*grown).group_by(alerts.c.chat, alerts.c.message).limit(limit)
    parcels = []
    for chat, message in connection.execute(messages).all():
        rows = connection.execute(_locked(alerts.c.chat == chat, alerts.c.message == message)).all()
        if parcel := _parcel(connection, rows, worker, now + lease, digest=any(row.held for row in rows), message=message):
            parcels.append(parcel)
    return parcels


def sent(connection: Connection, parcel: Parcel, message: int, now: datetime) -> None:
    """Note that a parcel was sent, whoever holds its lease by now; the same claims of the thread's other topics with it."""
    for alert in parcel.alerts:
        connection.execute(
            update(alerts)
            .where(alerts.c.id == alert.id)
            .values(sent=func.coalesce(alerts.c.sent, now), message=message, told=len(alert.answer.sources), **_FREE)
        )
    if parcel.message is not None:
        return
    same = (
        alerts.c.chat == parcel.chat,
        alerts.c.thread == chat_rows.thread_number(parcel.thread),
        alerts.c.sent.is_(None),
        alerts.c.mark.in_([alert.mark for alert in parcel.alerts]),
    )
    connection.execute(update(alerts).where(*same).values(sent=now, message=message, told=alerts.c.sources, **_FREE))
    ended = [alert.following for alert in parcel.alerts]
    connection.execute(delete(followings).where(followings.c.id.in_(ended), followings.c.once))


def later(connection: Connection, parcel: Parcel, until: datetime) -> None:
    """Give a parcel back."""
    ids = [alert.id for alert in parcel.alerts]
    connection.execute(update(alerts).where(alerts.c.id.in_(ids), alerts.c.lease == parcel.lease).values(due=until, **_FREE))


def drop(connection: Connection, ids: Sequence[int]) -> None:
    """Let alerts go that wait; those that were sent are edited no more."""
    connection.execute(delete(alerts).where(alerts.c.id.in_(ids), alerts.c.sent.is_(None)))
    connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(told=alerts.c.sources, **_FREE))


def withdraw(connection: Connection, article: str) -> None:
    """Delete the alerts that wait and have this article for their one source: it is gone."""
    alone = (alerts.c.article == article, alerts.c.sources == 1, alerts.c.sent.is_(None))
    connection.execute(delete(alerts).where(*alone))


def tidy(connection: Connection, now: datetime) -> None:
    """Delete what is too old, and topics followed once whose time is over."""
    connection.execute(delete(alerts).where(alerts.c.sent < now - KEPT_SENT))
    connection.execute(delete(alerts).where(alerts.c.sent.is_(None), alerts.c.made < now - KEPT_WAITING))
    waits = exists().where(alerts.c.following == followings.c.id, alerts.c.sent.is_(None))
    connection.execute(delete(followings).where(followings.c.once, followings.c.since < now - ONCE_FOR, ~waits))
    connection.execute(delete(heard).where(heard.c.at < now - _KEPT_HEARD))
    connection.execute(delete(said_vectors).where(~exists().where(heard.c.said == said_vectors.c.said)))


def can_be_told() -> tuple[ColumnElement[bool], ...]:
    """Return what holds of alerts that wait, and of which nobody has said that they must wait on."""
    paused = exists().where(followings.c.id == alerts.c.following, followings.c.paused)
    return alerts.c.sent.is_(None), ~paused, ~_shut()


_FREE: dict[str, Any] = {"lease": None, "lease_until": None, "worker": None}


def _locked(*where: ColumnElement[bool]) -> Select[Any]:
    """Return what reads alerts in the order in which they are told, none of which anybody else changes until the end."""
    return select(alerts).where(*where).order_by(alerts.c.made, alerts.c.id).with_for_update()


def _shut() -> ColumnElement[bool]:
    return exists().where(chats.c.id == alerts.c.chat, chats.c.state == ChatState.SHUT.value)


def _how(row: Row[Any]) -> Following:
    """Return how a topic is followed, of a row that has the columns of `followings`, as far as it matters to when it is told."""
    return Following(
        chat=row.chat,
        thread=None,
        person=0,
        topic="",
        since=row.since,
        language="",
        cadence=Cadence(row.cadence),
        muted_until=row.muted_until,
    )


def _put_off(connection: Connection, rows: Sequence[Row[Any]], settings: Settings, now: datetime) -> bool:
    """Say whether alerts that are due must wait on, and note until when."""
    chat = settings.chat(rows[0].chat)
    sent = settings.sent(chat.id)
    at_once = [row for row in rows if not row.held]
    if at_once and not any(row.held for row in rows):
        how = Following(chat=chat.id, thread=None, person=0, topic="", since=now, language="")
        until = due(now, how, chat, sent).at
    else:
        until = free(now, chat, sent)
    if until <= now:
        return False
    ids = [row.id for row in rows]
    connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(due=until, held=True))
    return True


def _parcel(
    connection: Connection, rows: Sequence[Row[Any]], worker: str, until: datetime, *, digest: bool, message: int | None = None
) -> Parcel | None:
    """Lease alerts and return them; None where none of them can be read."""
    told = tuple(_readable(connection, rows))
    if not told:
        return None
    lease = secrets.token_hex(8)
    ids = [alert.id for alert in told]
    connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(lease=lease, lease_until=until, worker=worker))
    first = rows[0]
    return Parcel(
        lease=lease,
        chat=first.chat,
        thread=chat_rows.thread(first.thread),
        language=first.language,
        digest=digest,
        alerts=told,
        message=message,
    )


def _readable(connection: Connection, rows: Iterable[Row[Any]]) -> Iterator[Alert]:
    """Yield alerts; those that cannot be read, of another version, go: they would hold up all others of their thread."""
    for row in rows:
        try:
            yield outbox_rows.to_alert(row)
        except StoreError as error:
            _log.error("alert %d is let go: %s", row.id, error)
            connection.execute(delete(alerts).where(alerts.c.id == row.id))
