"""The tables of chats, in the same file as those of articles. Ids of chats, threads, messages and people are Telegram's."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, Time, UniqueConstraint

from whosays.store.schema import RowKey, UtcDateTime, metadata

#: `thread` of what stands in no forum topic: a number, since a NULL is never equal to another one.
NO_THREAD = 0
#: `quotation` of a report on a card as a whole.
WHOLE_CARD = -1

chats = Table(
    "chats",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("language", String),
    Column("length", String, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("dark", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("quiet_start", Time),
    Column("quiet_end", Time),
    Column("digest", Time, nullable=False),
    Column("most", Integer, nullable=False),
    Column("former", BigInteger),
)

#: `answer` is a snapshot (`whosays.snapshot`).
cards = Table(
    "cards",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("asker", BigInteger, nullable=False),
    Column("question_message", BigInteger),
    Column("message", BigInteger),
    Column("picture", BigInteger),
    Column("language", String, nullable=False),
    Column("asked", UtcDateTime, nullable=False, index=True),
    Column("shared", Boolean, nullable=False),
    Column("answer", Text, nullable=False),
    Index("cards_by_asker", "asker", "chat", "thread", "asked"),
    Index("cards_by_message", "chat", "message"),
    Index("cards_by_picture", "chat", "picture"),
    Index("cards_by_question", "chat", "question_message"),
)

#: `folded` is the topic without its case and spacing; `sides` and `outlets` are JSON lists of names. A number is
#: never given out twice: a button may name it long after the topic is gone, and a higher one is of a topic followed later.
followings = Table(
    "followings",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, index=True),
    Column("topic", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("language", String, nullable=False),
    Column("sides", JSON, nullable=False),
    Column("outlets", JSON, nullable=False),
    Column("cadence", String, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("muted_until", UtcDateTime),
    Column("once", Boolean, nullable=False),
    Column("status", String),
    UniqueConstraint("chat", "thread", "folded", "once"),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("fault", String, nullable=False),
    Column("quotation", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("answer_digest", String, nullable=False),
    Column("answer", Text, nullable=False),
    UniqueConstraint("person", "answer_digest", "quotation", "fault"),
    sqlite_autoincrement=True,
)

#: All that stays of an update: that it came, and whether an answer to it was begun.
updates = Table(
    "updates",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=False),
    Column("received", UtcDateTime, nullable=False, index=True),
    Column("begun", Boolean, nullable=False),
)

#: Updates that are not done, with what they say and who said it; `tries` counts the starts that took them up again.
waiting = Table(
    "waiting",
    metadata,
    Column("update", ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True),
    Column("chat", BigInteger),
    Column("person", BigInteger),
    Column("text", Text, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
)

#: Which of the processes that answer has a waiting update, and until when the others leave it to that one.
held = Table(
    "held",
    metadata,
    Column("update", ForeignKey("waiting.update", ondelete="CASCADE"), primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

TABLES = (chats, cards, followings, reports, updates, waiting, held)
