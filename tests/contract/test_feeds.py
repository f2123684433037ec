"""What every backend of `Feeds` must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.contract.listed import DAY, GAZETTE, MINUTE, NOW, POST, done, due, entry, note
from whosays.errors import StoreError
from whosays.feeds import FAILING, FINAL, Feeds, Page, Standing


def test_a_feed_comes_back_as_it_was_kept_also_from_another_connection(feeds: Feeds, reopen_feeds: Callable[[], Feeds]) -> None:
    assert feeds.add(POST)
    assert feeds.add(GAZETTE)
    assert reopen_feeds().feeds() == [GAZETTE, POST]
    assert reopen_feeds().feed(POST.url) == POST
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
    feeds: Feeds, reopen_feeds: Callable[[], Feeds], standing: Standing
) -> None:
    feeds.add(GAZETTE)
    note(feeds, entry("a"))
    page = feeds.page("https://gazette.example/a")
    assert page is not None
    final = replace(page, standing=standing, due=None, article="a")
    assert feeds.keep_page(final)
    for other in (Standing.READ, Standing.FEED_TEXT, Standing.REFUSED, Standing.WITHDRAWN, Standing.WAITING):
        assert not reopen_feeds().keep_page(replace(page, standing=other, due=NOW, article="a"))
    assert feeds.page(page.address) == final
    assert feeds.keep_page(replace(final, standing=Standing.REMOVED, why="twice"))


def test_of_a_reader_and_an_operator_at_the_same_page_the_operator_always_wins(
    feeds: Feeds, reopen_feeds: Callable[[], Feeds]
) -> None:
    feeds.add(GAZETTE)
    other = reopen_feeds()
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
