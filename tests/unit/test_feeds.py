"""Feeds of every kind, as they are and as they should not be: what they hold, say of themselves, and what is told of them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whosays.errors import InputError
from whosays.reading.charset import decode
from whosays.reading.discover import FeedLink, feeds_in
from whosays.reading.entries import MOST_ENTRIES, Entry, FeedRead
from whosays.reading.feed import looks_like_feed, read_feed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://gazette.example/feed"
BRIDGE = "https://gazette.example/bridge"


def read(body: str | bytes, charset: str | None = None, now: datetime = NOW) -> FeedRead:
    return read_feed(body.encode() if isinstance(body, str) else body, URL, charset=charset, now=now)


def rss(items: str, head: str = "<title>Orsel Gazette</title>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def test_rss_2_with_everything() -> None:
    feed = read(
        """<?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:atom="http://www.w3.org/2005/Atom"><channel>
        <title>Orsel &amp; Coast</title><link>https://gazette.example/</link><language>en-GB</language><ttl>30</ttl>
        <atom:link rel="next" href="https://gazette.example/feed?page=2"/><atom:link rel="self" href="https://gazette.example/feed"/>
        <skipHours><hour>0</hour><hour>1</hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day><day>Xday</day></skipDays>
        <item><title>The &lt;b&gt;bridge&lt;/b&gt; &amp;amp; the mayor</title><link>https://gazette.example/bridge</link>
          <guid isPermaLink="false">g-1</guid><pubDate>Sat, 28 Feb 2026 14:30:00 +0200</pubDate><dc:creator>Ana Blum</dc:creator>
          <description>Short &lt;p&gt;of it&lt;/p&gt;</description>
          <content:encoded><![CDATA[<p>One & two.</p><p>Three<br>four</p><script>alert(1)</script>]]></content:encoded></item>
        </channel></rss>"""
    )
    assert (feed.title, feed.site, feed.language) == ("Orsel & Coast", "https://gazette.example/", "en-gb")
    assert (feed.every, feed.skip_hours, feed.skip_days) == (timedelta(minutes=30), frozenset({0, 1}), frozenset({6}))
    assert feed.next_page == "https://gazette.example/feed?page=2"
    assert feed.entries == (
        Entry(
            id="g-1",
            url=BRIDGE,
            title="The bridge & the mayor",
            published=datetime(2026, 2, 28, 12, 30, tzinfo=UTC),
            author="Ana Blum",
            summary="Short of it",
            content="One & two.\n\nThree\n\nfour",
        ),
    )
    assert feed.notes == ()


def test_rss_1_with_the_syndication_module() -> None:
    feed = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
          xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
        <channel rdf:about="https://gazette.example/"><title>Gazette</title><sy:updatePeriod>hourly</sy:updatePeriod>
        <sy:updateFrequency>2</sy:updateFrequency></channel>
        <item rdf:about="https://gazette.example/bridge"><title>Bridge</title><link>https://gazette.example/bridge</link>
        <dc:date>2026-02-28T12:30:00Z</dc:date></item></rdf:RDF>"""
    )
    assert (feed.title, feed.every) == ("Gazette", timedelta(minutes=30))
    (entry,) = feed.entries
    assert (entry.url, entry.title) == (BRIDGE, "Bridge")
    assert entry.published or entry.updated == datetime(2026, 2, 28, 12, 30, tzinfo=UTC)


def test_rss_0_91_with_its_doctype_and_html_entities() -> None:
    feed = read(
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Caf&eacute;&nbsp;news</title>'
        "<item><title>Q&A: AT&T &copy; &unknown;</title><link>https://gazette.example/bridge?a=1&b=2</link></item></channel></rss>"
    )
    assert feed.title == "Café news"
    assert feed.entries[0].title == "Q&A: AT&T © &unknown;"
    assert feed.entries[0].url == "https://gazette.example/bridge?a=1&b=2"
    assert feed.notes == ()


def test_atom_with_relative_links_and_xhtml() -> None:
    feed = read(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://gazette.example/news/" xml:lang="en">
        <title type="html">Orsel &lt;i&gt;Gazette&lt;/i&gt;</title><link href="/" rel="alternate"/>
        <entry><id>urn:1</id><title>Bridge</title><link rel="self" href="x.atom"/><link href="../bridge"/>
        <updated>2026-02-28T13:00:00Z</updated><published>2026-02-28T12:00:00+01:00</published>
        <author><name>Ana Blum</name></author>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""
    )
    assert feed.title == "Orsel Gazette"
    (entry,) = feed.entries
    assert (entry.id, entry.url, entry.author) == ("urn:1", BRIDGE, "Ana Blum")
    assert (entry.published, entry.updated) == (datetime(2026, 2, 28, 11, tzinfo=UTC), datetime(2026, 2, 28, 13, tzinfo=UTC))
    assert entry.content == "One.\n\nTwo."


def test_json_feed() -> None:
    feed = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Orsel Gazette",
                "home_page_url": "https://gazette.example/",
                "next_url": "/feed?page=2",
                "language": "en",
                "items": [
                    {
                        "id": 7,
                        "url": "/bridge",
                        "title": "Bridge",
                        "content_html": "<p>One.</p><p>Two.</p>",
                        "summary": "Short",
                        "date_published": "2026-02-28T14:30:00+02:00",
                        "date_modified": "soon",
                        "authors": [{"name": "Ana Blum"}, {"url": "x"}, {"name": "Bo Lind"}],
                    },
                    {"id": "8", "content_text": "One.\n\nTwo.", "author": {"name": "Ana Blum"}, "url": "file:///etc/passwd"},
                    "no object",
                ],
            }
        )
    )
    assert (feed.title, feed.site, feed.language) == ("Orsel Gazette", "https://gazette.example/", "en")
    assert feed.next_page == "https://gazette.example/feed?page=2"
    first, second = feed.entries
    assert (first.id, first.url, first.author, first.text) == ("7", BRIDGE, "Ana Blum, Bo Lind", "One.\n\nTwo.")
    assert (first.published, first.updated) == (datetime(2026, 2, 28, 12, 30, tzinfo=UTC), None)
    assert (second.id, second.url, second.author, second.text) == ("8", None, "Ana Blum", "One.\n\nTwo.")
    assert feed.notes == ("entry 1: its date 'soon' cannot be read", "entry 3: it is no JSON object")


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://gazette.example/old</loc><lastmod>2026-02-01</lastmod></url>
<url><loc>https://gazette.example/bridge</loc><image:image><image:loc>https://gazette.example/i.png</image:loc>
<image:title>A picture</image:title></image:image><news:news><news:publication><news:name>Orsel Gazette</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-02-28T12:30:00Z</news:publication_date>
<news:title>Bridge &amp; mayor</news:title></news:news></url><url><loc>nowhere</loc></url></urlset>"""


@pytest.mark.parametrize("body", [SITEMAP.encode(), gzip.compress(SITEMAP.encode(), mtime=0)])
def test_a_news_sitemap_packed_or_not(body: bytes) -> None:
    feed = read(body)
    assert (feed.title, feed.language) == ("Orsel Gazette", "en")
    news, old = feed.entries
    assert (news.url, news.title, news.published) == (BRIDGE, "Bridge & mayor", datetime(2026, 2, 28, 12, 30, tzinfo=UTC))
    assert (old.url, old.title, old.published, old.updated) == (
        "https://gazette.example/old",
        None,
        None,
        datetime(2026, 2, 1, tzinfo=UTC),
    )
    assert feed.notes == ("entry 3: it has no address",)
    assert looks_like_feed(body, "application/octet-stream")


def test_an_index_of_sitemaps_names_them_newest_first() -> None:
    maps = "".join(
        f"<sitemap><loc>https://gazette.example/{day}.xml</loc><lastmod>2026-02-{day:02}</lastmod></sitemap>" for day in (3, 9, 5)
    )
    feed = read(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>')
    assert feed.feeds == tuple(f"https://gazette.example/{day}.xml" for day in (9, 5, 3))
    assert feed.entries == ()


def test_dates_are_honest() -> None:
    def item(date: str) -> str:
        return f"<item><title>t</title><pubDate>{date}</pubDate></item>"

    dates = ["Sun, 01 Mar 2026 12:05:00 GMT", "Tue, 03 Mar 2026 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "lately", ""]
    feed = read(rss("".join(item(date) for date in dates) + "<item><title>t</title></item>"))
    assert [entry.published for entry in feed.entries] == [NOW, NOW, None, None, None, None]
    assert [entry.updated for entry in feed.entries] == [None] * 6
    assert [note.partition(",")[0] for note in feed.notes] == [
        "entry 4: its date 'lately' cannot be read",
        "entry 2: it is dated 2026-03-03 12:00 UTC",
        "entry 3: it is dated 1970",
    ]


ITEMS = [
    f"<item><title>Item {n}</title><link>https://gazette.example/{n}</link><description>Text {n}</description></item>"
    for n in range(5)
]


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ("<item><title>Item 2</title><link>https://gazette.example/2</link><description>Text <b>2</description></item>", ()),
        ("<item><title>Item 2</title><link>https://gazette.example/2</link><description>Text 2<br></description></item>", ()),
        ("<item><title>Item 2</title><link>https://gazette.example/2</link>", ()),
        ("<item><title>Item 2</title><link>https://gazette.example/2</link><media:thumbnail url='x'/></item>", ()),
        ("<item><title>Item 2</title><link>https://gazette.example/2</link><x y=z></item>", ()),
        ("<item><title>Item 2</title><link>https://gazette.example/2</link><description><![CDATA[Text</description></item>", ()),
        ("<item><title>Item\x002\x0b</title><link>https://gazette.example/2</link></item>", ()),
        ("<item><title>Item &#0;2 &#x1F; &bogus; &</title><link>https://gazette.example/2</link></item>", ()),
        ("<item></channel></rss></item>", ("2",)),
        ("<item", ("2",)),
    ],
)
def test_a_broken_entry_costs_no_other(broken: str, lost: tuple[str, ...]) -> None:
    feed = read(rss("".join([*ITEMS[:2], broken, *ITEMS[3:]])))
    found = [entry.url.rpartition("/")[2] for entry in feed.entries if entry.url]
    assert found == [n for n in "01234" if n not in lost]
    assert feed.title == "Orsel Gazette"
    assert [
        entry.summary for entry in feed.entries if entry.url in ("https://gazette.example/3", "https://gazette.example/4")
    ] == [
        "Text 3",
        "Text 4",
    ]


@pytest.mark.parametrize("cut", range(60, 560, 23))
def test_a_feed_that_breaks_off_gives_what_came(cut: int) -> None:
    whole = rss("".join(ITEMS))
    feed = read(whole[:cut])
    complete = whole[:cut].count("</item>")
    assert [entry.title for entry in feed.entries][:complete] == [f"Item {n}" for n in range(complete)]
    assert any("not well-formed" in note for note in feed.notes) or cut >= len(whole)


def test_entries_beyond_all_measure_are_cut_and_told() -> None:
    feed = read(rss("<item><title>t</title></item>" * (MOST_ENTRIES + 5)))
    assert len(feed.entries) == MOST_ENTRIES
    assert feed.notes == ("it has 1,005 entries; the first 1,000 were read",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no RSS"),
        (b"<html><body>Not found</body></html>", "no RSS"),
        (b"just words", "no RSS"),
        (b"<rss", "no RSS"),
        (b"<!-- <rss>", "no RSS"),
        (b"{}", "no JSON feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "without items"),
        (b'{"version": ', "no JSON that can be read"),
        (b"{" * 100_000, "no JSON that can be read"),
        (b"\x1f\x8b\x08\0\0\0\0", "archive"),
        (b"\x1f\x8bnonsense", "archive"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no RSS"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(body)


CAFE = rss("<item><title>Café “Orsel” – naïve façade</title></item>").replace('<?xml version="1.0"?>', "")


@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("told", [None, "utf-8", "iso-8859-1", "klingon", "idna", "utf-7", "utf-16"])
def test_a_charset_that_is_told_wrong_costs_no_letter(real: str, told: str | None) -> None:
    feed = read(CAFE.encode(real), told)
    assert feed.entries[0].title == "Café “Orsel” – naïve façade"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Мэр города Орсель заявил в понедельник, что мост закрыт.", "windows-1251"),
        ("Мэр города Орсель заявил в понедельник, что мост закрыт.", "koi8-r"),
        ("市长星期一表示大桥已经关闭。", "gb2312"),
        ("市長は月曜日に橋が閉鎖されたと述べた。", "shift_jis"),
        ("市長は月曜日に橋が閉鎖されたと述べた。", "iso-2022-jp"),
        ("시장은 월요일 다리가 폐쇄되었다고 말했다.", "euc-kr"),
    ],
)
def test_a_charset_that_the_text_declares_is_read(text: str, charset: str) -> None:
    declared = f'<?xml version="1.0" encoding="{charset}"?><rss><channel><item><title>{text}</title></item></channel></rss>'
    assert read(declared.encode(charset)).entries[0].title == text
    assert read(declared.encode(charset), "utf-8").entries[0].title == text
    assert text in decode(f"<html><meta charset={charset}><p>{text}</p>".encode(charset))
    assert text in decode(text.encode(charset), charset)


def test_a_broken_letter_or_two_does_not_change_the_charset() -> None:
    text = decode("Größe und Maß, ".encode() * 100 + b"\xff", "utf-8")
    assert text.startswith("Größe und Maß")
    assert text.endswith("\ufffd")


def test_no_charset_is_a_way_to_run_or_to_hide() -> None:
    for told in (
        "zip",
        "rot13",
        "unicode_escape",
        "raw_unicode_escape",
        "punycode",
        "mbcs",
        "\0",
        "undefined",
        "hex",
        "x" * 9_999,
    ):
        assert decode(b"\\x41 +AGE- text", told) == "\\x41 +AGE- text"


def test_a_page_names_its_feeds() -> None:
    page = """<html><head><base href="https://gazette.example/news/">
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <LINK REL="ALTERNATE" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml" TITLE="Orsel &amp; Coast">
    <link rel="alternate" type="application/feed+json" href="https://post.example/feed.json">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
    <link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate" type="application/atom+xml" href="atom.xml">
    <link rel="stylesheet" type="text/xml" href="/x"></head></html>"""
    assert feeds_in(page, "https://gazette.example/") == (
        FeedLink(url="https://gazette.example/news/atom.xml", title="Orsel & Coast"),
        FeedLink(url="https://post.example/feed.json"),
        FeedLink(url="https://gazette.example/comments/feed", title="Comments"),
    )
    assert feeds_in("", "https://gazette.example/") == ()


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss>", b"<feed>", b"<urlset>", b'{"', b"<rss><channel><item><title>", b"\x1f\x8b"]),
)
def test_no_bytes_break_the_reader(tail: bytes, head: bytes) -> None:
    looks_like_feed(head + tail, "text/html")
    try:
        feed = read(head + tail)
    except InputError:
        return
    assert isinstance(feed, FeedRead)
