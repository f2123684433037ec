from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosays.config import data_folder
from whosays.errors import InputError
from whosays.reading.address import link
from whosays.reading.opml import MOST_OUTLINES, Outline, read_opml, write_opml

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIST = b"""<?xml version="1.0" encoding="utf-8"?>
<opml version="1.1"><head><title>My &amp; your feeds</title></head><body>
<outline text="North"><outline text="Coast" title="The coast">
  <outline type="rss" text="Gazette" title="Orsel Gazette" xmlUrl="https://gazette.example/rss" htmlUrl="https://gazette.example/"/>
</outline></outline>
<outline text="Harbour Post" XMLURL="https://post.example/atom.xml" category="/Papers/Daily,Coast"/>
<outline text="Gazette again" xmlUrl="https://gazette.example/rss"/>
<outline text="A file" xmlUrl="file:///etc/passwd"/>
<outline text="No feed" htmlUrl="https://gazette.example/about"/>
</body></opml>"""


def test_a_list_is_read_with_its_folders_each_feed_once() -> None:
    read = read_opml(LIST)
    assert read.title == "My & your feeds"
    assert read.outlines == (
        Outline(
            url="https://gazette.example/rss",
            title="Orsel Gazette",
            site="https://gazette.example/",
            categories=("North/The coast",),
        ),
        Outline(url="https://post.example/atom.xml", title="Harbour Post", categories=("Papers/Daily", "Coast")),
    )
    assert read.notes == ("A file: its address is none of the web",)


def test_what_is_written_is_read_again_the_same() -> None:
    read = read_opml(LIST)
    assert read_opml(write_opml(read.outlines, read.title or "", MADE)).outlines == read.outlines


WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/,&<"), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=3, unique=True)), max_size=8))
def test_any_list_comes_back_as_it_was_written(rows: list[tuple[str, list[str]]]) -> None:
    outlines = tuple(
        Outline(url=f"https://h{number}.example/rss", title=title, categories=tuple(categories))
        for number, (title, categories) in enumerate(rows)
    )
    read = read_opml(write_opml(outlines, "Feeds", MADE)).outlines
    assert {outline.url: outline for outline in read} == {outline.url: outline for outline in outlines}


def test_a_broken_list_is_read_as_far_as_it_goes() -> None:
    read = read_opml(LIST.replace(b"</outline></outline>", b"").replace(b"&amp;", b"&"))
    assert [outline.url for outline in read.outlines] == ["https://gazette.example/rss", "https://post.example/atom.xml"]
    assert any("not well-formed" in note for note in read.notes)


def test_a_list_without_end_is_cut() -> None:
    rows = "".join(f'<outline text="f" xmlUrl="https://h{n}.example/rss"/>' for n in range(MOST_OUTLINES + 10))
    read = read_opml(f"<opml><body>{rows}</body></opml>".encode())
    assert len(read.outlines) == MOST_OUTLINES
    assert "more than 5,000 feeds" in read.notes[-1]


@pytest.mark.parametrize("body", [b"", b"{}", b"<rss/>", b"feeds", b"<opml", b"\0\0"])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match="no OPML"):
        read_opml(body)


def test_the_starter_list_is_whole_and_says_that_it_was_not_checked() -> None:
    body = (data_folder() / "feeds" / "starter.opml").read_bytes()
    read = read_opml(body)
    assert read.notes == ()
    assert len(read.outlines) == body.count(b"xmlUrl=") >= 60
    assert b"NOT checked" in body
    assert "not checked" in (read.title or "")
    assert all(outline.title and outline.site and outline.categories for outline in read.outlines)
    assert all(link(outline.url) for outline in read.outlines)
