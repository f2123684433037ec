"""Nothing from a chat of one's own shows in a group, whatever is tried; nor one group's cards in another."""

from __future__ import annotations

import logging

import pytest

from bot.presses import Does, Press
from tests.e2e.asking import ask, card_of, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from whosays.chats import Chats

SECRET = "does my brother serve at Orsel?"
ON_CARDS = sorted(set(Does) - {Does.SETTING, Does.FORGET, Does.FEED, Does.UNFOLLOW, Does.TOPIC, Does.ALERT})


@pytest.mark.parametrize("said", ["and the harbour?", "@WhoSaysTestBot and the harbour?", "/ask@WhoSaysTestBot and the harbour?"])
async def test_a_question_in_a_group_does_not_go_on_from_one_in_private(telegram: BotApi, serving: Serving, said: str) -> None:
    ann = telegram.person("Ann")
    chat, group = telegram.private_chat(ann), telegram.group(privacy=False, admins=(ann,))
    engine = FixedEngine()
    async with serving(engine):
        hello = await told(group, ann, "/help@WhoSaysTestBot")
        secret = await told(chat, ann, SECRET)
        # The numbers of messages are each chat's own: this one's is that of the private card.
        number = hello.id
        assert number == secret.id
        answered = await told(group, ann, said, reply_to=number)
        follow = await told(group, ann, "/follow@WhoSaysTestBot", reply_to=number)
    assert engine.followed == [None, None]
    assert "brother" not in answered.text + follow.text
    assert "Please add a topic" in follow.text


async def test_a_question_in_private_does_not_go_on_from_one_in_a_group(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat, group = telegram.private_chat(ann), telegram.group()
    engine = FixedEngine()
    async with serving(engine):
        await ask(group, ann)
        await told(chat, ann, "and the harbour?")
    assert engine.followed == [None, None]


@pytest.mark.parametrize("does", ON_CARDS)
@pytest.mark.parametrize("of_private", [True, False])
async def test_a_card_of_another_chat_is_not_shown_by_a_made_up_press(
    telegram: BotApi, serving: Serving, chats: Chats, does: Does, of_private: bool
) -> None:
    ann = telegram.person("Ann")
    group, other = telegram.group(admins=(ann,)), telegram.group(admins=(ann,))
    source = telegram.private_chat(ann) if of_private else other
    engine = FixedEngine()
    async with serving(engine):
        secret = await told(source, ann, SECRET if of_private else f"/ask@WhoSaysTestBot {SECRET}")
        shown = await ask(group, ann)
        arguments = ("0", "s") if does is Does.REPORT else ("0",)
        query = group.press_data(ann, shown, Press(does, card_of(secret), arguments).data)
        answered = await telegram.pressed_answered(query)
        assert (answered.text, answered.url) == ("I no longer have this card. Please ask again.", None)
        await group.silence()
    assert chats.followed_in(group.id) == []
    assert chats.reports() == []
    assert engine.surveyed == engine.summarised == []
    assert "brother" not in "".join(sent.text for sent in group.sent)


async def test_a_private_cards_link_opens_it_for_nobody_else_and_nowhere_else(telegram: BotApi, serving: Serving) -> None:
    ann, eve, group = telegram.person("Ann"), telegram.person("Eve"), telegram.group()
    anns, eves = telegram.private_chat(ann), telegram.private_chat(eve)
    async with serving(FixedEngine()):
        secret = await told(anns, ann, SECRET)
        opens = f"c_{card_of(secret)}"
        assert "no longer have this card" in (await told(eves, eve, f"/start {opens}")).text
        assert "brother" not in (await told(group, ann, f"/start@WhoSaysTestBot {opens}")).text
        again = await told(anns, ann, f"/start {opens}")
        assert again.quotations == secret.quotations
        # Nor does the copy that she opened.
        assert "no longer have this card" in (await told(eves, eve, f"/start c_{card_of(again)}")).text


async def test_a_group_is_told_how_much_is_kept_of_it_and_not_of_whoever_asks(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    ann = telegram.person("Ann")
    chat, group = telegram.private_chat(ann), telegram.group(admins=(ann,))
    async with serving(FixedEngine()):
        for _ in range(3):
            await told(chat, ann, SECRET)
        await told(chat, ann, f"/follow {SECRET}")
        await ask(group, ann)
        said = (await told(group, ann, "/privacy@WhoSaysTestBot")).text
        assert "Kept of this group now: answers 1, topics 0, settings 0." in said
        listed = await told(group, ann, "/following@WhoSaysTestBot")
        assert "Nothing is followed here" in listed.text
        # A topic of hers is not stopped from a group either.
        (topic,) = chats.followed_in(chat.id)
        await group.expect_toast(group.press_data(ann, listed, f"u:{topic.id}:l"))
        assert chats.followed_in(chat.id) == [topic]


async def test_a_card_shared_inline_is_nothing_to_go_on_from(telegram: BotApi, serving: Serving) -> None:
    ann, chat = telegram.person("Ann"), telegram.private_chat(telegram.person("Ann"))
    engine = FixedEngine()
    async with serving(engine):
        query = telegram.inline_query(ann, SECRET)
        assert await telegram.expect_inline(query)
        await told(chat, ann, "and the harbour?")
    assert engine.followed == [None, None]


@pytest.mark.parametrize("said", [SECRET, "/help me with my brother"])
async def test_what_telegram_says_of_words_that_it_refuses_is_not_written_down(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture, said: str
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "brother"'
    with caplog.at_level(logging.DEBUG, logger="bot"):
        async with serving(FixedEngine()):
            telegram.refuse("sendMessage", chat, code=400, description=refusal, times=2)
            chat.say(ann, said)
            await telegram.called("sendMessage", chat, times=2)
            chat.say(ann, "/start")
            await chat.expect_message()
    assert "can't parse entities" in caplog.text.lower()
    assert "brother" not in caplog.text
