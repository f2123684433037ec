"""Feeds over real HTTP → the store: new, changed, taken back."""

from __future__ import annotations

import pytest

from tests.e2e.feed_site import STORY, Item, Site, rss
from tests.e2e.polling import HOUR, START, Polling, bridge
from whosays.feeds import Standing
from whosays.polling.report import Came

SUMMARY = " ".join(STORY[:2])


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
