from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosays.reading.canonical import canonical, canonical_of, same_site
from whosays.reading.entries import Entry
from whosays.reading.linked import read_page
from whosays.types import Article, Refused

A = "https://gazette.example/2026/orsel"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (A, A),
        (f"{A}?utm_source=rss&utm_medium=feed", A),
        (f"{A}?UTM_Source=rss&id=7&fbclid=x", f"{A}?id=7"),
        (f"{A}?id=7&page=2", f"{A}?id=7&page=2"),
        (f"{A}?gclid=1&gbraid=2&msclkid=3&mc_cid=4&mc_eid=5&igshid=6&yclid=7&_hsenc=8", A),
        (f"{A}?at_medium=RSS&at_campaign=KARANGA", A),
        (f"{A}?traffic_source=rss", A),
        (f"{A}?maca=en-rss-en-all-1573-rdf", A),
        (f"{A}?CMP=share_btn", A),
        (f"{A}?outputType=amp&amp=1", A),
        (f"{A}?amp", A),
        (f"{A}?amp=40", f"{A}?amp=40"),
        (f"{A}?q=a%20b+c&x=%26", f"{A}?q=a%20b+c&x=%26"),
        (f"{A}#comments", A),
        (f"{A}#:~:text=fell", A),
        (f"{A}?", A),
        ("HTTPS://Gazette.Example:443/2026/orsel", A),
        ("https://gazette.example./2026/orsel", A),
        ("http://gazette.example:80/2026/orsel", "http://gazette.example/2026/orsel"),
        ("https://gazette.example:8443/2026/orsel", "https://gazette.example:8443/2026/orsel"),
        ("https://gazette.example", "https://gazette.example/"),
        ("https://GAZETTE.example/2026/Orsel", "https://gazette.example/2026/Orsel"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://reader:word@gazette.example/2026/orsel", A),
        ("https://www.google.com/amp/s/gazette.example/2026/orsel", A),
        ("https://gazette-example.cdn.ampproject.org/c/s/gazette.example/2026/orsel", A),
        ("tag:gazette.example,2026:7", "tag:gazette.example,2026:7"),
        ("mailto:a@gazette.example", "mailto:a@gazette.example"),
        ("", ""),
        ("http://[::1", "http://[::1"),
    ],
)
def test_an_address_has_one_form(address: str, kept: str) -> None:
    assert canonical(address) == kept


@given(st.text(max_size=40), st.text("abc=&?#%utm_ ", max_size=30))
def test_the_one_form_is_its_own_form(path: str, query: str) -> None:
    once = canonical(f"https://gazette.example/{path}?{query}")
    assert canonical(once) == once


PAGE = "<html><head>{head}</head><body><article><h1>Orsel</h1>{text}</article></body></html>"
TEXT = (
    "<p>The mayor of Orsel said on Monday that the bridge over the river had been closed to all traffic since the morning.</p>"
    "<p>“Nobody had warned us of it,” said Omar Dar, who denied that he had been told of the cracks that were found in it.</p>"
)


def of(head: str, url: str = A) -> str:
    return canonical_of(PAGE.format(head=head, text=TEXT), url)


def test_a_page_names_its_own_address() -> None:
    assert of('<link rel="canonical" href="/2026/bridge?utm_source=x">') == "https://gazette.example/2026/bridge"
    assert (
        of('<LINK REL="Canonical" HREF="https://www.gazette.example/2026/bridge">') == "https://www.gazette.example/2026/bridge"
    )
    assert of('<meta property="og:url" content="https://gazette.example/2026/bridge">') == "https://gazette.example/2026/bridge"
    both = '<meta property="og:url" content="/b"><link rel="canonical" href="/a">'
    assert of(both) == "https://gazette.example/a"


def test_an_amp_page_is_the_article_that_it_names() -> None:
    head = f'<link rel="canonical" href="{A}">'
    assert of(head, "https://amp.gazette.example/2026/orsel?amp=1") == A
    assert of(head, "https://m.gazette.example/2026/orsel") == A


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://post.example/2026/other">',
        '<link rel="canonical" href="https://gazette.example.post.example/2026/orsel-2">',
        '<link rel="canonical" href="https://other.gazette.example/2026/other">',
        '<link rel="canonical" href="/">',
        '<link rel="canonical" href="https://gazette.example">',
        '<link rel="canonical" href="javascript:alert(1)">',
        '<link rel="canonical" href="http://[::1">',
        '<link rel="canonical" href="">',
        '<link rel="alternate" href="/2026/other">',
        "",
    ],
)
def test_a_page_cannot_take_another_outlets_place_nor_call_itself_a_front_page(head: str) -> None:
    assert of(head, f"{A}?utm_source=rss") == A


def test_a_site_is_its_host_but_for_www_and_the_like() -> None:
    assert same_site("https://www.gazette.example/a", "http://m.gazette.example/b")
    assert not same_site("https://blog.gazette.example/a", "https://gazette.example/b")
    assert not same_site("tag:a", "tag:b")


def test_an_article_is_named_by_its_canonical_address_but_keeps_the_one_that_it_is_stored_under() -> None:
    page = PAGE.format(head='<link rel="canonical" href="/2026/bridge">', text=TEXT)
    entry = Entry(url=f"{A}?utm_source=rss", title="The bridge")
    new = read_page(page, A, entry)
    assert isinstance(new, Article)
    assert new.id == new.url == "https://gazette.example/2026/bridge"
    for stored in (entry.url, A, "https://gazette.example/2026/bridge"):
        again = read_page(page, A, entry, known=lambda id, stored=stored: id == stored)  # type: ignore[misc]
        assert isinstance(again, Article)
        assert (again.id, again.url) == (stored, "https://gazette.example/2026/bridge")


def test_a_dead_link_that_leads_to_the_front_page_is_no_article() -> None:
    page = PAGE.format(head="", text=TEXT)
    entry = Entry(url=A)
    refused = read_page(page, "https://gazette.example/", entry)
    assert isinstance(refused, Refused)
    assert "leads to a front page" in refused.reason
    kept = read_page(page, "https://gazette.example/", Entry(url=A, content="The mayor said that it was so. " * 10))
    assert isinstance(kept, Article)
    assert (kept.id, kept.text[:14]) == (A, "The mayor said")
