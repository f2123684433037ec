"""A chat as Telegram keeps it: what is said there, what the bot is shown of it, and what the bot sends and edits."""

from __future__ import annotations

import re
import time
import zlib
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tests.e2e.telegram_server.happenings import Happening, Happenings, Kind
from tests.e2e.telegram_server.messages import Content, Json, Sent, User
from tests.e2e.telegram_server.parse_mode import length16
from tests.e2e.telegram_server.presses import Presses
from tests.e2e.telegram_server.refusal import Refusal
from tests.patience import PATIENCE

_ADDRESSED = re.compile(r"(?<!\S)/(?P<command>[a-z0-9_]{1,32})(?P<bot>@\w+)?|(?<!\w)@(?P<mention>\w{4,32})", re.IGNORECASE)


class Post(Protocol):
    """Queues an update and returns its id."""

    def __call__(self, update: Json) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The picture of a message, if it has one, with its width and height."""

    photo: bytes | None = None
    size: tuple[int, int] = (0, 0)


@dataclass(kw_only=True, eq=False)
class Chat:
    """A chat: what is said in it goes to the bot as updates, what the bot sends comes to `sent`."""

    id: int
    type: str
    bot: User
    post: Post
    presses: Presses
    title: str = "Group"
    messages: dict[int, Json] = field(default_factory=dict)
    migrated_to: int | None = None
    held_until: float = 0.0
    #: Messages that were there and are no more.
    gone: set[int] = field(default_factory=set)
    #: The ids of messages sent inline, by the message's id.
    inline_ids: dict[int, str] = field(default_factory=dict)
    _states: dict[int, Sent] = field(default_factory=dict)
    _happenings: Happenings = field(default_factory=Happenings)

    @property
    def sent(self) -> list[Sent]:
        """All messages of the bot as they are now, in the order in which they were sent."""
        return [state for id_, state in self._states.items() if id_ not in self.inline_ids]

    def now(self, message: int | Sent) -> Sent:
        """Return a message of the bot, or one sent through it inline, as it is now."""
        return self._states[message if isinstance(message, int) else message.id]

    def say(self, user: User, text: str, *, reply_to: int | None = None, topic: int | None = None, **more: Any) -> int:
        """Say something, mentions and commands marked as Telegram marks them; return the message's id."""
        entities = more.pop("entities", None)
        return self.add(user, reply_to=reply_to, topic=topic, text=text, entities=entities or marked(text), **more)

    def add(self, user: User | None, *, reply_to: int | None = None, topic: int | None = None, **content: Any) -> int:
        """Put a message of any content into the chat; return its id."""
        id_ = self.next_id()
        sender = {"from": user.json()} if user else {}
        message: Json = {"message_id": id_, "date": int(time.time()), "chat": self.json(), **sender}
        message |= self._placed(reply_to, topic) | content
        self.messages[id_] = message
        if self.shown_to_bot(message):
            self.post(self.update(message))
        return id_

    def edit(self, user: User, message: int, text: str, **more: Any) -> int:
        """Let somebody edit a message of theirs; return the update's id, or 0 where the bot is not shown it."""
        edited = self.messages[message]
        assert edited.get("from", {}).get("id") == user.id, "people edit their own messages only"
        entities = more.pop("entities", None)
        edited |= {"text": text, "entities": entities or marked(text), "edit_date": int(time.time()), **more}
        return self.post(self.update(edited, edited=True)) if self.shown_to_bot(edited) else 0

    def delete(self, message: int) -> None:
        """Let somebody delete a message. Telegram tells the bot nothing."""
        del self.messages[message]
        self.gone.add(message)

    def press(self, user: User, message: int | Sent, text_or_data: str) -> str:
        """Press a button that stands under a message now, found as by `Sent.button`; return the query's id."""
        button = self.now(message).button(text_or_data)
        assert button.data is not None, f"{button.text!r} sends no data"
        return self.press_data(user, message, button.data)

    def press_data(self, user: User, message: int | Sent, data: str, *, inaccessible: bool = False) -> str:
        """Press a button of any data, as one that has gone meanwhile; return the query's id.

        A message that was deleted, or is too old for Telegram (`inaccessible`), comes without its words.
        """
        id_ = message if isinstance(message, int) else message.id
        if id_ in self.inline_ids:
            return self.presses.add(user, data, {"inline_message_id": self.inline_ids[id_]}, None)
        shown: Json = {"message_id": id_, "date": 0, "chat": self.json()}
        if id_ in self.messages and not inaccessible:
            shown = self.messages[id_]
        return self.presses.add(user, data, {"message": shown}, self.id)

    async def expect_message(self, within: float = PATIENCE) -> Sent:
        """Return the bot's next message here."""
        return (await self._happenings.take(within, Kind.SENT)).message

    async def expect_edit(self, message: int | Sent | None = None, within: float = PATIENCE) -> Sent:
        """Return the next edit, of a certain message if one is given, as the message's new state."""
        return (await self._happenings.take(within, Kind.EDITED, message.id if isinstance(message, Sent) else message)).message

    async def expect_deletion(self, message: int | Sent | None = None, within: float = PATIENCE) -> Sent:
        """Return the next message of the bot that it deletes."""
        return (await self._happenings.take(within, Kind.DELETED, message.id if isinstance(message, Sent) else message)).message

    async def expect_toast(self, query: str, within: float = PATIENCE) -> str | None:
        """Return the words with which the bot answers a press, None where it just takes note."""
        return (await self.presses.answered(query, within)).text

    async def silence(self, seconds: float = 0.25) -> None:
        """Fail if the bot says, edits or deletes, or has done so, anything more here."""
        try:
            happening: Happening = await self._happenings.take(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"the bot has {happening.kind.value}: {happening.message.text}")

    def shown_to_bot(self, message: Json) -> bool:
        """Say whether Telegram delivers a message to the bot."""
        return True

    def check_open(self, method: str) -> None:
        """Raise Refusal where the bot may not do that here."""
        if self.migrated_to is not None:
            description = "group chat was upgraded to a supergroup chat"
            raise Refusal(400, f"Bad Request: {description}", blame=False, migrate_to_chat_id=self.migrated_to)

    def check_topic(self, topic: int | None, method: str) -> None:
        """Raise Refusal where there is no such topic. Only a forum has any."""
        if topic is not None:
            raise Refusal(400, "Bad Request: message thread not found")

    def accept(self, content: Content, *, reply_to: int | None, topic: int | None, media: Media, silent: bool = False) -> Json:
        """Take a message from the bot."""
        sent = Sent(
            id=self.next_id(), text=content.text, entities=content.entities, buttons=content.buttons,
            reply_to=reply_to, topic=topic, photo=media.photo, silent=silent,
        )  # fmt: skip
        message: Json = {"message_id": sent.id, "date": int(time.time()), "chat": self.json(), **self.bots_name()}
        message |= self._placed(reply_to, topic) | wire(content, media)
        self.messages[sent.id] = message
        self._states[sent.id] = sent
        self._happenings.add(Kind.SENT, sent)
        return message

    def take_inline(self, message: int, content: Content, inline_id: str) -> None:
        """Keep a message that somebody has sent through the bot, which the bot may edit."""
        self.inline_ids[message] = inline_id
        self._states[message] = Sent(
            id=message, text=content.text, entities=content.entities, buttons=content.buttons, reply_to=None, topic=None
        )

    def revise(self, message: int, content: Content, media: Media) -> Json:
        """Take an edit from the bot."""
        before = self._states[message]
        self._states[message] = after = replace(
            before, text=content.text, entities=content.entities, buttons=content.buttons, photo=media.photo,
            history=(*before.history, before),
        )  # fmt: skip
        kept = {key: value for key, value in self.messages[message].items() if key not in _CONTENT}
        self.messages[message] = kept | {"edit_date": int(time.time())} | wire(content, media)
        self._happenings.add(Kind.EDITED, after)
        return self.messages[message]

    def remove(self, message: int) -> None:
        """Let the bot delete a message."""
        self.delete(message)
        if message in self._states:
            self._states[message] = replace(self._states[message], deleted=True)
            self._happenings.add(Kind.DELETED, self._states[message])

    def json(self) -> Json:
        """Return the Bot API's `Chat`."""
        return {"id": self.id, "type": self.type, **({} if self.type == "private" else {"title": self.title})}

    def update(self, message: Json, *, edited: bool = False) -> Json:
        """Return the update that brings a message."""
        return {"edited_message" if edited else "message": message}

    def bots_name(self) -> Json:
        """Return how the bot's messages are signed."""
        return {"from": self.bot.json()}

    def replying(self, reply_to: int) -> Json:
        """Return what a reply has besides."""
        return {"reply_to_message": {key: value for key, value in self.messages[reply_to].items() if key != "reply_to_message"}}

    def next_id(self) -> int:
        """Return the id of the next message."""
        return max([*self.messages, *self.gone], default=0) + 1

    def _placed(self, reply_to: int | None, topic: int | None) -> Json:
        """Return what a message has that is a reply, or is in a topic, where Telegram makes it a reply to what opened that."""
        replied = topic if reply_to is None and topic in self.messages else reply_to
        thread = {"message_thread_id": topic, "is_topic_message": True} if topic is not None else {}
        return {**(self.replying(replied) if replied is not None else {}), **thread}


_CONTENT = frozenset({"text", "entities", "caption", "caption_entities", "photo", "reply_markup"})


def wire(content: Content, media: Media) -> Json:
    """Return what a message says, as the Bot API has it."""
    entities = [entity.json() for entity in sorted(content.entities, key=lambda entity: (entity.offset, -entity.length))]
    said: Json = {}
    if media.photo is not None:
        width, height = media.size
        file = f"photo-{zlib.crc32(media.photo):08x}"
        size = {"file_id": file, "file_unique_id": file, "width": width, "height": height, "file_size": len(media.photo)}
        said["photo"] = [size]
    if content.text or media.photo is None:
        text, marks = ("text", "entities") if media.photo is None else ("caption", "caption_entities")
        said |= {text: content.text, **({marks: entities} if entities else {})}
    if content.buttons:
        said["reply_markup"] = {"inline_keyboard": [[button.raw for button in row] for row in content.buttons]}
    return said


def marked(text: str) -> list[Json]:
    """Return the mentions and commands of a text, as Telegram marks them."""
    return [
        {
            "type": "mention" if match["mention"] else "bot_command",
            "offset": length16(text[: match.start()]),
            "length": length16(match[0]),
        }
        for match in addressed(text)
    ]


def addressed(text: str) -> list[re.Match[str]]:
    """Return where a text calls a command or mentions somebody."""
    return list(_ADDRESSED.finditer(text))
