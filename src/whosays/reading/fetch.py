"""One page or feed from the web, within limits of time, size and redirects."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from whosays.errors import FetchError
from whosays.reading.article import MAX_BYTES, is_web_address

USER_AGENT = "whosays/0.1 (reads single news articles to cite them)"
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_XML = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"})
_CHUNK = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a fetch may cost: `timeout` for all of it, `size` in bytes as sent and as unpacked."""

    timeout: timedelta = timedelta(seconds=20)
    size: int = MAX_BYTES
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came: `url` is where the redirects ended; `charset` what the server names, if it does."""

    url: str
    body: bytes
    content_type: str
    charset: str | None

    @property
    def is_feed(self) -> bool:
        """Say whether this is RSS or Atom. Many servers call a feed text/html, so its first element counts, too."""
        head = self.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        opens = any(tag in head for tag in (b"<rss", b"<feed", b"<rdf:rdf"))
        return opens and (self.content_type in _XML or head.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf:rdf")))

    @property
    def html(self) -> bytes | str:
        """Return the page, decoded if the server says how; else its bytes, whose own declaration counts."""
        if self.charset:
            try:
                return self.body.decode(self.charset, "replace")
            except LookupError:
                pass  # a charset that nobody knows
        return self.body


async def fetch(url: str, limits: Limits | None = None) -> Fetched:
    """Fetch a page or a feed. Raises FetchError, which says what went wrong in words for people.

    The time limit spans everything, so that a server that drips a byte a second cannot hold us; what is compressed is unpacked
    piece by piece and dropped where it grows beyond the size limit.
    """
    limits = limits or Limits()
    if not is_web_address(url):
        raise FetchError(f"{url} is no web address: give one that begins with http:// or https://")
    try:
        async with asyncio.timeout(limits.timeout.total_seconds()):
            return await _fetch(url, limits)
    except TimeoutError as error:
        raise FetchError(
            f"{url} did not answer in full within {limits.timeout.total_seconds():g} seconds; try again later"
        ) from error
    except aiohttp.TooManyRedirects as error:
        raise FetchError(f"{url} leads on more than {limits.redirects} times; give the address where it ends") from error
    except aiohttp.NonHttpUrlRedirectClientError as error:
        raise FetchError(f"{url} leads to {error}, which is no web address") from error
    except aiohttp.ClientConnectorDNSError as error:
        raise FetchError(f"{url}: there is no host of that name; check the address") from error
    except aiohttp.ClientConnectorError as error:
        raise FetchError(f"{url} cannot be reached: {error.os_error.strerror or error}") from error
    except (aiohttp.ClientError, ValueError, OSError) as error:
        raise FetchError(f"{url} cannot be fetched: {error or type(error).__name__}") from error


async def _fetch(url: str, limits: Limits) -> Fetched:
    async with (
        aiohttp.ClientSession(headers={"User-Agent": USER_AGENT, "Accept": "text/html,application/xml;q=0.9"}) as session,
        session.get(url, max_redirects=limits.redirects) as response,
    ):
        if not response.ok:
            raise FetchError(f"{url} answered {response.status} {response.reason or ''}".rstrip())
        if response.content_type not in _HTML | _XML:
            raise FetchError(f"{url} is {response.content_type}, not a page or a feed")
        too_large = FetchError(f"{url} is larger than {limits.size / 1_000_000:g} MB")
        if (response.content_length or 0) > limits.size:
            raise too_large
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > limits.size:
                raise too_large
        return Fetched(url=str(response.url), body=bytes(body), content_type=response.content_type, charset=response.charset)
