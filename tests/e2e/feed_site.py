"""Outlets on this machine: pages and feeds written for the tests, that count who asks, and know what has not changed."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape

from aiohttp import web

STORY = (
    "The bridge at Orsel fell on Monday, the ministry of the interior of the Varn Republic said in a statement that it gave out.",
    "“Nobody had warned us of it,” said Omar Dar, the mayor of Orsel, who denied that he had been told of the cracks in it.",
    "The ministry promised an inquiry, which is to begin in October and to be led by a judge from the capital of the republic.",
)


@dataclass(slots=True)
class Answer:
    """What a path is answered with. One without a status of its own has an ETag, and is 304 for whoever knows that."""

    body: bytes = b""
    content_type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """What an outlet serves, by path; `asked` counts requests, `unchanged` those that were answered 304."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self.order: list[str] = []

    def page(self, path: str, title: str, *paragraphs: str, head: str = "", outlet: str = "Orsel Gazette") -> str:
        """Serve an article; return its address."""
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs or STORY)
        site = f"<meta property='og:site_name' content='{escape(outlet)}'>"
        html = (
            f"<html><head><meta charset='utf-8'><title>{escape(title)}</title>{site}{head}</head>"
            f"<body><nav><a href='/'>Home</a></nav><article><h1>{escape(title)}</h1>{body}</article></body></html>"
        )
        self.answers[path] = Answer(html.encode())
        return self.url + path

    def feed(self, path: str, body: str, content_type: str = "application/rss+xml", **headers: str) -> str:
        """Serve a feed; return its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body.encode(), content_type, headers=named)
        return self.url + path

    def fails(self, path: str, status: int, **headers: str) -> None:
        """Answer a path with an error, or a redirect."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(b"no", "text/plain", status, named)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        path = request.path_qs
        self.asked[path] += 1
        self.order.append(path)
        answer = self.answers.get(path)
        if answer is None:
            return web.Response(status=404)
        headers = {"Content-Type": answer.content_type, **answer.headers}
        if answer.status == 200:
            headers["ETag"] = f'"{hashlib.sha256(answer.body).hexdigest()[:12]}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                self.unchanged[path] += 1
                return web.Response(status=304, headers={"ETag": headers["ETag"]})
        return web.Response(status=answer.status, body=answer.body, headers=headers)


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[Site]:
    """Serve a site on a free port of this machine."""
    app = web.Application()
    app.router.add_get("/{path:.*}", site.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of a feed."""

    url: str | None
    title: str
    id: str | None = None
    published: datetime | None = None
    summary: str = ""


def rss(items: Sequence[Item], title: str = "Orsel Gazette", head: str = "") -> str:
    """Return an RSS 2.0 feed."""
    parts = []
    for item in items:
        link = f"<link>{escape(item.url)}</link>" if item.url else ""
        guid = f"<guid isPermaLink='false'>{escape(item.id)}</guid>" if item.id else ""
        date = f"<pubDate>{format_datetime(item.published)}</pubDate>" if item.published else ""
        text = f"<description>{escape(item.summary)}</description>" if item.summary else ""
        parts.append(f"<item><title>{escape(item.title)}</title>{link}{guid}{date}{text}</item>")
    return f"<rss version='2.0'><channel><title>{escape(title)}</title>{head}{''.join(parts)}</channel></rss>"


@contextmanager
def serving_apart(site: Site) -> Iterator[Site]:
    """Serve a site from a thread of its own, for commands that run an event loop themselves."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    served = serving(site)
    try:
        yield asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
