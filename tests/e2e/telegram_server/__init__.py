"""A Bot API server on loopback that is stricter than Telegram's own: what that lets pass, or mends in silence, fails here."""

from tests.e2e.telegram_server.chat import Chat
from tests.e2e.telegram_server.inline import InlineAnswer, InlineResult
from tests.e2e.telegram_server.messages import Button, Sent, User
from tests.e2e.telegram_server.presses import Toast
from tests.e2e.telegram_server.rooms import Channel, Group, PrivateChat
from tests.e2e.telegram_server.server import BotApi

__all__ = ["BotApi", "Button", "Channel", "Chat", "Group", "InlineAnswer", "InlineResult", "PrivateChat", "Sent", "Toast", "User"]
