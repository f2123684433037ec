"""An operator removes an article while a poller is at its page: it does not come again, whichever is first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from tests.e2e.feed_site import Item, Site, rss, serving
from tests.e2e.polling import Polling, polling
from whosays.feeds import Standing
from whosays.types import IngestReport, Reading


class Watched(Site):
    """A site that has something done while it answers for an article's page."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/bridge":
            self.meanwhile()
        return await super().handle(request)


@pytest.fixture
async def site() -> AsyncIterator[Watched]:
    async with serving(Watched()) as site:
        assert isinstance(site, Watched)
        yield site


@pytest.fixture
async def reads(site: Watched, tmp_path: Path) -> AsyncIterator[Polling]:
    async with polling(tmp_path) as reads:
        item = Item(url=site.page("/bridge", "Bridge falls"), title="Bridge falls", id="1")
        reads.add(site.feed("/feed", rss([item])))
        yield reads


def remove(site: Site, reads: Polling) -> None:
    """Do what `whosays remove` does."""
    address = site.url + "/bridge"
    page = reads.feeds.page(address)
    assert page is not None
    assert reads.feeds.keep_page(replace(page, standing=Standing.REMOVED, due=None))
    reads.library.remove(address)


def is_gone(site: Watched, reads: Polling) -> bool:
    page = reads.feeds.page(site.url + "/bridge")
    assert page is not None
    return page.standing is Standing.REMOVED and not reads.library.holds(site.url + "/bridge")


async def test_what_is_removed_while_its_page_is_fetched_is_not_stored(site: Watched, reads: Polling) -> None:
    site.meanwhile = lambda: remove(site, reads)
    await reads.read()
    assert is_gone(site, reads)
    assert reads.library.ingested == []


async def test_what_is_removed_while_it_is_indexed_is_let_go_again(
    site: Watched, reads: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = reads.library.ingest

    def removed_meanwhile(readings: Iterable[Reading]) -> IngestReport:
        remove(site, reads)
        return ingest(readings)

    monkeypatch.setattr(reads.library, "ingest", removed_meanwhile)
    await reads.read()
    assert reads.library.ingested == [site.url + "/bridge"]
    assert is_gone(site, reads)


async def test_what_is_removed_while_a_change_of_it_is_read_stays_away(site: Watched, reads: Polling) -> None:
    await reads.read()
    assert reads.library.holds(site.url + "/bridge")
    site.page("/bridge", "Bridge falls, mayor resigns", "The mayor of Orsel resigned late on Tuesday, the council said.")
    site.meanwhile = lambda: remove(site, reads)
    await reads.read(hours=2)
    assert site.asked["/bridge"] == 2
    assert is_gone(site, reads)


async def test_what_is_removed_stays_away_though_another_feed_leads_to_it(site: Watched, reads: Polling) -> None:
    await reads.read()
    remove(site, reads)
    name = f"<link rel='canonical' href='{site.url}/bridge'>"
    for feed, path in (("/other", "/bridge?from=other"), ("/third", "/short")):
        told = Item(url=site.page(path, "Bridge falls", head=name), title="Bridge falls", id="2")
        reads.add(site.feed(feed, rss([told])))
    await reads.read(hours=2)
    assert site.asked["/short"] == 1
    assert is_gone(site, reads)
    await reads.read(hours=48)
    assert is_gone(site, reads)
