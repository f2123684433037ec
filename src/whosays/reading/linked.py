"""An entry of a feed and the page that it links to → one article, under the one address of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from yarl import URL

from whosays.errors import FetchError, InputError
from whosays.reading.article import MIN_PAGE_WORDS, Details, admit, is_web_address
from whosays.reading.canonical import canonical, canonical_of
from whosays.reading.charset import decode
from whosays.reading.entries import Entry, FeedRead
from whosays.reading.feed import read_feed
from whosays.reading.fetched import Fetched
from whosays.reading.page import MAX_PAGE, extract
from whosays.types import Article, Reading, Refused

#: Whether the store holds an article of this id.
Known = Callable[[str], bool]


def _unknown(_: str) -> bool:
    return False


def read_page(
    body: bytes | str,
    url: str,
    entry: Entry | None = None,
    *,
    outlet: str | None = None,
    defaults: Details | None = None,
    known: Known = _unknown,
) -> Reading:
    """Return the article of a page that was got from `url`, the end of all redirects; `entry` is what the feed said of it.

    Its id and url are its canonical address, unless `known` says that the store holds it under one of its others. The feed's word
    counts for its title and time, the page's for its text, `outlet` (the feed's title) and `defaults` for what neither says.
    Where the page gives no article the feed's own text is one, if it is long enough.
    """
    told = entry or Entry()
    where = told.url or url
    details = Details(author=told.author, outlet=outlet).completed(defaults or Details())
    if is_front_page(url, told.url):
        return _own_text(told, where, outlet, defaults, f"{where} leads to a front page: the article is gone", known)
    if len(body) > MAX_PAGE:
        return _own_text(told, where, outlet, defaults, f"the page is larger than {MAX_PAGE // 1_000_000} MB", known)
    text = decode(body) if isinstance(body, bytes) else body
    address = canonical_of(text, url)
    named = _named((where, url), address, known)
    read = extract(text, named, replace(details, url=None, id=None))
    if not isinstance(read, Article):
        return _own_text(told, where, outlet, defaults, read.reason, known)
    return replace(
        read,
        id=(defaults.id if defaults else None) or named,
        url=address,
        title=told.title or read.title,
        published=told.published or read.published or told.updated,
    )


def read_entry(
    entry: Entry,
    where: str,
    *,
    outlet: str | None = None,
    defaults: Details | None = None,
    why: str | None = None,
    known: Known = _unknown,
) -> Reading:
    """Return an entry's own text as an article; `why` says why its page is not read. `where` names an entry without address."""
    return _own_text(entry, entry.url or where, outlet, defaults, why, known)


def read_linked(
    body: bytes, where: str, defaults: Details, get: Callable[[str], Fetched], known: Known = _unknown
) -> Iterator[Reading]:
    """Yield an article or a refusal for each entry of a feed, in the feed's order.

    `where` is the feed's address or file; `get` fetches a linked page and raises FetchError.
    """
    try:
        feed = read_feed(body, where)
    except InputError as error:
        yield Refused(where=where, reason=str(error))
        return
    if not feed.entries:
        yield Refused(where=where, reason=_why_empty(feed))
    for number, entry in enumerate(feed.entries, 1):
        place = f"{where} entry {number}"
        if entry.url is None:
            yield read_entry(entry, place, outlet=feed.title, defaults=defaults, known=known)
            continue
        try:
            page = get(entry.url)
        except FetchError as error:
            yield read_entry(entry, place, outlet=feed.title, defaults=defaults, why=str(error), known=known)
        else:
            yield read_page(page.text, page.url, entry, outlet=feed.title, defaults=defaults, known=known)


def _why_empty(feed: FeedRead) -> str:
    if feed.feeds:
        return "it is an index of sitemaps: give one of " + ", ".join(feed.feeds[:3])
    return "; ".join(("the feed has no entries", *feed.notes))


def _own_text(entry: Entry, where: str, outlet: str | None, defaults: Details | None, why: str | None, known: Known) -> Reading:
    address = canonical(entry.url) if entry.url else None
    told = Details(
        id=_named((entry.url,), address, known) if entry.url and address else entry.id,
        url=address,
        outlet=outlet,
        title=entry.title,
        author=entry.author,
        published=entry.published or entry.updated,
    )
    found = admit(where, entry.text, told.completed(defaults or Details()), min_words=MIN_PAGE_WORDS)
    if isinstance(found, Refused) and why:
        return Refused(
            where=where, reason=f"{why}; and of the feed's own text: {found.reason}" if entry.text or entry.url else why
        )
    return found


def _named(addresses: tuple[str, ...], address: str, known: Known) -> str:
    """Return the id of an article at these addresses: its canonical one, but what is stored under another keeps that."""
    if known(address):
        return address
    return next((other for other in addresses if is_web_address(other) and known(other)), address)


def is_front_page(url: str, linked: str | None) -> bool:
    """Say whether what was linked to as an article leads to a front page: there is no article any more."""
    if linked is None:
        return False
    there, wanted = URL(url), URL(linked)
    return there.path in ("", "/") and not there.query_string and (wanted.path not in ("", "/") or bool(wanted.query_string))
