"""sendMessage, sendPhoto, sendChatAction."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.telegram_server.chat import Chat, Media
from tests.e2e.telegram_server.checks import checked_caption, checked_keyboard, checked_photo, checked_text
from tests.e2e.telegram_server.messages import Content, Json
from tests.e2e.telegram_server.refusal import bad
from tests.e2e.telegram_server.world import World


def chat_of(world: World, parameters: Json, method: str) -> Chat:
    """Return the chat that a call names. Raises Refusal where it is none, or is closed to the bot."""
    chat = world.chats.get(parameters.get("chat_id", 0))
    if chat is None:
        raise bad("chat not found")
    chat.check_open(method)
    return chat


def writable(world: World, parameters: Json, method: str) -> Chat:
    """Return the chat that a call writes to. Raises Refusal where the bot may not write there."""
    chat = chat_of(world, parameters, method)
    if time.monotonic() < chat.held_until:
        world.faults_of_the_bot.append(f"chat {chat.id} was written to though Telegram had asked to wait")
    chat.check_topic(parameters.get("message_thread_id"), method)
    return chat


def count(world: World, chat: Chat) -> None:
    """Count a message or an edit where the rates are watched."""
    if world.meter is not None:
        world.faults_of_the_bot += world.meter.count(chat.id)


def send_chat_action(world: World, parameters: Json) -> bool:
    """Show that the bot is at work."""
    writable(world, parameters, "sendChatAction")
    if parameters.get("action") not in {"typing", "upload_photo"}:
        raise bad("wrong parameter action in request")
    return True


def send_message(world: World, parameters: Json) -> Json:
    """Send a text."""
    chat = writable(world, parameters, "sendMessage")
    text, entities = checked_text(parameters)
    content = Content(text=text, entities=entities, buttons=checked_keyboard(parameters))
    return _send(world, chat, parameters, content, Media())


def send_photo(world: World, parameters: Json) -> Json:
    """Send a picture that comes with the request."""
    chat = writable(world, parameters, "sendPhoto")
    photo: Any = parameters.get("photo")
    size = checked_photo(photo)
    text, entities = checked_caption(parameters)
    content = Content(text=text, entities=entities, buttons=checked_keyboard(parameters))
    return _send(world, chat, parameters, content, Media(photo=photo, size=size))


def _send(world: World, chat: Chat, parameters: Json, content: Content, media: Media) -> Json:
    topic = parameters.get("message_thread_id")
    replied = _replied(chat, parameters.get("reply_parameters", {}), topic)
    count(world, chat)
    silent = parameters.get("disable_notification", False)
    return chat.accept(content, reply_to=replied, topic=topic, media=media, silent=silent)


def _replied(chat: Chat, reply: Json, topic: int | None) -> int | None:
    if unknown := reply.keys() - {"message_id", "allow_sending_without_reply"}:
        raise bad(f"unknown {', '.join(sorted(unknown))} of a reply")
    replied = reply.get("message_id")
    if replied is None:
        return None
    if replied not in chat.messages:
        if not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found", blame=replied not in chat.gone)
        return None
    said = chat.messages[replied]
    if said.get("is_topic_message") and said["message_thread_id"] != topic:
        raise bad(f"a reply to a message in topic {said['message_thread_id']} would go there, not to {topic}")
    if topic is not None and not said.get("is_topic_message"):
        raise bad(f"a reply to a message outside topic {topic} cannot go there")
    return int(replied)
