"""The world that the server serves: people, chats, updates, and what the bot has done wrong in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.e2e.telegram_server.chat import Chat
from tests.e2e.telegram_server.inline import InlineAnswer, InlineQueries, InlineResult
from tests.e2e.telegram_server.members import Member
from tests.e2e.telegram_server.menus import Menus
from tests.e2e.telegram_server.messages import Json, User
from tests.e2e.telegram_server.presses import Presses, Toast
from tests.e2e.telegram_server.rates import Meter
from tests.e2e.telegram_server.rooms import Channel, Group, PrivateChat
from tests.e2e.telegram_server.updates import Updates
from tests.patience import PATIENCE

TOKEN = "4200000001:AAtest-token_of_the_strict_server"
BOT = User(id=4200000001, first_name="Who says", username="WhoSaysTestBot", is_bot=True)

_Room = TypeVar("_Room", bound=Chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A message by its chat and its number there."""

    chat: Chat
    message: int


class World:
    """Users, chats and what happens in them; a test moves people in it, and looks at what the bot does."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        #: Each call, as its method and its chat, in order.
        self.calls: list[tuple[str, int | None]] = []
        #: What Telegram refuses though the bot could have known, what it would mend in silence, and presses left unanswered.
        self.faults_of_the_bot: list[str] = []
        self.menus = Menus()
        self.updates = Updates()
        self.presses = Presses(self.updates)
        self.inline = InlineQueries(self.updates)
        #: Messages that were sent through the bot, by the id under which it may edit them.
        self.sent_inline: dict[str, Place] = {}
        self.meter: Meter | None = None
        self.people: dict[int, User] = {}
        self._called = asyncio.Condition()

    @property
    def commands(self) -> list[Json]:
        """The commands of the default scope, in no particular language."""
        return self.menus.commands.get(("default", ""), [])

    @property
    def allowed_updates(self) -> list[str] | None:
        """The kinds of updates that the bot wants to be told of; None until it has said so."""
        return self.updates.allowed

    def strict_rates(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count from now on what is sent faster than Telegram allows as faults of the bot; `clock` gives seconds."""
        self.meter = Meter(clock)

    def person(self, name: str, *, language: str | None = None, username: str | None = None) -> User:
        """Return the person of a name, somebody new where the name is."""
        id_ = 1000 + sum(map(ord, name))
        while id_ in self.people and self.people[id_].first_name != name:
            id_ += 1
        self.people[id_] = User(id=id_, first_name=name, language_code=language, username=username)
        return self.people[id_]

    def private_chat(self, user: User) -> PrivateChat:
        """Return the chat of a person with the bot."""
        return self._with_bot(
            PrivateChat(id=user.id, type="private", bot=BOT, post=self.send_update, presses=self.presses, user=user), "member"
        )

    def group(
        self,
        *,
        privacy: bool = True,
        mentions: bool = True,
        topics: frozenset[int] = frozenset(),
        forum: bool = False,
        admins: tuple[User, ...] = (),
        basic: bool = False,
        bot: str = "member",
    ) -> Group:
        """Return a new group, a supergroup unless it is `basic`; `bot` is the bot's standing there ("left": it is not in).

        In privacy mode the bot is shown but commands and replies to it, and mentions if `mentions` says so. A group with topics
        of these ids is a forum. The first of the `admins` owns it.
        """
        group = Group(
            id=(-4000 if basic else -1000000) - len(self.chats), type="group" if basic else "supergroup", bot=BOT,
            post=self.send_update, presses=self.presses, privacy=privacy, mentions=mentions, forum=forum or bool(topics),
        )  # fmt: skip
        group.begin_forum(topics)
        for number, admin in enumerate(admins):
            group.join(admin, "administrator" if number else "creator")
        return self._with_bot(group, bot)

    def forum(self, *, privacy: bool = True, admins: tuple[User, ...] = ()) -> Group:
        """Return a new forum that has but its General topic; `open_topic` opens others."""
        return self.group(privacy=privacy, forum=True, admins=admins)

    def channel(self, *, linked: Group | None = None, bot: str = "administrator") -> Channel:
        """Return a new channel, whose posts go on into its linked group."""
        channel = Channel(
            id=-2000000 - len(self.chats), type="channel", bot=BOT, post=self.send_update, presses=self.presses, linked=linked,
            title="Channel",
        )  # fmt: skip
        return self._with_bot(channel, bot)

    def migrate(self, group: Group) -> Group:
        """Turn a group into a supergroup of another id, which is returned; the old one takes no messages any more."""
        new = self.group(privacy=group.privacy, mentions=group.mentions)
        group.become(new)
        return new

    def send_update(self, update: Json) -> int:
        """Queue any update that the bot wants to be told of; return its id."""
        return self.updates.post(update)

    def deliver_twice(self, update: int | None = None) -> None:
        """Deliver an update (the last one, if none is named) once more under the same id."""
        self.updates.again(update)

    def inline_query(self, user: User, text: str, *, chat_type: str = "supergroup", offset: str = "") -> str:
        """Let somebody write to the bot from any chat's line; return the query's id."""
        return self.inline.ask(user, text, chat_type, offset)

    async def expect_inline(self, query: str, within: float = PATIENCE) -> list[InlineResult]:
        """Return the results that the bot offers."""
        return (await self.inline.answered(query, within)).results

    async def inline_answer(self, query: str, within: float = PATIENCE) -> InlineAnswer:
        """Return the bot's whole answer to an inline query."""
        return await self.inline.answered(query, within)

    def choose(self, user: User, query: str, result: InlineResult, chat: Chat) -> int:
        """Let somebody send a result into a chat, through the bot; return the message's id."""
        assert self.inline.queries[query].user == user, "who asks may choose"
        markup = {"reply_markup": result.raw["reply_markup"]} if result.buttons else {}
        entities = [entity.json() for entity in result.entities]
        message = chat.add(user, text=result.text, entities=entities, via_bot=BOT.json(), **markup)
        chosen: Json = {"result_id": result.id, "from": user.json(), "query": self.inline.queries[query].text}
        if result.buttons:
            inline_id = f"inline-{len(self.sent_inline)}"
            chosen["inline_message_id"] = inline_id
            self.sent_inline[inline_id] = Place(chat=chat, message=message)
            chat.take_inline(message, result, inline_id)
        self.send_update({"chosen_inline_result": chosen})
        return message

    async def pressed_answered(self, query: str, within: float = PATIENCE) -> Toast:
        """Wait until the bot has answered a press; return all of its answer."""
        return await self.presses.answered(query, within)

    async def everything_read(self, within: float = PATIENCE) -> None:
        """Wait until the bot has fetched all updates and confirmed them."""
        await self.updates.everything_read(within)

    async def called(self, method: str, chat: Chat | None = None, *, times: int = 1, within: float = PATIENCE) -> None:
        """Wait until the bot has called a method (for a chat, if one is given) so many times."""

        def count() -> int:
            return sum(called == method and (chat is None or id_ == chat.id) for called, id_ in self.calls)

        async with asyncio.timeout(within), self._called:
            await self._called.wait_for(lambda: count() >= times)

    async def note_call(self, method: str, chat: int | None) -> None:
        """Keep a call of the bot's."""
        async with self._called:
            self.calls.append((method, chat))
            self._called.notify_all()

    def _with_bot(self, room: _Room, standing: str) -> _Room:
        if isinstance(room, PrivateChat | Group | Channel):
            room.members[BOT.id] = Member(user=BOT, status=standing)
        self.chats[room.id] = room
        return room
