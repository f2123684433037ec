"""The tables, once for every backend (SQLAlchemy Core). What only one backend has (an index of words) stands there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

#: Raised with every change that an older store does not have, with a step in `migrations` that brings it there.
SCHEMA_VERSION = 3

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows when that was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        result: datetime = value
        return result.replace(tzinfo=UTC) if result.tzinfo is None else result.astimezone(UTC)


#: Text by which rows are ordered: the same everywhere, whatever order a server's language has.
Ordered = String().with_variant(String(collation="C"), "postgresql")

#: SQLite numbers rows by itself only where the key is an INTEGER.
RowKey = BigInteger().with_variant(Integer, "sqlite")

#: schema, store (a random name), and once it is indexed model, dimension, digest.
meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

#: How many rows each vector file has had so far (they are never used twice), and how many removals there were.
counters = Table("counters", metadata, Column("name", String, primary_key=True), Column("value", BigInteger, nullable=False))

articles = Table(
    "articles",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("digest", String, nullable=False),
    Column("outlet", Ordered, index=True),
    Column("published", UtcDateTime, index=True),
    Column("url", String, index=True),
    Column("title", String),
    Column("author", String),
    Column("language", String, nullable=False),
    # Last: a row's other columns are then read without its text.
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)

#: Those that may be quoted; `position` counts all blocks of the article.
paragraphs = Table(
    "paragraphs",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_autoincrement=True,
)

#: What of a paragraph is embedded and searched for words in one piece; `slot` is its row in the vector files.
passages = Table(
    "passages",
    metadata,
    Column("slot", RowKey, primary_key=True, autoincrement=False),
    Column("paragraph", ForeignKey("paragraphs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

#: Slots of passages that are gone, in the order in which they went.
removals = Table(
    "removals",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=False),
    Column("slot", BigInteger, nullable=False),
)

#: Spans are JSON lists of [start, end]; `position` is the claim's place among those of its article.
claims = Table(
    "claims",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("paragraphs", JSON, nullable=False),
    Column("source", JSON, nullable=False),
    Column("cue", JSON, nullable=False),
    Column("content", JSON, nullable=False),
    Column("attribution_confidence", Float, nullable=False),
    Column("speaker", String, nullable=False),
    Column("role", String, nullable=False),
    Column("party", String),
    Column("side", String, index=True),
    Column("stance", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("slot", BigInteger, nullable=False),
)

claim_paragraphs = Table(
    "claim_paragraphs",
    metadata,
    Column("paragraph", ForeignKey("paragraphs.id", ondelete="CASCADE"), primary_key=True),
    Column("claim", ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True, index=True),
)

#: What an operator says of one claim, in place of what was found (NULL: as it was found). It hangs on the article's key and the
#: claim's words, not on rows that go when the article is read anew: `content` is a JSON list of [start, end]. `found` is the
#: speaker's name as it was found, which tells joint speakers apart.
corrections = Table(
    "corrections",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("article", String, nullable=False, index=True),
    Column("content", JSON, nullable=False),
    Column("words_digest", String, nullable=False),
    Column("found", String, nullable=False),
    Column("speaker", String),
    Column("role", String),
    Column("side", String),
    Column("stance", String),
    Column("hidden", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

#: With which list of actors an article's claims were resolved; none is said of articles that were read before schema 2.
resolutions = Table(
    "resolutions",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String, nullable=False),
)

#: What answering reads of an article, in one piece: its quotable paragraphs, its claims, and what was worked out of them. It
#: holds nothing that other tables do not; what another `version` worked out is not read.
prepared = Table(
    "prepared",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

#: Articles of several outlets on one event. `articles` says of how many `vector` (float32) and the weights of `story_terms` are
#: the sum: also of those that have gone since, or were replaced. `first` and `last` are the dates between which they lie.
stories = Table(
    "stories",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("first", UtcDateTime),
    Column("last", UtcDateTime),
    Column("vector", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

story_terms = Table(
    "story_terms",
    metadata,
    Column("term", String, primary_key=True),
    Column("story", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("weight", Float, nullable=False),
    sqlite_with_rowid=False,
)

#: How many articles had a term when they came, those that have gone since among them; the empty term stands for all articles.
term_counts = Table(
    "term_counts",
    metadata,
    Column("term", String, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: The story of an article, and the article (its row) whose text this one has, too; of those it is never a copy itself. Nothing is
#: said of articles that were read before schema 2.
placements = Table(
    "placements",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story", ForeignKey("stories.id"), nullable=False, index=True),
    Column("original", BigInteger, index=True),
)

#: The vectors (float32) of how articles begin, by the model that the store is being indexed anew with; else it is empty.
next_leads = Table(
    "next_leads",
    metadata,
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

#: A sample of the runs of words of each text that is nobody's copy.
text_runs = Table(
    "text_runs",
    metadata,
    Column("run", BigInteger, primary_key=True),
    Column("article", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

#: The tables of stories and copies.
STORY_TABLES = (stories, story_terms, term_counts, placements, text_runs)
