"""What is at a web address that somebody gives: an article, or a feed."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from whosays.errors import FetchError, InputError
from whosays.feeds import FeedFound
from whosays.reading.files import Web
from whosays.types import Reading, Refused


def find(url: str, web: Web) -> Reading | FeedFound:
    """Return the article at an address, or the feed: at it, or named by a front page or by a page that holds no article.

    Call it from a thread that runs no event loop.
    """
    # They load for most of a second: an answer, for which this module is loaded, must not wait for that.
    from whosays.reading.address import reach  # noqa: PLC0415
    from whosays.reading.discover import feeds_in  # noqa: PLC0415
    from whosays.reading.feed import read_feed  # noqa: PLC0415
    from whosays.reading.fetch import fetch  # noqa: PLC0415
    from whosays.reading.linked import read_page  # noqa: PLC0415

    try:
        got = asyncio.run(fetch(url, reach=reach(web.local), contact=web.contact))
        if got.is_feed:
            feed = read_feed(got.body, got.url, charset=got.charset)
            return FeedFound(url=got.url if got.permanent else url, title=feed.title, site=feed.site)
    except (FetchError, InputError) as error:
        return Refused(where=url, reason=str(error))
    named = feeds_in(got.text, got.url)
    if named and urlsplit(got.url).path in ("", "/"):
        return FeedFound(url=named[0].url, title=named[0].title, site=got.url)
    reading = read_page(got.text, got.url, known=web.known)
    if named and isinstance(reading, Refused):
        return FeedFound(url=named[0].url, title=named[0].title, site=got.url)
    return reading
