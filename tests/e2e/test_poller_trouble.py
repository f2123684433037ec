"""Feeds over real HTTP that move, go, fail, or ask to be left alone; and what robots may not fetch."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.feed_site import STORY, Item, Site, rss
from tests.e2e.polling import HOUR, START, Polling, bridge, polling
from whosays.errors import StoreError
from whosays.feeds import Standing
from whosays.polling.report import Came

SUMMARY = " ".join(STORY[:2])


async def test_a_feed_that_has_moved_for_good_is_asked_there_from_then_on(site: Site, reads: Polling) -> None:
    new = site.feed("/new", rss([bridge(site)]))
    site.fails("/old", 301, Location="/new")
    reads.add(site.url + "/old")
    await reads.read()
    assert reads.feed().url == new
    await reads.read(hours=2)
    assert site.asked["/old"] == 1
    assert site.asked["/new"] == 2


async def test_a_feed_that_leads_on_for_a_while_keeps_its_address(site: Site, reads: Polling) -> None:
    site.feed("/new", rss([bridge(site)]))
    site.fails("/old", 302, Location="/new")
    reads.add(site.url + "/old")
    assert (await reads.read()).counts[Came.ADDED] == 1
    assert reads.feed().url == site.url + "/old"


async def test_a_feed_that_moves_to_another_that_is_read_already_is_one_with_it(site: Site, reads: Polling) -> None:
    new = site.feed("/new", rss([bridge(site)]))
    site.fails("/old", 308, Location="/new")
    reads.add(site.url + "/old", new)
    await reads.read()
    assert reads.feed().url == new
    assert len(set(reads.library.ingested)) == 1


async def test_a_feed_that_is_gone_for_good_is_asked_no_more_until_somebody_wants_it(site: Site, reads: Polling) -> None:
    site.fails("/feed", 410)
    reads.add(site.url + "/feed")
    report = await reads.read()
    assert report.counts[Came.FEEDS_FAILED] == 1
    assert reads.feed().ended
    await reads.read(days=30)
    assert site.asked["/feed"] == 1
    reads.feeds.read_soon(site.url + "/feed")
    site.feed("/feed", rss([bridge(site)]))
    await reads.read()
    assert not reads.feed().ended


async def test_a_server_that_asks_for_rest_gets_it(site: Site, reads: Polling) -> None:
    site.fails("/feed", 429, Retry_After="7200")
    reads.add(site.url + "/feed")
    await reads.read()
    feed = reads.feed()
    assert (feed.failures, feed.due) == (1, START + timedelta(hours=2))
    await reads.read(minutes=119)
    assert site.asked["/feed"] == 1
    site.feed("/feed", rss([bridge(site)]))
    assert (await reads.read(minutes=2)).counts[Came.ADDED] == 1
    assert reads.feed().failures == 0


async def test_a_page_whose_server_asks_for_rest_waits_and_so_do_the_others_there(site: Site, reads: Polling) -> None:
    items = [bridge(site, f"/bridge{number}", f"Bridge {number} falls") for number in range(3)]
    for number in range(3):
        site.fails(f"/bridge{number}", 503, Retry_After="1800")
    reads.add(site.feed("/feed", rss(items)))
    report = await reads.read()
    assert report.counts[Came.LATER] == 1
    assert sum(site.asked[f"/bridge{number}"] for number in range(3)) == 1
    for number in range(3):
        bridge(site, f"/bridge{number}", f"Bridge {number} falls")
    assert (await reads.read(minutes=40)).counts[Came.ADDED] == 3


async def test_a_feed_that_fails_is_asked_later_each_time_and_goes_on_being_tried(site: Site, reads: Polling) -> None:
    site.fails("/feed", 500)
    reads.add(site.url + "/feed")
    waits = []
    for _ in range(12):
        await reads.read()
        feed = reads.feed()
        assert feed.due is not None
        waits.append(feed.due - reads.clock.time)
        reads.clock.time = feed.due
    assert waits[0] == timedelta(minutes=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=24)
    assert reads.feed().failing
    assert "500" in reads.feed().error
    site.feed("/feed", rss([bridge(site)]))
    assert (await reads.read()).counts[Came.ADDED] == 1
    assert not reads.feed().failing
    assert reads.feed().error == ""


@pytest.mark.parametrize("body", ["", "<html><body>Sign in</body></html>", "\0\1\2\3", "<rss><channel><item><title>broken"])
async def test_garbage_is_a_failure_of_its_feed_and_stops_no_other(site: Site, reads: Polling, body: str) -> None:
    reads.add(site.feed("/garbage", body, "application/xml"), site.feed("/feed", rss([bridge(site)])))
    report = await reads.read()
    assert report.counts[Came.ADDED] == 1
    assert reads.library.holds(site.url + "/bridge")


async def test_what_robots_may_not_fetch_is_left_and_the_feeds_own_text_read(site: Site, reads: Polling) -> None:
    site.feed("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    free, closed = bridge(site, "/bridge"), bridge(site, "/private/bridge", "Bridge falls, says mayor", summary=SUMMARY)
    reads.add(site.feed("/feed", rss([free, closed])))
    report = await reads.read()
    assert site.asked["/private/bridge"] == 0
    assert report.counts[Came.ADDED] == 2
    assert report.counts[Came.FEED_TEXT] == 1
    article = reads.library.article(site.url + "/private/bridge")
    assert article is not None
    assert article.text.strip() == SUMMARY
    page = reads.feeds.page(site.url + "/private/bridge")
    assert page is not None
    assert "not for robots" in page.why


async def test_the_pause_that_a_host_wishes_for_is_kept(site: Site, reads: Polling) -> None:
    site.feed("/robots.txt", "User-agent: *\nCrawl-delay: 10\n", "text/plain")
    reads.add(site.feed("/feed", rss([bridge(site, f"/bridge{number}", f"Bridge {number} falls") for number in range(3)])))
    await reads.read()
    assert len(reads.library.ingested) == 3
    assert reads.clock.time - START >= timedelta(seconds=20)


async def test_one_article_under_two_addresses_in_two_feeds_is_one(site: Site, reads: Polling) -> None:
    head = f"<link rel='canonical' href='{site.url}/bridge'>"
    site.page("/bridge", "Bridge falls", head=head)
    site.page("/amp/bridge", "Bridge falls", head=head)
    one = Item(url=site.url + "/bridge?utm_source=rss", title="Bridge falls", id="1", published=START - HOUR)
    other = Item(url=site.url + "/amp/bridge", title="Bridge at Orsel falls", id="b", published=START - HOUR)
    reads.add(site.feed("/feed", rss([one])), site.feed("/top", rss([one, other], title="Gazette: top stories")))
    report = await reads.read()
    assert report.counts[Came.ADDED] == 1
    assert site.asked["/bridge?utm_source=rss"] == 1
    assert [record.articles for record in reads.library.corpus.outlets()] == [1]
    report = await reads.read(hours=2)
    assert report.counts[Came.CHANGED] == 0


async def test_undated_articles_and_dead_links_are_told_of(site: Site, reads: Polling) -> None:
    undated = Item(url=site.page("/bridge", "Bridge falls"), title="Bridge falls", id="1")
    dead = Item(url=site.url + "/dead", title="Ferry sinks", id="2", published=START - HOUR)
    dead_with_text = Item(url=site.url + "/gone", title="Bridge closed", id="3", published=START - HOUR, summary=SUMMARY)
    reads.add(site.feed("/feed", rss([undated, dead, dead_with_text])))
    report = await reads.read()
    counts = report.counts
    assert (counts[Came.ADDED], counts[Came.UNDATED], counts[Came.DEAD], counts[Came.REFUSED]) == (2, 1, 2, 1)
    article = reads.library.article(site.url + "/bridge")
    assert article is not None
    assert article.published is None
    assert "2 dead links" in report.words()
    assert any(where == site.url + "/dead" and "404" in why for where, why in report.lines)


async def test_a_page_that_does_not_answer_is_tried_again_and_its_feeds_text_taken_meanwhile(site: Site, reads: Polling) -> None:
    item = bridge(site, summary=SUMMARY)
    site.fails("/bridge", 502)
    reads.add(site.feed("/feed", rss([item])))
    assert (await reads.read()).counts[Came.LATER] == 1
    assert not reads.library.holds(site.url + "/bridge")
    assert (await reads.read(minutes=15)).counts[Came.FEED_TEXT] == 1
    bridge(site)
    assert (await reads.read(hours=2)).counts[Came.CHANGED] == 1
    article = reads.library.article(site.url + "/bridge")
    assert article is not None
    assert STORY[2] in article.text


async def test_an_entry_without_an_address_is_its_own_text(site: Site, reads: Polling) -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Gazette",
            "items": [{"id": "note-1", "title": "Bridge falls", "content_text": " ".join(STORY)}],
        }
    )
    reads.add(site.feed("/feed", body, "application/feed+json"))
    assert (await reads.read()).counts[Came.ADDED] == 1


async def test_what_could_not_be_stored_is_read_by_the_next_one(site: Site, tmp_path: Path) -> None:
    items = [bridge(site, f"/bridge{number}", f"Bridge {number} falls") for number in range(5)]
    async with polling(tmp_path) as first:
        first.add(site.feed("/feed", rss(items)))

        first.library.corpus.close()
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute("ALTER TABLE articles RENAME TO elsewhere")
        with pytest.raises(StoreError):
            await first.poller.once()
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute("ALTER TABLE elsewhere RENAME TO articles")
    async with polling(tmp_path) as second:
        assert (await second.read()).counts[Came.ADDED] == 5
        assert site.unchanged["/feed"] == 0
        assert site.asked["/feed"] == 1


async def test_articles_older_than_they_are_kept_go_and_do_not_come_back(site: Site, tmp_path: Path) -> None:
    old = Item(url=site.page("/old", "Bridge opens"), title="Bridge opens", id="0", published=START - timedelta(days=40))
    async with polling(tmp_path, retention=timedelta(days=30)) as reads:
        undated = Item(url=site.page("/undated", "Bridge is old"), title="Bridge is old", id="2")
        reads.add(site.feed("/feed", rss([bridge(site), undated, old])))
        await reads.read()
        assert sorted(reads.library.ingested) == [site.url + "/bridge", site.url + "/undated"]
        assert site.asked["/old"] == 0
        await reads.read(days=31)
        assert not reads.library.holds(site.url + "/bridge")
        for _ in range(8):
            await reads.read(days=10)
        assert not reads.library.holds(site.url + "/undated")
        site.feed("/feed", rss([bridge(site, summary="anew"), undated]))
        await reads.read(days=1)
        assert reads.library.corpus.outlets() == []


async def test_what_an_operator_has_removed_does_not_come_again(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    page = reads.feeds.page(site.url + "/bridge")
    assert page is not None
    reads.library.remove(site.url + "/bridge")
    reads.feeds.keep_page(replace(page, standing=Standing.REMOVED, due=None))
    site.feed("/feed", rss([bridge(site, summary="anew")]))
    await reads.read(hours=2)
    assert not reads.library.holds(site.url + "/bridge")
