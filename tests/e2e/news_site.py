"""Outlets on this machine that publish while they are read: pages, and feeds that tell of them or make no sense."""

from __future__ import annotations

import gzip
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from tests.e2e.feed_site import Answer, Item, Site, rss

_FEED = "/feed.xml"
#: Entries that a feed lists.
_LISTED = 50


@dataclass(slots=True, kw_only=True)
class Outlet:
    """An outlet with its feed, at an address of its own: hosts are asked one request at a time, with a pause after each."""

    name: str
    host: str
    site: Site = field(default_factory=Site)
    items: list[Item] = field(default_factory=list)
    published: int = 0

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return self.site.url + _FEED

    @property
    def asked(self) -> int:
        """How often its feed was asked for."""
        return self.site.asked[_FEED]

    def publish(self, title: str, *paragraphs: str, at: datetime | None = None, listed: bool = True) -> str:
        """Put an article onto the site, and, unless that is to come later, into the feed; return its address."""
        self.published += 1
        path = f"/{self.published}"
        at = at or datetime.now(UTC)
        head = f"<meta property='article:published_time' content='{at.isoformat()}'>"
        url = self.site.page(path, title, *paragraphs, head=head, outlet=self.name)
        self.items.insert(0, Item(url=url, title=title, id=path, published=at))
        if listed:
            self.mend()
        return url

    def withdraw(self, url: str) -> None:
        """Take an article back: it is gone for good."""
        self.site.fails(url.removeprefix(self.site.url), 410)
        self.items = [item for item in self.items if item.url != url]
        self.mend()

    def mend(self) -> None:
        """Have the feed tell of what there is."""
        self.site.feed(_FEED, rss(self.items[:_LISTED], self.name))

    def garble(self, chance: random.Random) -> str:
        """Have the feed answer with what makes no sense; return in a word what that is."""
        whole = self.site.answers[_FEED].body if _FEED in self.site.answers else b"<rss>"
        name, answer = chance.choice(_GARBAGE)
        self.site.answers[_FEED] = answer(whole, chance)
        return name


def _noise(_: bytes, chance: random.Random) -> Answer:
    return Answer(chance.randbytes(chance.randrange(1, 20_000)), "application/rss+xml")


def _cut(whole: bytes, chance: random.Random) -> Answer:
    return Answer(whole[: chance.randrange(len(whole))], "application/rss+xml")


def _mangled(whole: bytes, chance: random.Random) -> Answer:
    body = bytearray(whole)
    for _ in range(chance.randrange(1, 40)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return Answer(bytes(body), "application/rss+xml")


def _cut_gzip(whole: bytes, chance: random.Random) -> Answer:
    packed = gzip.compress(whole)
    headers = {"Content-Encoding": "gzip"}
    return Answer(packed[: chance.randrange(10, len(packed))], "application/rss+xml", headers=headers)


def _wrong_encoding(whole: bytes, _: random.Random) -> Answer:
    return Answer(whole, "application/rss+xml; charset=utf-16", headers={"Content-Encoding": "gzip"})


def _page(_: bytes, chance: random.Random) -> Answer:
    return Answer(b"<html><body><h1>We are moving house</h1>" + b"<div>" * chance.randrange(5_000), "text/html")


def _entities(_: bytes, __: random.Random) -> Answer:
    levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    text = f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{levels}]><rss version='2.0'><channel><title>&l9;</title></channel></rss>"
    return Answer(text.encode(), "application/rss+xml")


def _json(_: bytes, __: random.Random) -> Answer:
    return Answer(b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": NaN}, 7, [[[[' * 50, "application/feed+json")


def _nothing(_: bytes, __: random.Random) -> Answer:
    return Answer(b"", "application/rss+xml")


def _error(_: bytes, chance: random.Random) -> Answer:
    return Answer(b"oops", "text/plain", chance.choice((400, 403, 404, 500, 502)))


_GARBAGE: Sequence[tuple[str, Callable[[bytes, random.Random], Answer]]] = (
    ("noise", _noise), ("cut off", _cut), ("mangled", _mangled), ("cut gzip", _cut_gzip), ("wrong encoding", _wrong_encoding),
    ("a page", _page), ("a billion laughs", _entities), ("JSON of sorts", _json), ("nothing", _nothing), ("an error", _error),
)  # fmt: skip


@asynccontextmanager
async def outlets(*names: str) -> AsyncIterator[list[Outlet]]:
    """Serve outlets, each at an address of the loopback network of its own: 127.0.0.1, 127.0.0.2, …."""
    found = {f"127.0.{number // 250}.{number % 250 + 1}": name for number, name in enumerate(names)}
    made = {host: Outlet(name=name, host=host) for host, name in found.items()}

    async def handle(request: web.Request) -> web.StreamResponse:
        return await made[request.url.host or ""].site.handle(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        port = 0
        for host, outlet in made.items():
            await web.TCPSite(runner, host, port).start()
            port = runner.addresses[0][1]
            outlet.site.url = f"http://{host}:{port}"
            outlet.mend()
        yield list(made.values())
    finally:
        await runner.cleanup()
