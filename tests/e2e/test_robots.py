"""robots.txt over real HTTP on this machine: asked for once, obeyed as it is meant."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from tests.e2e.test_reading_http import serving
from whosays.errors import RefusedAddressError
from whosays.reading.address import LOCAL, PUBLIC
from whosays.reading.fetch import Fetcher
from whosays.reading.robots import Robots, judge, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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
