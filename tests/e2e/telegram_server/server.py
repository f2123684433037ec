"""The Bot API over HTTP, with scripted faults."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

from aiohttp import web

from tests.e2e.telegram_server.parse_mode import ParseError, length16, parse_html
from tests.e2e.telegram_server.world import Chat, Json, User

TOKEN = "4200000001:AAtest-token_of_the_strict_server"
BOT = User(id=4200000001, first_name="Who says", username="WhoSaysTestBot", is_bot=True)

_PARAMETERS: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "deleteWebhook": {"drop_pending_updates"},
    "setMyCommands": {"commands", "scope", "language_code"},
    "sendChatAction": {"chat_id", "message_thread_id", "action"},
    "sendMessage": {"chat_id", "message_thread_id", "text", "parse_mode", "link_preview_options", "reply_parameters"},
}


class Refusal(Exception):
    """What Telegram answers with where it does not do as told."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Mishap(Enum):
    """What befalls a request."""

    REFUSED = auto()
    #: It is done, but its answer never comes.
    UNANSWERED = auto()
    #: It is not done, and the connection breaks.
    DROPPED = auto()


@dataclass(slots=True, kw_only=True)
class Fault:
    """A mishap that the next `times` calls of a method meet (in one chat, if it names one)."""

    mishap: Mishap
    method: str
    chat: int | None
    times: int
    code: int = 500
    retry_after: int | None = None


class BotApi:
    """The server, and the world that it serves."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.commands: list[Json] = []
        self.allowed_updates: list[str] | None = None
        #: Each call, as its method and its chat, in order.
        self.calls: list[tuple[str, int | None]] = []
        #: Refusals that no test has scripted: the bot's own faults.
        self.faults_of_the_bot: list[str] = []
        self._updates: list[Json] = []
        self._last_update = 100
        self._arrived = asyncio.Event()
        self._confirmed = asyncio.Condition()
        self._called = asyncio.Condition()
        self._script: list[Fault] = []
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is to be."""
        return f"http://127.0.0.1:{self._port}"

    async def up(self) -> None:
        """Listen, at the same address as before."""
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Let go of all connections: who calls now is refused."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def person(self, name: str) -> User:
        """Return somebody new."""
        return User(id=1000 + sum(map(ord, name)), first_name=name)

    def private_chat(self, user: User) -> Chat:
        """Return the chat of a person with the bot."""
        return self._chat(user.id, "private")

    def group(self, *, privacy: bool = True, topics: frozenset[int] = frozenset()) -> Chat:
        """Return a new group that the bot is in."""
        return self._chat(-1000000 - len(self.chats), "supergroup", privacy=privacy, topics=topics)

    def refuse(
        self, method: str, chat: Chat | None = None, *, code: int = 429, retry_after: int | None = None, times: int = 1
    ) -> None:
        """Refuse the next calls with an error."""
        self._add(Mishap.REFUSED, method, chat, times, code, retry_after)

    def leave_unanswered(self, method: str, chat: Chat | None = None, *, times: int = 1) -> None:
        """Do what the next calls ask, and never say so."""
        self._add(Mishap.UNANSWERED, method, chat, times)

    def drop(self, method: str, chat: Chat | None = None, *, times: int = 1) -> None:
        """Break the connection of the next calls."""
        self._add(Mishap.DROPPED, method, chat, times)

    def send_update(self, update: Json) -> int:
        """Queue any update that the bot wants to be told of; return its id.

        As at Telegram, one that comes before the bot has said which kinds it wants is delivered, of whatever kind it is.
        """
        self._last_update += 1
        if self.allowed_updates and not any(kind in update for kind in self.allowed_updates):
            return self._last_update
        self._updates.append({"update_id": self._last_update, **update})
        self._arrived.set()
        return self._last_update

    async def everything_read(self) -> None:
        """Wait until the bot has fetched all updates and confirmed them."""
        async with asyncio.timeout(5), self._confirmed:
            await self._confirmed.wait_for(lambda: not self._updates)

    async def called(self, method: str, chat: Chat) -> None:
        """Wait until the bot has called a method for a chat."""
        async with asyncio.timeout(5), self._called:
            await self._called.wait_for(lambda: (method, chat.id) in self.calls)

    def _add(
        self, mishap: Mishap, method: str, chat: Chat | None, times: int, code: int = 500, retry_after: int | None = None
    ) -> None:
        chat_id = chat.id if chat else None
        self._script.append(Fault(mishap=mishap, method=method, chat=chat_id, times=times, code=code, retry_after=retry_after))

    def _chat(self, id_: int, type_: str, *, privacy: bool = True, topics: frozenset[int] = frozenset()) -> Chat:
        chat = Chat(id=id_, type=type_, bot=BOT, post=self._post, privacy=privacy, topics=topics)
        self.chats[id_] = chat
        return chat

    def _post(self, _: Chat, message: Json) -> int:
        return self.send_update({"message": message})

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        parameters = await _parameters(request)
        chat = parameters.get("chat_id")
        async with self._called:
            self.calls.append((method, chat))
            self._called.notify_all()
        try:
            if request.match_info["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            mishap = self._befalling(method, chat)
            if mishap is Mishap.DROPPED:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            result = await self._call(method, parameters)
            if mishap is Mishap.UNANSWERED:
                await asyncio.sleep(60)
        except Refusal as refusal:
            if refusal.code == 400:
                self.faults_of_the_bot.append(f"{method}: {refusal.description}")
            body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        return web.json_response({"ok": True, "result": result})

    def _befalling(self, method: str, chat: int | None) -> Mishap | None:
        for fault in self._script:
            if fault.times and fault.method == method and fault.chat in {None, chat}:
                fault.times -= 1
                if fault.mishap is not Mishap.REFUSED:
                    return fault.mishap
                if fault.retry_after is None:
                    raise Refusal(fault.code, "scripted")
                if chat in self.chats:
                    self.chats[chat].held_until = time.monotonic() + fault.retry_after
                raise Refusal(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        return None

    async def _call(self, method: str, parameters: Json) -> Any:
        if method not in _PARAMETERS:
            raise Refusal(404, "Not Found")
        if unknown := parameters.keys() - _PARAMETERS[method]:
            raise Refusal(400, f"Bad Request: unknown {', '.join(sorted(unknown))}")
        match method:
            case "getMe":
                return {**BOT.json(), "can_join_groups": True, "can_read_all_group_messages": False}
            case "getUpdates":
                return await self._get_updates(parameters)
            case "setMyCommands":
                self.commands = parameters["commands"]
            case "sendChatAction":
                self._writable(parameters)
                if parameters.get("action") != "typing":
                    raise Refusal(400, "Bad Request: wrong parameter action in request")
            case "sendMessage":
                return self._send_message(parameters)
        return True

    async def _get_updates(self, parameters: Json) -> list[Json]:
        self.allowed_updates = parameters.get("allowed_updates", self.allowed_updates)
        async with self._confirmed:
            self._updates = [update for update in self._updates if update["update_id"] >= parameters.get("offset", 0)]
            self._confirmed.notify_all()
        deadline = time.monotonic() + parameters.get("timeout", 0)
        while not self._updates:
            self._arrived.clear()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._arrived.wait()
            except TimeoutError:
                break
        return self._updates[: parameters.get("limit", 100)]

    def _writable(self, parameters: Json) -> Chat:
        chat = self.chats.get(parameters.get("chat_id", 0))
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat.migrated_to is not None:
            raise Refusal(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if time.monotonic() < chat.held_until:
            self.faults_of_the_bot.append(f"chat {chat.id} was written to though Telegram had asked to wait")
        topic = parameters.get("message_thread_id")
        if topic is not None and topic not in chat.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        return chat

    def _send_message(self, parameters: Json) -> Json:
        chat = self._writable(parameters)
        if parameters.get("parse_mode") != "HTML":
            raise Refusal(400, "Bad Request: unsupported parse_mode")
        if not parameters.get("link_preview_options", {}).get("is_disabled"):
            raise Refusal(400, "Bad Request: a preview would bury the answer")
        try:
            text, entities = parse_html(parameters.get("text", ""))
        except ParseError as error:
            raise Refusal(400, f"Bad Request: can't parse entities: {error}") from error
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if length16(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        if len(entities) > 100:
            raise Refusal(400, "Bad Request: Telegram would drop the entities after the hundredth")
        if text != text.strip():
            raise Refusal(400, "Bad Request: Telegram would trim the text, and shift what is counted in it")
        reply = parameters.get("reply_parameters", {})
        replied = reply.get("message_id")
        if replied is not None and replied not in chat.messages:
            if not reply.get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
            replied = None
        return chat.accept(text, entities, replied, parameters.get("message_thread_id"))


async def _parameters(request: web.Request) -> Json:
    given = {**request.query, **await request.post()}
    return {key: _value(value) if key != "text" else value for key, value in given.items()}


def _value(text: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
