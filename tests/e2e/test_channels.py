"""Channels, the groups linked with them, and people who speak as a chat."""

from __future__ import annotations

import pytest

from tests.e2e.asking import QUESTION, ask, card_of, full, link, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Channel
from tests.e2e.telegram_server.members import Member
from whosays.chats import Chats


async def published(channel: Channel, text: str) -> tuple[int, str | None]:
    """Publish a post and return what the bot's next one replies to, and its first quotation."""
    post = channel.publish(text)
    sent = await channel.expect_message()
    assert sent.reply_to == post
    return post, next(iter(sent.quotations), None)


@pytest.mark.parametrize("text", ["/ask@WhoSaysTestBot who holds Orsel?", "@whosaystestbot who holds Orsel?"])
async def test_a_post_that_names_the_bot_is_answered_in_the_channel(telegram: BotApi, serving: Serving, text: str) -> None:
    channel = telegram.channel()
    async with serving(FixedEngine()):
        assert (await published(channel, text))[1] == f"“{QUESTION}”"
        await channel.silence()


async def test_no_other_post_is_answered_nor_an_edit(telegram: BotApi, serving: Serving) -> None:
    channel = telegram.channel()
    engine = FixedEngine()
    async with serving(engine):
        post = channel.publish("who holds Orsel?")
        channel.publish("/ask who holds Orsel?")
        channel.publish("/ask@OtherBot who holds Orsel?")
        channel.publish("@OtherBot who holds Orsel?")
        await telegram.everything_read()
        channel.edit_post(post, "@WhoSaysTestBot who holds Orsel?")
        await telegram.everything_read()
        await channel.silence()
    assert engine.asked == []


async def test_who_reads_a_channel_does_not_turn_its_cards_nor_choose_for_it(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    channel = telegram.channel()
    channel.members |= {ann.id: Member(user=ann, status="administrator"), ben.id: Member(user=ben)}
    async with serving(FixedEngine(answers={QUESTION: full()})):
        channel.publish("@WhoSaysTestBot who holds Orsel?")
        card = await channel.expect_message()
        opens = await link(telegram, channel, ben, card, "More")
        assert "Only admins" in (await toast(channel, ben, card, "Follow") or "")
        assert chats.followed_in(channel.id) == []
        await channel.silence()
        chat = telegram.private_chat(ben)
        await toast(chat, ben, await told(chat, ben, opens), "More")
        await chat.expect_edit()
        assert "Followed" in (await toast(channel, ann, card, "Follow") or "")
        await toast(channel, ann, card, "More")
        await channel.expect_edit(card)
    assert [one.topic for one in chats.followed_in(channel.id)] == [QUESTION]


async def test_a_stranger_does_not_open_a_channels_card(telegram: BotApi, serving: Serving) -> None:
    eve, channel = telegram.person("Eve"), telegram.channel()
    async with serving(FixedEngine()):
        channel.publish("@WhoSaysTestBot who holds Orsel?")
        card = await channel.expect_message()
        chat = telegram.private_chat(eve)
        assert "no longer have this card" in (await told(chat, eve, f"/start c_{card_of(card)}")).text


@pytest.mark.parametrize("text", ["/ask@WhoSaysTestBot who holds Orsel?", "@WhoSaysTestBot who holds Orsel?"])
async def test_a_posts_copy_in_the_linked_group_is_let_be_and_comments_are_answered(
    telegram: BotApi, serving: Serving, text: str
) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    channel = telegram.channel(linked=group)
    async with serving(FixedEngine()):
        post, _ = await published(channel, text)
        await telegram.everything_read()
        await group.silence()
        group.comment(ann, channel.forwards[post], "good question")
        comment = group.comment(ann, channel.forwards[post], "@WhoSaysTestBot who holds the harbour?")
        answered = await group.expect_message()
        assert (answered.reply_to, answered.quotations) == (comment, ["“who holds the harbour?”"])
        # A thread of comments is no topic of a forum: what is sent there is a reply, and nothing more.
        assert answered.topic is None
        follow_up = group.say(ann, "and now?", reply_to=answered.id)
        assert (await group.expect_message()).reply_to == follow_up
        await group.silence()


async def test_an_anonymous_admin_asks_and_chooses(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    group = telegram.group(admins=(ann,))
    async with serving(FixedEngine(answers={QUESTION: full()})):
        asked = group.say_anonymously("/ask@WhoSaysTestBot who holds Orsel?")
        card = await group.expect_message()
        assert card.reply_to == asked
        group.say_anonymously("/settings@WhoSaysTestBot")
        assert "Settings" in (await group.expect_message()).text
        group.say_anonymously("/follow@WhoSaysTestBot the salt tax")
        assert "This chat follows: the salt tax" in (await group.expect_message()).text
        # Telegram says who presses, even of those who speak as the group.
        await toast(group, ann, card, "More")
        await group.expect_edit(card)
        await link(telegram, group, ben, card, "Back")
    assert [one.topic for one in chats.followed_in(group.id)] == ["the salt tax"]


async def test_who_speaks_as_a_channel_asks_and_is_no_admin(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    group, channel = telegram.group(), telegram.channel()
    async with serving(FixedEngine()):
        asked = group.say_as_channel(channel, "@WhoSaysTestBot who holds Orsel?")
        assert (await group.expect_message()).reply_to == asked
        for command in ("settings", "follow Orsel", "unfollow Orsel"):
            name, _, words = command.partition(" ")
            group.say_as_channel(channel, f"/{name}@WhoSaysTestBot {words}")
            assert "only admins" in (await group.expect_message()).text
    assert chats.followed_in(group.id) == []
    assert telegram.calls.count(("getChatMember", group.id)) == 0


async def test_a_channel_in_which_the_bot_may_not_post_is_let_be(telegram: BotApi, serving: Serving) -> None:
    ann, channel, group = telegram.person("Ann"), telegram.channel(), telegram.group()
    async with serving(FixedEngine()):
        channel.make_bot(ann, "member")
        channel.publish("@WhoSaysTestBot who holds Orsel?")
        await telegram.called("sendMessage", channel)
        assert (await ask(group, ann)).quotations
    assert channel.sent == []
