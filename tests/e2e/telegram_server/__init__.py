"""A Bot API server on loopback that is stricter than Telegram's own: what that lets pass, or mends in silence, fails here.

`server.py` speaks HTTP, `world.py` holds users, chats and messages, `parse_mode.py` reads Telegram's HTML.
"""

from tests.e2e.telegram_server.server import BotApi
from tests.e2e.telegram_server.world import Chat, Sent, User

__all__ = ["BotApi", "Chat", "Sent", "User"]
