"""What a message asks, and who asks: of each kind of message that Telegram has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Chat, ForumTopicCreated, Message, MessageEntity, PhotoSize, Sticker, Update, User

from bot.asked import PLAIN, WORDLESS, Asked, asked_of
from bot.letter import Destination

ME = User(id=1, first_name="Who says", is_bot=True, username="WhoSaysTestBot")
ANN = User(id=2, first_name="Ann", is_bot=False, language_code="fa")
OTHER_BOT = User(id=3, first_name="Other", is_bot=True, username="OtherBot")
ANONYMOUS = User(id=4, first_name="Group", is_bot=True, username="GroupAnonymousBot")
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
GROUP = Chat(-5, "supergroup")
CHANNEL = Chat(-6, "channel")
PRIVATE = Chat(2, "private")
OF_ME = Message(9, NOON, GROUP, from_user=ME, text="…")


def message(
    text: str | None = None, *entities: MessageEntity, chat: Chat = GROUP, sender: User | None = ANN, **more: object
) -> Message:
    return Message(10, NOON, chat, from_user=sender, text=text, entities=entities, **more)  # type: ignore[arg-type]


def command(text: str, **more: object) -> Message:
    entity = MessageEntity(MessageEntity.BOT_COMMAND, 0, len(text.split(maxsplit=1)[0]))
    return message(text, entity, **more)  # type: ignore[arg-type]


def mention(text: str, **more: object) -> Message:
    offset = text.lower().index("@whosaystestbot")
    return message(text, MessageEntity(MessageEntity.MENTION, offset, 15), **more)  # type: ignore[arg-type]


def asked(said: Message, *, edited: bool = False) -> Asked | None:
    if said.chat.type == "channel":
        return asked_of(Update(7, channel_post=said), ME)
    return asked_of(Update(7, edited_message=said) if edited else Update(7, message=said), ME)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (command("/ask who holds it?"), ("ask", "who holds it?")),
        (command("/ASK@whosaystestBOT who holds it?"), ("ask", "who holds it?")),
        (command("/weather Orsel"), ("weather", "Orsel")),
        (command("/settings"), ("settings", "")),
        (mention("@WhoSaysTestBot who holds it?"), (PLAIN, "who holds it?")),
        (message("and the harbour?", reply_to_message=OF_ME), (PLAIN, "and the harbour?")),
        (message("who holds it?", chat=PRIVATE), (PLAIN, "who holds it?")),
        (message(chat=PRIVATE, sticker=Sticker("x", "y", 1, 1, False, False, "regular")), (WORDLESS, "")),
        (command("/ask@WhoSaysTestBot who?", chat=CHANNEL, sender=None, sender_chat=CHANNEL), ("ask", "who?")),
        (mention("@WhoSaysTestBot who?", chat=CHANNEL, sender=None, sender_chat=CHANNEL), (PLAIN, "who?")),
        (message(
            caption="@WhoSaysTestBot who?", photo=(PhotoSize("x", "y", 1, 1),),
            caption_entities=(MessageEntity(MessageEntity.MENTION, 0, 15),),
        ), (PLAIN, "who?")),
    ],
)  # fmt: skip
def test_commands_mentions_replies_and_words_in_private_are_asked(said: Message, what: tuple[str, str]) -> None:
    found = asked(said)
    assert found is not None
    assert (found.command, found.words) == what


@pytest.mark.parametrize(
    "said",
    [
        message("who holds it?"),
        command("/ask@OtherBot who holds it?"),
        command("/ask@OtherBot who holds it?", reply_to_message=OF_ME),
        mention("@WhoSaysTestBot who holds it?", sender=OTHER_BOT),
        command("/ask who holds it?", sender=OTHER_BOT),
        mention("@WhoSaysTestBot who holds it?", via_bot=ME),
        message("Disputed", chat=PRIVATE, via_bot=ME),
        mention("@WhoSaysTestBot who holds it?", is_automatic_forward=True, sender_chat=CHANNEL),
        message(chat=PRIVATE, pinned_message=message("a")),
        message(sticker=Sticker("x", "y", 1, 1, False, False, "regular"), reply_to_message=OF_ME),
        command("/ask who?", chat=CHANNEL, sender=None, sender_chat=CHANNEL),
        message("who?", chat=CHANNEL, sender=None, sender_chat=CHANNEL),
        message(
            "who?", reply_to_message=Message(9, NOON, GROUP, from_user=ME, forum_topic_created=ForumTopicCreated("Orsel", 1))
        ),
    ],
)
def test_nothing_else_is(said: Message) -> None:
    assert asked(said) is None


def test_an_update_without_a_message_asks_nothing() -> None:
    assert asked_of(Update(7), ME) is None
    assert asked_of(Update(7, edited_channel_post=mention("@WhoSaysTestBot who?", chat=CHANNEL)), ME) is None


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (command("/ask who?"), (2, False, "fa")),
        (command("/ask who?", sender=ANONYMOUS, sender_chat=GROUP), (-5, True, None)),
        (command("/ask who?", sender=User(5, "Channel", True), sender_chat=CHANNEL), (-6, False, None)),
        (mention("@WhoSaysTestBot who?", chat=CHANNEL, sender=None, sender_chat=CHANNEL), (-6, True, None)),
        (mention("@WhoSaysTestBot who?", chat=CHANNEL, sender=None), (-6, True, None)),
    ],
)
def test_who_asks_is_a_person_or_the_chat_that_he_speaks_as(said: Message, who: tuple[int, bool, str | None]) -> None:
    found = asked(said)
    assert found is not None
    assert (found.person, found.admin, found.client) == who


def test_an_answer_goes_to_the_topic_and_message_that_asked() -> None:
    in_topic = asked(command("/ask who?", message_thread_id=4, is_topic_message=True))
    in_thread = asked(command("/ask who?", message_thread_id=4))
    assert in_topic is not None
    assert in_thread is not None
    assert in_topic.to == Destination(chat=-5, topic=4, reply_to=10)
    # Outside a forum a thread is none that can be sent to.
    assert in_thread.to == Destination(chat=-5, topic=None, reply_to=10)


def test_a_reply_to_the_bot_names_what_it_replies_to_and_a_reply_to_others_does_not() -> None:
    to_me, to_ann = asked(command("/follow", reply_to_message=OF_ME)), asked(command("/follow", reply_to_message=message("a")))
    assert to_me is not None
    assert to_ann is not None
    assert (to_me.replied, to_ann.replied) == (9, None)


def test_an_edit_says_so_and_keeps_the_time_of_the_first_words() -> None:
    found = asked(command("/ask who?", edit_date=datetime(2031, 5, 5, tzinfo=UTC)), edited=True)
    assert found is not None
    assert (found.edited, found.sent) == (True, NOON)
