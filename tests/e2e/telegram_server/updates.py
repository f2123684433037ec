"""Updates on their way to the bot: fetched with getUpdates, or brought to its webhook."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.e2e.telegram_server.messages import Json
from tests.e2e.telegram_server.refusal import Refusal

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
#: Between tries to bring an update to a webhook that would not take it, which Telegram makes longer.
RETRY_PAUSE = 0.1


class Updates:
    """The queue. An update stays in it until the bot confirms it: by the next offset, or by answering its webhook with 2xx."""

    def __init__(self) -> None:
        self.allowed: list[str] | None = None
        #: What setWebhook was told, or None where the bot is to fetch.
        self.webhook: Json | None = None
        #: When each update was first handed to the bot, in seconds of the monotonic clock.
        self.delivered: dict[int, float] = {}
        self._pending: list[Json] = []
        self._again: list[Json] = []
        self._last: Json = {}
        self._last_id = 100
        self._kept: dict[int, Json] = {}
        self._arrived = asyncio.Event()
        self._confirmed = asyncio.Condition()
        self._fetching = 0
        self._bringing: asyncio.Task[None] | None = None
        self._last_error: tuple[int, str] | None = None

    def post(self, update: Json) -> int:
        """Queue an update that the bot wants to be told of; return its id.

        As at Telegram, one that comes before the bot has said which kinds it wants is delivered, of whatever kind it is.
        """
        self._last_id += 1
        if self.allowed and not any(kind in update for kind in self.allowed):
            return self._last_id
        self._kept[self._last_id] = {"update_id": self._last_id, **update}
        self._pending.append(self._kept[self._last_id])
        self._arrived.set()
        return self._last_id

    def force(self, update: Json) -> int:
        """Queue an update whether or not the bot wants its kind, as one that waited since before it has said so."""
        wanted, self.allowed = self.allowed, None
        try:
            return self.post(update)
        finally:
            self.allowed = wanted

    def again(self, update: int | None = None) -> None:
        """Deliver an update (the last one, if none is named) once more, confirmed or not."""
        self._again.append(self._kept[update or self._last_id])
        self._arrived.set()

    async def everything_read(self, within: float) -> None:
        """Wait until the bot has confirmed all that there was."""
        async with asyncio.timeout(within), self._confirmed:
            await self._confirmed.wait_for(lambda: not self._pending and not self._again)

    async def fetch(self, offset: int, limit: int, wait: float) -> list[Json]:
        """Return what waits from an update's id on, and forget all before it. Raises Refusal."""
        if self.webhook is not None:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        await self._confirm(lambda update: update["update_id"] < offset)
        self._fetching = mine = self._fetching + 1
        self._arrived.set()
        deadline = time.monotonic() + wait
        while not (self._again or self._pending):
            self._arrived.clear()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._arrived.wait()
            except TimeoutError:
                break
            if mine != self._fetching:
                raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot is running")
        again, self._again = self._again, []
        found = sorted([*again, *self._pending], key=lambda update: int(update["update_id"]))[:limit]
        for update in found:
            self.delivered.setdefault(update["update_id"], time.monotonic())
        return found

    async def set_webhook(self, parameters: Json) -> None:
        """Bring updates to an address from now on, or stop to do so where it is empty."""
        if parameters.get("drop_pending_updates"):
            await self._confirm(lambda _: True)
        await self.pause()
        self.webhook = parameters if parameters.get("url") else None
        self.resume()

    def webhook_info(self) -> Json:
        """Return the Bot API's `WebhookInfo`."""
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._pending)}
        if self.webhook is not None:
            info |= {"url": self.webhook["url"], "max_connections": self.webhook.get("max_connections", 40)}
        if self.allowed:
            info["allowed_updates"] = self.allowed
        if self._last_error is not None:
            info |= dict(zip(("last_error_date", "last_error_message"), self._last_error, strict=True))
        return info

    def resume(self) -> None:
        """Go on bringing updates to the webhook, if there is one."""
        if self.webhook is not None and self._bringing is None:
            self._bringing = asyncio.create_task(self._bring(self.webhook))

    async def pause(self) -> None:
        """Bring nothing any more."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.gather(self._bringing, return_exceptions=True)
            self._bringing = None

    async def _confirm(self, confirmed: Any) -> None:
        async with self._confirmed:
            self._pending = [update for update in self._pending if not confirmed(update)]
            self._confirmed.notify_all()

    async def _bring(self, webhook: Json) -> None:
        secret = {SECRET_HEADER: webhook["secret_token"]} if "secret_token" in webhook else {}
        async with ClientSession(headers=secret, timeout=ClientTimeout(total=20)) as client:
            while True:
                while not (self._again or self._pending):
                    self._arrived.clear()
                    await self._arrived.wait()
                repeated = bool(self._again)
                update = (self._again or self._pending)[0]
                if not await self._taken(client, webhook["url"], update):
                    await asyncio.sleep(RETRY_PAUSE)
                elif repeated:
                    self._again.pop(0)
                    await self._confirm(lambda _: False)
                else:
                    await self._confirm(lambda other, taken=update: other is taken)

    async def _taken(self, client: ClientSession, url: str, update: Json) -> bool:
        try:
            async with client.post(url, json=update) as response:
                if response.ok:
                    self.delivered.setdefault(update["update_id"], time.monotonic())
                    return True
                self._last_error = int(time.time()), f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, TimeoutError) as error:
            self._last_error = int(time.time()), f"Connection failed: {error}"
        return False


def is_webhook(url: str) -> bool:
    """Say whether Telegram would bring updates to an address; this one takes plain HTTP, too, within the machine."""
    address = urlsplit(url)
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in {"127.0.0.1", "localhost"})
