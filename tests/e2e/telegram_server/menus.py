"""What a bot's profile and its menus show: commands by scope and language, descriptions, the menu button."""

from __future__ import annotations

import re
from typing import Any

from tests.e2e.telegram_server.messages import Json
from tests.e2e.telegram_server.refusal import bad

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class Menus:
    """All that setMyCommands, setMyDescription and the like have set."""

    def __init__(self) -> None:
        #: By scope ("default", "all_private_chats", "chat:5", "chat_member:5:7" …) and language ("" for all others).
        self.commands: dict[tuple[str, str], list[Json]] = {}
        #: By language.
        self.names: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        #: By chat, None for all others.
        self.buttons: dict[int | None, Json] = {}

    def set_commands(self, parameters: Json) -> bool:
        """Raise Refusal where a command breaks a rule."""
        commands = parameters.get("commands", [])
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if command.keys() != {"command", "description"} or not _COMMAND.fullmatch(command["command"]):
                raise bad(f"BOT_COMMAND_INVALID: {command}")
            if not command["description"].strip() or len(command["description"]) > 256:
                raise bad(f"BOT_COMMAND_DESCRIPTION_INVALID: {command}")
        if len({command["command"] for command in commands}) < len(commands):
            raise bad("a command is there twice")
        self.commands[_key(parameters)] = commands
        return True

    def delete_commands(self, parameters: Json) -> bool:
        """Forget the commands of a scope and language."""
        self.commands.pop(_key(parameters), None)
        return True

    def get_commands(self, parameters: Json) -> list[Json]:
        """Return the commands of just a scope and language."""
        return self.commands.get(_key(parameters), [])

    def set_text(self, kept: dict[str, str], parameters: Json, field: str, limit: int) -> bool:
        """Keep a text of the profile for a language. Raises Refusal."""
        text = parameters.get(field, "")
        if len(text) > limit:
            raise bad(f"{field} is longer than {limit} characters")
        kept[_language(parameters)] = text
        return True

    def set_button(self, parameters: Json) -> bool:
        """Keep the button beside the line in which somebody writes. Raises Refusal."""
        button: Any = parameters.get("menu_button", {"type": "default"})
        if button.get("type") not in {"default", "commands"}:
            raise bad("MENU_BUTTON_INVALID")
        self.buttons[parameters.get("chat_id")] = button
        return True


def _key(parameters: Json) -> tuple[str, str]:
    scope = parameters.get("scope", {"type": "default"})
    further = _SCOPES.get(scope.get("type"))
    if further is None or scope.keys() != {"type", *further}:
        raise bad(f"can't parse BotCommandScope: {scope}")
    return ":".join([scope["type"], *(str(scope[name]) for name in further)]), _language(parameters)


def _language(parameters: Json) -> str:
    language = parameters.get("language_code", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad(f"LANG_CODE_INVALID: {language}")
    return str(language)
