"""Alerts that are made, scheduled and taken: each a few statements within the caller's transaction, under the write lock."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, or_, select, update

from whosays.chats import ONCE_FOR, Cadence, Chat, ChatState, Following
from whosays.errors import OutdatedError, StoreError
from whosays.heard import Heard
from whosays.outbox import GROWS_FOR, KEPT_SENT, KEPT_WAITING, Alert, Followed, Grown, News, Parcel, Verdict, with_source
from whosays.store import chat_rows, outbox_rows
from whosays.store.chats_schema import chats, followings
from whosays.store.outbox_schema import alerts, heard, said_vectors, to_answer
from whosays.timing import HOUR, due, free

_log = logging.getLogger(__name__)

#: A message is edited so long after its alert has grown: other outlets follow within the minute.
_EDIT_AFTER = timedelta(minutes=1)
#: What a chat was told longer ago than this may be news again.
_KEPT_HEARD = timedelta(days=365)
#: Values that one statement names.
_CHUNK = 10_000


class Settings:
    """Chats with their settings and what went to them in the last hour, each read once within a transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._chats: dict[int, Chat] = {}
        self._sent: dict[int, list[datetime]] = {}

    def chat(self, id: int) -> Chat:
        """Return a chat's settings, or those that a chat has which has chosen none."""
        if id not in self._chats:
            row = self._connection.execute(select(chats).where(chats.c.id == id)).first()
            self._chats[id] = Chat(id=id, kind="") if row is None else chat_rows.to_chat(row)
        return self._chats[id]

    def sent(self, id: int) -> Sequence[datetime]:
        """Return when messages with alerts went to a chat in the last hour; one that is being sent counts as sent now."""
        if id not in self._sent:
            told = select(alerts.c.sent, alerts.c.message).where(alerts.c.chat == id, alerts.c.sent > self._now - HOUR).distinct()
            leased = select(alerts.c.lease).where(alerts.c.chat == id, alerts.c.sent.is_(None), alerts.c.lease_until > self._now)
            self._sent[id] = [row.sent for row in self._connection.execute(told)]
            self._sent[id] += [self._now for _ in self._connection.execute(leased.distinct())]
        return self._sent[id]

    def forget_sent(self, id: int) -> None:
        """Count anew what went to a chat."""
        self._sent.pop(id, None)


def tell(connection: Connection, news: News) -> None:
    """Keep what an article is to those who follow topics. Raises OutdatedError where a topic came to it meanwhile."""
    if connection.execute(select(followings.c.id).where(followings.c.id > news.newest).limit(1)).first():
        raise OutdatedError("a topic is followed that was not when the article was matched")
    settings = Settings(connection, news.now)
    for verdict in news.verdicts(followed(connection, news.followings, news.digest)):
        keep(connection, verdict, settings, news.now)


def keep(connection: Connection, verdict: Verdict, settings: Settings, now: datetime) -> None:
    """Keep a verdict: its alerts, what grows by it, what was heard, and whether a card is to be answered anew."""
    row = connection.execute(select(followings).where(followings.c.id == verdict.following)).first()
    if row is None:
        return
    following = chat_rows.to_following(row)
    told = {alert.mark: id for alert in verdict.alerts if (id := _add(connection, alert, following, settings)) is not None}
    outbox_rows.keep_heard(connection, following.id, verdict.heard, told)
    for grown in verdict.grown:
        _grow(connection, grown, now)
    asked = select(to_answer.c.following).where(to_answer.c.following == following.id)
    if verdict.again and not connection.execute(asked).first():
        connection.execute(insert(to_answer).values(following=following.id))


def followed(connection: Connection, ids: Sequence[int], digest: str) -> list[Followed]:
    """Return the topics of these followings, those that are still there, with what their chats were shown."""
    result = []
    for first in range(0, len(ids), _CHUNK):
        those = list(ids[first : first + _CHUNK])
        found = connection.execute(select(followings).where(followings.c.id.in_(those)).order_by(followings.c.id)).all()
        told = set(connection.execute(select(alerts.c.following).where(alerts.c.following.in_(those)).distinct()).scalars())
        shown: dict[int, list[Heard]] = {}
        statement = (
            select(heard, said_vectors.c.digest, said_vectors.c.vector)
            .outerjoin(said_vectors, said_vectors.c.said == heard.c.said)
            .where(heard.c.following.in_(those))
            .order_by(heard.c.id)
        )
        for row in connection.execute(statement):
            shown.setdefault(row.following, []).append(outbox_rows.to_heard(row, digest))
        for row in found:
            following = chat_rows.to_following(row)
            result.append(Followed(following=following, heard=tuple(shown.get(row.id, ())), told=row.id in told))
    return result


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
        connection.execute(update(alerts).where(alerts.c.id == row.id).values(due=when.at, held=when.held))


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
            rows = connection.execute(select(alerts).where(*where).order_by(alerts.c.made, alerts.c.id)).all()
            if _put_off(connection, rows, settings, now):
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
        rows = connection.execute(
            select(alerts).where(alerts.c.chat == chat, alerts.c.message == message).order_by(alerts.c.made, alerts.c.id)
        ).all()
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


def _add(connection: Connection, alert: Alert, following: Following, settings: Settings) -> int | None:
    """Keep an alert and return its id, unless it was made before."""
    known = select(alerts.c.id).where(alerts.c.following == following.id, alerts.c.mark == alert.mark)
    if connection.execute(known).first():
        return None
    # The chat may have become a supergroup since the alert was thought of.
    now = replace(alert, following=following.id, chat=following.chat, thread=following.thread, person=following.person)
    when = due(alert.made, following, settings.chat(following.chat), settings.sent(following.chat))
    row = {**outbox_rows.from_alert(now), "language": following.language, "due": when.at, "held": when.held, "told": 0}
    key = connection.execute(insert(alerts).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _grow(connection: Connection, grown: Grown, now: datetime) -> None:
    row = connection.execute(select(alerts).where(alerts.c.id == grown.alert)).first()
    if row is None or (row.sent is not None and row.sent < now - GROWS_FOR):
        return
    before = outbox_rows.to_alert(row)
    after = with_source(before, grown.source)
    if after == before:
        return
    values = outbox_rows.from_answer(after)
    if row.sent is not None and row.told == row.sources:
        values["due"] = now + _EDIT_AFTER
    connection.execute(update(alerts).where(alerts.c.id == row.id).values(values))


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
