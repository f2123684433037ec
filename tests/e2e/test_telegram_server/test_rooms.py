"""Groups, forums, channels and who is what in them."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.e2e.telegram_server import BotApi
from tests.e2e.test_telegram_server.asking import NO_PREVIEW, png, send, updates


async def test_in_a_forum_messages_come_and_go_by_topic(telegram: BotApi, bot: Bot) -> None:
    ann, forum = telegram.person("Ann"), telegram.forum()
    topic = forum.open_topic(ann, "Orsel")
    question = forum.say(ann, "/ask@WhoSaysTestBot", topic=topic)
    _, asked = await updates(bot)
    assert asked.message is not None
    assert asked.message.reply_to_message is not None
    assert (asked.message.message_thread_id, asked.message.is_topic_message) == (topic, True)
    assert asked.message.reply_to_message.forum_topic_created is not None
    await send(bot, forum, topic=topic)
    assert (await forum.expect_message()).topic == topic
    with pytest.raises(BadRequest, match="would go there"):
        await bot.send_message(
            forum.id, "x", parse_mode="HTML", link_preview_options=NO_PREVIEW, reply_parameters=ReplyParameters(question)
        )
    with pytest.raises(BadRequest, match="thread not found"):
        await send(bot, forum, topic=1)  # the General topic has no number
    faults = len(telegram.faults_of_the_bot)
    forum.close_topic(ann, topic)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await send(bot, forum, topic=topic)
    forum.promote_bot(ann)
    await send(bot, forum, topic=topic)
    forum.delete_topic(topic)
    with pytest.raises(BadRequest, match="thread not found"):
        await send(bot, forum, topic=topic)
    assert len(telegram.faults_of_the_bot) == faults == 2


async def test_a_reply_outside_a_topic_has_a_thread_that_cannot_be_sent_to(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    for group in (telegram.group(privacy=False), telegram.forum(privacy=False)):
        first = group.say(ann, "one")
        group.say(ann, "two", reply_to=group.say(ann, "one and a half", reply_to=first))
        reply = (await updates(bot))[-1].message
        assert reply is not None
        assert (reply.message_thread_id, reply.is_topic_message) == (first, None)
        with pytest.raises(BadRequest, match="thread not found"):
            await send(bot, group, topic=first)


async def test_members_have_their_standing(telegram: BotApi, bot: Bot) -> None:
    ann, ben, cem = telegram.person("Ann"), telegram.person("Ben"), telegram.person("Cem")
    group = telegram.group(admins=(ann, ben))
    admins = await bot.get_chat_administrators(group.id)
    assert [(admin.user.id, type(admin)) for admin in admins] == [(ann.id, ChatMemberOwner), (ben.id, ChatMemberAdministrator)]
    assert (await bot.get_chat_member(group.id, cem.id)).status == "left"
    group.say(cem, "hello")
    assert (await bot.get_chat_member(group.id, cem.id)).status == "member"
    assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
    with pytest.raises(BadRequest, match="private chat"):
        await bot.get_chat_administrators(telegram.private_chat(ann).id)


async def test_anonymous_admins_and_people_who_speak_as_a_channel_come_as_telegram_sends_them(telegram: BotApi, bot: Bot) -> None:
    group, channel = telegram.group(privacy=False), telegram.channel()
    group.say_anonymously("hello")
    group.say_as_channel(channel, "hello, too")
    anonymous, channels = (update.message for update in await updates(bot))
    assert anonymous is not None
    assert channels is not None
    assert anonymous.from_user is not None
    assert anonymous.sender_chat is not None
    assert channels.from_user is not None
    assert channels.sender_chat is not None
    assert (anonymous.from_user.id, anonymous.sender_chat.id) == (1087968824, group.id)
    assert (channels.from_user.id, channels.sender_chat.id) == (136817688, channel.id)


async def test_a_channels_post_goes_on_into_its_group_and_is_commented_on(telegram: BotApi, bot: Bot) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    channel = telegram.channel(linked=group)
    post = channel.publish("Orsel has fallen")
    group.comment(ann, channel.forwards[post], "has it?")
    posted, forward, comment = await updates(bot)
    assert posted.channel_post is not None
    assert posted.channel_post.from_user is None
    assert forward.message is not None
    assert forward.message.is_automatic_forward
    assert forward.message.sender_chat is not None
    assert forward.message.sender_chat.id == channel.id
    assert comment.message is not None
    assert (comment.message.message_thread_id, comment.message.is_topic_message) == (channel.forwards[post], None)
    await send(bot, channel)
    channel.make_bot(ann, "member")
    with pytest.raises(BadRequest, match="administrator rights"):
        await send(bot, channel)


async def test_the_bot_is_told_of_its_standing_and_shut_out_accordingly(telegram: BotApi, bot: Bot) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    chat, group, bens = telegram.private_chat(ann), telegram.group(), telegram.private_chat(ben)
    chat.block()
    group.restrict_bot(ann)
    bens.deactivate()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await send(bot, chat)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send text messages"):
        await send(bot, group)
    with pytest.raises(Forbidden, match="deactivated"):
        await send(bot, bens)
    group.restrict_bot(ann, words=True)
    await send(bot, group)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send photos"):
        await bot.send_photo(group.id, png(1, 1))
    group.remove_bot(ann)
    with pytest.raises(Forbidden, match="kicked from the supergroup"):
        await send(bot, group)
    chat.unblock()
    group.add_bot(ann)
    await send(bot, chat)
    await send(bot, group)
    changes = [update.my_chat_member for update in await updates(bot) if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == [
        "kicked",
        "restricted",
        "restricted",
        "kicked",
        "member",
        "member",
    ]
    assert isinstance(changes[1].new_chat_member, ChatMemberRestricted)
    assert telegram.faults_of_the_bot == []


async def test_a_group_moves_with_its_people_and_says_where_to(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True, admins=(ann,))
    new = telegram.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        await send(bot, group)
    assert caught.value.new_chat_id == new.id
    told, *moved = await updates(bot)
    # As if it had been added to the supergroup.
    assert told.my_chat_member is not None
    assert (told.my_chat_member.chat.id, told.my_chat_member.old_chat_member.status) == (new.id, "left")
    first, second = (update.message for update in moved)
    assert first is not None
    assert second is not None
    assert (first.chat.type, first.migrate_to_chat_id) == ("group", new.id)
    assert (second.chat.type, second.migrate_from_chat_id) == ("supergroup", group.id)
    assert new.admins == [ann]


@pytest.mark.parametrize(("privacy", "mentions", "shown"), [(True, True, 2), (True, False, 1), (False, True, 3)])
async def test_privacy_mode_hides_what_is_not_for_the_bot(
    telegram: BotApi, bot: Bot, privacy: bool, mentions: bool, shown: int
) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=privacy, mentions=mentions)
    group.say(ann, "hello")
    group.say(ann, "@WhoSaysTestBot hello")
    group.say(ann, "/ask@WhoSaysTestBot hello")
    assert len(await updates(bot)) == shown
