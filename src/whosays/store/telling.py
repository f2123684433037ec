"""What an article is to those who follow topics, kept with it: some statements for all of them, while no following changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from whosays.chats import Chat, Following
from whosays.errors import OutdatedError
from whosays.heard import Heard
from whosays.outbox import GROWS_FOR, Alert, Followed, News, Verdict, with_source
from whosays.store import chat_rows, outbox_rows
from whosays.store.chats_schema import chats, followings
from whosays.store.outbox_schema import alerts, heard, said_vectors, to_answer
from whosays.timing import HOUR, due
from whosays.types import Answer, Source

#: A message is edited so long after its alert has grown: other outlets follow within the minute.
_EDIT_AFTER = timedelta(minutes=1)
#: Followings that are decided on at a time: what they have heard is in memory, and each number in a statement.
_CHUNK = 1000


class Settings:
    """Chats with their settings and what went to them in the last hour, each read once within a transaction."""

    def __init__(self, connection: Connection, now: datetime, ids: Iterable[int] = ()) -> None:
        """Read these chats at once; others when they are asked for."""
        self._connection = connection
        self._now = now
        self._chats: dict[int, Chat] = {}
        self._sent: dict[int, list[datetime]] = {}
        self._read(set(ids))

    def chat(self, id: int) -> Chat:
        """Return a chat's settings, or those that a chat has which has chosen none."""
        if id not in self._chats:
            self._read({id})
        return self._chats[id]

    def sent(self, id: int) -> Sequence[datetime]:
        """Return when messages with alerts went to a chat in the last hour; one that is being sent counts as sent now."""
        if id not in self._sent:
            self._read({id})
        return self._sent[id]

    def forget_sent(self, id: int) -> None:
        """Count anew what went to a chat."""
        self._sent.pop(id, None)

    def _read(self, ids: set[int]) -> None:
        if not ids:
            return
        known = {row.id: chat_rows.to_chat(row) for row in self._connection.execute(select(chats).where(chats.c.id.in_(ids)))}
        self._chats |= {id: known.get(id) or Chat(id=id, kind="") for id in ids}
        told = select(alerts.c.chat, alerts.c.sent, alerts.c.message).where(
            alerts.c.chat.in_(ids), alerts.c.sent > self._now - HOUR
        )
        leased = select(alerts.c.chat, alerts.c.lease).where(
            alerts.c.chat.in_(ids), alerts.c.sent.is_(None), alerts.c.lease_until > self._now
        )
        self._sent |= {id: [] for id in ids}
        for chat, sent, _ in self._connection.execute(told.distinct()):
            self._sent[chat].append(sent)
        for chat, _ in self._connection.execute(leased.distinct()):
            self._sent[chat].append(self._now)


def tell(connection: Connection, news: News) -> None:
    """Keep what an article is to those who follow topics. Raises OutdatedError where a topic came to it meanwhile."""
    if connection.execute(select(followings.c.id).where(followings.c.id > news.newest).limit(1)).first():
        raise OutdatedError("a topic is followed that was not when the article was matched")
    for first in range(0, len(news.followings), _CHUNK):
        some = followed(connection, news.followings[first : first + _CHUNK], news.digest)
        keep(connection, news.verdicts(some), [one.following for one in some], news.now)


def keep(connection: Connection, verdicts: Sequence[Verdict], of: Sequence[Following], now: datetime) -> None:
    """Keep verdicts: their alerts, what grows by them, what was heard, and which cards are to be answered anew."""
    there = {following.id: following for following in of}
    standing = [verdict for verdict in verdicts if verdict.following in there]
    ids = [verdict.following for verdict in standing]
    made = [(alert, there[verdict.following]) for verdict in standing for alert in verdict.alerts]
    told = _add(connection, made, Settings(connection, now, (following.chat for _, following in made)))
    new = ((verdict.following, one) for verdict in standing for one in verdict.heard)
    outbox_rows.keep_heard(connection, ids, new, told)
    _grow(connection, {grown.alert: grown.source for verdict in standing for grown in verdict.grown}, now)
    again = {verdict.following for verdict in standing if verdict.again}
    asked = set(connection.execute(select(to_answer.c.following).where(to_answer.c.following.in_(again))).scalars())
    if again - asked:
        connection.execute(insert(to_answer), [{"following": id} for id in sorted(again - asked)])


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


def _add(connection: Connection, made: Sequence[tuple[Alert, Following]], settings: Settings) -> dict[tuple[int, str], int]:
    """Keep alerts, but for those that were made before; return the ids of all, by following and mark."""
    ids = {following.id for _, following in made}
    statement = select(alerts.c.following, alerts.c.mark, alerts.c.id).where(alerts.c.following.in_(ids))
    known = {(row.following, row.mark): row.id for row in connection.execute(statement)} if ids else {}
    snapshots: dict[int, tuple[Answer, dict[str, Any]]] = {}
    new: dict[tuple[int, str], dict[str, Any]] = {}
    for alert, following in made:
        if (following.id, alert.mark) in known:
            continue
        if id(alert.answer) not in snapshots:
            # The same card goes to many chats.
            snapshots[id(alert.answer)] = alert.answer, outbox_rows.from_answer(alert)
        # The chat may have become a supergroup since the alert was thought of.
        own = replace(alert, following=following.id, chat=following.chat, thread=following.thread, person=following.person)
        when = due(alert.made, following, settings.chat(following.chat), settings.sent(following.chat))
        new[following.id, alert.mark] = {
            **outbox_rows.from_alert(own),
            **snapshots[id(alert.answer)][1],
            "language": following.language,
            "due": when.at,
            "held": when.held,
            "told": 0,
        }
    if new:
        inserted = insert(alerts).returning(alerts.c.following, alerts.c.mark, alerts.c.id)
        known |= {(row.following, row.mark): row.id for row in connection.execute(inserted, list(new.values()))}
    return known


def _grow(connection: Connection, sources: Mapping[int, Source], now: datetime) -> None:
    """Add a source to each of these alerts, but for those that were sent too long ago; what was sent is to be edited soon."""
    known: dict[tuple[str, Source], dict[str, Any] | None] = {}
    values = []
    of = select(alerts).where(alerts.c.id.in_(sources)).order_by(alerts.c.id).with_for_update()
    for row in connection.execute(of).all():
        if row.sent is not None and row.sent < now - GROWS_FOR:
            continue
        key = row.answer, sources[row.id]
        if key not in known:
            # The same card has gone to many chats.
            before = outbox_rows.to_alert(row)
            after = with_source(before, key[1])
            known[key] = None if after == before else outbox_rows.from_answer(after)
        if (answer := known[key]) is not None:
            edited = now + _EDIT_AFTER if row.sent is not None and row.told == row.sources else row.due
            values.append({"of": row.id, "due": edited, **answer})
    if values:
        connection.execute(update(alerts).where(alerts.c.id == bindparam("of")), values)
