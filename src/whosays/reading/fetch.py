"""Pages and feeds from the web, within reach and within limits of time, size, redirects and how many at a time."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

import whosays
from whosays.errors import ContentError, FetchError, GoneError, RefusedAddressError
from whosays.reading.address import PUBLIC, Reach, link
from whosays.reading.connect import connector
from whosays.reading.fetched import Fetched, NotModified, is_read, max_age, retry_after, validator
from whosays.reading.unpacking import Unpacking

#: By this name robots.txt may forbid us something.
ROBOT = "whosays"
_ACCEPT = "text/html,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.1"
_CHUNK = 65_536
_PACKED = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
#: Bytes of a header's line.
_HEADER = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a fetch may cost.

    `timeout` is for all of it, from the first connection to the last byte, `silence` for the longest pause; `size` in bytes as
    sent and as unpacked; `at_once` how many go on at a time, `per_host` how many of them with one host.
    """

    timeout: timedelta = timedelta(seconds=20)
    silence: timedelta = timedelta(seconds=10)
    size: int = 10_000_000
    redirects: int = 5
    at_once: int = 16
    per_host: int = 2


class Fetcher:
    """Fetches over shared connections; an asynchronous context. `contact` (an address) tells servers whom to complain to.

    Nothing is kept between two fetches but connections: no cookies, no credentials, no proxies of the environment.
    """

    def __init__(
        self,
        *,
        reach: Reach = PUBLIC,
        limits: Limits | None = None,
        contact: str | None = None,
        resolver: AbstractResolver | None = None,
        note: Callable[[str], None] = lambda result: None,
    ) -> None:
        """Take what may be reached, within which limits, and as whom. `note` is told what came of each fetch, in a word."""
        self._reach = reach
        self._limits = limits or Limits()
        self._headers = {"User-Agent": user_agent(contact), "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        self._resolver = resolver
        self._note = note
        self._slots = asyncio.Semaphore(self._limits.at_once)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector(self._reach, self._resolver),
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_read=self._limits.silence.total_seconds()),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER,
            max_field_size=_HEADER,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, url: str) -> Fetched:
        """Fetch a page or a feed. Raises FetchError, which says what went wrong in words for people."""
        found = await self._get(url, {}, any_type=False, cut=None)
        if isinstance(found, NotModified):
            raise ContentError(f"{url} answered 304 Not Modified, though it was not asked that", status=304)
        return found

    async def get_if_changed(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | NotModified:
        """Fetch what came with this ETag and Last-Modified before, if it has changed. Raises FetchError."""
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        return await self._get(url, {name: value for name, value in asked.items() if value}, any_type=False, cut=None)

    async def get_text(self, url: str, most: int) -> Fetched:
        """Fetch the first `most` bytes of a text of any type, such as robots.txt. Raises FetchError."""
        found = await self._get(url, {}, any_type=True, cut=most)
        assert isinstance(found, Fetched)
        return found

    async def _get(self, url: str, asked: dict[str, str], *, any_type: bool, cut: int | None) -> Fetched | NotModified:
        try:
            found = await self._fetch(url, asked, any_type, cut)
        except FetchError as error:
            self._note(_result(error))
            raise
        self._note("unchanged" if isinstance(found, NotModified) else "read")
        return found

    async def _fetch(self, url: str, asked: dict[str, str], any_type: bool, cut: int | None) -> Fetched | NotModified:
        limits, left = self._limits, self._limits.timeout.total_seconds()
        loop = asyncio.get_running_loop()
        at, permanent = link(url, self._reach), True
        try:
            for hop in range(limits.redirects + 1):
                async with self._slot(at.raw_host or ""):
                    started = loop.time()
                    async with asyncio.timeout(left), self._ask(at, asked) as response:
                        if response.status not in _REDIRECTS or "Location" not in response.headers:
                            return await self._take(response, url, at, hop > 0 and permanent, any_type, cut)
                        permanent = permanent and response.status in _PERMANENT
                        at = self._next(url, at, response.headers["Location"])
                    left -= loop.time() - started
        except TimeoutError as error:
            seconds = limits.timeout.total_seconds()
            raise FetchError(f"{url} did not answer in full within {seconds:g} seconds; try again later") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise FetchError(f"{url}: there is no host of that name; check the address") from error
        except aiohttp.ClientConnectorError as error:
            raise FetchError(f"{url} cannot be reached: {error.os_error.strerror or error}") from error
        except aiohttp.ClientPayloadError as error:
            raise FetchError(f"{url} broke off before its end; try again later") from error
        except zlib.error as error:
            raise ContentError(f"{url} cannot be fetched: what its server packed is damaged ({error})") from error
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise FetchError(f"{url} cannot be fetched: {str(error)[:200] or type(error).__name__}") from error
        raise FetchError(f"{url} leads on more than {limits.redirects} times; give the address where it ends")

    def _ask(self, url: URL, asked: dict[str, str]) -> aiohttp.client._RequestContextManager:
        if self._session is None:
            raise RuntimeError("a Fetcher is used within `async with`")
        return self._session.get(url, headers=asked, allow_redirects=False)

    def _next(self, url: str, at: URL, location: str) -> URL:
        try:
            return link(str(at.join(URL(location))), self._reach)
        except RefusedAddressError as error:
            raise RefusedAddressError(f"{url} leads on: {error}") from error
        except (ValueError, TypeError) as error:
            raise RefusedAddressError(f"{url} leads to {location[:80]!r}, which is no web address") from error

    async def _take(
        self, response: aiohttp.ClientResponse, url: str, at: URL, permanent: bool, any_type: bool, cut: int | None
    ) -> Fetched | NotModified:
        headers, now = response.headers, datetime.now(UTC)
        about = {"etag": validator(headers, "ETag"), "last_modified": validator(headers, "Last-Modified")}
        age = max_age(headers, now)
        if response.status == 304:
            return NotModified(url=str(at), permanent=permanent, max_age=age, **about)
        if response.status != 200:
            kind = GoneError if response.status in _GONE else FetchError
            what = f"{url} answered {response.status} {(response.reason or '')[:80]}".rstrip()
            raise kind(what, status=response.status, retry_after=retry_after(headers, now))
        # aiohttp gives an unknown type the name that servers use when they do not know, too.
        known_by_head = response.content_type == "application/octet-stream"
        not_read = ContentError(f"{url} is {response.content_type[:80]}, not a page or a feed", status=200)
        if not (any_type or known_by_head or is_read(response.content_type, b"")):
            raise not_read
        body = await self._body(response, url, cut)
        if not (any_type or is_read(response.content_type, body[:_CHUNK])):
            raise not_read
        return Fetched(
            url=str(at),
            body=body,
            content_type=response.content_type,
            charset=response.charset,
            permanent=permanent,
            status=200,
            max_age=age,
            **about,
        )

    async def _body(self, response: aiohttp.ClientResponse, url: str, cut: int | None) -> bytes:
        most = self._limits.size if cut is None else cut
        too_large = ContentError(f"{url} is larger than {most / 1_000_000:g} MB", status=response.status)
        if cut is None and (response.content_length or 0) > most:
            raise too_large
        body, sent = bytearray(), 0
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity", *_PACKED):
            raise ContentError(f"{url} is packed as {encoding[:40]}, which it was not asked for", status=response.status)
        unpacking = Unpacking(_PACKED[encoding]) if encoding in _PACKED else None
        async for chunk in response.content.iter_chunked(_CHUNK):
            sent += len(chunk)
            for piece in unpacking.feed(chunk) if unpacking else (chunk,):
                body += piece
                if len(body) > most or sent > most:
                    if cut is None:
                        raise too_large
                    return bytes(body[:most])
        if unpacking and not unpacking.complete:
            raise ContentError(f"{url} cannot be fetched: its archive breaks off", status=response.status)
        return bytes(body)

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """Wait until the host, then all hosts together, have room for one more. Waiting costs a fetch no time of its limit."""
        gate, users = self._hosts.get(host, (asyncio.Semaphore(self._limits.per_host), 0))
        self._hosts[host] = gate, users + 1
        try:
            async with gate, self._slots:
                yield
        finally:
            gate, users = self._hosts[host]
            if users > 1:
                self._hosts[host] = gate, users - 1
            else:
                del self._hosts[host]


def _result(error: FetchError) -> str:
    """Return what came of a fetch that failed, as it is counted."""
    match error:
        case RefusedAddressError():
            return "refused"
        case ContentError():
            return "unreadable"
        case _ if error.status is None:
            return "silent"
        case _:
            return f"{error.status // 100}xx"


async def fetch(url: str, limits: Limits | None = None, *, reach: Reach = PUBLIC, contact: str | None = None) -> Fetched:
    """Fetch one page or feed. Raises FetchError."""
    async with Fetcher(limits=limits, reach=reach, contact=contact) as fetcher:
        return await fetcher.get(url)


def user_agent(contact: str | None = None) -> str:
    """Return the name that servers see."""
    about = f"; +{contact}" if contact else ""
    return f"{ROBOT}/{whosays.__version__} (reads news to quote it with its source{about})"
