"""Several readers over one store: each page is read once, each host asked by one of them at a time."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.news_site import Outlet, outlets
from tests.e2e.polling import START, Clock, Polling, polling
from tests.e2e.under_fire import article
from whosays.polling.sharing import LEASE, Sharing
from whosays.store.feeds import SqlFeeds

NAMES = [f"Outlet {number}" for number in range(6)]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_store")
    return found


async def readers(opened: AsyncExitStack, store: str, folder: Path, count: int) -> list[Polling]:
    return [await opened.enter_async_context(polling(folder, clock=Clock(), shared=store)) for _ in range(count)]


def publish(served: list[Outlet], each: int) -> list[str]:
    chance = random.Random(20310601)
    articles = (article(number, chance) for number in range(each * len(served)))
    return [outlet.publish(*next(articles), at=START) for outlet in served for _ in range(each)]


async def test_what_several_readers_read_is_read_once_and_all_of_it(store: str, tmp_path: Path) -> None:
    async with outlets(*NAMES) as served, AsyncExitStack() as opened:
        urls = publish(served, 4)
        found = await readers(opened, store, tmp_path, 3)
        found[0].add(*(outlet.feed for outlet in served))
        for _ in range(4):
            # What one of them has just left has a second's rest.
            for one in found:
                one.clock.turn(seconds=2)
            await asyncio.gather(*(one.poller.once() for one in found))
        read = [id for one in found for id in one.library.ingested]
        assert sorted(read) == sorted(urls)
        assert [outlet.asked for outlet in served] == [1] * len(served)
        assert all(outlet.site.asked[url.removeprefix(outlet.site.url)] <= 1 for outlet in served for url in urls)


async def test_what_a_killed_reader_had_is_anothers_after_a_while(store: str, tmp_path: Path) -> None:
    async with outlets(*NAMES[:2]) as served, AsyncExitStack() as opened:
        urls = publish(served, 1)
        [reader] = await readers(opened, store, tmp_path, 1)
        reader.add(*(outlet.feed for outlet in served))
        feeds = SqlFeeds.open(store)
        killed = Sharing(feeds, reader.clock.now)
        assert killed.take([served[0].host]) == [served[0].host]
        feeds.close()
        await reader.read()
        assert reader.library.ingested == urls[1:]
        await reader.read(seconds=LEASE.total_seconds() + 1)
        assert sorted(reader.library.ingested) == sorted(urls)


async def test_a_reader_leaves_hosts_to_the_others_and_holds_on_to_those_that_it_asks(store: str) -> None:
    feeds, clock = SqlFeeds.open(store), Clock()
    one, two = Sharing(feeds, clock.now), Sharing(feeds, clock.now)
    many = [f"{number}.example" for number in range(40)]
    assert [one.take(many), two.take(many)] == [many[:4], many[4:8]]
    for first in (8, 12, 16):
        assert one.take(many[first:]) == many[first : first + 4]
    assert one.take(many[20:]) == [], "that many are enough for one"
    one.leave(many[0], timedelta(seconds=90))
    clock.turn(seconds=89)
    assert two.take(many[:1]) == []
    feeds.close()
