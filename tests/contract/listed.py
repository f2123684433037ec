"""Feeds, and what they list, as the contract tests of `Feeds` have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from whosays.feeds import Feed, Feeds, Listed, Page, Standing

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
GAZETTE = Feed(url="https://gazette.example/feed", added=NOW)
POST = Feed(
    url="https://post.example/rss",
    added=NOW - DAY,
    title="Harbour Post",
    site="https://post.example/",
    folder="World/Coast",
    due=NOW + MINUTE,
    asked=NOW - MINUTE,
    read=NOW - 2 * MINUTE,
    failures=3,
    error="it answered 500",
    told=True,
    etag='W/"a"',
    last_modified="Wed, 07 May 2031 11:00:00 GMT",
    every=timedelta(hours=1),
    skip_hours=frozenset({3, 0}),
    skip_days=frozenset({6}),
    gap=timedelta(minutes=7, seconds=30),
    newest=NOW - timedelta(hours=3),
    interval=timedelta(minutes=20),
)


def entry(key: str, digest: str = "1", address: str | None = None) -> Listed:
    return Listed(key=key, digest=digest, address=address or f"https://gazette.example/{key}", told=f'{{"{key}": {digest}}}')


def due(feeds: Feeds, now: datetime = NOW) -> list[str]:
    return [page.address.rpartition("/")[2] for page in feeds.pages_due(now, 100)]


def note(feeds: Feeds, *entries: Listed, feed: Feed = GAZETTE, now: datetime = NOW) -> int:
    return feeds.note(feed, feed.url, entries, now)


def done(feeds: Feeds, key: str, standing: Standing = Standing.READ, **parts: object) -> Page:
    page = feeds.page(f"https://gazette.example/{key}")
    assert page is not None
    page = replace(page, standing=standing, due=None, article=key, read=NOW, **parts)  # type: ignore[arg-type]
    feeds.keep_page(page)
    return page
