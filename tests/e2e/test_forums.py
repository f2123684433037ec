"""In a forum: everything goes to the topic in which it was asked, and nowhere else."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bot import outbox as sending
from tests.e2e.asking import QUESTION, ask, full, nothing, toast, told
from tests.e2e.conftest import Serving, until_typing
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import NEW, tell
from tests.e2e.telegram_server import BotApi, Group
from tests.patience import until
from whosays.chats import Chats
from whosays.errors import StoreError
from whosays.outbox import Outbox


def topics_of(forum: Group) -> set[int | None]:
    return {sent.topic for sent in forum.sent}


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        ("/ask@WhoSaysTestBot who holds Orsel?", 1),
        ("@WhoSaysTestBot who holds Orsel?", 1),
        ("/ask@WhoSaysTestBot", 1),
        ("/summary@WhoSaysTestBot Orsel", 1),
        ("/sides@WhoSaysTestBot Orsel", 1),
        ("/timeline@WhoSaysTestBot Orsel", 2),
        ("/follow@WhoSaysTestBot Orsel", 1),
        ("/following@WhoSaysTestBot", 1),
        ("/unfollow@WhoSaysTestBot Orsel", 1),
        ("/settings@WhoSaysTestBot", 1),
        ("/sources@WhoSaysTestBot", 1),
        ("/privacy@WhoSaysTestBot", 1),
        ("/help@WhoSaysTestBot", 1),
        ("/ask@WhoSaysTestBot " + "x" * 1500, 1),
    ],
)
@pytest.mark.parametrize("general", [False, True])
async def test_every_command_is_answered_in_its_topic(
    telegram: BotApi, serving: Serving, said: str, messages: int, general: bool
) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    async with serving(FixedEngine()):
        question = forum.say(ann, said, topic=None if general else opened)
        first = await forum.expect_message()
        for _ in range(messages - 1):
            await forum.expect_message()
    assert topics_of(forum) == {None if general else opened}
    assert first.reply_to == question


async def test_what_comes_of_a_cards_buttons_stays_in_its_topic(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    async with serving(FixedEngine(answers={QUESTION: full(), "bread": nothing("bread")})):
        card = await ask(forum, ann, topic=opened)
        await toast(forum, ann, card, "More")
        assert (await forum.expect_edit(card)).topic == opened
        await toast(forum, ann, card, "Back")
        assert await toast(forum, ann, card, "Timeline") is None
        picture, listed = await forum.expect_message(), await forum.expect_message()
        assert picture.photo is not None
        assert (picture.topic, listed.topic) == (opened, opened)
        assert picture.reply_to == card.id
        assert "Followed" in (await toast(forum, ann, card, "Follow") or "")
        assert (await forum.expect_message()).topic == opened
        empty = await ask(forum, ann, "bread", topic=opened)
        await toast(forum, ann, empty, "the salt tax")
        assert (await forum.expect_message()).topic == opened
    assert topics_of(forum) == {opened}
    assert [(one.topic, one.thread) for one in chats.followed_in(forum.id, all_threads=True)] == [(QUESTION, opened)]


async def test_each_topic_follows_for_itself_and_is_told_its_own_news(telegram: BotApi, serving: Serving, outbox: Outbox) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    orsel, calder = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    engine = FixedEngine()
    async with serving(engine, alerts_every=timedelta(seconds=0.1)):
        for topic, followed in ((orsel, QUESTION), (calder, "who holds Calder?"), (None, "the salt tax")):
            assert followed in (await told(forum, ann, f"/follow@WhoSaysTestBot {followed}", topic=topic)).text
        listed = await told(forum, ann, "/following@WhoSaysTestBot", topic=calder)
        assert listed.labels == [["who holds Calder?"]]
        for news_on in (QUESTION, "the salt tax"):
            tell(outbox, NEW, topic=news_on)
        alerts = [await forum.expect_message(), await forum.expect_message()]
        assert {(alert.topic, alert.reply_to) for alert in alerts} == {(orsel, None), (None, None)}
        await toast(forum, ann, listed, "who holds Calder?")
        await forum.expect_edit(listed)
        await toast(forum, ann, listed, "Stop following this")
        assert "Nothing is followed here" in (await forum.expect_edit(listed)).text


async def test_errors_and_the_words_of_quotas_stay_in_their_topic(telegram: BotApi, serving: Serving) -> None:
    def fail(question: str) -> None:
        raise StoreError("disk I/O error")

    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    async with serving(FixedEngine(before=fail), quota_person=1):
        assert (await ask(forum, ann, topic=opened)).text.startswith("I cannot reach my articles")
        assert "That was a lot at once" in (await ask(forum, ann, topic=opened)).text
    assert topics_of(forum) == {opened}


async def test_a_follow_up_is_one_in_a_topic_too(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    engine = FixedEngine()
    async with serving(engine):
        card = await ask(forum, ann, topic=opened)
        # What was shown is noted once Telegram has said where.
        await until(lambda: chats.card_shown_in(forum.id, card.id))
        forum.say(ann, "and the harbour?", reply_to=card.id, topic=opened)
        assert (await forum.expect_message()).topic == opened
    assert engine.followed == [None, QUESTION]


@pytest.mark.parametrize("how", ["closed", "deleted"])
async def test_a_topic_that_goes_while_the_answer_is_made_costs_that_answer_alone(
    telegram: BotApi, serving: Serving, how: str
) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened, other = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")

    def go(question: str) -> None:
        if question != QUESTION:
            return
        if how == "closed":
            forum.topics[opened].closed = True
        else:
            forum.delete_topic(opened)
        time.sleep(0.5)

    async with serving(FixedEngine(before=go)):
        forum.say(ann, f"/ask@WhoSaysTestBot {QUESTION}", topic=opened)
        await telegram.called("sendMessage", forum)
        assert (await ask(forum, ann, "who holds Calder?", topic=other)).quotations == ["“who holds Calder?”"]
        if how == "closed":
            forum.reopen_topic(ann, opened)
            assert (await ask(forum, ann, "and now?", topic=opened)).topic == opened
    assert None not in topics_of(forum)


async def test_news_for_a_closed_topic_goes_nowhere_else_and_is_told_when_it_is_open_again(
    telegram: BotApi, serving: Serving, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CLOSED_FOR", timedelta(seconds=2))
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened, other = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    async with serving(FixedEngine(), alerts_every=timedelta(seconds=0.1)):
        await told(forum, ann, f"/follow@WhoSaysTestBot {QUESTION}", topic=opened)
        forum.close_topic(ann, opened)
        tell(outbox, NEW)
        await telegram.called("sendMessage", forum, times=2)
        assert (await ask(forum, ann, "who holds Calder?", topic=other)).topic == other
        await forum.silence()
        forum.reopen_topic(ann, opened)
        alert = await forum.expect_message()
    assert alert.topic == opened
    assert alert.quotations == [NEW.text]


async def test_a_list_comes_where_pictures_are_forbidden(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    async with serving(FixedEngine()):
        forum.make_bot(ann, "restricted", can_send_photos=False)
        question = forum.say(ann, "/timeline@WhoSaysTestBot Orsel", topic=opened)
        listed = await forum.expect_message()
        assert (listed.photo, listed.topic, listed.reply_to) == (None, opened, question)
        forum.say(ann, "and the harbour?", reply_to=listed.id, topic=opened)
        assert (await forum.expect_message()).quotations == ["“and the harbour?”"]


async def test_an_answer_under_way_is_shown_in_its_topic(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    opened = forum.open_topic(ann, "Orsel")
    async with serving(FixedEngine(before=until_typing(telegram, forum))):
        await ask(forum, ann, topic=opened)
        await ask(forum, ann, topic=None)
    assert telegram.calls.count(("sendChatAction", forum.id)) == 2
