"""From an outlet's page to the chats that follow its topic: the real poller, engine, store and bot. The clock is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import Serving
from tests.e2e.news import ann_of, follow
from tests.e2e.news_site import Outlet, outlets
from tests.e2e.polling import LIMITS, Clock
from tests.e2e.telegram_server import BotApi, Chat, PrivateChat, User
from whosays.config import DEFAULT_ENCODER, Settings
from whosays.engine import Engine
from whosays.feeds import Feed, Feeds
from whosays.parts import open_feeds
from whosays.polling import Poller
from whosays.polling.report import Came, PollReport
from whosays.reading.address import LOCAL
from whosays.reading.fetch import Fetcher

TOPIC = "Has Orsel fallen?"
FALL = (
    "The Varn Republic said on Wednesday that the town of Orsel had fallen to its army after three days.",
    "The bridge at Orsel was closed to all traffic before dawn, and smoke stood over the harbour until noon.",
    "Two ferries with families on board left the harbour in the afternoon, and the ferrymen took no money.",
)
DENIAL = (
    "The Coast League denied on Wednesday that Orsel had fallen to the army of the Varn Republic.",
    "In the streets around the market nobody was to be seen, and the shutters of the shops were down.",
    "A doctor at the hospital counted eleven wounded since the morning, most of them from the mill quarter.",
)
HERRING = (
    "The fishermen of Thale have caught more herring this spring than in any year since the great flood.",
    "The price of a barrel fell by a third, said Ulla Brand, who keeps the market at Thale.",
    "The boats will go out again on Friday if the wind turns.",
)
FALLEN = "the town of Orsel had fallen to its army after three days"
NOT_FALLEN = "Orsel had fallen to the army of the Varn Republic"
#: What the real engine has to do takes a while on a busy machine.


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """The outlets, and the poller that reads them when it is told to."""

    clock: Clock
    engine: Engine
    poller: Poller
    feeds: Feeds
    gazette: Outlet
    post: Outlet
    courier: Outlet
    herald: Outlet

    async def read(self, *, minutes: float = 1) -> PollReport:
        """Turn the clock, and read what every feed has then."""
        self.clock.turn(minutes=minutes)
        for feed in self.feeds.feeds():
            self.feeds.read_soon(feed.url)
        return await self.poller.once()

    async def appears(self, outlet: Outlet, title: str, paragraphs: tuple[str, ...]) -> str:
        """Have an article appear, and be read; return its address."""
        url = outlet.publish(title, *paragraphs, at=self.clock.now())
        report = await self.read()
        assert report.counts[Came.ADDED] == 1, report.words()
        return url


@pytest.fixture
def settings(settings: Settings, model_cache: Path) -> Settings:
    quick = replace(settings, alerts_every=timedelta(seconds=0.1), quota_person=1000, quota_chat=1000)
    return replace(quick, encoder=DEFAULT_ENCODER, cache_folder=model_cache)


@pytest.fixture
async def news(settings: Settings) -> AsyncIterator[Newsroom]:
    clock, feeds = Clock(), open_feeds(settings.store)
    with Engine.open(settings, clock.now) as engine:
        async with outlets("Orsel Gazette", "Harbour Post", "Coast Courier", "Thale Herald") as served:
            for outlet in served:
                feeds.add(Feed(url=outlet.feed, added=clock.now()))
            async with Fetcher(reach=LOCAL, limits=LIMITS) as fetcher:
                poller = Poller(feeds, lambda: engine, fetcher, now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)
                gazette, post, courier, herald = served
                yield Newsroom(
                    clock=clock, engine=engine, poller=poller, feeds=feeds,
                    gazette=gazette, post=post, courier=courier, herald=herald,
                )  # fmt: skip
                poller.close()
    feeds.close()


def cleo_of(telegram: BotApi) -> tuple[User, PrivateChat]:
    """Return Cleo, and her chat with the bot."""
    cleo = telegram.person("Cleo")
    return cleo, telegram.private_chat(cleo)


async def set_up(chat: Chat, person: User, *words: str) -> None:
    """Change settings by typing them."""
    for setting in words:
        chat.say(person, f"/settings {setting}")
        await chat.expect_message()


async def follow_daily(chat: Chat, person: User) -> None:
    """Have a chat be told of the topic in a digest of the day: at 7:30, but not before its quiet hours are over."""
    page = await follow(chat, person, TOPIC)
    chat.press(person, page, "Once a day")
    await chat.expect_edit(page)
    await set_up(chat, person, "zone Europe/Kyiv", "quiet 22:00-8:00", "digest 7:30")


async def test_an_article_appears_and_each_chat_is_told_once_when_it_wants_to_be(
    telegram: BotApi, serving: Serving, news: Newsroom
) -> None:
    (ann, chat), (cleo, daily) = ann_of(telegram), cleo_of(telegram)
    forum = telegram.forum(admins=(ann,))
    forum.say(ann, "the first message has the number of the General topic")
    thread = forum.open_topic(ann, "Orsel")
    async with serving(news.engine, now=news.clock.now):
        await follow(chat, ann, TOPIC)
        await follow(forum, ann, TOPIC, thread=thread)
        await follow_daily(daily, cleo)

        fall = await news.appears(news.gazette, "Varn army takes Orsel", FALL)
        alerts = [await place.expect_message() for place in (chat, forum)]
        for alert in alerts:
            assert alert.text.startswith(f"New on: {TOPIC}\n\nA side that was not heard on this before\nVarn Republic · claims\n")
            assert alert.quotations == [FALLEN]
            assert any(link.startswith(fall) for link in alert.links)
        assert [alert.topic for alert in alerts] == [None, thread]

        await news.appears(news.post, "Orsel falls after three days of fighting", FALL)
        news.clock.turn(minutes=2)
        for place, alert in zip((chat, forum), alerts, strict=True):
            grown = await place.expect_edit(alert)
            assert grown.quotations == [FALLEN]
            assert "also in [2]" in grown.text
            assert "Harbour Post" in grown.text
        await news.appears(news.herald, "A year of herring", HERRING)
        for place in (chat, forum, daily):
            await place.silence(1)

        await news.appears(news.courier, "League: Orsel stands", DENIAL)
        for place in (chat, forum):
            denial = await place.expect_message()
            assert "Contradicts: Varn Republic" in denial.text
            assert denial.quotations == [NOT_FALLEN, FALLEN]

        # 7:29, 7:30 and 8:00 by the clock of Kyiv: quiet hours hold, and the digest of the day comes behind them.
        for moment in (datetime(2031, 5, 8, 4, 29, tzinfo=UTC), datetime(2031, 5, 8, 4, 31, tzinfo=UTC)):
            news.clock.time = moment
            await daily.silence(0.5)
        news.clock.time = datetime(2031, 5, 8, 5, 0, 1, tzinfo=UTC)
        digest = await daily.expect_message()
        assert digest.text.startswith(f"What is new: 2\n\nNew on: {TOPIC}\n")
        assert digest.quotations[:2] == [FALLEN, NOT_FALLEN]
        assert "also in [2]" in digest.text

    async with serving(news.engine, now=news.clock.now):
        await news.read(minutes=60)
        for place in (chat, forum, daily):
            await place.silence(0.5)


async def test_what_comes_in_quiet_hours_is_told_when_they_end(telegram: BotApi, serving: Serving, news: Newsroom) -> None:
    ann, chat = ann_of(telegram)
    async with serving(news.engine, now=news.clock.now):
        await follow(chat, ann, TOPIC)
        await set_up(chat, ann, "quiet 22:00-7:00")
        news.clock.time = datetime(2031, 5, 7, 23, tzinfo=UTC)
        await news.appears(news.gazette, "Varn army takes Orsel", FALL)
        await news.appears(news.courier, "League: Orsel stands", DENIAL)
        await chat.silence(0.5)
        news.clock.time = datetime(2031, 5, 8, 6, 59, tzinfo=UTC)
        await chat.silence(0.5)
        news.clock.time = datetime(2031, 5, 8, 7, 0, 1, tzinfo=UTC)
        assert (await chat.expect_message()).quotations[:2] == [FALLEN, NOT_FALLEN]
        await chat.silence(0.5)


async def test_what_its_outlet_takes_back_before_the_digest_is_not_told(
    telegram: BotApi, serving: Serving, news: Newsroom
) -> None:
    cleo, daily = cleo_of(telegram)
    async with serving(news.engine, now=news.clock.now):
        await follow_daily(daily, cleo)
        fall = await news.appears(news.gazette, "Varn army takes Orsel", FALL)
        await news.appears(news.courier, "League: Orsel stands", DENIAL)
        news.gazette.withdraw(fall)
        assert (await news.read(minutes=120)).counts[Came.WITHDRAWN] == 1
        news.clock.time = datetime(2031, 5, 8, 5, 0, 1, tzinfo=UTC)
        digest = await daily.expect_message()
        assert digest.quotations[0] == NOT_FALLEN
        assert not any(link.startswith(fall) for link in digest.links)


async def test_who_asked_to_hear_if_the_answer_changes_hears_of_the_denial_once(
    telegram: BotApi, serving: Serving, news: Newsroom
) -> None:
    ann, chat = ann_of(telegram)
    await news.appears(news.gazette, "Varn army takes Orsel", FALL)
    async with serving(news.engine, now=news.clock.now):
        chat.say(ann, TOPIC)
        card = await chat.expect_message()
        await chat.expect_toast(chat.press(ann, card, "Tell me if this changes"))
        await news.appears(news.post, "Orsel falls after three days of fighting", FALL)
        await chat.silence(1)
        await news.appears(news.courier, "League: Orsel stands", DENIAL)
        changed = await chat.expect_message()
        assert changed.text.startswith(f"Changed: {TOPIC}\n\nIt was: One side only. Now it is: Disputed.\n")
        await news.appears(news.herald, "A year of herring", HERRING)
        await chat.silence(1)
