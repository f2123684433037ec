from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Chat, ForumTopicCreated, Message, MessageEntity, User

from bot.group import meant_for_bot, without_address

ME = User(id=1, first_name="Who says", is_bot=True, username="WhoSaysTestBot")
ANN = User(id=2, first_name="Ann", is_bot=False)
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def message(text: str | None, *entities: MessageEntity, chat: str = "supergroup", **more: object) -> Message:
    return Message(1, NOON, Chat(-5, chat), from_user=ANN, text=text, entities=entities, **more)  # type: ignore[arg-type]


def mention(offset: int, length: int = 15, kind: str = MessageEntity.MENTION, user: User | None = None) -> MessageEntity:
    return MessageEntity(kind, offset, length, user=user)


COMMAND = MessageEntity(MessageEntity.BOT_COMMAND, 0, 4)


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        (message("@WhoSaysTestBot who holds it?", mention(0)), "who holds it?"),
        (message("@WHOSAYSTESTBOT, — who holds it?", mention(0)), "who holds it?"),
        (message("tell me @WhoSaysTestBot who holds it?", mention(8)), "tell me who holds it?"),
        (message("😀😀 @WhoSaysTestBot 😀 who?", mention(5)), "😀😀 😀 who?"),
        (message("@WhoSaysTestBot @WhoSaysTestBot who?", mention(0), mention(16)), "who?"),
        (message("@WhoSaysTestBot", mention(0)), ""),
        (message("Who says: who?", mention(0, 8, MessageEntity.TEXT_MENTION, ME)), "who?"),
        (message("and now?", reply_to_message=Message(9, NOON, Chat(-5, "supergroup"), from_user=ME, text="…")), "and now?"),
        (message("@WhoSaysTestBot who?", mention(0), chat="channel"), "who?"),
        (message("who holds it?", chat="private"), "who holds it?"),
        (message("...who\nholds it?", chat="private"), "...who holds it?"),
    ],
)
def test_what_is_asked_is_the_text_without_the_bots_name(asked: Message, question: str) -> None:
    assert meant_for_bot(asked, ME) == question


@pytest.mark.parametrize(
    "said",
    [
        message("who holds it?"),
        message("@WhoSaysTestBot who holds it?"),  # Telegram marks what is a mention; the characters alone are none
        message("@WhoSaysTestBox who holds it?", mention(0)),
        message("Who says: who?", mention(0, 8, MessageEntity.TEXT_MENTION, ANN)),
        message("I agree", reply_to_message=Message(9, NOON, Chat(-5, "supergroup"), from_user=ANN, text="…")),
        message("/ask @WhoSaysTestBot", COMMAND, mention(5)),
        message("@WhoSaysTestBot who?", mention(0), is_automatic_forward=True),
        message("who?", chat="channel"),
        message(None, chat="private"),
        message(
            "who holds it?",
            reply_to_message=Message(
                9, NOON, Chat(-5, "supergroup"), from_user=ME, forum_topic_created=ForumTopicCreated("Orsel", 1)
            ),
        ),
    ],
)
def test_it_is_not_meant_otherwise(said: Message) -> None:
    assert meant_for_bot(said, ME) is None


@pytest.mark.parametrize("entity", [mention(90), mention(0, 900), mention(14, 9)])
def test_entities_that_do_not_fit_the_text_do_no_harm(entity: MessageEntity) -> None:
    assert meant_for_bot(message("😀 who holds it?", entity), ME) is None


def test_a_command_loses_its_own_name_and_the_bots() -> None:
    asked = message("/ask@WhoSaysTestBot @WhoSaysTestBot who?", MessageEntity(MessageEntity.BOT_COMMAND, 0, 19), mention(20))
    assert without_address(asked, ME) == "who?"
