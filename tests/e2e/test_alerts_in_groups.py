"""Alerts in groups, forums and languages, and whose alert it is that is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.conftest import Serving
from tests.e2e.news import NEW, TOPIC, ann_of, engine, follow, tell
from tests.e2e.telegram_server import BotApi
from tests.patience import until
from whosays.chats import Chat, Chats
from whosays.config import Settings
from whosays.outbox import Outbox, Waiting


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, alerts_every=timedelta(seconds=0.1), quota_person=1000, quota_chat=1000)


async def test_a_group_is_told_in_the_topic_in_which_it_follows(telegram: BotApi, serving: Serving, outbox: Outbox) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    forum.say(ann, "the first message has the number of the General topic")
    here, closed = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    now = datetime(2031, 5, 7, 12, tzinfo=UTC)
    async with serving(engine(), now=lambda: now):
        await follow(forum, ann, thread=here)
        await follow(forum, ann, thread=closed)
        await follow(forum, ann)
        forum.close_topic(ann, closed)
        tell(outbox, NEW, now=now)
        alerts = [await forum.expect_message() for _ in range(2)]
        assert {alert.topic for alert in alerts} == {here, None}
        # That the third one was refused is noted: it is not due for an hour.
        await until(lambda: outbox.waiting(now + timedelta(minutes=59)) == Waiting(alerts=1, overdue=timedelta(0)))
        forum.reopen_topic(ann, closed)
        await forum.silence(0.4)
        now += timedelta(hours=1)
        assert (await forum.expect_message()).topic == closed
    assert telegram.calls.count(("sendMessage", forum.id)) == 7, "while its topic is closed it is tried once"


async def test_a_group_that_has_become_a_supergroup_goes_on_following(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True, admins=(ann,))
    async with serving(engine()):
        await follow(group, ann)
        # The service messages that tell of it are not shown to the bot: the alert has to find out.
        wanted, telegram.updates.allowed = telegram.updates.allowed, ["poll"]
        new = telegram.migrate(group)
        telegram.updates.allowed = wanted
        tell(outbox, NEW)
        alert = await new.expect_message()
        await new.silence(0.4)
        assert [one.chat for one in chats.followed()] == [new.id]
        new.press(ann, alert, "Why this?")
        assert "Why was I sent this?" in (await new.expect_edit(alert)).text
        new.press(ann, alert, "Back")
        await new.expect_edit(alert)
        assert await new.expect_toast(new.press(ann, alert, "Stop following this")) == "Done."
    assert alert.quotations == [NEW.text]


async def test_an_alert_is_in_the_language_that_the_chat_has_then(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, ben = telegram.person("Ann", language="uk"), telegram.person("Ben", language="uk")
    chat, bens = telegram.private_chat(ann), telegram.private_chat(ben)
    async with serving(engine()):
        await follow(chat, ann)
        await follow(bens, ben)
        chats.keep_chat(Chat(id=bens.id, kind="private", language="ru"))
        tell(outbox, NEW)
        assert (await chat.expect_message()).text.startswith("Нове")
        alert = await bens.expect_message()
        assert alert.text.startswith("Новое")
        bens.press(ben, alert, "Почему это пришло?")
        assert "Тема этого чата" in (await bens.expect_edit(alert)).text


async def test_in_a_group_all_may_ask_why_and_admins_alone_stop_it(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    group = telegram.group(admins=(ann,))
    group.join(ben)
    async with serving(engine()):
        await follow(group, ann)
        tell(outbox, NEW)
        alert = await group.expect_message()
        assert "Only admins" in (await group.expect_toast(group.press(ben, alert, "Mute")) or "")
        assert "Only admins" in (await group.expect_toast(group.press(ben, alert, "Stop")) or "")
        group.press(ben, alert, "Why this?")
        assert TOPIC in (await group.expect_edit(alert)).text
    assert len(chats.followed_in(group.id)) == 1


async def test_an_alert_of_another_chat_is_not_shown_by_a_made_up_press(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    (ann, chat), eve = ann_of(telegram), telegram.person("Eve")
    eves = telegram.private_chat(eve)
    async with serving(engine()):
        await follow(chat, ann)
        tell(outbox, NEW)
        alert = await chat.expect_message()
        await until(lambda: bool(outbox.told_in(chat.id, alert.id)))
        (told,) = outbox.told_in(chat.id, alert.id)
        shown = await follow(eves, eve, "the salt tax")
        for does in ("w", "b", "p:0", "c", "1"):
            said = await eves.expect_toast(eves.press_data(eve, shown, f"a:{told.id}:{does}"))
            assert said == "I no longer have this card. Please ask again."
        await eves.silence(0.2)
