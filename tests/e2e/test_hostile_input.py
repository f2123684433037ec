"""Input that was made to do harm is refused or read in bounded time and memory, and costs nothing of the rest."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.e2e.test_reading_http import PAGE, Handler, answers, drips, floods, leads_to, served, serving
from tests.hostile import FEEDS, LISTS, PAGES, TEXT, M
from whosays.errors import FetchError
from whosays.reading import Web, read
from whosays.reading.address import LOCAL
from whosays.reading.fetch import Fetcher, Limits
from whosays.types import Article, Refused

ROOT = Path(__file__).parents[2]
#: Seconds of one core, and bytes, that reading any one of them may take. Measured: 6 s and 190 MB at most.
MOST_SECONDS, MOST_BYTES = 30.0, 400 * M


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, object]]:
    """What reading each took, one after the other in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.hostile"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "src:."},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    return {result["name"]: result for result in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("name", [*FEEDS, *PAGES, *LISTS])
def test_what_is_made_to_do_harm_costs_little(name: str, results: dict[str, dict[str, object]]) -> None:
    result = results[name]
    assert float(str(result["seconds"])) < MOST_SECONDS, result
    assert int(str(result["grown"])) < MOST_BYTES, result


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("billion laughs", "1 entries"),
        ("an entity of a file", "1 entries"),
        ("a huge number of entries", "1000 entries"),
        ("a huge number of broken entries", "1000 entries"),
        ("NULs in a feed", "1 entries"),
        ("a feed of 50 MB", "refused: the feed is larger than 10 MB"),
        ("an archive that breaks off", "refused: it is an archive that breaks off"),
        ("an archive that is a bomb", "refused: it unpacks to more than 10 MB"),
        ("a page of nested tags with text", "an article"),
        ("a page of deep JSON", "an article"),
    ],
)
def test_what_can_be_read_of_it_is_read(name: str, result: str, results: dict[str, dict[str, object]]) -> None:
    assert results[name]["result"] == result


async def hurries(request: web.Request) -> web.StreamResponse:
    """Send a stream that unpacks to a thousand times its size, without end."""
    response = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    await response.prepare(request)
    head, rest = (part for part in (gzip.compress(b"\0" * 20 * M)[:10], gzip.compress(b"\0" * 20 * M)[10:-8]))
    await response.write(head)
    while True:
        await response.write(rest)


async def large(request: web.Request) -> web.StreamResponse:
    """Send a page of 50 MB, without saying so."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for _ in range(50):
        await response.write(TEXT * (M // len(TEXT)))
    return response


HOSTILE: dict[str, Handler] = {
    "flood": floods,
    "drip": drips,
    "bomb": answers(gzip.compress(b"<p>" + b"\0" * 200 * M), **{"Content-Encoding": "gzip"}),
    "stream": hurries,
    "large": large,
    "broken": answers(gzip.compress(b"<p>word</p>" * 50_000)[:-50], **{"Content-Encoding": "gzip"}),
    "loop": leads_to("/loop"),
    "away": leads_to("http://169.254.169.254/latest/"),
    "long": leads_to("/" + "a" * 7_000),
    "nul": answers(b"\0" * M),
    "binary": answers(b"\x89PNG" * M, "image/png"),
}


async def test_no_server_takes_more_than_its_share_of_time_and_memory() -> None:
    limits = Limits(timeout=timedelta(seconds=3), size=2 * M)
    async with serving(**HOSTILE) as base, Fetcher(reach=LOCAL, limits=limits) as fetcher:
        tracemalloc.start()
        began = time.monotonic()
        names = [name for name in HOSTILE if name != "nul"]
        found = await asyncio.gather(*(fetcher.get(f"{base}/{name}") for name in names), return_exceptions=True)
        took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert [name for name, one in zip(names, found, strict=True) if not isinstance(one, FetchError)] == []
    assert took < 40
    assert peak < 100 * M


def test_a_feed_that_links_to_all_of_them_still_gives_its_good_articles() -> None:
    links = [*(name for name in HOSTILE if name not in ("drip", "flood", "stream")), "good"]

    async def feed(request: web.Request) -> web.StreamResponse:
        base = f"http://{request.host}"
        items = "".join(f"<item><title>t<b>{name}</title><link>{base}/{name}</link></item>" for name in links)
        return web.Response(body=f"<rss><channel>{items}<item><link>{base}/{'a' * 100_000}".encode(), content_type="text/xml")

    with served(feed=feed, good=answers(PAGE.format(title="The bridge at Orlo falls")), **HOSTILE) as base:
        found = list(read([f"{base}/feed"], web=Web(local=True)))
    good = [one for one in found if isinstance(one, Article)]
    refused = [one for one in found if isinstance(one, Refused)]
    assert [one.url for one in good] == [f"{base}/good"]
    assert len(refused) == len(links)
    assert all(one.reason for one in refused)
