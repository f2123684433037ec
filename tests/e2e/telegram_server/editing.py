"""editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup, deleteMessage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.e2e.telegram_server.chat import Chat, Media
from tests.e2e.telegram_server.checks import checked_caption, checked_keyboard, checked_photo, checked_text
from tests.e2e.telegram_server.messages import Content, Json, Sent
from tests.e2e.telegram_server.refusal import bad
from tests.e2e.telegram_server.sending import count, writable
from tests.e2e.telegram_server.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What is to be edited: a message of the bot, or one that somebody has sent through it."""

    chat: Chat
    now: Sent
    inline: bool


def edit_text(world: World, parameters: Json) -> Any:
    """Give a message other words; without a keyboard it loses the one that it has."""
    target = _target(world, parameters, "editMessageText")
    if target.now.photo is not None:
        raise bad("there is no text in the message to edit")
    text, entities = checked_text(parameters)
    return _revise(world, target, Content(text=text, entities=entities, buttons=checked_keyboard(parameters)), None)


def edit_caption(world: World, parameters: Json) -> Any:
    """Give a picture another caption."""
    target = _target(world, parameters, "editMessageCaption")
    if target.now.photo is None:
        raise bad("there is no caption in the message to edit")
    text, entities = checked_caption(parameters)
    return _revise(world, target, Content(text=text, entities=entities, buttons=checked_keyboard(parameters)), target.now.photo)


def edit_media(world: World, parameters: Json) -> Any:
    """Give a message another picture; a text becomes a picture, too, but never the other way round."""
    target = _target(world, parameters, "editMessageMedia")
    media = parameters.get("media", {})
    if media.get("type") != "photo" or media.keys() - {"type", "media", "caption", "parse_mode"}:
        raise bad(f"only pictures are expected here: {sorted(media)}")
    photo = parameters.get(f"{media.get('media')}".removeprefix("attach://"))
    checked_photo(photo)
    text, entities = checked_caption(media)
    return _revise(world, target, Content(text=text, entities=entities, buttons=checked_keyboard(parameters)), photo)


def edit_markup(world: World, parameters: Json) -> Any:
    """Give a message other buttons, or none."""
    target = _target(world, parameters, "editMessageReplyMarkup")
    content = Content(text=target.now.text, entities=target.now.entities, buttons=checked_keyboard(parameters))
    return _revise(world, target, content, target.now.photo)


def delete(world: World, parameters: Json) -> bool:
    """Delete a message of the bot, or in a group that it runs anybody's."""
    chat, message = writable(world, parameters, "deleteMessage"), parameters.get("message_id", 0)
    if message not in chat.messages:
        raise bad("message to delete not found", blame=message not in chat.gone)
    if message not in {sent.id for sent in chat.sent}:
        raise bad("message can't be deleted")
    chat.remove(message)
    return True


def _target(world: World, parameters: Json, method: str) -> _Target:
    inline_id = parameters.get("inline_message_id")
    if inline_id is not None:
        place = world.sent_inline.get(inline_id)
        if place is None or "chat_id" in parameters or "message_id" in parameters:
            raise bad("MESSAGE_ID_INVALID")
        return _Target(chat=place.chat, now=place.chat.now(place.message), inline=True)
    chat, message = writable(world, parameters, method), parameters.get("message_id", 0)
    if message not in chat.messages:
        raise bad("message to edit not found", blame=message not in chat.gone)
    if message not in {sent.id for sent in chat.sent}:
        raise bad("message can't be edited")
    return _Target(chat=chat, now=chat.now(message), inline=False)


def _revise(world: World, target: _Target, content: Content, photo: bytes | None) -> Any:
    now = target.now
    if (content.text, content.entities, content.buttons, photo) == (now.text, now.entities, now.buttons, now.photo):
        same = "specified new message content and reply markup are exactly the same as a current content and reply markup"
        raise bad(f"message is not modified: {same} of the message", blame=False)
    count(world, target.chat)
    size = checked_photo(photo) if photo is not None else (0, 0)
    message = target.chat.revise(now.id, content, Media(photo=photo, size=size))
    return True if target.inline else message
