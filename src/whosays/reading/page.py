"""A news page → Article, through trafilatura (Barbaresi, 2021)."""

from __future__ import annotations

import logging
import re

from trafilatura import bare_extraction

from whosays.errors import InputError
from whosays.reading.article import MIN_PAGE_WORDS, Details, admit, is_web_address
from whosays.types import Reading, Refused

# trafilatura logs what it gives up on; here that becomes a reason. An operator's own handlers still hear it.
for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


#: Bytes (or code points) and tags of a page. What is more would take a parser minutes.
MAX_PAGE = 5_000_000
MOST_TAGS = 50_000
#: The host in an address, as trafilatura cuts it out: what it takes for the outlet where the page names none.
_HOST = re.compile(r"https?://(?:www\.|w[0-9]+\.)?([^/]+)")


def extract(html: bytes | str, url: str | None = None, defaults: Details | None = None) -> Reading:
    """Return the article of a page, or why there is none.

    `url` is where the page was got from; without it the page's own word for its address counts. `defaults` say what the page
    does not. Where neither names the outlet, it is the address's host.
    """
    where = url or "page"
    try:
        text, details = parse(html, url)
    except InputError as error:
        return Refused(where=where, reason=str(error))
    details = details.completed(defaults or Details())
    return admit(where, text, details.completed(Details(outlet=_host(details.url))), min_words=MIN_PAGE_WORDS)


def parse(html: bytes | str, url: str | None = None) -> tuple[str, Details]:
    """Return the text of a page's article, its paragraphs parted by blank lines, and what the page says of it, in any language.

    Precision is favoured: of all options that gives the best F1 on the article-extraction-benchmark (`eval --only pages`), and
    what is left out is never misquoted. Raises InputError where the page cannot be parsed or holds no article.
    """
    if len(html) > MAX_PAGE:
        raise InputError(f"the page is larger than {MAX_PAGE // 1_000_000} MB")
    if html.count(b"<" if isinstance(html, bytes) else "<") > MOST_TAGS:  # type: ignore[arg-type]
        raise InputError(f"the page has more than {MOST_TAGS:,} tags, as no article has")
    if (b"\0" in html) if isinstance(html, bytes) else ("\0" in html):
        raise InputError("it is binary, not a page")
    try:
        document = bare_extraction(html, url=url, with_metadata=True, favor_precision=True, include_comments=False)
    except Exception as error:  # a page can break a parser in ways that no list of errors names
        raise InputError(f"the page cannot be parsed ({type(error).__name__})") from error
    if document is None or isinstance(document, dict) or not document.text:
        raise InputError("the page holds no article that could be told from what is around it")
    details = Details(
        url=url or (document.url if document.url and is_web_address(document.url) else None),
        # The host is trafilatura's guess, not the page's word.
        outlet=document.sitename if document.sitename != _host(document.url) else None,
        title=document.title,
        author=document.author,
        published=document.date,
    )
    return "\n\n".join(line for line in document.text.split("\n") if line.strip()), details


def _host(url: str | None) -> str | None:
    found = _HOST.match(url or "")
    return found[1] if found else None
