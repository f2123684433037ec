"""What a fetch gives, and what its headers say: values and plain functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property

from whosays.reading.charset import decode
from whosays.reading.unpacking import GZIP_MAGIC

_HTML = frozenset({"text/html", "application/xhtml+xml"})
#: Types under which pages, feeds and sitemaps are served, beside all that ends in +xml or +json.
_READ = _HTML | {
    *("application/xml", "text/xml", "application/json", "text/json", "text/plain", "application/rss", "text/rss", "text/atom"),
    *("application/gzip", "application/x-gzip"),
}
#: What servers say when they do not know; then the first bytes decide.
_UNKNOWN = "application/octet-stream"
_LONGEST_WAIT = timedelta(days=7)
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,10})', re.IGNORECASE)
_MAX_HEADER = 1_000


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What came. `url` is where the redirects ended; `permanent` says that all of them were for good: ask there from now on.

    `charset` is what the server names, if it does; `etag` and `last_modified` are to be sent with the next request as they are;
    `max_age` is how long the server says that this stays fresh.
    """

    url: str
    body: bytes
    content_type: str
    charset: str | None = None
    permanent: bool = False
    status: int = 200
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None

    @cached_property
    def text(self) -> str:
        """The body, decoded as its bytes, its server and it itself say."""
        return decode(self.body, self.charset)

    @property
    def is_feed(self) -> bool:
        """Say whether this is a feed or a sitemap. Many servers call one text/html, so its first element counts, too."""
        from whosays.reading.feed import looks_like_feed  # noqa: PLC0415  what reads feeds loads for a tenth of a second

        return looks_like_feed(self.body, self.content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that what we have is still so (304)."""

    url: str
    permanent: bool = False
    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None


def is_read(content_type: str, head: bytes) -> bool:
    """Say whether what is served under this type may be a page or a feed; `head` are its first bytes."""
    if content_type == _UNKNOWN:
        start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        return start.startswith((b"<", b"{", GZIP_MAGIC))
    if content_type.startswith(("image/", "audio/", "video/", "font/")):
        return False
    return content_type in _READ or content_type.endswith(("+xml", "+json"))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long the server asks us to wait, at most a week; None where it does not say."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if re.fullmatch(r"\d{1,10}", value):
        return min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    moment = header_date(value)
    return None if moment is None else min(max(moment - now, timedelta()), _LONGEST_WAIT)


def max_age(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long what came stays fresh, by Cache-Control, else by Expires; None where the server does not say."""
    control = headers.get("Cache-Control", "")[:_MAX_HEADER]
    if re.search(r"no-cache|no-store", control, re.IGNORECASE):
        return timedelta()
    if found := _MAX_AGE.search(control):
        return min(timedelta(seconds=int(found[1])), _LONGEST_WAIT)
    moment = header_date(headers.get("Expires", ""))
    return None if moment is None else min(max(moment - now, timedelta()), _LONGEST_WAIT)


def header_date(value: str) -> datetime | None:
    """Return the time of a header, in UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(value[:_MAX_HEADER])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """Return an ETag or Last-Modified, to be sent back as it is; None where there is none or it is beyond all measure."""
    value = headers.get(name, "").strip()
    return value if value and len(value) <= _MAX_HEADER and value.isprintable() else None
