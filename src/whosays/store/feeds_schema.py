"""The tables of feeds, in the same file as those of articles."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Interval, String, Table, Text

from whosays.store.schema import Ordered, UtcDateTime, metadata

#: The columns are the fields of `whosays.feeds.Feed`, its sets as sorted JSON lists.
feeds = Table(
    "feeds",
    metadata,
    Column("url", Ordered, primary_key=True),
    Column("added", UtcDateTime, nullable=False),
    Column("title", String),
    Column("site", String),
    Column("folder", String),
    Column("due", UtcDateTime, index=True),
    Column("asked", UtcDateTime),
    Column("read", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("error", String, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("every", Interval),
    Column("skip_hours", JSON, nullable=False),
    Column("skip_days", JSON, nullable=False),
    Column("gap", Interval),
    Column("newest", UtcDateTime),
    Column("interval", Interval),
)

#: What became of each page that a feed told of: the fields of `whosays.feeds.Page`. `feed` is NULL once that feed is gone.
pages = Table(
    "pages",
    metadata,
    Column("address", Ordered, primary_key=True),
    Column("feed", ForeignKey("feeds.url", ondelete="SET NULL", onupdate="CASCADE"), index=True),
    Column("standing", String, nullable=False, index=True),
    Column("due", UtcDateTime, index=True),
    Column("article", String, index=True),
    Column("title", String),
    Column("why", String, nullable=False),
    Column("read", UtcDateTime),
    Column("looks", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("told", Text, nullable=False),
)

#: The entries of each feed, whether or not their pages were read; `seen` is when the feed last listed one.
entries = Table(
    "entries",
    metadata,
    Column("feed", ForeignKey("feeds.url", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("address", ForeignKey("pages.address", ondelete="CASCADE"), nullable=False, index=True),
    Column("seen", UtcDateTime, nullable=False),
)

#: Which of several readers asks a host, and until when the others leave it alone: while it does, or while the host is to rest.
hosts = Table(
    "hosts",
    metadata,
    Column("host", String, primary_key=True),
    Column("reader", String, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

TABLES = (feeds, pages, entries, hosts)
