"""A feed that fails: its operators are told once, whatever the bot does meanwhile, and again when it has answered in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.patience import until
from whosays.config import Settings
from whosays.feeds import FAILING, Feed, Feeds
from whosays.parts import open_feeds

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
FEED = Feed(url="https://gazette.example/feed", added=NOW, title="Orsel Gazette")
OFTEN = timedelta(seconds=0.05)


@pytest.fixture
def feeds(settings: Settings) -> Iterator[Feeds]:
    feeds = open_feeds(settings.store)
    feeds.add(FEED)
    yield feeds
    feeds.close()


def fails(feeds: Feeds, times: int) -> None:
    feeds.note(replace(FEED, failures=times, error="it answered 500"), FEED.url, (), NOW)


async def test_operators_are_told_once_after_several_failures(telegram: BotApi, serving: Serving, feeds: Feeds) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    chats = [telegram.private_chat(ann), telegram.private_chat(ben)]
    admins = frozenset({ann.id, ben.id})
    fails(feeds, FAILING - 1)
    async with serving(FixedEngine(), admins=admins, alerts_every=OFTEN):
        await chats[0].silence(0.3)
        fails(feeds, FAILING)
        for chat in chats:
            assert "Orsel Gazette failed 5 times in a row: it answered 500" in (await chat.expect_message()).text
        await until(lambda: all(feed.told for feed in feeds.feeds()))
    async with serving(FixedEngine(), admins=admins, alerts_every=OFTEN):
        for chat in chats:
            await chat.silence(0.3)


async def test_many_that_fail_at_once_are_one_message(telegram: BotApi, serving: Serving, feeds: Feeds) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    fails(feeds, FAILING)
    for number in range(5):
        feeds.add(
            replace(FEED, url=f"https://gazette.example/{number}", title=f"Feed {number}", failures=FAILING, error="no answer")
        )
    async with serving(FixedEngine(), admins=frozenset({ann.id}), alerts_every=OFTEN):
        told = await chat.expect_message()
        assert all(f"Feed {number}: failed 5 times in a row: no answer" in told.text for number in range(5))
        await chat.silence(0.3)
    assert all(feed.told for feed in feeds.feeds())


async def test_an_operator_reads_a_failing_feed_now_or_lets_it_go_where_he_is_told(
    telegram: BotApi, serving: Serving, feeds: Feeds
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    feeds.note(replace(FEED, failures=6, error="it answered 410 Gone", ended=True), FEED.url, (), NOW)
    async with serving(FixedEngine(), admins=frozenset({ann.id}), alerts_every=OFTEN):
        told = await chat.expect_message()
        assert "gone for good" in told.text
        await chat.expect_toast(chat.press(ann, told, "Read now"))
        [feed] = feeds.feeds()
        assert (feed.ended, feed.due) == (False, None)
        chat.press(ann, told, "Remove")
        assert "No feed was added yet" in (await chat.expect_edit(told)).text
    assert feeds.feeds() == []


async def test_an_operator_who_has_blocked_the_bot_keeps_nobody_else_from_being_told(
    telegram: BotApi, serving: Serving, feeds: Feeds
) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    blocked, chat = telegram.private_chat(ann), telegram.private_chat(ben)
    telegram.refuse("sendMessage", blocked, code=403, description="Forbidden: bot was blocked by the user")
    fails(feeds, FAILING)
    async with serving(FixedEngine(), admins=frozenset({ann.id, ben.id}), alerts_every=OFTEN):
        assert "failed 5 times" in (await chat.expect_message()).text
        await until(lambda: all(feed.told for feed in feeds.feeds()))
