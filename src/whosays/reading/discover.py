"""The feeds that a page names: <link rel="alternate" type="application/rss+xml" …>."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

from whosays.reading.article import is_web_address
from whosays.reading.markup import html_root, line_of

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml"})
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str | None = None


def feeds_in(page: str, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds that a page names, in its order, those of comments last; `url` is where the page was got from."""
    root = html_root(page)
    if root is None:
        return ()
    base = next((str(href) for href in root.xpath("//base/@href")[:1]), "")
    found: dict[str, FeedLink] = {}
    for element in root.iter("link"):
        kinds = str(element.get("rel") or "").lower().split()
        named = str(element.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in kinds or named not in _TYPES:
            continue
        try:
            address = str(URL(url).join(URL(base)).join(URL(str(element.get("href") or "").strip())))
        except (ValueError, TypeError):
            continue
        if len(address) <= 2_000 and is_web_address(address) and address != url:
            found.setdefault(address, FeedLink(url=address, title=line_of(str(element.get("title") or "")[:300]) or None))
    return tuple(sorted(found.values(), key=_is_comments)[:_MOST])


def _is_comments(link: FeedLink) -> bool:
    return "comment" in link.url.lower() or "comment" in (link.title or "").lower()
