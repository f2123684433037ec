"""Fetching over real HTTP on this machine: where redirects and DNS may lead, what a fetch may cost, what servers say."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.e2e.test_reading_http import answers, leads_to, serving
from whosays.errors import ContentError, FetchError, GoneError, RefusedAddressError
from whosays.reading.address import LOCAL, PUBLIC, Reach
from whosays.reading.fetch import Fetcher, Limits, fetch, user_agent
from whosays.reading.fetched import Fetched, NotModified, max_age, retry_after
from whosays.reading.robots import Robots, judge, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: This machine under one of its addresses, and no other.
HERE = Reach(also=(ip_network("127.0.0.1/32"),), ports=None)


class Names(AbstractResolver):
    """DNS of the tests: each name's answers, one after the other, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        known = self.answers.get(host.partition(".")[0])
        if known is None:
            raise OSError(None, "no such host")
        found = known.pop(0) if len(known) > 1 else known[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def sending(answer: bytes) -> AsyncIterator[str]:
    """Serve these very bytes to whoever asks for anything."""

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_nothing_on_this_machine_is_fetched_unless_it_is_allowed() -> None:
    asked: list[str] = []

    async def page(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(text="<p>", content_type="text/html")

    async with serving(page=page) as base:
        any_port = Reach(ports=None)
        for url in (base, base.replace("127.0.0.1", "localhost"), base.replace("127.0.0.1", "2130706433")):
            with pytest.raises(RefusedAddressError):
                await fetch(f"{url}/page")
            with pytest.raises(RefusedAddressError):
                await fetch(f"{url}/page", reach=any_port)
        assert asked == []
        await fetch(f"{base}/page", reach=HERE)
    assert asked == ["/page"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/",
        "http://localhost.:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
        "//192.168.1.1/admin",
        "http://reader@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[::1",
    ],
)
@pytest.mark.parametrize("hops", [0, 2])
async def test_no_redirect_leads_out_of_reach(location: str, hops: int) -> None:
    names = Names(localhost=[["127.0.0.2"]])
    pages = {f"hop{n}": leads_to(f"/hop{n - 1}") for n in range(1, hops + 1)}
    async with serving(hop0=leads_to(location), **pages) as base, Fetcher(reach=HERE, resolver=names) as fetcher:
        with pytest.raises(FetchError, match=r"leads on|leads to|127\.0\.0\.2"):
            await fetcher.get(f"{base}/hop{hops}")


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        (["127.0.0.1"], "this machine itself"),
        (["10.1.2.3"], "private"),
        (["169.254.169.254"], "link-local"),
        (["::1"], "this machine itself"),
        (["::ffff:127.0.0.1"], "in another dress"),
        (["64:ff9b::7f00:1"], "in another dress"),
        (["fd00::1"], "private"),
        (["0.0.0.0"], "this machine itself"),
        (["203.0.113.7", "127.0.0.1"], "documentation"),
        (["93.184.216.34", "127.0.0.1"], "this machine itself"),
    ],
)
async def test_a_name_whose_address_is_out_of_reach_is_refused(addresses: list[str], reason: str) -> None:
    async with Fetcher(resolver=Names(gazette=[addresses])) as fetcher:
        with pytest.raises(RefusedAddressError, match=f"gazette.example is at .*{reason}"):
            await fetcher.get("http://gazette.example/")


async def test_dns_that_changes_its_mind_is_refused_on_the_second_answer() -> None:
    """The name is good when it is first asked for, and leads into the network around when it is asked again: DNS rebinding."""

    async def closes(_: web.Request) -> web.StreamResponse:
        return web.Response(text="<p>", content_type="text/html", headers={"Connection": "close"})

    names = Names(gazette=[["127.0.0.1"], ["127.0.0.2"]])
    async with serving(page=closes) as base, Fetcher(reach=HERE, resolver=names) as fetcher:
        url = base.replace("127.0.0.1", "gazette.example") + "/page"
        assert (await fetcher.get(url)).text == "<p>"
        with pytest.raises(RefusedAddressError, match=r"127\.0\.0\.2"):
            await fetcher.get(url)
    assert names.asked == ["gazette.example"] * 2


async def test_a_name_is_asked_for_once_for_each_connection_so_that_what_was_checked_is_what_is_used() -> None:
    names = Names(gazette=[["127.0.0.1"], ["127.0.0.2"]])
    async with serving(page=answers("<p>")) as base, Fetcher(reach=HERE, resolver=names) as fetcher:
        await fetcher.get(base.replace("127.0.0.1", "gazette.example") + "/page")
    assert names.asked == ["gazette.example"]


async def test_a_name_that_nobody_knows_is_a_plain_reason() -> None:
    async with Fetcher(resolver=Names()) as fetcher:
        with pytest.raises(FetchError, match="no host of that name"):
            await fetcher.get("http://gazette.example/")


async def test_redirects_say_whether_they_are_for_good() -> None:
    def to(location: str, status: int) -> object:
        async def handler(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": location})

        return handler

    handlers = {"a": to("/b", 301), "b": to("/page", 308), "c": to("/a", 302), "page": answers("<p>")}
    async with serving(**handlers) as base, Fetcher(reach=LOCAL) as fetcher:  # type: ignore[arg-type]
        found = [await fetcher.get(f"{base}/{name}") for name in ("page", "a", "c")]
    assert [one.permanent for one in found] == [False, True, False]
    assert {one.url for one in found} == {f"{base}/page"}


async def test_what_has_not_changed_is_not_sent_again() -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def feed(request: web.Request) -> web.StreamResponse:
        seen.append((request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")))
        headers = {"ETag": 'W/"7"', "Last-Modified": "Sun, 01 Mar 2026 11:00:00 GMT", "Cache-Control": "public, max-age=600"}
        if request.headers.get("If-None-Match") == 'W/"7"':
            return web.Response(status=304, headers=headers)
        return web.Response(text="<rss></rss>", content_type="application/rss+xml", headers=headers)

    async with serving(feed=feed) as base, Fetcher(reach=LOCAL) as fetcher:
        first = await fetcher.get_if_changed(f"{base}/feed")
        assert isinstance(first, Fetched)
        assert (first.etag, first.last_modified) == ('W/"7"', "Sun, 01 Mar 2026 11:00:00 GMT")
        assert (first.max_age, first.status, first.is_feed) == (timedelta(minutes=10), 200, True)
        again = await fetcher.get_if_changed(f"{base}/feed", etag=first.etag, last_modified=first.last_modified)
        assert again == NotModified(
            url=f"{base}/feed", etag=first.etag, last_modified=first.last_modified, max_age=timedelta(minutes=10)
        )
    assert seen == [(None, None), ('W/"7"', "Sun, 01 Mar 2026 11:00:00 GMT")]


async def test_what_is_gone_what_asks_us_to_wait_and_what_fails_are_told_apart() -> None:
    def says(status: int, **headers: str) -> object:
        async def handler(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

        return handler

    handlers = {
        "missing": says(404),
        "gone": says(410),
        "busy": says(429, Retry_After="120"),
        "down": says(503, Retry_After="Fri, 01 Jan 1999 00:00:00 GMT"),
        "empty": says(204),
        "odd": says(300),
    }
    found: dict[str, FetchError] = {}
    async with serving(**handlers) as base, Fetcher(reach=LOCAL) as fetcher:  # type: ignore[arg-type]
        for name in handlers:
            with pytest.raises(FetchError) as raised:
                await fetcher.get(f"{base}/{name}")
            found[name] = raised.value
    assert {name: error.status for name, error in found.items()} == {
        "missing": 404,
        "gone": 410,
        "busy": 429,
        "down": 503,
        "empty": 204,
        "odd": 300,
    }
    assert [name for name, error in found.items() if isinstance(error, GoneError)] == ["missing", "gone"]
    assert (found["busy"].retry_after, found["down"].retry_after) == (timedelta(minutes=2), timedelta())


def test_headers_of_time_are_read_and_bounded() -> None:
    assert retry_after({"Retry-After": "999999999"}, NOW) == timedelta(days=7)
    assert retry_after({"Retry-After": "Sun, 01 Mar 2026 12:10:00 GMT"}, NOW) == timedelta(minutes=10)
    assert retry_after({"Retry-After": "soon"}, NOW) is None
    assert max_age({"Cache-Control": "no-cache, max-age=60"}, NOW) == timedelta()
    assert max_age({"Expires": "Sun, 01 Mar 2026 13:00:00 GMT"}, NOW) == timedelta(hours=1)
    assert max_age({"Expires": "0"}, NOW) is None
    assert max_age({}, NOW) is None


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


async def test_robots_txt_is_asked_for_once_a_day() -> None:
    asked = 0
    clock = [NOW]

    async def robots(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.Response(text="User-agent: whosays\nDisallow: /secret\nCrawl-delay: 5\n")

    async with serving(**{"robots.txt": robots}) as base, Fetcher(reach=LOCAL) as fetcher:
        rules = Robots(fetcher, lambda: clock[0])
        found = await asyncio.gather(*(rules.may(f"{base}/{path}") for path in ("a", "secret/b", "c")))
        assert [one.allowed for one in found] == [True, False, True]
        assert {one.delay for one in found} == {timedelta(seconds=5)}
        assert "not for robots" in found[1].reason
        assert asked == 1
        clock[0] += timedelta(hours=25)
        await rules.may(f"{base}/a")
        assert asked == 2


@pytest.mark.parametrize(
    ("status", "allowed", "wait"),
    [(404, True, None), (403, True, None), (503, False, timedelta(minutes=3)), (429, False, timedelta(minutes=3))],
)
async def test_without_robots_txt_all_is_allowed_and_where_its_server_fails_nothing_for_a_while(
    status: int, allowed: bool, wait: timedelta | None
) -> None:
    async def robots(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Retry-After": "180"})

    async with serving(**{"robots.txt": robots}) as base, Fetcher(reach=LOCAL) as fetcher:
        found = await Robots(fetcher, lambda: NOW).may(f"{base}/a")
        assert (found.allowed, found.wait) == (allowed, wait)


async def test_robots_txt_of_a_host_out_of_reach_is_not_asked_for() -> None:
    async with Fetcher(reach=PUBLIC) as fetcher:
        with pytest.raises(RefusedAddressError):
            await Robots(fetcher).may("http://127.0.0.1/a")


def test_the_longest_rule_counts_wildcards_and_all() -> None:
    rules = parse(b"User-agent: *\nDisallow: /*.pdf$\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 99999999\n")
    assert not judge(rules, "https://gazette.example/a.pdf").allowed
    assert judge(rules, "https://gazette.example/a.pdf?x").allowed
    assert not judge(rules, "https://gazette.example/private/a").allowed
    assert judge(rules, "https://gazette.example/private/open/a").allowed
    assert judge(rules, "https://gazette.example/").delay == timedelta(minutes=10)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 500_000,
        b"<html>" * 50_000,
        b"Disallow: " + b"*a" * 200_000,
        b"User-agent: *\nCrawl-delay: nan\nCrawl-delay: -1\n",
    ],
)
def test_robots_txt_that_is_none_forbids_nothing_and_costs_little(body: bytes) -> None:
    began = time.process_time()
    found = judge(parse(body), "https://gazette.example/" + "a" * 1_900)
    assert found.allowed
    assert found.delay is None
    assert time.process_time() - began < 5
