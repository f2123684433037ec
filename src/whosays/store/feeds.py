"""What is kept of feeds, in the database of the corpus: each method one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Update, delete, exists, insert, or_, select, update

from whosays.feeds import FINAL, Feed, Listed, Page, Standing
from whosays.store import opening
from whosays.store.database import Database, retried
from whosays.store.feeds_schema import entries, feeds, hosts, pages
from whosays.store.rows import RowOf

#: How long an entry is remembered that its feed lists no more, and a page that no feed lists: it might be listed again.
_REMEMBERED = timedelta(days=60)
#: The least time between two readings of a page.
_APART = timedelta(minutes=10)
#: How long it stands who has last asked a host.
_HOSTS_KNOWN = timedelta(days=1)
#: Of several readers one takes hosts at a time, and one notes what a feed told of: feeds tell of the same pages, in any order.
_TAKING, _NOTING = "hosts", "noting"


class SqlFeeds:
    """`Feeds` over a database. May be used by several threads at once, and by several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, address: str) -> Self:
        """Open the store at an address, or make it. Raises ConfigError, StoreError as `opening.connect` does."""
        return cls(opening.connect(address))

    @retried
    def add(self, feed: Feed) -> bool:
        """Keep a feed; False where its address is there already: that one stays as it is."""
        with self._database.writing() as connection:
            if _feed(connection, feed.url) is not None:
                return False
            connection.execute(insert(feeds).values(_from_feed(feed)))
            return True

    @retried
    def remove(self, url: str) -> bool:
        """Let a feed go, and what it told of that was not read yet; say whether it was there."""
        with self._database.writing() as connection:
            # Whoever notes what it tells of at this moment does so before this, or not at all.
            _feed(connection, url, lock=True)
            unread = pages.c.feed == url, pages.c.standing == Standing.WAITING.value
            connection.execute(delete(pages).where(*unread))
            return connection.execute(delete(feeds).where(feeds.c.url == url)).rowcount > 0

    def feeds(self) -> Sequence[Feed]:
        """Return the feeds, by address."""
        with self._database.reading() as connection:
            return [_to_feed(row) for row in connection.execute(select(feeds).order_by(feeds.c.url))]

    def feed(self, url: str) -> Feed | None:
        """Return the feed at this address."""
        with self._database.reading() as connection:
            return _feed(connection, url)

    def due(self, now: datetime, limit: int) -> Sequence[Feed]:
        """Return feeds that are to be asked by `now`, those first that have waited longest."""
        statement = (
            select(feeds)
            .where(~feeds.c.ended, or_(feeds.c.due.is_(None), feeds.c.due <= now))
            .order_by(feeds.c.due.is_not(None), feeds.c.due, feeds.c.added, feeds.c.url)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_to_feed(row) for row in connection.execute(statement)]

    @retried
    def read_soon(self, url: str) -> bool:
        """Have a feed asked as soon as may be, even one that has ended; say whether it is there."""
        with self._database.writing() as connection:
            soon = update(feeds).where(feeds.c.url == url).values(due=None, ended=False)
            return connection.execute(soon).rowcount > 0

    @retried
    def note(self, feed: Feed, was: str, listed: Sequence[Listed], now: datetime) -> int:
        """Keep how a feed's reading went and what it told of, in one transaction; return how many entries were new or changed.

        `was` is its address before: it may have moved, and may meet itself there. The pages of such entries are due now, or some
        minutes after they were last read, but for those that are final, or that another feed has told of before. Nothing is kept
        of a feed that is gone.
        """
        with self._database.writing(_NOTING) as connection:
            before = _feed(connection, was, lock=True)
            if before is None:
                return 0
            if feed.url != was and _feed(connection, feed.url) is not None:
                # Both lead to the same: the one that is there already goes on, and will read all that this one would.
                connection.execute(delete(feeds).where(feeds.c.url == was))
                return 0
            connection.execute(update(feeds).where(feeds.c.url == was).values(_from_feed(feed)))
            # Feeds list the newest first: it is read first.
            ranks = (timedelta(microseconds=rank) for rank in range(len(listed), 0, -1))
            return sum(_note(connection, feed.url, entry, now, rank) for entry, rank in zip(listed, ranks, strict=True))

    @retried
    def set_told(self, *urls: str) -> None:
        """Note that the operators know that these feeds fail."""
        with self._database.writing() as connection:
            connection.execute(update(feeds).where(feeds.c.url.in_(urls)).values(told=True))

    def pages_due(self, now: datetime, limit: int) -> Sequence[Page]:
        """Return pages that are to be looked at by `now`, those that were never read first."""
        statement = (
            select(pages).where(pages.c.due <= now).order_by(pages.c.read.is_not(None), pages.c.due, pages.c.address).limit(limit)
        )
        with self._database.reading() as connection:
            return [_to_page(row) for row in connection.execute(statement)]

    def page(self, address: str) -> Page | None:
        """Return the page of this address."""
        with self._database.reading() as connection:
            return _page(connection, address)

    def page_of(self, article: str) -> Page | None:
        """Return the page that gave an article."""
        statement = select(pages).where(pages.c.article == article).order_by(pages.c.read.desc().nulls_last(), pages.c.address)
        with self._database.reading() as connection:
            row = connection.execute(statement.limit(1)).first()
        return None if row is None else _to_page(row)

    def is_removed(self, article: str) -> bool:
        """Say whether an operator has removed an article, by whichever of the pages that lead to it."""
        of = or_(pages.c.article == article, pages.c.address == article)
        with self._database.reading() as connection:
            found = connection.execute(select(pages.c.address).where(of, pages.c.standing == Standing.REMOVED.value).limit(1))
            return found.first() is not None

    @retried
    def keep_page(self, page: Page) -> bool:
        """Keep what became of a page, in place of what was; False where that is final, and is to stay so."""
        with self._database.writing() as connection:
            if page.feed is not None and _feed(connection, page.feed) is None:
                page = replace(page, feed=None)
            kept = update(pages).where(pages.c.address == page.address).values(_from_page(page))
            if page.standing not in FINAL:
                kept = kept.where(pages.c.standing.not_in([standing.value for standing in FINAL]))
            if connection.execute(kept).rowcount:
                return True
            if _page(connection, page.address) is not None:
                return False
            connection.execute(insert(pages).values(_from_page(page)))
            return True

    def pages(self, standing: Standing, limit: int) -> Sequence[Page]:
        """Return pages of this standing, the last read first."""
        statement = (
            select(pages)
            .where(pages.c.standing == standing.value)
            .order_by(pages.c.read.desc().nulls_last(), pages.c.address)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_to_page(row) for row in connection.execute(statement)]

    def pages_read_before(self, moment: datetime, limit: int) -> Sequence[Page]:
        """Return pages with an article in the store that were last read before a moment, the oldest first."""
        stored = pages.c.standing.in_([Standing.READ.value, Standing.FEED_TEXT.value])
        statement = select(pages).where(stored, pages.c.read < moment).order_by(pages.c.read, pages.c.address).limit(limit)
        with self._database.reading() as connection:
            return [_to_page(row) for row in connection.execute(statement)]

    @retried
    def tidy(self, now: datetime) -> None:
        """Forget entries that their feeds have not listed for long, and pages that nothing tells of any more."""
        last_read = select(feeds.c.read).where(feeds.c.url == entries.c.feed).scalar_subquery()
        untold = ~exists().where(entries.c.address == pages.c.address)
        for_good = [standing.value for standing in (*FINAL, Standing.WITHDRAWN)]
        with self._database.writing() as connection:
            # Of a feed that has not answered since, nobody knows what it lists.
            old = entries.c.seen < now - _REMEMBERED, entries.c.seen < last_read
            connection.execute(delete(entries).where(*old))
            over = pages.c.due.is_(None) & (pages.c.read < now - _REMEMBERED) & pages.c.standing.not_in(for_good)
            connection.execute(delete(pages).where(untold, over))
            connection.execute(delete(hosts).where(hosts.c.until < now - _HOSTS_KNOWN))

    def alone(self) -> bool:
        """Say whether this process may poll: no other does, from now until this store is closed or the process ends."""
        return self._database.alone("polling")

    @retried
    def take_hosts(self, hosts: Sequence[str], reader: str, now: datetime, until: datetime, limit: int) -> Sequence[str]:
        """Return the first of these hosts that this one of several readers may ask from now on: nobody else may before `until`.

        What is due there is to be looked up after that.
        """
        with self._database.writing(_TAKING) as connection:
            return _take_hosts(connection, hosts, reader, now, until, limit)

    @retried
    def hold_hosts(self, hosts: Collection[str], reader: str, until: datetime) -> None:
        """Hold on to hosts that a reader has taken."""
        with self._database.writing() as connection:
            connection.execute(_of_reader(hosts, reader).values(until=until))

    @retried
    def leave_host(self, host: str, reader: str, until: datetime) -> None:
        """Leave a host to others from a time on, until when it is to rest."""
        with self._database.writing() as connection:
            connection.execute(_of_reader([host], reader).values(until=until))

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()


def _note(connection: Connection, feed: str, entry: Listed, now: datetime, rank: timedelta) -> bool:
    """Keep one entry; say whether it was new, or said something else than before. Those of a higher rank are read first."""
    at = entries.c.feed == feed, entries.c.key == entry.key
    known = connection.execute(select(entries.c.digest).where(*at)).scalar()
    # What somebody else makes of the page at this moment holds: an operator may remove its article.
    page = _page(connection, entry.address, lock=known is not None and known != entry.digest)
    if page is None:
        waiting = Page(address=entry.address, feed=feed, told=entry.told, due=now - rank)
        connection.execute(insert(pages).values(_from_page(waiting)))
    elif known is not None and known != entry.digest and page.standing not in FINAL:
        # Some feeds say something else each time: their pages are not asked for as often.
        soonest = now - rank if page.read is None or entry.at_once else max(now - rank, page.read + _APART)
        again = replace(page, feed=feed, told=entry.told, due=soonest, looks=0, failures=0)
        connection.execute(update(pages).where(pages.c.address == page.address).values(_from_page(again)))
    values = {"digest": entry.digest, "address": entry.address, "seen": now}
    if known is None:
        connection.execute(insert(entries).values(feed=feed, key=entry.key, **values))
    else:
        connection.execute(update(entries).where(*at).values(**values))
    return known != entry.digest


def _take_hosts(
    connection: Connection, names: Sequence[str], reader: str, now: datetime, until: datetime, limit: int
) -> Sequence[str]:
    known = {row.host: row for row in connection.execute(select(hosts).where(hosts.c.host.in_(names)))}
    # Whoever has asked a host last knows by himself for how long it is to rest.
    free = [name for name in names if name not in known or known[name].until <= now or known[name].reader == reader]
    taken = free[:limit]
    connection.execute(delete(hosts).where(hosts.c.host.in_(taken)))
    if taken:
        connection.execute(insert(hosts), [{"host": name, "reader": reader, "until": until} for name in taken])
    return taken


def _of_reader(names: Collection[str], reader: str) -> Update:
    return update(hosts).where(hosts.c.host.in_(names), hosts.c.reader == reader)


def _feed(connection: Connection, url: str, *, lock: bool = False) -> Feed | None:
    """Return a feed; with `lock` nobody else changes it until the end."""
    statement = select(feeds).where(feeds.c.url == url)
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else _to_feed(row)


def _page(connection: Connection, address: str, *, lock: bool = False) -> Page | None:
    """Return a page; with `lock` nobody else changes it until the end."""
    statement = select(pages).where(pages.c.address == address)
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else _to_page(row)


def _from_feed(feed: Feed) -> dict[str, Any]:
    return asdict(feed) | {"skip_hours": sorted(feed.skip_hours), "skip_days": sorted(feed.skip_days)}


def _to_feed(row: RowOf) -> Feed:
    given = dict(row._mapping)
    return Feed(**given | {name: frozenset(given[name]) for name in ("skip_hours", "skip_days")})


def _from_page(page: Page) -> dict[str, Any]:
    return asdict(page) | {"standing": page.standing.value}


def _to_page(row: RowOf) -> Page:
    given = dict(row._mapping)
    return Page(**given | {"standing": Standing(given["standing"])})
