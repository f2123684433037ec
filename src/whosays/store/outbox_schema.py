"""The tables of what chats were told of followed topics, and of what waits to be told, in the same file as all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from whosays.store.schema import RowKey, UtcDateTime, metadata

#: The vector of a topic (float32, little-endian) by the model of this digest.
topic_vectors = Table(
    "topic_vectors",
    metadata,
    Column("following", ForeignKey("followings.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

#: The vectors of claims that chats were shown; `said` is a digest of the words that were embedded: many chats are told the same.
said_vectors = Table(
    "said_vectors",
    metadata,
    Column("said", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

#: `alert` is the one that told it, NULL where a card did.
heard = Table(
    "heard",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("following", ForeignKey("followings.id", ondelete="CASCADE"), nullable=False),
    Column("mark", String, nullable=False),
    Column("side", String),
    Column("speaker", String, nullable=False),
    Column("stance", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outlet", String),
    Column("url", String),
    Column("alert", BigInteger),
    Column("said", String, nullable=False, index=True),
    UniqueConstraint("following", "mark"),
)

#: `following` outlives its topic: what was sent can still be asked about. `answer` is a snapshot (`whosays.snapshot`), `why` is
#: JSON. `due` is when it is to be told, `held` that it then comes in a digest. `lease` names the parcel that it is in until
#: `lease_until`. `sources` counts those of `answer`, `told` those that its message shows. `article` is the key of the first one.
#: A number is never given out twice.
alerts = Table(
    "alerts",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("following", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("language", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("article", String, nullable=False, index=True),
    Column("made", UtcDateTime, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("lease", String),
    Column("lease_until", UtcDateTime),
    Column("worker", String),
    Column("sent", UtcDateTime),
    Column("message", BigInteger),
    Column("sources", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("answer", Text, nullable=False),
    UniqueConstraint("following", "mark"),
    Index("alerts_due", "sent", "due"),
    Index("alerts_of_chat", "chat", "thread", "sent"),
    Index("alerts_by_message", "chat", "message"),
    sqlite_autoincrement=True,
)

#: Topics followed once whose card is to be answered anew: an article came that may change it.
to_answer = Table(
    "to_answer",
    metadata,
    Column("following", ForeignKey("followings.id", ondelete="CASCADE"), primary_key=True),
)

TABLES = (topic_vectors, said_vectors, heard, alerts, to_answer)
