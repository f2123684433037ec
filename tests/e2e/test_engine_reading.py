"""The engine reads a page or a feed by its address, with the real models and over real HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from tests.e2e.test_reading_http import PAGE, served
from whosays.config import Settings, sqlite_address
from whosays.engine import Engine, refusing
from whosays.errors import InputError
from whosays.feeds import FeedFound
from whosays.types import Article, IngestReport, Refused


@pytest.fixture
def engine(model_cache: Path, tmp_path: Path) -> Iterator[Engine]:
    settings = replace(
        Settings.from_environment({"WHOSAYS_FETCH_LOCAL": "1"}),
        cache_folder=model_cache,
        store=sqlite_address(tmp_path / "store.db"),
    )
    with Engine.open(settings) as engine:
        yield engine


async def page(request: web.Request) -> web.Response:
    return web.Response(text=PAGE.format(title="The bridge at Orlo"), content_type="text/html")


async def missing(request: web.Request) -> web.Response:
    raise web.HTTPNotFound


def test_a_page_is_read_once_and_the_revision_tells_of_it(engine: Engine) -> None:
    before = engine.revision()
    with served(page=page) as url:
        report = engine.read(f"{url}/page")
        assert isinstance(report, IngestReport)
        assert (len(report.added), report.refused) == (1, ())
        after = engine.revision()
        assert after != before
        again = engine.read(f"{url}/page")
        assert isinstance(again, IngestReport)
        assert (again.added, len(again.unchanged)) == ((), 1)
        assert engine.revision() == after
    stored = engine.article(report.added[0])
    assert stored is not None
    assert "Omar Dar" in stored.text


async def feed(request: web.Request) -> web.Response:
    body = "<?xml version='1.0'?><rss version='2.0'><channel><title>Evening Herald</title></channel></rss>"
    return web.Response(text=body, content_type="application/rss+xml")


async def section(request: web.Request) -> web.Response:
    named = "<link rel='alternate' type='application/rss+xml' href='/feed' title='All news'>"
    return web.Response(text=f"<html><head>{named}</head><body><h1>World</h1></body></html>", content_type="text/html")


def test_a_feed_is_found_at_its_address_and_by_a_page_that_names_it(engine: Engine) -> None:
    with served(feed=feed, section=section) as url:
        assert engine.read(f"{url}/feed") == FeedFound(url=f"{url}/feed", title="Evening Herald")
        found = engine.read(f"{url}/section")
    assert isinstance(found, FeedFound)
    assert (found.url, found.title) == (f"{url}/feed", "All news")


def test_what_cannot_be_fetched_is_refused_with_its_reason(engine: Engine) -> None:
    with served(missing=missing) as url:
        report = engine.read(f"{url}/missing")
    assert isinstance(report, IngestReport)
    (refused,) = report.refused
    assert "404" in refused.reason


@pytest.mark.parametrize(
    "address", ["", "/etc/passwd", "file:///etc/passwd", "ftp://host.example/a", "gazette.example/orsel", "a b"]
)
def test_only_a_web_address_is_read(engine: Engine, address: str) -> None:
    with pytest.raises(InputError, match="no web address"):
        engine.read(address)


def test_a_demo_article_is_refused_as_when_it_is_ingested(engine: Engine) -> None:
    demo = "https://demo.example/wire/2021/09/06/panjshir-fall-claimed-and-denied"
    report = engine.read(demo)
    assert isinstance(report, IngestReport)
    assert [(refused.where, "demo article" in refused.reason) for refused in report.refused] == [(demo, True)]
    article = Article(id=demo, text="The bridge fell on Monday, the mayor said.")
    assert [type(reading) for reading in refusing(frozenset({demo}), [article, replace(article, id="own")])] == [Refused, Article]
