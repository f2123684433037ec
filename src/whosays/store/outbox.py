"""The outbox in the database of the corpus: each method one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import delete, func, insert, or_, select

from whosays.heard import Heard
from whosays.outbox import LEASE, Alert, Followed, Parcel, Topic, Verdict, Waiting
from whosays.store import opening, outbox_rows, telling, waiting_alerts
from whosays.store.chats_schema import followings
from whosays.store.database import ARTICLES, Database, retried
from whosays.store.outbox_schema import alerts, to_answer, topic_vectors
from whosays.types import Vector

#: Of the workers one takes at a time. That is no bottleneck: Telegram lets a bot send thirty messages a second, and a worker
#: takes what it sends in that time within some milliseconds.
_TAKING = "taking"


class SqlOutbox:
    """`Outbox` over a database. May be used by several threads at once, and by several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, address: str) -> Self:
        """Open the store at an address, or make it. Raises ConfigError, StoreError as `opening.connect` does."""
        return cls(opening.connect(address, wipe=True))

    @retried
    def take(self, worker: str, now: datetime, *, limit: int = 16, lease: timedelta = LEASE) -> Sequence[Parcel]:
        """Return at most `limit` parcels that are due, the longest due first, and give them to nobody else for the lease."""
        if not self._any_due(now):
            return []
        with self._database.writing(_TAKING) as connection:
            return waiting_alerts.take(connection, worker, now, limit, lease)

    @retried
    def take_grown(self, worker: str, now: datetime, *, limit: int = 16, lease: timedelta = LEASE) -> Sequence[Parcel]:
        """Return messages that tell alerts which have grown since, to be edited, as `take` does."""
        grown = select(alerts.c.id).where(alerts.c.sent.is_not(None), alerts.c.told < alerts.c.sources, alerts.c.due <= now)
        with self._database.reading() as connection:
            if not connection.execute(grown.limit(1)).first():
                return []
        with self._database.writing(_TAKING) as connection:
            return waiting_alerts.take_grown(connection, worker, now, limit, lease)

    @retried
    def sent(self, parcel: Parcel, message: int, now: datetime) -> None:
        """Note that a parcel was sent, or its message edited, after Telegram has said so: none of it is sent again."""
        with self._database.writing() as connection:
            waiting_alerts.sent(connection, parcel, message, now)

    @retried
    def later(self, parcel: Parcel, until: datetime) -> None:
        """Give a parcel back, to be taken again at some time: it could not be sent, and certainly did not arrive."""
        with self._database.writing() as connection:
            waiting_alerts.later(connection, parcel, until)

    @retried
    def drop(self, alerts: Sequence[int]) -> None:
        """Let alerts (ids) go that are not to be sent any more, or whose message cannot be edited any more."""
        with self._database.writing() as connection:
            waiting_alerts.drop(connection, alerts)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when there may be something to take next, `now` if there is; None where nothing waits."""
        first = select(func.min(func.coalesce(alerts.c.lease_until, alerts.c.due))).where(
            *waiting_alerts.can_be_told(), or_(alerts.c.lease_until.is_(None), alerts.c.lease_until > alerts.c.due)
        )
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(first).scalar()
        return None if found is None else max(found, now)

    def waiting(self, now: datetime) -> Waiting:
        """Return what waits; alerts to chats that cannot be written to, and of topics that are paused, do not count."""
        statement = select(func.count(), func.min(alerts.c.due)).where(*waiting_alerts.can_be_told())
        with self._database.reading() as connection:
            count, first = connection.execute(statement).one()
        return Waiting(alerts=count, overdue=max(timedelta(0), now - (first or now)))

    def alert(self, id: int) -> Alert | None:
        """Return an alert; None where it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(alerts).where(alerts.c.id == id)).first()
        return None if row is None else outbox_rows.to_alert(row)

    def told_in(self, chat: int, message: int) -> Sequence[Alert]:
        """Return the alerts that a message of a chat tells, in the order in which it tells them."""
        statement = select(alerts).where(alerts.c.chat == chat, alerts.c.message == message)
        with self._database.reading() as connection:
            return [outbox_rows.to_alert(row) for row in connection.execute(statement.order_by(alerts.c.made, alerts.c.id))]

    def to_answer(self) -> Sequence[int]:
        """Return the topics (ids) followed `once` of which an article has come that may change their card."""
        with self._database.reading() as connection:
            return connection.execute(select(to_answer.c.following).order_by(to_answer.c.following)).scalars().all()

    @retried
    def answered(self, following: int, alert: Alert | None) -> None:
        """Keep the alert of a card that has changed, if it has, and note that it was answered anew: in one transaction."""
        with self._database.writing(ARTICLES) as connection:
            connection.execute(delete(to_answer).where(to_answer.c.following == following))
            if alert is not None:
                verdict = Verdict(following=following, alerts=(alert,))
                of = telling.followed(connection, [following], "")
                telling.keep(connection, [verdict], [one.following for one in of], alert.made)

    def topics(self, after: int, digest: str) -> Sequence[Topic]:
        """Return the topics of all followings of a higher id than `after`, by id, with their vectors by the model of a digest."""
        statement = (
            select(followings.c.id, followings.c.topic, topic_vectors.c.digest, topic_vectors.c.vector)
            .outerjoin(topic_vectors, topic_vectors.c.following == followings.c.id)
            .where(followings.c.id > after)
            .order_by(followings.c.id)
        )
        with self._database.reading() as connection:
            return [
                Topic(id, topic, outbox_rows.to_vector(vector) if of == digest else None)
                for id, topic, of, vector in connection.execute(statement)
            ]

    def count_topics(self) -> int:
        """Return how many followings there are."""
        with self._database.reading() as connection:
            count: int = connection.execute(select(func.count()).select_from(followings)).scalar_one()
        return count

    @retried
    def keep_topic_vectors(self, digest: str, vectors: Mapping[int, Vector]) -> None:
        """Keep the vectors of topics, by following."""
        with self._database.writing() as connection:
            there = set(connection.execute(select(followings.c.id).where(followings.c.id.in_(vectors))).scalars())
            connection.execute(delete(topic_vectors).where(topic_vectors.c.following.in_(vectors)))
            values = [
                {"following": id, "digest": digest, "vector": outbox_rows.from_vector(vector)}
                for id, vector in vectors.items()
                if id in there
            ]
            if values:
                connection.execute(insert(topic_vectors), values)

    def followed(self, ids: Sequence[int], digest: str) -> Sequence[Followed]:
        """Return those of these followings that there are, with what their chats were shown."""
        with self._database.reading() as connection:
            return telling.followed(connection, ids, digest)

    @retried
    def keep_heard_vectors(self, digest: str, heard: Sequence[Heard]) -> None:
        """Keep the vectors of claims that chats were shown, for all chats that were shown the same words."""
        vectors = {outbox_rows.said_key(one): one.vector for one in heard if one.vector is not None}
        with self._database.writing() as connection:
            outbox_rows.keep_said(connection, digest, vectors)

    @retried
    def tidy(self, now: datetime) -> None:
        """Delete alerts sent long ago, and those that have waited for too long."""
        with self._database.writing() as connection:
            waiting_alerts.tidy(connection, now)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    def _any_due(self, now: datetime) -> bool:
        """Say whether anything waits that is due, without the write lock."""
        due = select(alerts.c.id).where(*waiting_alerts.can_be_told(), alerts.c.due <= now)
        with self._database.reading() as connection:
            return connection.execute(due.limit(1)).first() is not None
