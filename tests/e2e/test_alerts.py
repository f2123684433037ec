"""Alerts: a chat that follows a topic is told what is new on it, and nothing else."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import deliver
from tests.cards import SOURCES, quotation
from tests.e2e.conftest import Serving
from tests.e2e.news import LEAGUE, NEW, OLD, TOPIC, News, ann_of, follow, looked
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from whosays.chats import Chats, Following
from whosays.config import Settings
from whosays.engine import open_chats
from whosays.types import Stance, Status


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, alerts_every=timedelta(seconds=0.1), quota_person=1000, quota_chat=1000)


async def test_what_is_new_is_told_once_with_its_source_and_why_it_came(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        await chat.silence(0.4)
        engine.tell(OLD, NEW)
        alert = await chat.expect_message(10)
        engine.tell(OLD, NEW)
        await looked(engine)
        await chat.silence(0.3)
    assert alert.text.startswith(f"New on: {TOPIC}\n")
    assert alert.quotations == [NEW.text]
    assert "Varn Republic" in alert.text
    assert SOURCES[1].url in alert.links
    assert "this chat follows the topic. /following stops it." in alert.text
    assert alert.labels == [["Stop following this"]]
    assert alert.reply_to is None


async def test_a_new_side_and_a_changed_stand_are_news(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    assert OLD.claim is not None
    taken_back = replace(OLD, claim=replace(OLD.claim, stance=Stance.DENIES))
    async with serving(engine):
        await follow(chat, ann)
        engine.tell(OLD, LEAGUE)
        assert (await chat.expect_message(10)).quotations == [LEAGUE.text]
        engine.tell(taken_back, LEAGUE)
        assert (await chat.expect_message(10)).quotations == [OLD.text]


async def test_the_same_claim_in_another_outlet_is_no_news_nor_are_an_outlets_own_words_and_what_is_old(
    telegram: BotApi, serving: Serving
) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    copy = quotation("“The town was its own,”", source=2, name="Tarn", role="")
    async with serving(engine):
        await follow(chat, ann)
        engine.tell(copy)
        await looked(engine)
        engine.tell(copy, replace(NEW, claim=None))
        await looked(engine)
        engine.tell(copy, NEW, status=Status.OLD)
        await looked(engine)
        await chat.silence(0.3)


async def test_more_than_an_alert_holds_is_counted_and_not_told_again(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    claims = [quotation(f"that the bridge number {number} was whole") for number in range(5)]
    async with serving(engine):
        await follow(chat, ann)
        engine.tell(OLD, *claims)
        alert = await chat.expect_message(10)
        engine.tell(OLD, *claims)
        await looked(engine)
        await chat.silence(0.3)
    assert alert.quotations == [claim.text for claim in claims[:3]]
    assert "2 more: ask me about it." in alert.text


async def test_a_topic_is_followed_by_a_reply_to_a_card_and_by_its_button(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    ben = telegram.person("Ben")
    bens = telegram.private_chat(ben)
    async with serving(engine):
        chat.say(ann, TOPIC)
        chat.say(ann, "/follow", reply_to=(await chat.expect_message(10)).id)
        assert TOPIC in (await chat.expect_message(10)).text
        bens.say(ben, TOPIC)
        pressed = bens.press(ben, await bens.expect_message(10), "Follow")
        assert await bens.expect_toast(pressed, 10) == "Followed. I write here when there is something new."
        again = bens.press(ben, bens.sent[0], "Follow")
        assert await bens.expect_toast(again, 10) == "This is followed here already."
        engine.tell(OLD, NEW)
        assert (await chat.expect_message(10)).quotations == [NEW.text]
        assert (await bens.expect_message(10)).quotations == [NEW.text]


async def test_the_button_of_an_alert_stops_it_and_so_does_the_command(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        engine.tell(OLD, NEW)
        alert = await chat.expect_message(10)
        assert await chat.expect_toast(chat.press(ann, alert, "Stop following this"), 10) == "Done."
        assert await chat.expect_toast(chat.press(ann, alert, "Stop following this"), 10) == "That is gone already."
        engine.tell(OLD, NEW, LEAGUE)
        await chat.silence(0.4)
        await follow(chat, ann)
        chat.say(ann, f"/unfollow {TOPIC.upper()}")
        assert "No longer followed" in (await chat.expect_message(10)).text
        engine.tell(OLD, LEAGUE, NEW, quotation("that the mill was lost"))
        await chat.silence(0.4)


async def test_what_could_not_be_told_is_told_later_and_noted_only_when_telegram_has_said_yes(
    telegram: BotApi, serving: Serving, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ALERT_PATIENCE", timedelta(seconds=0.3))
    (ann, chat), engine = ann_of(telegram), News(OLD)
    ben = telegram.person("Ben")
    bens = telegram.private_chat(ben)
    async with serving(engine):
        await follow(chat, ann)
        await follow(bens, ben)
        (before,) = {one.shown for one in chats.followed()}
        telegram.refuse("sendMessage", chat, code=500, times=2)
        engine.tell(OLD, NEW)
        assert (await bens.expect_message(10)).quotations == [NEW.text], "one chat's trouble is not another's"
        assert [one.shown for one in chats.followed() if one.chat == chat.id] == [before]
        assert (await chat.expect_message(10)).quotations == [NEW.text]
        await chat.silence(0.4)
        await bens.silence(0.05)
    assert all(one.shown > before for one in chats.followed())


async def test_an_alert_of_which_nobody_knows_whether_it_came_comes_again_and_then_no_more(
    telegram: BotApi, serving: Serving
) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        telegram.leave_unanswered("sendMessage", chat)
        engine.tell(OLD, NEW)
        for _ in range(2):
            assert (await chat.expect_message(10)).quotations == [NEW.text]
        await chat.silence(0.5)


async def test_while_telegram_is_down_nothing_is_lost(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        await telegram.down()
        engine.tell(OLD, NEW)
        await looked(engine)
        await asyncio.sleep(0.2)
        await telegram.up()
        assert (await chat.expect_message(20)).quotations == [NEW.text]
        await chat.silence(0.4)


async def test_a_restart_tells_nothing_again_and_what_came_meanwhile(telegram: BotApi, serving: Serving) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        engine.tell(OLD, NEW)
        await chat.expect_message(10)
    async with serving(engine):
        await looked(engine)
        await chat.silence(0.3)
    engine.tell(OLD, NEW, LEAGUE)
    async with serving(engine):
        assert (await chat.expect_message(10)).quotations == [LEAGUE.text]


async def test_who_blocks_the_bot_gets_nothing_and_keeps_his_topics_for_when_he_writes_again(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        chat.block()
        await telegram.everything_read(10)
        engine.tell(OLD, NEW)
        await chat.silence(0.5)
        assert [one.topic for one in chats.followed_in(chat.id)] == [TOPIC]
        chat.unblock()
        chat.say(ann, "/start")
        texts = [(await chat.expect_message(10)).text for _ in range(2)]
        assert sum(text.startswith("New on:") for text in texts) == 1, "what he has missed, though the store is as it was"
        await chat.silence(0.3)


async def test_who_was_found_to_have_blocked_the_bot_by_an_alert_is_told_when_he_writes_again(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    (ann, chat), engine = ann_of(telegram), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        telegram.refuse("sendMessage", chat, code=403, description="Forbidden: bot was blocked by the user")
        engine.tell(OLD, NEW)
        await chat.silence(0.5)
        assert chats.followed() == []
        chat.say(ann, "/help")
        texts = [(await chat.expect_message(10)).text for _ in range(2)]
        assert sum(text.startswith("New on:") for text in texts) == 1


async def test_a_group_is_told_in_the_topic_in_which_it_follows(telegram: BotApi, serving: Serving) -> None:
    ann, engine = telegram.person("Ann"), News(OLD)
    forum = telegram.forum(admins=(ann,))
    forum.say(ann, "the first message has the number of the General topic")
    here, closed = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    async with serving(engine):
        await follow(forum, ann, thread=here)
        await follow(forum, ann, thread=closed)
        await follow(forum, ann)
        forum.close_topic(ann, closed)
        engine.tell(OLD, NEW)
        alerts = [await forum.expect_message(10) for _ in range(2)]
        await forum.silence(0.4)
        assert {alert.topic for alert in alerts} == {here, None}
        forum.reopen_topic(ann, closed)
        engine.tell(OLD, NEW)
        assert (await forum.expect_message(10)).topic == closed, "what was missed comes with the next look that has news"


async def test_a_group_that_has_become_a_supergroup_goes_on_following(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, engine = telegram.person("Ann"), News(OLD)
    group = telegram.group(basic=True, admins=(ann,))
    async with serving(engine):
        await follow(group, ann)
        # The service messages that tell of it are not shown to the bot: the alert has to find out.
        wanted, telegram.updates.allowed = telegram.updates.allowed, ["poll"]
        new = telegram.migrate(group)
        telegram.updates.allowed = wanted
        engine.tell(OLD, NEW)
        alert = await new.expect_message(10)
        await new.silence(0.4)
        assert [one.chat for one in chats.followed()] == [new.id]
        assert await new.expect_toast(new.press(ann, alert, "Stop following this"), 10) == "Done."
    assert alert.quotations == [NEW.text]


async def test_an_alert_is_in_the_language_that_the_chat_has_then(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann = telegram.person("Ann", language="uk")
    ben = telegram.person("Ben", language="uk")
    chat, bens, engine = telegram.private_chat(ann), telegram.private_chat(ben), News(OLD)
    async with serving(engine):
        await follow(chat, ann)
        await follow(bens, ben)
        settings = chats.chat(bens.id)
        assert settings is None
        bens.say(ben, "/settings")
        menu = await bens.expect_message(10)
        bens.press(ben, menu, "g:language")
        bens.press(ben, await bens.expect_edit(menu, 10), "g:language:ru")
        await bens.expect_edit(menu, 10)
        engine.tell(OLD, NEW)
        assert (await chat.expect_message(10)).text.startswith("Нове")
        assert (await bens.expect_message(10)).text.startswith("Новое")


async def test_killed_before_an_alert_is_noted_it_tells_it_at_most_once_more(telegram: BotApi, tmp_path: Path) -> None:
    ann, chat = ann_of(telegram)
    store = f"sqlite:///{tmp_path}/store.db"
    chats = open_chats(store)
    chats.follow(
        Following(chat=chat.id, thread=None, person=ann.id, topic=TOPIC, since=datetime(2031, 5, 1, tzinfo=UTC), language="en")
    )
    chats.close()

    async def start() -> asyncio.subprocess.Process:
        own = {"WHOSAYS_STORE": store, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "NO_PROXY": "127.0.0.1"}
        path = os.pathsep.join(path for path in sys.path if path)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.e2e.fixed_bot", env={**os.environ, **own, "PYTHONPATH": path},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    telegram.leave_unanswered("sendMessage", chat)
    for _ in range(2):
        process = await start()
        assert (await chat.expect_message(30)).quotations == [f"“{TOPIC}”"]
        if len(chat.sent) == 2:
            chat.say(ann, "/following")
            await chat.expect_message(10)
        process.kill()
        await process.communicate()

    process = await start()
    chat.say(ann, "/following")
    assert "Followed here" in (await chat.expect_message(30)).text
    await chat.silence(1)
    process.kill()
    await process.communicate()
