"""What a fetch brings and may cost: archives, kinds of content, servers that speak no HTTP or fall silent."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from datetime import timedelta

import pytest
from aiohttp import web

from tests.e2e.names import HERE, Names, sending
from tests.e2e.test_reading_http import answers, serving
from whosays.errors import ContentError, FetchError
from whosays.reading.address import LOCAL
from whosays.reading.fetch import Fetcher, Limits, fetch, user_agent


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw"])
async def test_what_is_packed_is_unpacked(encoding: str) -> None:
    page = b"<p>" + b"The bridge fell. " * 5_000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(page, mtime=0),
        "x-gzip": gzip.compress(page[:9], mtime=0) + gzip.compress(page[9:], mtime=0) + b"\0\0",
        "deflate": zlib.compress(page),
        "raw": raw.compress(page) + raw.flush(),
    }[encoding]
    said = "deflate" if encoding == "raw" else encoding
    async with serving(page=answers(packed, **{"Content-Encoding": said})) as base:
        assert (await fetch(f"{base}/page", reach=LOCAL)).body == page


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"<p>word</p>" * 10_000, mtime=0)[:-200], "gzip", "breaks off"),
        (gzip.compress(b"<p>word</p>" * 10_000, mtime=0)[:12], "gzip", "breaks off"),
        (zlib.compress(b"<p>word</p>" * 10_000)[:-20], "deflate", "breaks off"),
        (b"\x1f\x8b nonsense", "gzip", "damaged"),
        (gzip.compress(b"", mtime=0) * 5_000, "gzip", "too many archives"),
        (b"<p>", "br", "packed as br"),
        (b"<p>", "gzip, gzip", "packed as gzip, gzip"),
    ],
)
async def test_an_archive_that_is_no_whole_one_is_refused(body: bytes, encoding: str, reason: str) -> None:
    async with serving(page=answers(body, **{"Content-Encoding": encoding})) as base:
        with pytest.raises(ContentError, match=reason):
            await fetch(f"{base}/page", reach=LOCAL)


@pytest.mark.parametrize(
    ("content_type", "body", "read"),
    [
        ("text/html; charset=utf-8", b"<p>", True),
        ("application/rss+xml", b"<rss/>", True),
        ("application/vnd.gazette+json", b"{}", True),
        ("text/plain", b"words", True),
        ("application/octet-stream", b"\xef\xbb\xbf<rss/>", True),
        ("application/octet-stream", b"MZ\x90", False),
        ("", b"<html>", True),
        ("", b"%PDF-1.7", False),
        ("image/svg+xml", b"<svg/>", False),
        ("application/pdf", b"%PDF-1.7", False),
        ("video/mp4", b"", False),
        ("text/css", b"", False),
    ],
)
async def test_only_pages_and_feeds_are_taken(content_type: str, body: bytes, read: bool) -> None:
    named = f"Content-Type: {content_type}\r\n" if content_type else ""
    head = f"HTTP/1.1 200 OK\r\n{named}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    async with sending(head.encode() + body) as base:
        if read:
            assert (await fetch(base, reach=LOCAL)).body == body
        else:
            with pytest.raises(ContentError, match="not a page or a feed"):
                await fetch(base, reach=LOCAL)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: -1\r\n\r\n<p>",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 300_000,
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \x00\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /" + b"a" * 20_000 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
async def test_a_server_that_speaks_no_http_is_a_plain_reason(sent: bytes) -> None:
    async with sending(sent) as base:
        with pytest.raises(FetchError) as raised:
            await fetch(base, Limits(timeout=timedelta(seconds=2)), reach=LOCAL)
    assert len(str(raised.value)) < 500


async def test_as_many_fetches_as_are_allowed_go_on_at_a_time_and_waiting_costs_none_its_time() -> None:
    now = most = 0

    async def page(_: web.Request) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.4)
        now -= 1
        return web.Response(text="<p>", content_type="text/html")

    limits = Limits(at_once=3, per_host=2, timeout=timedelta(seconds=2))
    names = Names(gazette=[["127.0.0.1"]], post=[["127.0.0.1"]])
    async with serving(page=page) as base, Fetcher(reach=HERE, resolver=names, limits=limits) as fetcher:
        one, two = (base.replace("127.0.0.1", name) + "/page" for name in ("gazette.example", "post.example"))
        await asyncio.gather(*(fetcher.get(one) for _ in range(14)))
        assert most == 2
        most = 0
        await asyncio.gather(*(fetcher.get(url) for url in (one, two) * 7))
        assert most == 3
        assert fetcher._hosts == {}


async def test_a_server_that_is_silent_is_left() -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        await response.write(b"<p>")
        await asyncio.sleep(30)
        return response

    began = time.monotonic()
    async with serving(page=silent) as base:
        with pytest.raises(FetchError, match=r"try again later|cannot be fetched"):
            await fetch(f"{base}/page", Limits(silence=timedelta(seconds=0.2)), reach=LOCAL)
    assert time.monotonic() - began < 15


async def test_nothing_is_kept_or_sent_that_could_tell_of_us() -> None:
    seen: list[dict[str, str]] = []

    async def page(request: web.Request) -> web.StreamResponse:
        seen.append(dict(request.headers))
        response = web.Response(text="<p>", content_type="text/html")
        response.set_cookie("id", "7")
        return response

    async with serving(page=page) as base, Fetcher(reach=LOCAL, contact="https://bot.example/about") as fetcher:
        await fetcher.get(f"{base}/page#part")
        await fetcher.get(f"{base}/page")
    assert all("Cookie" not in headers and "Referer" not in headers for headers in seen)
    assert seen[0]["User-Agent"] == user_agent("https://bot.example/about")
    assert "+https://bot.example/about" in seen[0]["User-Agent"]
    assert user_agent().startswith("whosays/")
