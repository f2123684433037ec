"""What a feed lists, as it is kept until its pages are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from whosays.polling.listing import Told, listed, told_of, without_texts
from whosays.reading.entries import Entry

NOW = datetime(2031, 5, 7, tzinfo=UTC)
FEED = "https://gazette.example/feed"
ENTRY = Entry(
    id="1",
    url="https://gazette.example/bridge?utm_source=rss",
    title="Bridge falls",
    published=NOW,
    author="Mira Tolk",
    summary="A bridge fell.",
    content="The bridge at Orsel fell on Monday.",
)


def test_what_is_told_comes_back_as_it_was() -> None:
    [kept] = listed([ENTRY], FEED, "Orsel Gazette")
    assert told_of(kept.told) == Told(entry=ENTRY, outlet="Orsel Gazette")
    assert (kept.key, kept.address) == ("1", "https://gazette.example/bridge")


def test_a_tracker_in_a_link_changes_nothing_and_all_else_does() -> None:
    [kept] = listed([ENTRY], FEED, "Orsel Gazette")
    [tracked] = listed([replace(ENTRY, url="https://gazette.example/bridge?utm_source=other")], FEED, "Gazette")
    assert tracked.digest == kept.digest
    for changed in (replace(ENTRY, title="Other"), replace(ENTRY, updated=NOW), replace(ENTRY, content="Other")):
        assert listed([changed], FEED, None)[0].digest != kept.digest


def test_an_entry_is_listed_once_and_each_has_an_address_of_its_own() -> None:
    nameless = replace(ENTRY, id=None, url=None)
    other = replace(nameless, title="Ferry sinks")
    kept = listed([ENTRY, replace(ENTRY, title="Again"), nameless, other], FEED, None)
    assert [told_of(one.told).entry.title for one in kept] == ["Bridge falls", "Bridge falls", "Ferry sinks"]
    assert len({one.address for one in kept}) == 3
    assert all(one.address.startswith(f"{FEED}#") for one in kept[1:])


def test_what_is_too_old_is_left_out_and_the_undated_is_not() -> None:
    entries = [ENTRY, replace(ENTRY, id="2", published=NOW - timedelta(days=9)), replace(ENTRY, id="3", published=None)]
    assert [one.key for one in listed(entries, FEED, None, NOW - timedelta(days=8))] == ["1", "3"]
    updated = replace(entries[1], updated=NOW)
    assert [one.key for one in listed([updated], FEED, None, NOW - timedelta(days=8))] == ["2"]


def test_half_a_character_costs_no_entry() -> None:
    [kept] = listed([replace(ENTRY, title="Bridge \ud800 falls")], FEED, "Gazette \udc00")
    assert told_of(kept.told).entry.title == "Bridge ? falls"


def test_texts_are_let_go_once_a_page_was_read() -> None:
    [kept] = listed([ENTRY], FEED, "Orsel Gazette")
    told = told_of(without_texts(kept.told))
    assert (told.entry.text, told.entry.title, told.entry.published, told.outlet) == ("", "Bridge falls", NOW, "Orsel Gazette")
