"""What Telegram's errors mean for what was to be sent: whether it arrived, whether to try again, whether the chat has gone."""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

# Telegram documents none of these words; they are collected from its open server (https://github.com/tdlib/telegram-bot-api)
# and from what bots report. python-telegram-bot changes their case.
_SHUT = (
    "chat not found",
    "not enough rights to send text messages",
    "have no rights to send a message",
    "chat_write_forbidden",
    "chat_restricted",
    "user_is_blocked",
    "peer_id_invalid",
    "group chat was deactivated",
    "group is deactivated",
    "need administrator rights in the channel chat",
)
_NOT_HERE = ("topic_closed", "topic_deleted", "message thread not found", "not enough rights to send", "chat_send_")
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
    "message_author_required",
    "message_edit_time_expired",
)
_AS_IT_IS = ("message is not modified",)
_NO_TARGET = ("message to be replied not found", "replied message not found", "message to reply not found")


def shuts_chat(error: TelegramError) -> bool:
    """Say whether the chat takes no messages at all: it has blocked, removed or muted the bot, or is no more."""
    return isinstance(error, Forbidden) or _says(error, _SHUT)


def shuts_topic(error: TelegramError) -> bool:
    """Say whether just this cannot be sent here: its topic is closed or gone, or the chat takes words and no pictures."""
    return _says(error, _NOT_HERE) and not shuts_chat(error)


def cannot_be_edited(error: TelegramError) -> bool:
    """Say whether the message to be edited is gone, or is none that the bot may edit."""
    return _says(error, _GONE)


def is_as_it_was(error: TelegramError) -> bool:
    """Say whether an edit changed nothing, so that the message is as it should be."""
    return _says(error, _AS_IT_IS)


def lacks_what_it_replies_to(error: TelegramError) -> bool:
    """Say whether the message that this one replies to is gone."""
    return _says(error, _NO_TARGET)


def never_left(error: TelegramError) -> bool:
    """Say whether it is certain that Telegram has not received the request: there was no connection to send it over."""
    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def pause_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait."""
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    message = error.message.lower()
    return isinstance(error, BadRequest) and any(word in message for word in words)
