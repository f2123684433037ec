"""What a message asks of the bot, and who asks: plain functions of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.deliver import Destination
from bot.group import meant_for_bot, without_address

#: Words without a command of their own.
PLAIN: Final = "ask"
#: What is no words at all: a sticker, a place.
WORDLESS: Final = ""
GROUPS: Final = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that is meant for the bot.

    `update` is the update's number; `kind` the chat's type; `person` a user's id, or for one who speaks as a chat that chat's id;
    `admin` is true only where Telegram itself says so (an anonymous admin, a post in a channel); `client` is the language of the
    person's program; `command` is a command's name without slash, PLAIN or WORDLESS; `replied` is the message of the bot that is
    replied to; `sent` is when the message was first sent; `edited`: it was sent before, in other words.
    """

    update: int
    chat: int
    kind: str
    to: Destination
    person: int
    admin: bool
    client: str | None
    command: str
    words: str
    sent: datetime
    replied: int | None = None
    edited: bool = False

    @property
    def private(self) -> bool:
        """Whether nobody else reads along."""
        return self.kind == ChatType.PRIVATE

    @property
    def in_group(self) -> bool:
        """Whether others read along: in a group, or a channel."""
        return not self.private


def asked_of(update: Update, me: User) -> Asked | None:
    """Return what an update's message asks; None where it brings none, or one that is not meant for the bot.

    In a private chat every message is; in a group a command, a mention and a reply to one of the bot's messages; in a channel a
    command that names the bot, or a mention.
    """
    message = update.message or update.edited_message or update.channel_post
    if message is None or message.is_automatic_forward or _is_a_bots(message):
        return None
    found = _command(message, me)
    if found is None:
        return None
    command, words = found
    speaks_as = message.sender_chat
    return Asked(
        update=update.update_id,
        chat=message.chat.id,
        kind=message.chat.type,
        to=Destination.answering(message),
        person=_person(message),
        # Only admins post in a channel, and an anonymous one speaks as the group itself.
        admin=message.chat.type == ChatType.CHANNEL or (speaks_as is not None and speaks_as.id == message.chat.id),
        sent=message.date,
        client=message.from_user.language_code if message.from_user else None,
        command=command,
        words=words,
        replied=_replied(message, me),
        edited=update.edited_message is not None,
    )


def _command(message: Message, me: User) -> tuple[str, str] | None:
    """Return command and words of a message; None where it is not meant for the bot."""
    text = message.text if message.text is not None else message.caption or ""
    entities = message.entities if message.text is not None else message.caption_entities
    marked = next((entity for entity in entities if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0), None)
    if marked is not None:
        name, at, whom = text[1 : marked.length].partition("@")
        named = whom.lower() == f"{me.username}".lower()
        if at and not named:
            return None
        if message.chat.type == ChatType.CHANNEL and not named:
            return None
        return name.lower(), without_address(message, me)
    question = meant_for_bot(message, me)
    if question is not None:
        return PLAIN, question
    return (WORDLESS, "") if message.chat.type == ChatType.PRIVATE and not text and not _is_service(message) else None


def _is_a_bots(message: Message) -> bool:
    """Say whether a bot wrote a message, or a person by way of a bot: what is shared from an inline answer is no question.

    Who speaks as a chat has the user of a bot as sender, and is none.
    """
    sender = message.from_user
    return message.via_bot is not None or (message.sender_chat is None and sender is not None and sender.is_bot)


def _person(message: Message) -> int:
    speaker = message.sender_chat or message.from_user or message.chat
    return speaker.id


def _replied(message: Message, me: User) -> int | None:
    replied = message.reply_to_message
    mine = replied is not None and replied.from_user is not None and replied.from_user.id == me.id
    return replied.message_id if replied is not None and mine and replied.forum_topic_created is None else None


def _is_service(message: Message) -> bool:
    """Say whether a message tells of an event in the chat (a pinned message, a new picture), which nobody said."""
    # python-telegram-bot takes a payment for an attachment, and warns of it.
    return message.successful_payment is not None or not message.effective_attachment
