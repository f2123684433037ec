"""Three addresses for whoever keeps processes running: `/healthz` (it lives), `/readyz` (it can do its work), `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from whosays.errors import ConfigError
from whosays.observe.metrics import Metrics

#: What one check may take: whoever asks has no patience.
_PATIENCE = 2.0

#: Returns why something is not ready, None where it is. What it says is shown: no secret, no address of a store.
Check = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Says how a process is, at the host and port `listen`.

    `checks` are what it needs to do its work, by name. `look` is awaited before numbers are given: it sets those that stand in
    the store.
    """

    listen: tuple[str, int]
    metrics: Metrics
    checks: Mapping[str, Check]
    look: Sequence[Callable[[], Awaitable[None]]] = ()

    @asynccontextmanager
    async def answering(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Answer for as long as the block lasts; from when `stop` is set the process is ready no more. Raises ConfigError."""
        application = web.Application()
        application.router.add_get("/healthz", self._lives)
        application.router.add_get("/metrics", self._numbers)

        async def ready(_: web.Request) -> web.Response:
            missing = {"process": "it is told to stop"} if stop.is_set() else await self._missing()
            return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)

        application.router.add_get("/readyz", ready)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            host, port = self.listen
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise ConfigError(f"WHOSAYS_METRICS_LISTEN is {host}:{port}, which cannot be had: {error.strerror}") from error
            yield
        finally:
            await runner.cleanup()

    async def _lives(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _numbers(self, _: web.Request) -> web.Response:
        for look in self.look:
            await look()
        # Some thousand lines are a few milliseconds: not in the event loop.
        body = await asyncio.to_thread(self.metrics.exposition)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _missing(self) -> dict[str, str]:
        found = await asyncio.gather(*map(_reason, self.checks.values()))
        return {name: reason for name, reason in zip(self.checks, found, strict=True) if reason is not None}


async def _reason(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await check()
    except TimeoutError:
        return f"it has not answered within {_PATIENCE:g} seconds"
    except Exception as error:
        # Its kind is enough here: what it says may be an address with a password.
        return f"it has failed ({type(error).__name__})"
