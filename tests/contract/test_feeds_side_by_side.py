"""What every backend of `Feeds` must do where several processes or threads are at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread

from sqlalchemy import update

from tests.contract.listed import DAY, GAZETTE, MINUTE, NOW, done, due, entry, note
from tests.patience import wait_until
from whosays.feeds import Feeds, Standing
from whosays.store import opening
from whosays.store.feeds_schema import pages

HOLDS = """
import sys, time
from whosays.store.feeds import SqlFeeds
feeds = SqlFeeds.open(sys.argv[1])
print(feeds.alone(), flush=True)
time.sleep(600)
"""


def test_one_process_polls_at_a_time_and_the_next_may_when_it_is_killed(feeds: Feeds, address: str) -> None:
    path = [path for path in sys.path if path]
    command = [sys.executable, "-c", HOLDS, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": ":".join(path)}) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not feeds.alone()
        other.kill()
    # A server hears of the end of a connection a moment later.
    wait_until(feeds.alone)


def test_of_several_readers_one_asks_a_host_until_it_leaves_it_or_its_time_is_over(feeds: Feeds) -> None:
    assert sorted(feeds.take_hosts(["a.example", "b.example"], "one", NOW, NOW + MINUTE, 9)) == ["a.example", "b.example"]
    assert feeds.take_hosts(["a.example", "c.example"], "two", NOW, NOW + MINUTE, 9) == ["c.example"]
    feeds.hold_hosts(["a.example", "c.example"], "one", NOW + 3 * MINUTE)
    assert feeds.take_hosts(["a.example"], "two", NOW + 2 * MINUTE, NOW + 4 * MINUTE, 9) == []
    assert feeds.take_hosts(["b.example"], "two", NOW + MINUTE, NOW + 4 * MINUTE, 9) == ["b.example"], "its time is over"
    feeds.leave_host("a.example", "one", NOW + 2 * MINUTE)
    assert feeds.take_hosts(["a.example"], "two", NOW + MINUTE, NOW + 4 * MINUTE, 9) == [], "it is to rest"
    assert feeds.take_hosts(["a.example"], "one", NOW + MINUTE, NOW + 2 * MINUTE, 9) == ["a.example"]
    feeds.leave_host("a.example", "two", NOW)
    assert feeds.take_hosts(["a.example"], "two", NOW + MINUTE, NOW + 4 * MINUTE, 9) == [], "it is not that one's to leave"
    assert feeds.take_hosts(["b.example", "d.example", "e.example"], "one", NOW + 2 * MINUTE, NOW + 4 * MINUTE, 1) == [
        "d.example"
    ]
    feeds.tidy(NOW + 2 * DAY)
    assert feeds.take_hosts(["a.example", "b.example"], "two", NOW + 2 * MINUTE, NOW + 4 * MINUTE, 9) == [
        "a.example",
        "b.example",
    ]


def test_of_readers_that_want_the_same_hosts_at_once_each_gets_its_own(feeds: Feeds, reopen_feeds: Callable[[], Feeds]) -> None:
    stores = [reopen_feeds() for _ in range(4)]
    names = [f"{number}.example" for number in range(20)]

    def take(reader: int) -> list[str]:
        taken: list[str] = []
        for first in range(0, 20, 5):
            wanted = names[first : first + 5]
            taken += stores[reader % 4].take_hosts(wanted if reader % 2 else wanted[::-1], str(reader), NOW, NOW + MINUTE, 9)
        return taken

    with ThreadPoolExecutor(8) as threads:
        taken = [name for found in threads.map(take, range(8)) for name in found]
    assert sorted(taken) == sorted(names)


def test_a_feed_that_is_removed_while_it_is_read_leaves_nothing_to_be_read(
    feeds: Feeds, reopen_feeds: Callable[[], Feeds]
) -> None:
    other = reopen_feeds()
    for number in range(20):
        feeds.add(GAZETTE)
        with ThreadPoolExecutor(2) as threads:
            entries = [entry(f"{number}-{n}") for n in range(5)]
            noting = threads.submit(note, feeds, *entries)
            threads.submit(other.remove, GAZETTE.url).result()
            assert noting.result() in {0, 5}
        assert due(feeds) == []


def test_what_is_removed_while_its_feed_is_noted_does_not_come_again(feeds: Feeds, address: str) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    done(feeds, "a")
    noting = Thread(target=note, args=(feeds, entry("a", "2")))
    database = opening.connect(address)
    with database.writing() as connection:
        connection.execute(update(pages).values(standing=Standing.REMOVED.value, due=None))
        noting.start()
        # Long enough for the other one to have come as far as it can.
        noting.join(0.5)
    noting.join()
    database.close()
    page = feeds.page("https://gazette.example/a")
    assert page is not None
    assert (page.standing, page.due) == (Standing.REMOVED, None)


def test_feeds_that_tell_of_the_same_pages_may_be_noted_at_once(feeds: Feeds, reopen_feeds: Callable[[], Feeds]) -> None:
    stores = [reopen_feeds() for _ in range(4)]
    names = [f"https://gazette.example/{number}/feed" for number in range(8)]
    for name in names:
        feeds.add(replace(GAZETTE, url=name))

    def tell(number: int) -> int:
        # In another order each: they wait for one another.
        pages = [entry(f"{number}/{n}", address=f"https://gazette.example/{n}") for n in range(12)]
        listed = pages if number % 2 else pages[::-1]
        return note(stores[number % 4], *listed, feed=replace(GAZETTE, url=names[number]))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(tell, range(8))) == [12] * 8
    assert len(feeds.pages_due(NOW, 100)) == 12


def test_addresses_are_in_the_same_order_wherever_they_are_kept(feeds: Feeds) -> None:
    for url in (
        "https://b.example/f",
        "https://A.example/f",
        "https://a.example/ö",
        "https://a.example/z",
        "https://a.example/_",
    ):
        feeds.add(replace(GAZETTE, url=url))
    urls = [feed.url for feed in feeds.feeds()]
    assert urls == sorted(urls)


def test_several_threads_may_note_at_once(feeds: Feeds) -> None:
    names = [f"https://gazette.example/{number}/feed" for number in range(8)]
    for name in names:
        feeds.add(replace(GAZETTE, url=name))
    threads = [
        Thread(target=note, args=(feeds, entry(name, "1", f"{name}#1")), kwargs={"feed": replace(GAZETTE, url=name)})
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feeds.pages_due(NOW, 100)) == 8
