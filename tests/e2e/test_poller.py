"""Feeds over real HTTP → the store: new, changed, moved, taken back, and all that goes wrong on the way."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.feed_site import STORY, Item, Site, rss, serving
from tests.e2e.polling import START, Polling, polling
from whosays.errors import StoreError
from whosays.feeds import Standing
from whosays.polling.report import Came

HOUR = timedelta(hours=1)
SUMMARY = " ".join(STORY[:2])


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as site:
        yield site


@pytest.fixture
async def reads(tmp_path: Path) -> AsyncIterator[Polling]:
    async with polling(tmp_path) as reads:
        yield reads


def bridge(site: Site, path: str = "/bridge", title: str = "Bridge falls", **parts: object) -> Item:
    """Serve an article, and return the entry of a feed that links to it."""
    url = site.page(path, title)
    return Item(url=url, title=title, id=path, published=START - HOUR, **parts)  # type: ignore[arg-type]


async def test_an_entry_becomes_an_article_read_in_full_and_is_read_once(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site, summary="A bridge fell.")])))
    report = await reads.read()
    assert report.counts[Came.ADDED] == 1
    article = reads.library.article(site.url + "/bridge")
    assert article is not None
    assert all(paragraph in article.text for paragraph in STORY)
    assert (article.title, article.outlet, article.published) == ("Bridge falls", "Orsel Gazette", START - HOUR)
    feed = reads.feed()
    assert (feed.title, feed.read, feed.failures) == ("Orsel Gazette", START, 0)
    await reads.read(minutes=45)
    assert site.asked["/bridge"] == 1
    assert reads.library.ingested == [article.id]


async def test_what_has_not_changed_is_not_sent_again(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    report = await reads.read(hours=2)
    assert (site.asked["/feed"], site.unchanged["/feed"]) == (2, 1)
    assert (site.asked["/bridge"], site.unchanged["/bridge"]) == (2, 1)
    assert report.counts[Came.FEEDS_UNCHANGED] == 1
    assert report.counts[Came.CHANGED] == 0


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><entry><id>a</id><title>Bridge falls</title>
<link href="{url}"/><updated>2031-05-07T10:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>
<title>Gazette</title></channel><item rdf:about="{url}"><title>Bridge falls</title><link>{url}</link></item></rdf:RDF>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{url}</loc><n:news><n:publication><n:name>Gazette</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2031-05-07T10:00:00Z</n:publication_date><n:title>Bridge falls</n:title></n:news></url></urlset>"""
JSON_FEED = '{{"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "items": [{{"id": "1", "url": "{url}"}}]}}'


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (ATOM, "application/atom+xml"),
        (RDF, "text/xml"),
        (SITEMAP, "application/xml"),
        (JSON_FEED, "application/feed+json"),
    ],
)
async def test_feeds_of_each_kind_are_read(site: Site, reads: Polling, form: str, kind: str) -> None:
    url = site.page("/bridge", "Bridge falls")
    reads.add(site.feed("/feed", form.format(url=url), kind))
    report = await reads.read()
    assert report.counts[Came.ADDED] == 1, report.lines
    assert reads.library.holds(url)


async def test_an_index_of_sitemaps_is_read_with_its_newest_ones(site: Site, reads: Polling) -> None:
    url = site.page("/bridge", "Bridge falls")
    child = site.feed("/news.xml", SITEMAP.format(url=url), "application/xml")
    index = (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{child}</loc></sitemap></sitemapindex>'
    )
    reads.add(site.feed("/sitemap.xml", index, "application/xml"))
    assert (await reads.read()).counts[Came.ADDED] == 1


async def test_a_changed_entry_has_its_page_read_again_and_the_article_replaced(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    site.page("/bridge", "Bridge falls, mayor resigns", *STORY, "The mayor of Orsel resigned late on Tuesday, the council said.")
    changed = Item(url=site.url + "/bridge", title="Bridge falls, mayor resigns", id="/bridge", published=START - HOUR)
    site.feed("/feed", rss([changed]))
    report = await reads.read(minutes=50)
    assert report.counts[Came.CHANGED] == 1
    article = reads.library.article(site.url + "/bridge")
    assert article is not None
    assert article.title == "Bridge falls, mayor resigns"
    assert "resigned late on Tuesday" in article.text


async def test_a_page_that_changes_without_its_feed_saying_so_is_noticed(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    site.page("/bridge", "Bridge falls", *STORY, "The ministry later said that it had been warned of the cracks in April.")
    report = await reads.read(hours=2)
    assert report.counts[Came.CHANGED] == 1
    article = reads.library.article(site.url + "/bridge")
    assert article is not None
    assert "warned of the cracks in April" in article.text


@pytest.mark.parametrize("status", [404, 410])
async def test_an_article_that_is_taken_down_is_quoted_no_more_and_listed(site: Site, reads: Polling, status: int) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    site.fails("/bridge", status)
    report = await reads.read(hours=2)
    if status == 404:
        # It may be a slip: the article stays until it is not there a second time.
        assert report.counts[Came.WITHDRAWN] == 0
        assert reads.library.holds(site.url + "/bridge")
        report = await reads.read(hours=2)
    assert report.counts[Came.WITHDRAWN] == 1
    assert not reads.library.holds(site.url + "/bridge")
    [page] = reads.feeds.pages(Standing.WITHDRAWN, 10)
    assert (page.title, page.article) == ("Bridge falls", site.url + "/bridge")
    assert str(status) in page.why


async def test_a_page_that_was_missing_once_and_is_back_stays(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    page = site.answers["/bridge"]
    site.fails("/bridge", 404)
    await reads.read(hours=2)
    site.answers["/bridge"] = page
    await reads.read(hours=2)
    site.fails("/bridge", 404)
    await reads.read(hours=12)
    assert reads.library.holds(site.url + "/bridge")
    assert reads.feeds.pages(Standing.WITHDRAWN, 10) == []


@pytest.mark.parametrize("title", ["RETRACTED: Bridge falls", "Story withdrawn"])
async def test_an_entry_that_says_that_it_is_withdrawn_takes_its_article_along(site: Site, reads: Polling, title: str) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    site.feed("/feed", rss([Item(url=site.url + "/bridge", title=title, id="/bridge")]))
    report = await reads.read(minutes=50)
    assert report.counts[Came.WITHDRAWN] == 1
    assert not reads.library.holds(site.url + "/bridge")


async def test_a_notice_in_the_place_of_an_article_takes_it_along(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read()
    notice = "This story has been withdrawn because the statement that it rested on could not be confirmed by any of our editors."
    site.page(
        "/bridge", "Bridge falls", notice, "Orsel Gazette regrets the mistake and has spoken to those who were named in it."
    )
    report = await reads.read(hours=2)
    assert report.counts[Came.WITHDRAWN] == 1
    assert not reads.library.holds(site.url + "/bridge")


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
