"""Which messages are meant for the bot, and what they ask: plain functions of a message."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

_LEFT_AFTER_A_NAME = re.compile(r"^[\s,:;.!–—-]+")


def meant_for_bot(message: Message, me: User) -> str | None:
    """Return what a message that is no command asks of the bot, without the bot's name; None where it is not meant.

    In a private chat every message is; in a group one that mentions the bot or replies to one of its messages; in a channel
    one that mentions it.
    """
    text, entities = _words(message)
    if not text or any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in entities):
        return None
    match message.chat.type:
        case ChatType.PRIVATE:
            return without_address(message, me)
        case ChatType.GROUP | ChatType.SUPERGROUP:
            if message.is_automatic_forward or not (_mentions(message, me) or _replies(message, me)):
                return None
            return without_address(message, me)
        case ChatType.CHANNEL:
            return without_address(message, me) if _mentions(message, me) else None
        case _:
            return None


def without_address(message: Message, me: User) -> str:
    """Return a message's words without a command at its start and without the mentions of the bot."""
    text, entities = _words(message)
    # Telegram counts in UTF-16 units: in this encoding, two bytes each.
    units = text.encode("utf-16-le", errors="surrogatepass")
    command = [entity for entity in entities if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0]
    taken = [*command, *_mentions(message, me)]
    for entity in sorted(taken, key=lambda entity: -entity.offset):
        units = units[: 2 * entity.offset] + units[2 * (entity.offset + entity.length) :]
    words = " ".join(units.decode("utf-16-le", errors="replace").split())
    return _LEFT_AFTER_A_NAME.sub("", words) if taken else words


def _words(message: Message) -> tuple[str, tuple[MessageEntity, ...]]:
    if message.text is not None:
        return message.text, tuple(message.entities)
    return message.caption or "", tuple(message.caption_entities)


def _mentions(message: Message, me: User) -> list[MessageEntity]:
    text, entities = _words(message)
    units = text.encode("utf-16-le", errors="surrogatepass")

    def is_me(entity: MessageEntity) -> bool:
        match entity.type:
            case MessageEntity.TEXT_MENTION:
                return entity.user is not None and entity.user.id == me.id
            case MessageEntity.MENTION:
                name = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", errors="replace")
                return name.lower() == f"@{me.username}".lower()
            case _:
                return False

    return [entity for entity in entities if is_me(entity)]


def _replies(message: Message, me: User) -> bool:
    replied = message.reply_to_message
    # In a forum every message "replies" to the one that opened its topic, which may have been the bot's.
    return (
        replied is not None
        and replied.forum_topic_created is None
        and replied.from_user is not None
        and replied.from_user.id == me.id
    )
