"""Feeds in the chat: the list, a feed's own page, what operators are told of one that fails, and what everybody sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feed_list import LIST, READ_NOW, REMOVE, failing_page, feed_key, feed_page, feeds_page, fresh_lines
from bot.markup import MAX_ENTITIES, MAX_UNITS, Page, Section, paginate
from bot.phrases import Phrases, load_catalogue
from bot.presses import MAX_BYTES, Does, Press, read
from tests.any_answer import NAMES
from tests.e2e.telegram_server.parse_mode import length16, parse_html
from whosays.config import data_folder
from whosays.feeds import Feed

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))
DAY = datetime(2031, 5, 4, 9, 30, tzinfo=UTC)
GAZETTE = Feed(url="https://gazette.example/feed", added=DAY, title="Orsel Gazette")
READ = replace(GAZETTE, read=DAY, interval=timedelta(minutes=20), newest=DAY - timedelta(days=1))
FAILING = replace(READ, url="https://post.example/rss", title="Harbour Post", failures=6, error="it answered 500")
ENDED = replace(FAILING, url="https://gone.example/rss", title=None, ended=True, error="it answered 410 Gone")


def shown(view: Page) -> tuple[list[str], list[Press]]:
    """Return the lines of a view and what its buttons do, having seen that Telegram takes it."""
    text, entities = parse_html(view.html)
    assert 1 <= length16(text) <= MAX_UNITS
    assert len(entities) <= MAX_ENTITIES
    presses = []
    for button in (button for row in view.buttons for button in row):
        assert button.text.strip()
        assert button.data is not None
        assert len(button.data.encode()) <= MAX_BYTES
        press = read(button.data)
        assert press is not None
        presses.append(press)
    return text.splitlines(), presses


def test_the_list_begins_with_what_fails_and_each_feed_has_its_button() -> None:
    view = feeds_page([GAZETTE, ENDED, FAILING], ENGLISH)
    lines, presses = shown(view)
    assert lines[1:] == [
        "https://gone.example/rss: gone for good: it answered 410 Gone",
        "Harbour Post: failed 6 times in a row: it answered 500",
        "Orsel Gazette: not read yet",
    ]
    assert presses == [Press(Does.FEED, feed_key(feed.url)) for feed in (ENDED, FAILING, GAZETTE)]
    assert [row[0].text for row in view.buttons] == ["⚠ https://gone.example/rss", "⚠ Harbour Post", "Orsel Gazette"]


def test_where_there_is_no_feed_it_is_said_how_to_add_one() -> None:
    assert "/add LINK" in shown(feeds_page([], ENGLISH))[0][0]


@given(st.lists(NAMES, min_size=1, max_size=60, unique=True), NAMES, NAMES, st.integers(0, 9), LANGUAGES)
def test_whatever_feeds_are_called_the_list_is_one_that_telegram_takes(
    urls: list[str], title: str, error: str, failures: int, phrases: Phrases
) -> None:
    feeds = [Feed(url=f"https://gazette.example/{url}", added=DAY, title=title, failures=failures, error=error) for url in urls]
    _, presses = shown(feeds_page(feeds, phrases))
    assert len(presses) == min(len(feeds), 30)
    shown(feed_page(replace(feeds[0], interval=timedelta(seconds=1), newest=DAY), phrases))
    shown(failing_page(feeds[0], phrases))
    shown(failing_page(replace(feeds[0], ended=True), phrases))


def test_a_feed_has_a_page_of_its_own() -> None:
    lines, presses = shown(feed_page(READ, ENGLISH))
    assert lines == [
        "Orsel Gazette",
        "https://gazette.example/feed",
        "Orsel Gazette: read 4 May 2031, 09:30 UTC",
        "Asked about every 20 minutes.",
        "Its newest entry is of 3 May 2031.",
    ]
    assert [press.arguments for press in presses] == [(READ_NOW,), (REMOVE,), (LIST,)]


def test_operators_are_told_why_a_feed_fails_and_can_do_something_about_it() -> None:
    lines, presses = shown(failing_page(FAILING, ENGLISH))
    assert lines == ["The feed Harbour Post failed 6 times in a row: it answered 500. It goes on being tried."]
    assert [press.arguments for press in presses] == [(READ_NOW,), (REMOVE,)]
    assert "is gone for good: it answered 410 Gone" in shown(failing_page(ENDED, ENGLISH))[0][0]


def test_everybody_sees_how_fresh_feeds_are_and_no_reasons() -> None:
    once = replace(READ, url="https://other.example", title="Coast Wire", failures=1, error="it answered 500")
    view = paginate([Section(blocks=fresh_lines([READ, FAILING, once, replace(GAZETTE, title="Zeta")], ENGLISH, 3))])[0]
    assert shown(view)[0] == [
        "Coast Wire: read 4 May 2031, 09:30 UTC",
        "Harbour Post: does not answer; last read 4 May 2031, 09:30 UTC",
        "Orsel Gazette: read 4 May 2031, 09:30 UTC",
        "and 1 more feed",
    ]


@pytest.mark.parametrize("code", list(CATALOGUE.phrases))
def test_each_language_says_it_all(code: str) -> None:
    phrases = CATALOGUE.of(code)
    for feed in (GAZETTE, READ, FAILING, ENDED):
        assert any(
            "Orsel Gazette" in line or "Harbour Post" in line or ".example" in line for line in shown(feed_page(feed, phrases))[0]
        )
