"""What of an update the bot reads, and of which types that is: python-telegram-bot takes most of it as it comes.

Telegram keeps to this. An update that does not is left unread, once and at the door, rather than in some handler half-way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

#: Telegram's numbers have at most 52 bits (https://core.telegram.org/bots/api#user).
Number = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
_Position = Annotated[int, msgspec.Meta(ge=0, le=2**31)]


class _User(msgspec.Struct):
    id: Number
    is_bot: bool
    username: str | None = None
    language_code: str | None = None


class _Chat(msgspec.Struct):
    id: Number
    type: str


class _Entity(msgspec.Struct):
    type: str
    offset: _Position
    length: _Position
    user: _User | None = None


class _Message(msgspec.Struct):
    message_id: Number
    date: Number
    chat: _Chat
    from_: _User | None = msgspec.field(default=None, name="from")
    sender_chat: _Chat | None = None
    via_bot: _User | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    reply_to_message: _Message | None = None
    message_thread_id: Number | None = None
    is_topic_message: bool | None = None
    is_automatic_forward: bool | None = None
    migrate_to_chat_id: Number | None = None
    migrate_from_chat_id: Number | None = None


class _Press(msgspec.Struct):
    id: str
    from_: _User = msgspec.field(name="from")
    message: _Message | None = None
    data: str | None = None


class _InlineQuery(msgspec.Struct):
    id: str
    from_: _User = msgspec.field(name="from")
    query: str


class _Member(msgspec.Struct):
    status: str
    is_member: bool | None = None
    can_send_messages: bool | None = None


class _Change(msgspec.Struct):
    chat: _Chat
    from_: _User = msgspec.field(name="from")
    old_chat_member: _Member
    new_chat_member: _Member


class _Chosen(msgspec.Struct):
    from_: _User = msgspec.field(name="from")


class _Update(msgspec.Struct):
    update_id: Number
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    callback_query: _Press | None = None
    inline_query: _InlineQuery | None = None
    chosen_inline_result: _Chosen | None = None
    my_chat_member: _Change | None = None


class ShapeError(ValueError):
    """An update is not of the shape that the bot reads; says where, and none of its words."""


def without_halves(update: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an update without halves of surrogate pairs, which nothing can encode. What replaces them is as long in UTF-16."""
    text = json.dumps(update, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        mended: Mapping[str, Any] = json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
        return mended
    return update


def check_shape(update: Mapping[str, Any]) -> None:
    """Raise ShapeError where Telegram's JSON of an update is not what it is documented to be."""
    try:
        msgspec.convert(update, _Update)
    except msgspec.ValidationError as error:
        raise ShapeError(str(error)) from None
