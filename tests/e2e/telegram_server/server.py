"""The Bot API over HTTP, with scripted faults."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from typing import Any, Self

from aiohttp import web
from aiohttp.web_request import FileField

from tests.e2e.telegram_server.chat import Chat
from tests.e2e.telegram_server.faults import Fault, Mishap, Script
from tests.e2e.telegram_server.messages import Json
from tests.e2e.telegram_server.methods import TEXTS, find
from tests.e2e.telegram_server.refusal import Refusal
from tests.e2e.telegram_server.world import BOT, TOKEN, World

__all__ = ["BOT", "TOKEN", "BotApi"]

_LARGEST_REQUEST = 50_000_000


class BotApi(World):
    """The server, and the world that it serves."""

    def __init__(self) -> None:
        super().__init__()
        self._script = Script()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()
        self.faults_of_the_bot += self.presses.owed()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is to be."""
        return f"http://127.0.0.1:{self._port}"

    async def up(self) -> None:
        """Listen, at the same address as before."""
        application = web.Application(client_max_size=_LARGEST_REQUEST)
        application.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.updates.resume()

    async def down(self) -> None:
        """Let go of all connections: who calls now is refused."""
        await self.updates.pause()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def refuse(
        self,
        method: str,
        chat: Chat | None = None,
        *,
        code: int = 429,
        retry_after: int | None = None,
        times: int = 1,
        description: str = "scripted",
    ) -> None:
        """Refuse the next calls with an error."""
        self._add(Mishap.REFUSED, method, chat, times, code=code, retry_after=retry_after, description=description)

    def leave_unanswered(self, method: str, chat: Chat | None = None, *, times: int = 1) -> None:
        """Do what the next calls ask, and never say so."""
        self._add(Mishap.UNANSWERED, method, chat, times)

    def drop(self, method: str, chat: Chat | None = None, *, times: int = 1) -> None:
        """Break the connection of the next calls."""
        self._add(Mishap.DROPPED, method, chat, times)

    def slow(self, method: str, seconds: float, chat: Chat | None = None, *, times: int = 1) -> None:
        """Do what the next calls ask, and say so only after a while."""
        self._add(Mishap.SLOW, method, chat, times, seconds=seconds)

    def _add(self, mishap: Mishap, method: str, chat: Chat | None, times: int, **more: Any) -> None:
        self._script.add(Fault(mishap=mishap, method=method, chat=chat.id if chat else None, times=times, **more))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        parameters = await _parameters(request)
        chat = self._chat_of(parameters)
        await self.note_call(method, chat)
        try:
            if request.match_info["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            fault = self._script.next(method, chat)
            if fault is not None and "callback_query_id" in parameters:
                self.presses.excuse(parameters["callback_query_id"])
            if fault is not None and fault.mishap is Mishap.REFUSED:
                raise self._scripted(fault, chat)
            if fault is not None and fault.mishap is Mishap.DROPPED:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            result = find(method, parameters).run(self, parameters)
            if inspect.isawaitable(result):
                result = await result
            if fault is not None:
                await asyncio.sleep(60 if fault.mishap is Mishap.UNANSWERED else fault.seconds)
        except Exception as error:
            # What is no refusal is a parameter of a form that no rule foresaw.
            refusal = error if isinstance(error, Refusal) else Refusal(500, f"Internal Server Error: {error!r}", blame=True)
            if refusal.blame:
                self.faults_of_the_bot.append(f"{method}: {refusal.description}")
            body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        return web.json_response({"ok": True, "result": result})

    def _chat_of(self, parameters: Json) -> int | None:
        if "callback_query_id" in parameters:
            return self.presses.chat_of(parameters["callback_query_id"])
        chat = parameters.get("chat_id")
        return chat if isinstance(chat, int) else None

    def _scripted(self, fault: Fault, chat: int | None) -> Refusal:
        if fault.retry_after is None:
            return Refusal(fault.code, fault.description, blame=False)
        if chat in self.chats:
            self.chats[chat].held_until = time.monotonic() + fault.retry_after
        return Refusal(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)


async def _parameters(request: web.Request) -> Json:
    given = {**request.query, **await request.post()}
    return {key: _value(key, value) for key, value in given.items()}


def _value(key: str, value: Any) -> Any:
    if isinstance(value, FileField):
        return value.file.read()
    if key in TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
