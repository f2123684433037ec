"""What a poller counts while it reads feeds over real HTTP into a store."""

from __future__ import annotations

from tests.e2e.feed_site import Item, Site, rss
from tests.e2e.polling import Polling, bridge


def numbers(reads: Polling) -> dict[str, float]:
    """Return the samples of its own families, each by its name and the one value of its label."""
    samples = (sample for family in reads.metrics.collect() for sample in family.samples if "le" not in sample.labels)
    return {" ".join([sample.name.removeprefix("whosays_"), *sample.labels.values()]): sample.value for sample in samples}


async def test_feeds_fetches_and_articles_are_counted_by_what_came_of_them(site: Site, reads: Polling) -> None:
    dead = Item(url=site.url + "/dead", title="Nothing there", id="2")
    reads.add(site.feed("/feed", rss([bridge(site), dead])), site.url + "/none")
    await reads.read()
    found = numbers(reads)
    assert (found["feeds_read_total read"], found["feeds_read_total failed"]) == (1, 1)
    assert (found["articles_total added"], found["articles_total dead links"]) == (1, 1)
    # The feed and the page; the other feed, the dead page, and the robots.txt that is not there.
    assert (found["fetches_total read"], found["fetches_total 4xx"]) == (2, 3)
    assert found["paragraphs_total"] == 4
    await reads.read(hours=2)
    assert numbers(reads)["feeds_read_total unchanged"] == 1


async def test_a_host_that_does_not_answer_and_an_address_that_is_forbidden_are_told_apart(site: Site, reads: Polling) -> None:
    site.fails("/broken", 500)
    site.fails("/away", 302, Location="ftp://gazette.example/feed")
    reads.add(site.url + "/broken", site.url + "/away", "http://127.0.0.1:9/feed")
    await reads.read()
    found = numbers(reads)
    assert (found["fetches_total 5xx"], found["fetches_total refused"], found["fetches_total silent"]) == (1, 1, 1)


async def test_how_late_feeds_and_articles_are_is_told(site: Site, reads: Polling) -> None:
    reads.add(site.feed("/feed", rss([bridge(site)])))
    await reads.read(minutes=7)
    found = numbers(reads)
    # It was due when it was added, and its article is an hour old; what is read after that is late no more.
    assert found["article_lag_seconds_count"] == 1
    assert 0 <= found["article_lag_seconds_sum"] - (3600 + 7 * 60) < 5
    assert (found["feeds_due"], found["feed_lag_seconds"]) == (0, 0)
    due = reads.feed().due
    assert due is not None
    reads.clock.time = due
    reads.clock.turn(minutes=30)
    reads.poller._due()
    found = numbers(reads)
    assert (found["feeds_due"], found["feed_lag_seconds"]) == (1, 1800)
    # The clock stands still while an article is put into the store, the processor does not.
    assert found["ingest_seconds_count"] == 1
    assert found["ingest_seconds_sum"] > 0


async def test_a_feed_that_somebody_wants_read_now_is_not_late_for_it(site: Site, reads: Polling) -> None:
    url = site.feed("/feed", rss([bridge(site)]))
    reads.add(url)
    await reads.read()
    reads.clock.turn(minutes=5)
    assert reads.feeds.read_soon(url)
    reads.poller._due()
    found = numbers(reads)
    assert (found["feeds_due"], found["feed_lag_seconds"]) == (1, 0)
