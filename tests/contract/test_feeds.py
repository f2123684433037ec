"""What every backend of `Feeds` must do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from tests.patience import wait_until
from whosays.errors import StoreError
from whosays.feeds import FAILING, FINAL, Feed, Feeds, Listed, Page, Standing
from whosays.store import opening
from whosays.store.feeds import SqlFeeds
from whosays.store.feeds_schema import pages

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


@pytest.fixture
def reopen(address: str) -> Iterator[Callable[[], Feeds]]:
    """Opens the same store again: another connection to it, as another process would have."""
    opened: list[Feeds] = []

    def open_again() -> Feeds:
        opened.append(SqlFeeds.open(address))
        return opened[-1]

    yield open_again
    for feeds in opened:
        feeds.close()


@pytest.fixture
def feeds(reopen: Callable[[], Feeds]) -> Feeds:
    """An empty store."""
    return reopen()


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


def test_a_feed_comes_back_as_it_was_kept_also_from_another_connection(feeds: Feeds, reopen: Callable[[], Feeds]) -> None:
    assert feeds.add(POST)
    assert feeds.add(GAZETTE)
    assert reopen().feeds() == [GAZETTE, POST]
    assert reopen().feed(POST.url) == POST
    assert feeds.feed("https://nobody.example") is None


def test_a_feed_that_is_there_is_not_added_again(feeds: Feeds) -> None:
    feeds.add(POST)
    assert not feeds.add(replace(POST, title="Other", failures=0))
    assert feeds.feeds() == [POST]


def test_what_a_removed_feed_told_of_and_was_not_read_goes_with_it(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"), entry("b"))
    done(feeds, "a")
    assert feeds.remove(GAZETTE.url)
    assert not feeds.remove(GAZETTE.url)
    assert feeds.feeds() == []
    assert due(feeds) == []
    kept = feeds.page("https://gazette.example/a")
    assert kept is not None
    assert kept.feed is None


def test_feeds_are_due_when_they_say_so_and_those_that_were_never_asked_at_once(feeds: Feeds) -> None:
    feeds.add(POST)
    feeds.add(GAZETTE)
    ended = replace(GAZETTE, url="https://gone.example/feed", ended=True)
    feeds.add(ended)
    assert [feed.url for feed in feeds.due(NOW, 10)] == [GAZETTE.url]
    assert [feed.url for feed in feeds.due(NOW + MINUTE, 10)] == [GAZETTE.url, POST.url]
    assert [feed.url for feed in feeds.due(NOW + MINUTE, 1)] == [GAZETTE.url]
    assert feeds.read_soon(POST.url)
    assert feeds.read_soon(ended.url)
    assert not feeds.read_soon("https://nobody.example")
    assert {feed.url for feed in feeds.due(NOW, 10)} == {GAZETTE.url, POST.url, ended.url}


def test_new_entries_are_due_in_the_order_of_their_feed_and_old_ones_are_not(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    assert note(feeds, entry("c"), entry("a"), entry("b")) == 3
    assert due(feeds) == ["c", "a", "b"]
    assert due(feeds, NOW - MINUTE) == []
    for key in "abc":
        done(feeds, key)
    assert note(feeds, entry("d"), entry("c"), entry("a"), now=NOW + MINUTE) == 1
    assert due(feeds, NOW + MINUTE) == ["d"]


def test_a_changed_entry_is_due_again_with_what_is_told_of_it_now(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    before = done(feeds, "a", etag="x", looks=3)
    assert note(feeds, entry("a", "2"), now=NOW + MINUTE) == 1
    assert due(feeds, NOW + 9 * MINUTE) == []
    [page] = feeds.pages_due(NOW + 10 * MINUTE, 10)
    assert page == replace(before, told='{"a": 2}', looks=0, due=page.due)


def test_what_must_not_wait_is_due_at_once(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    done(feeds, "a")
    note(feeds, replace(entry("a", "2"), at_once=True), now=NOW + MINUTE)
    assert due(feeds, NOW + MINUTE) == ["a"]


@pytest.mark.parametrize("standing", sorted(FINAL))
def test_what_was_removed_or_is_too_old_is_not_read_again_whatever_feeds_tell(feeds: Feeds, standing: Standing) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    done(feeds, "a", standing)
    note(feeds, entry("a", "2"), now=NOW + MINUTE)
    assert due(feeds, NOW + DAY) == []


def test_a_page_that_two_feeds_tell_of_is_read_once(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    feeds.add(POST)
    same = "https://gazette.example/a"
    note(feeds, entry("a"))
    note(feeds, entry("https://post.example/1", "9", same), feed=POST)
    assert due(feeds) == ["a"]
    done(feeds, "a")
    note(feeds, entry("https://post.example/1", "9", same), feed=POST, now=NOW + MINUTE)
    assert due(feeds, NOW + MINUTE) == []


def test_what_became_of_a_feed_and_what_it_tells_are_kept_together_or_not_at_all(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    broken = replace(entry("b"), told="half a pair \ud800")
    with pytest.raises(StoreError):
        feeds.note(replace(GAZETTE, etag="new"), GAZETTE.url, [entry("a"), broken], NOW)
    assert feeds.feeds() == [GAZETTE]
    assert due(feeds) == []


def test_a_feed_that_moves_takes_all_along(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    moved = replace(GAZETTE, url="https://gazette.example/new", title="Gazette")
    assert feeds.note(moved, GAZETTE.url, [entry("a"), entry("b")], NOW) == 1
    assert feeds.feeds() == [moved]
    page = feeds.page("https://gazette.example/a")
    assert page is not None
    assert page.feed == moved.url


def test_a_feed_that_moves_to_another_one_is_one_with_it(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    feeds.add(POST)
    assert feeds.note(replace(GAZETTE, url=POST.url), GAZETTE.url, [entry("a")], NOW) == 0
    assert feeds.feeds() == [POST]


def test_nothing_is_kept_of_a_feed_that_was_removed_meanwhile(feeds: Feeds) -> None:
    assert note(feeds, entry("a")) == 0
    assert feeds.feeds() == []
    assert due(feeds) == []


def test_that_operators_know_of_a_failing_feed_is_kept(feeds: Feeds) -> None:
    feeds.add(replace(GAZETTE, failures=FAILING))
    feeds.set_told(GAZETTE.url)
    [feed] = feeds.feeds()
    assert (feed.failing, feed.told) == (True, True)


def test_pages_that_were_never_read_come_before_those_that_are_looked_at_again(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"), entry("b"))
    page = done(feeds, "a")
    feeds.keep_page(replace(page, due=NOW - DAY))
    assert due(feeds) == ["b", "a"]


def test_pages_are_found_by_standing_by_article_and_by_when_they_were_read(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"), entry("b"), entry("c"))
    a, b = done(feeds, "a", Standing.WITHDRAWN, why="it is gone", title="Bridge falls"), done(feeds, "b")
    assert feeds.pages(Standing.WITHDRAWN, 10) == [a]
    assert feeds.page_of("b") == b
    assert feeds.page_of("nothing") is None
    assert feeds.pages_read_before(NOW + MINUTE, 10) == [b]
    assert feeds.pages_read_before(NOW, 10) == []


def test_an_article_is_removed_by_whichever_page_leads_to_it(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"), entry("b"), entry("c"))
    done(feeds, "a")
    assert not feeds.is_removed("a")
    feeds.keep_page(replace(done(feeds, "b"), standing=Standing.REMOVED, due=None, article="a"))
    feeds.keep_page(replace(done(feeds, "c"), standing=Standing.EXPIRED, due=None, article="c"))
    assert feeds.is_removed("a")
    assert feeds.is_removed("https://gazette.example/b"), "an article is called by its address"
    assert not feeds.is_removed("c")


def test_a_page_of_no_feed_can_be_kept_too(feeds: Feeds) -> None:
    page = Page(address="https://gazette.example/a", feed=None, told="", standing=Standing.REMOVED)
    feeds.keep_page(page)
    feeds.keep_page(replace(page, why="twice"))
    assert feeds.page(page.address) == replace(page, why="twice")


@pytest.mark.parametrize("standing", sorted(FINAL))
def test_who_has_just_read_a_page_cannot_keep_it_once_it_is_removed(
    feeds: Feeds, reopen: Callable[[], Feeds], standing: Standing
) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    page = feeds.page("https://gazette.example/a")
    assert page is not None
    final = replace(page, standing=standing, due=None, article="a")
    assert feeds.keep_page(final)
    for other in (Standing.READ, Standing.FEED_TEXT, Standing.REFUSED, Standing.WITHDRAWN, Standing.WAITING):
        assert not reopen().keep_page(replace(page, standing=other, due=NOW, article="a"))
    assert feeds.page(page.address) == final
    assert feeds.keep_page(replace(final, standing=Standing.REMOVED, why="twice"))


def test_of_a_reader_and_an_operator_at_the_same_page_the_operator_always_wins(feeds: Feeds, reopen: Callable[[], Feeds]) -> None:
    feeds.add(GAZETTE)
    other = reopen()
    for key in map(str, range(20)):
        note(feeds, entry(key))
        page = feeds.page(f"https://gazette.example/{key}")
        assert page is not None
        removed, read = (replace(page, standing=standing, due=None) for standing in (Standing.REMOVED, Standing.READ))
        with ThreadPoolExecutor(2) as both:
            done = [both.submit(feeds.keep_page, removed), both.submit(other.keep_page, read)]
        assert done[0].result()
        assert feeds.page(page.address) == removed


def test_entries_that_are_listed_no_more_are_forgotten_in_time_and_what_must_not_come_again_is_not(feeds: Feeds) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("old"), entry("removed"), entry("listed"))
    for key, standing in (("old", Standing.READ), ("removed", Standing.REMOVED), ("listed", Standing.READ)):
        done(feeds, key, standing)
    later = NOW + 90 * DAY
    note(feeds, entry("listed"), feed=replace(GAZETTE, read=later), now=later)
    feeds.tidy(later)
    assert feeds.page("https://gazette.example/old") is None
    assert feeds.page("https://gazette.example/removed") is not None
    assert feeds.page("https://gazette.example/listed") is not None


def test_of_a_feed_that_does_not_answer_nothing_is_forgotten(feeds: Feeds) -> None:
    feeds.add(replace(GAZETTE, read=NOW))
    note(feeds, entry("a"), feed=replace(GAZETTE, read=NOW))
    done(feeds, "a")
    feeds.tidy(NOW + 365 * DAY)
    assert feeds.page("https://gazette.example/a") is not None


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


def test_of_readers_that_want_the_same_hosts_at_once_each_gets_its_own(feeds: Feeds, reopen: Callable[[], Feeds]) -> None:
    stores = [reopen() for _ in range(4)]
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


def test_a_feed_that_is_removed_while_it_is_read_leaves_nothing_to_be_read(feeds: Feeds, reopen: Callable[[], Feeds]) -> None:
    other = reopen()
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


def test_feeds_that_tell_of_the_same_pages_may_be_noted_at_once(feeds: Feeds, reopen: Callable[[], Feeds]) -> None:
    stores = [reopen() for _ in range(4)]
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
