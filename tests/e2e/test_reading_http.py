"""Pages and feeds over real HTTP on this machine, from servers that behave and from servers that do not."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.patience import PATIENCE
from whosays.errors import FetchError
from whosays.reading import Defaults, Web, read
from whosays.reading.address import LOCAL
from whosays.reading.fetch import Limits, fetch
from whosays.types import Article, Reading, Refused

STORY = (
    "<p>The bridge at Orlo fell on Monday, the ministry of the interior said in a statement.</p>"
    "<p>“Nobody had warned us of it,” said Omar Dar, the mayor of Orlo, who denied that he had been told of the cracks in it.</p>"
    "<p>The ministry promised an inquiry, which is to begin in October and to be led by a judge from the capital.</p>"
)
PAGE = (
    "<html><head><meta charset='utf-8'><title>{title}</title><meta property='og:site_name' content='Evening Herald'></head>"
    "<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>" + STORY + "</article></body></html>"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(**handlers: Handler) -> AsyncIterator[str]:
    """Serve each handler at the path of its name, on a free port of this machine."""
    app = web.Application()
    for name, handler in handlers.items():
        app.router.add_get(f"/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def served(**handlers: Handler) -> Iterator[str]:
    """Serve from a thread of its own, for readers that run the loop themselves."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = serving(**handlers)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def answers(body: bytes | str, content_type: str = "text/html", **headers: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        data = body.encode() if isinstance(body, str) else body
        return web.Response(body=data, headers={"Content-Type": content_type, **headers})

    return handler


def leads_to(location: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    return handler


async def drips(request: web.Request) -> web.StreamResponse:
    """Send a byte at a time, for ever."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


async def floods(request: web.Request) -> web.StreamResponse:
    """Send without end and without a length."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    while True:
        await response.write(b"<p>word</p>" * 1_000)


async def missing(_: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound


async def failing(_: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def test_a_page_is_fetched_with_its_type_and_its_last_address() -> None:
    seen: list[str] = []

    async def page(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers["User-Agent"])
        return web.Response(text="<p>é</p>", content_type="text/html", charset="latin-1")

    async with serving(old=leads_to("/new"), new=page) as base:
        fetched = await fetch(f"{base}/old", reach=LOCAL)
    assert fetched.url == f"{base}/new"
    assert (fetched.content_type, fetched.charset) == ("text/html", "latin-1")
    assert fetched.text == "<p>é</p>"
    assert "whosays" in seen[0]


async def test_a_charset_that_nobody_knows_leaves_the_page_to_speak_for_itself() -> None:
    async with serving(page=answers("é", "text/html; charset=klingon")) as base:
        assert (await fetch(f"{base}/page", reach=LOCAL)).text == "é"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone", "answered 404 Not Found"),
        ("failing", "answered 503"),
        ("picture", "is image/png, not a page or a feed"),
        ("loop", "leads on more than 5 times"),
        ("elsewhere", "no web address"),
        ("large", "larger than 0.1 MB"),
        ("endless", "larger than 0.1 MB"),
        ("bomb", "larger than 0.1 MB"),
        ("broken", "cannot be fetched"),
        ("slow", "within 0.5 seconds"),
    ],
)
async def test_a_page_that_cannot_be_had_is_a_plain_reason(path: str, reason: str) -> None:
    handlers: dict[str, Handler] = {
        "gone": missing,
        "failing": failing,
        "picture": answers(b"\x89PNG", "image/png"),
        "loop": leads_to("/loop"),
        "elsewhere": leads_to("file:///etc/hostname"),
        "large": answers(b"x" * 200_000),
        "endless": floods,
        "bomb": answers(gzip.compress(b"x" * 50_000_000), **{"Content-Encoding": "gzip"}),
        "broken": answers(b"this is no gzip", **{"Content-Encoding": "gzip"}),
        "slow": drips,
    }
    limits = Limits(timeout=timedelta(seconds=0.5 if path == "slow" else PATIENCE), size=100_000)
    async with serving(**handlers) as base:
        with pytest.raises(FetchError, match=reason):
            await fetch(f"{base}/{path}", limits, reach=LOCAL)


async def test_a_server_that_is_not_there_is_a_plain_reason() -> None:
    async with serving() as base:
        pass
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetch(base, reach=LOCAL)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://herald.example/a", "herald.example", "http://", "http://[::1", "http://a b/"]
)
async def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(FetchError, match="no web address"):
        await fetch(url)


def read_all(path: str, defaults: Defaults | None = None) -> list[Reading]:
    return list(read([path], defaults, web=Web(local=True)))


def test_an_address_becomes_the_article_at_its_end() -> None:
    with served(old=leads_to("/new"), new=answers(PAGE.format(title="The bridge at Orlo falls"))) as base:
        (found,) = read_all(f"{base}/old", Defaults(published="2021-09-06", outlet="Other"))
    assert isinstance(found, Article)
    assert found.id == found.url == f"{base}/new"
    assert (found.outlet, found.title) == ("Evening Herald", "The bridge at Orlo falls")
    assert found.published == datetime(2021, 9, 6, tzinfo=UTC)
    assert "“Nobody had warned us of it,” said Omar Dar" in found.text


def test_an_address_that_fails_is_refused_with_the_reason() -> None:
    with served(page=missing) as base:
        assert read_all(f"{base}/page") == [Refused(where=f"{base}/page", reason=f"{base}/page answered 404 Not Found")]


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Herald feed</title><link>{base}</link>
<item><title>The bridge falls</title><link>{base}/one</link><pubDate>Mon, 06 Sep 2021 14:30:00 +0200</pubDate></item>
<item><title>Told in full</title><link>{base}/gone</link><content:encoded><![CDATA[{story}]]></content:encoded></item>
<item><title>Lost</title><link>{base}/gone2</link><description>Too little to read.</description></item>
<item><title>No link</title><guid isPermaLink="false">tag:4</guid><author>Ana Blum</author>
<description><![CDATA[{story}]]></description></item>
</channel></rss>"""


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/html", "text/xml"])
def test_a_feed_gives_its_pages_in_full_and_its_own_text_where_a_page_fails(content_type: str) -> None:
    body: list[str] = []

    async def feed(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body[0], content_type=content_type)

    with served(feed=feed, one=answers(PAGE.format(title="The bridge, in the page's words")), gone=missing) as base:
        body.append(RSS.format(base=base, story=STORY))
        first, second, third, fourth = read_all(f"{base}/feed")
    assert isinstance(first, Article)
    assert (first.id, first.outlet, first.title) == (f"{base}/one", "Evening Herald", "The bridge falls")
    assert first.published == datetime(2021, 9, 6, 12, 30, tzinfo=UTC)
    assert "denied that he had been told" in first.text
    assert isinstance(second, Article)
    assert (second.id, second.outlet) == (f"{base}/gone", "Herald feed")
    assert len(second.text.split("\n\n")) == 3
    assert second.text.startswith("The bridge at Orlo fell on Monday")
    assert isinstance(third, Refused)
    assert third.where == f"{base}/gone2"
    assert "answered 404" in third.reason
    assert "the feed's own text: it holds no article" in third.reason
    assert isinstance(fourth, Article)
    assert (fourth.id, fourth.url, fourth.author) == ("tag:4", None, "Ana Blum")


def test_a_saved_atom_feed_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    with served(one=answers(PAGE.format(title="The bridge at Orlo falls"))) as base:
        path.write_text(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald feed</title><entry><title>Bridge</title>'
            f'<link href="{base}/one"/>'
            "<updated>2021-09-06T14:30:00Z</updated><summary>Short.</summary></entry></feed>"
        )
        (found,) = read_all(str(path))
    assert isinstance(found, Article)
    assert (found.id, found.title, found.published) == (f"{base}/one", "Bridge", datetime(2021, 9, 6, 14, 30, tzinfo=UTC))


def test_an_entry_with_a_time_beyond_the_calendar_is_read_without_one(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    when = "<pubDate>9999-12-31T23:59:59-10:00</pubDate>"
    item = f'<item><guid isPermaLink="false">tag:1</guid>{when}<description>{STORY}</description></item>'
    path.write_text(f'<rss version="2.0"><channel><title>Herald feed</title>{item}</channel></rss>')
    (found,) = read_all(str(path))
    assert isinstance(found, Article)
    assert found.published is None


def test_a_feed_cannot_make_us_open_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(RSS.format(base="http://127.0.0.1:9", story=STORY))
    path = tmp_path / "feed.xml"
    path.write_text(str(secret))
    (refused,) = read_all(str(path))
    assert isinstance(refused, Refused)
    assert "no RSS or Atom feed" in refused.reason
