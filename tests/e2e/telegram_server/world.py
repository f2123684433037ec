"""Users, chats and messages as Telegram keeps them, and which of them a bot is shown."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.telegram_server.parse_mode import Entity, length16, quotations, words

Json = dict[str, Any]

_ADDRESSED = re.compile(r"(?<!\S)/(?P<command>[a-z0-9_]{1,32})(?P<bot>@\w+)?|(?<!\w)@(?P<mention>\w{4,32})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        """Return the Bot API's `User`."""
        username = {"username": self.username} if self.username else {}
        return {"id": self.id, "first_name": self.first_name, "is_bot": self.is_bot, **username}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that the bot has sent."""

    id: int
    text: str
    entities: list[Entity]
    reply_to: int | None
    topic: int | None

    @property
    def quotations(self) -> list[str]:
        """What stands in its block quotes."""
        return quotations(self.text, self.entities)

    def words(self, entity: Entity) -> str:
        """Return what one of its entities covers."""
        return words(self.text, entity)

    @property
    def links(self) -> list[str]:
        """The addresses that it links to."""
        return [entity.url for entity in self.entities if entity.url]


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat: what is said in it goes to the bot as updates, what the bot sends comes to `sent`."""

    id: int
    type: str
    bot: User
    post: Callable[[Chat, Json], int]
    privacy: bool = True
    topics: frozenset[int] = frozenset()
    messages: dict[int, Json] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    migrated_to: int | None = None
    held_until: float = 0.0
    _unread: asyncio.Queue[Sent] = field(default_factory=asyncio.Queue)

    def say(self, user: User, text: str, *, reply_to: int | None = None, topic: int | None = None, **more: Any) -> int:
        """Say something, mentions and commands marked as Telegram marks them; return the message's id."""
        entities = more.pop("entities", None)
        return self.add(user, reply_to=reply_to, topic=topic, text=text, entities=entities or _marked(text), **more)

    def add(self, user: User, *, reply_to: int | None = None, topic: int | None = None, **content: Any) -> int:
        """Put a message of any content into the chat; return its id."""
        id_ = self._next_id()
        message: Json = {"message_id": id_, "date": int(time.time()), "chat": self.json(), "from": user.json(), **content}
        if reply_to is not None:
            message["reply_to_message"] = {
                key: value for key, value in self.messages[reply_to].items() if key != "reply_to_message"
            }
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        self.messages[id_] = message
        if self.shown_to_bot(message):
            self.post(self, message)
        return id_

    def shown_to_bot(self, message: Json) -> bool:
        """Say whether Telegram delivers a message to the bot.

        With privacy mode (https://core.telegram.org/bots/features#privacy-mode) a group's bot is shown commands meant for it,
        general commands if it was the last bot to write, replies to it, and service messages. The list there does not name
        mentions; they are delivered all the same, and the bot must do right by either.
        """
        if self.type == "private" or not self.privacy or not ("text" in message or "caption" in message):
            return True
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id:
            return True
        found = _ADDRESSED.finditer(message["text"] if "text" in message else message["caption"])
        mine = f"{self.bot.username}".lower()
        return any(
            (match["mention"] or "").lower() == mine or (match["command"] and self._takes_command(match["bot"]))
            for match in found
        )

    def accept(self, text: str, entities: list[Entity], reply_to: int | None, topic: int | None) -> Json:
        """Take a message from the bot."""
        id_ = self._next_id()
        message: Json = {"message_id": id_, "date": int(time.time()), "chat": self.json(), "from": self.bot.json(), "text": text}
        self.messages[id_] = message
        sent = Sent(id=id_, text=text, entities=entities, reply_to=reply_to, topic=topic)
        self.sent.append(sent)
        self._unread.put_nowait(sent)
        return message

    async def expect_message(self, within: float = 5.0) -> Sent:
        """Return the bot's next message here."""
        async with asyncio.timeout(within):
            return await self._unread.get()

    async def silence(self, seconds: float = 0.25) -> None:
        """Fail if the bot says, or has said, anything more here."""
        try:
            sent = await self.expect_message(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"the bot has said: {sent.text}")

    def json(self) -> Json:
        """Return the Bot API's `Chat`."""
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.type, **({} if self.type == "private" else {"title": "Group"}), **forum}

    def _takes_command(self, addressed: str | None) -> bool:
        if addressed is not None:
            return addressed.lower() == f"@{self.bot.username}".lower()
        return bool(self.sent)

    def _next_id(self) -> int:
        return max(self.messages, default=0) + 1


def _marked(text: str) -> list[Json]:
    return [
        {
            "type": "mention" if match["mention"] else "bot_command",
            "offset": length16(text[: match.start()]),
            "length": length16(match[0]),
        }
        for match in _ADDRESSED.finditer(text)
    ]
