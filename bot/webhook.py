"""A webhook: Telegram calls, a proxy in front speaks TLS, and this listens behind it."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest

from bot.inbox import Inbox
from bot.source import ALLOWED_UPDATES, until_reached
from whosays.errors import ConfigError

_log = logging.getLogger(__name__)

#: Far beyond any update of Telegram's.
_LARGEST = 1024 * 1024
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """Listens on `listen`, a host and a port, for calls to the path of `url`, the public address, that know the secret.

    Who calls is told by the secret alone: what a proxy adds (X-Forwarded-For …) is not looked at.
    """

    def __init__(self, bot: Bot, inbox: Inbox, *, url: str, listen: tuple[str, int], secret: str) -> None:
        self._bot = bot
        self._inbox = inbox
        self._url = url
        self._listen = listen
        self._secret = secret.encode()
        self.reached = False

    async def run(self, stop: asyncio.Event) -> None:
        """Put what Telegram sends into the inbox until `stop` is set; what it sends then, it keeps and sends again.

        Raises ConfigError where the port cannot be had, or Telegram does not take the address.
        """
        application = web.Application(client_max_size=_LARGEST)
        application.router.add_post(urlsplit(self._url).path or "/", self._receive)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        try:
            host, port = self._listen
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise ConfigError(f"WHOSAYS_WEBHOOK_LISTEN is {host}:{port}, which cannot be had: {error.strerror}") from error
            if await self._introduce(stop):
                self.reached = True
                _log.info("@%s is called at port %s", self._bot.username, port)
                await stop.wait()
        finally:
            await runner.cleanup()

    async def _introduce(self, stop: asyncio.Event) -> bool:
        async def introduce() -> None:
            await self._bot.set_webhook(self._url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret.decode())

        try:
            return await until_reached(introduce, stop)
        except BadRequest as error:
            raise ConfigError(f"Telegram does not take WHOSAYS_WEBHOOK_URL: {error}") from error

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        if self._inbox.crowded:
            # Telegram calls again.
            return web.Response(status=503)
        try:
            data = json.loads(await request.read())
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
            return web.Response(status=400)
        await self._inbox.take(data, self._bot)
        return web.Response()
