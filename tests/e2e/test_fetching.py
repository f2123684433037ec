"""Fetching over real HTTP on this machine: where redirects and DNS may lead, and what servers say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from tests.e2e.names import HERE, Names
from tests.e2e.test_reading_http import answers, leads_to, serving
from whosays.errors import FetchError, GoneError, RefusedAddressError
from whosays.reading.address import LOCAL, Reach
from whosays.reading.fetch import Fetcher, fetch
from whosays.reading.fetched import Fetched, NotModified, max_age, retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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
