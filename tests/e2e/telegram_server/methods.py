"""The methods of the Bot API that the server knows, each with the parameters that a bot of ours may give it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.e2e.telegram_server import editing, sending
from tests.e2e.telegram_server.members import Member
from tests.e2e.telegram_server.messages import Json
from tests.e2e.telegram_server.refusal import Refusal, bad
from tests.e2e.telegram_server.rooms import PeopledChat, PrivateChat
from tests.e2e.telegram_server.updates import is_webhook
from tests.e2e.telegram_server.world import BOT, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: Parameters that are text, whatever they look like.
TEXTS = frozenset({
    "text", "caption", "parse_mode", "action", "callback_query_id", "inline_query_id", "inline_message_id", "url", "secret_token",
    "language_code", "name", "description", "short_description", "next_offset",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method and the names of its parameters."""

    parameters: frozenset[str]
    run: Callable[[World, Json], Any]


def _get_me(world: World, parameters: Json) -> Json:
    return {
        **BOT.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _get_updates(world: World, parameters: Json) -> Awaitable[list[Json]]:
    world.updates.allowed = parameters.get("allowed_updates", world.updates.allowed)
    return world.updates.fetch(parameters.get("offset", 0), parameters.get("limit", 100), parameters.get("timeout", 0))


async def _set_webhook(world: World, parameters: Json) -> bool:
    url, secret = parameters.get("url", ""), parameters.get("secret_token")
    if url and not is_webhook(url):
        raise bad("bad webhook: an HTTPS URL must be provided for webhook")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= parameters.get("max_connections", 40) <= 100:
        raise bad("max_connections is out of range")
    world.updates.allowed = parameters.get("allowed_updates", world.updates.allowed)
    await world.updates.set_webhook(parameters)
    return True


async def _delete_webhook(world: World, parameters: Json) -> bool:
    await world.updates.set_webhook({key: value for key, value in parameters.items() if key == "drop_pending_updates"})
    return True


def _answer_callback_query(world: World, parameters: Json) -> bool:
    world.presses.answer(parameters)
    return True


def _answer_inline_query(world: World, parameters: Json) -> bool:
    world.inline.take(parameters)
    return True


def _peopled(world: World, parameters: Json, method: str) -> PeopledChat:
    chat = sending.chat_of(world, parameters, method)
    assert isinstance(chat, PeopledChat)
    return chat


def _get_chat_member(world: World, parameters: Json) -> Json:
    chat, user = _peopled(world, parameters, "getChatMember"), parameters.get("user_id", 0)
    if user in chat.members:
        return chat.members[user].json()
    if user not in world.people:
        raise bad("user not found", blame=False)
    return Member(user=world.people[user], status="left").json()


def _get_chat_administrators(world: World, parameters: Json) -> list[Json]:
    chat = _peopled(world, parameters, "getChatAdministrators")
    if isinstance(chat, PrivateChat):
        raise bad("there are no administrators in the private chat")
    return [member.json() for member in chat.members.values() if member.is_admin and not member.user.is_bot]


def _leave_chat(world: World, parameters: Json) -> bool:
    chat = _peopled(world, parameters, "leaveChat")
    if isinstance(chat, PrivateChat):
        raise bad("chat is private: it cannot be left")
    chat.make_bot(BOT, "left")
    return True


def _profile(kept: str, field: str, limit: int) -> Method:
    def set_text(world: World, parameters: Json) -> bool:
        return world.menus.set_text(getattr(world.menus, kept), parameters, field, limit)

    return _method(set_text, field, "language_code")


def _method(run: Callable[[World, Json], Any], *parameters: str) -> Method:
    return Method(parameters=frozenset(parameters), run=run)


_WHERE = ("chat_id", "message_thread_id", "reply_parameters", "reply_markup", "disable_notification", "protect_content")
_WHICH = ("chat_id", "message_id", "inline_message_id", "reply_markup")
METHODS: dict[str, Method] = {
    "getMe": _method(_get_me),
    "getUpdates": _method(_get_updates, "offset", "limit", "timeout", "allowed_updates"),
    "setWebhook": _method(_set_webhook, "url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"),
    "deleteWebhook": _method(_delete_webhook, "drop_pending_updates"),
    "getWebhookInfo": _method(lambda world, _: world.updates.webhook_info()),
    "sendMessage": _method(sending.send_message, "text", "parse_mode", "link_preview_options", *_WHERE),
    "sendPhoto": _method(sending.send_photo, "photo", "caption", "parse_mode", *_WHERE),
    "sendChatAction": _method(sending.send_chat_action, "chat_id", "message_thread_id", "action"),
    "editMessageText": _method(editing.edit_text, "text", "parse_mode", "link_preview_options", *_WHICH),
    "editMessageCaption": _method(editing.edit_caption, "caption", "parse_mode", *_WHICH),
    "editMessageMedia": _method(editing.edit_media, "media", *_WHICH),
    "editMessageReplyMarkup": _method(editing.edit_markup, *_WHICH),
    "deleteMessage": _method(editing.delete, "chat_id", "message_id"),
    "answerCallbackQuery": _method(_answer_callback_query, "callback_query_id", "text", "show_alert", "url", "cache_time"),
    "answerInlineQuery": _method(
        _answer_inline_query, "inline_query_id", "results", "cache_time", "is_personal", "next_offset", "button"
    ),
    "getChatMember": _method(_get_chat_member, "chat_id", "user_id"),
    "getChatAdministrators": _method(_get_chat_administrators, "chat_id"),
    "leaveChat": _method(_leave_chat, "chat_id"),
    "setMyCommands": _method(lambda world, given: world.menus.set_commands(given), "commands", "scope", "language_code"),
    "deleteMyCommands": _method(lambda world, given: world.menus.delete_commands(given), "scope", "language_code"),
    "getMyCommands": _method(lambda world, given: world.menus.get_commands(given), "scope", "language_code"),
    "setMyName": _profile("names", "name", 64),
    "setMyDescription": _profile("descriptions", "description", 512),
    "setMyShortDescription": _profile("short_descriptions", "short_description", 120),
    "setChatMenuButton": _method(lambda world, given: world.menus.set_button(given), "chat_id", "menu_button"),
}


def find(name: str, parameters: Json) -> Method:
    """Return a method, where it takes these parameters. Raises Refusal."""
    if name not in METHODS:
        raise Refusal(404, "Not Found", blame=True)
    # A file that another parameter points to comes under a name of its own.
    files = {key for key, value in parameters.items() if isinstance(value, bytes) and key.startswith("attached")}
    if unknown := parameters.keys() - METHODS[name].parameters - files:
        raise bad(f"unknown {', '.join(sorted(unknown))}")
    return METHODS[name]
