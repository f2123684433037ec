"""Input that was made to do harm, each made anew when it is asked for; and a program that reads one after the other.

`python -m tests.hostile [NAME …]` prints, for each, JSON with the seconds of processor and the bytes of memory that reading it
took at most. It runs as a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from whosays.errors import InputError
from whosays.reading.entries import Entry
from whosays.reading.feed import looks_like_feed, read_feed
from whosays.reading.linked import read_page
from whosays.reading.opml import read_opml
from whosays.types import Article

M = 1_000_000
URL = "https://gazette.example/a"
TEXT = (
    b"<p>The mayor of Orsel said on Monday that the bridge had been closed to all traffic since the early hours of the day.</p>"
)
ITEM = b"<item><title>The bridge</title><link>https://gazette.example/b</link></item>"
RSS = b"<rss version='2.0'><channel>"
JSON = b'{"version":"https://jsonfeed.org/version/1","items":'
Made: TypeAlias = Callable[[], bytes]


def laughs() -> bytes:
    """Ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">{entities}]>'
    return (head + "<rss><channel><title>&a9;</title><item><title>&a9;</title></item></channel></rss>").encode()


def quadratic() -> bytes:
    """One long entity, often."""
    head = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>'
    return f"{head}<rss><channel><item><title>{'&a;' * 100_000}</title></item></channel></rss>".encode()


FEEDS: dict[str, Made] = {
    "billion laughs": laughs,
    "quadratic entity": quadratic,
    "an entity of a file": lambda: (
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RSS + ITEM + b"&a;</channel></rss>"
    ),
    "only <": lambda: RSS + b"<item><title>" + b"<" * 5 * M,
    "only &": lambda: RSS + b"<item><title>" + b"&" * 5 * M,
    "entries that never end": lambda: RSS + b"<item>" * M,
    "deep nesting": lambda: RSS + b"<a>" * 3 * M,
    "deep nesting in every entry": lambda: RSS + (b"<item><title>t</title>" + b"<a>" * 1_000 + b"</item>") * 3_000,
    "CDATA that never ends": lambda: RSS + b"<item><description>" + b"<![CDATA[" * M,
    "comments that never end": lambda: b"<!--" * 2 * M + b"<rss>",
    "instructions without end": lambda: b"<?x ?>" * M + b"<rss>",
    "doctypes that never end": lambda: b"<!DOCTYPE x [" * (M // 2),
    "brackets of a doctype": lambda: b"<!DOCTYPE x [" + b"]" * 9 * M,
    "a hundred thousand attributes": lambda: b"<rss " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b"><channel/></rss>",
    "a thousand namespaces": lambda: b"<rss " + b" ".join(b'xmlns:a%d="x"' % n for n in range(1_000)) + b">" + ITEM,
    "a huge number of entries": lambda: RSS + ITEM * 120_000 + b"</channel></rss>",
    "a huge number of broken entries": lambda: RSS + ITEM.replace(b"</title>", b"<b></title>") * 120_000,
    "a title of nine million": lambda: RSS + b"<item><title>" + b"a " * (9 * M // 2) + b"</title></item></channel></rss>",
    "a text of open tags": lambda: (
        RSS + b"<item><description><![CDATA[" + b"<a " * 3 * M + b"]]></description></item></channel></rss>"
    ),
    "a text of nested tags": lambda: (
        RSS + b"<item><description><![CDATA[" + b"<div>" * (3 * M // 2) + b"]]></description></item>"
    ),
    "addresses of millions": lambda: (
        RSS + b"<item><link>https://a.example/" + b"a" * 4 * M + b"</link><guid>" + b"g" * 4 * M + b"</guid></item>"
    ),
    "an address of 100 kB": lambda: RSS + b"<item><link>https://a.example/" + b"a" * 100_000 + b"</link></item></channel></rss>",
    "a date of digits": lambda: RSS + b"<item><pubDate>" + b"1" * 3 * M + b"</pubDate></item></channel></rss>",
    "a date of blanks": lambda: RSS + b"<item><pubDate>Mon, 1 Jan" + b" " * 3 * M + b"x</pubDate></item></channel></rss>",
    "nothing but NULs": lambda: b"\0" * 9 * M,
    "NULs in a feed": lambda: RSS + b"\0" * 9 * M + ITEM + b"</channel></rss>",
    "deep JSON": lambda: JSON + b"[" * 5 * M,
    "a million items of JSON": lambda: JSON + b"[" + b'{"id":1},' * M + b"1]}",
    "a number of millions of digits": lambda: JSON + b"1" * 5 * M + b"}",
    "declarations that never end": lambda: b'<?xml encoding="' * (M // 2),
    "an archive that breaks off": lambda: gzip.compress(RSS + ITEM * 10_000 + b"</channel></rss>")[:-100],
    "an archive that is a bomb": lambda: gzip.compress(RSS + b" " * 300 * M),
    "an archive in an archive": lambda: gzip.compress(gzip.compress(b"\0" * 300 * M)),
    "half a million archives": lambda: gzip.compress(b"") * 500_000,
    "a map of the whole site": lambda: b"<urlset>" + b"<url><loc>https://gazette.example/a</loc></url>" * 200_000 + b"</urlset>",
    "a feed of 50 MB": lambda: RSS + ITEM * (50 * M // len(ITEM)),
}
PAGES: dict[str, Made] = {
    "a page of 50 MB": lambda: TEXT * (50 * M // len(TEXT)),
    "a page of 4 MB": lambda: TEXT * (4 * M // len(TEXT)),
    "a page of nested tags": lambda: b"<div>" * 900_000,
    "a page of nested tags with text": lambda: (b"<div>" + TEXT) * 9_000,
    "a page of <": lambda: b"<" * 4 * M,
    "a page of attributes": lambda: b"<a " + b"x=1 " * M,
    "a page of links": lambda: b"<a href=/x>word</a> " * 24_000,
    "a page of tables": lambda: b"<table><tr><td>" * 16_000,
    "a page of NULs": lambda: b"\0" * 4 * M,
    "a page of one word": lambda: b"<html><body><article><p>" + b"w" * 4 * M,
    "a page of scripts": lambda: b"<script>" * 40_000 + TEXT,
    "a page of comments": lambda: b"<!-- " * 40_000 + TEXT,
    "a page of canonicals": lambda: b'<link rel=canonical href="/a">' * 40_000 + TEXT,
    "a page of deep JSON": lambda: b'<script type="application/ld+json">' + b'{"a":' * 800_000 + b"</script>" + TEXT * 10,
    "a page of a long date": lambda: b"<time datetime='2" + b"0" * 4 * M + b"'>" + TEXT * 10,
    "a page of a long title": lambda: b"<title>" + b"a " * 2 * M + b"</title>" + TEXT * 10,
    "a page of entities": lambda: b"<article><p>" + b"&amp;" * 800_000 + TEXT * 10,
    "a page in no charset": lambda: b"<meta charset=x>" + bytes(range(128, 256)) * 20_000,
}
LISTS: dict[str, Made] = {
    "nested outlines": lambda: b"<opml><body>" + b"<outline text='a'>" * M,
    "outlines that never end": lambda: b"<opml><body>" + b"<outline text='a' xmlUrl='https://a.example/'/>" * 200_000,
}


def read(name: str, body: bytes) -> str:
    """Read one of them, and say what came of it."""
    try:
        if name in FEEDS:
            looks_like_feed(body, "text/html")
            feed = read_feed(body, URL)
            assert all(len(entry.text) <= 500_000 and "root:" not in (entry.title or "") for entry in feed.entries)
            return f"{len(feed.entries)} entries"
        if name in LISTS:
            return f"{len(read_opml(body).outlines)} feeds"
        reading = read_page(body, URL, Entry(url=URL))
    except InputError as error:
        return f"refused: {error}"
    return "an article" if isinstance(reading, Article) else f"refused: {reading.reason}"


def measured(name: str) -> dict[str, object]:
    """Read one of them, and say what it took. Peak memory is Linux' alone to tell."""
    body = (FEEDS.get(name) or PAGES.get(name) or LISTS[name])()
    clear, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    before = 0
    if status.exists():
        clear.write_text("5")  # the peak from now on: proc(5)
        before = _status("VmRSS")
    began = time.process_time()
    result = read(name, body)
    seconds = time.process_time() - began
    grown = _status("VmHWM") - before if status.exists() else 0
    return {"name": name, "size": len(body), "seconds": round(seconds, 2), "grown": grown, "result": result[:200]}


def _status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{key}:"))


if __name__ == "__main__":
    read_page(TEXT * 20, URL)  # so that what is loaded once counts for none
    for one in sys.argv[1:] or [*FEEDS, *PAGES, *LISTS]:
        sys.stdout.write(json.dumps(measured(one)) + "\n")
        sys.stdout.flush()
