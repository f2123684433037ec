"""Whoever keeps a bot running, for the tests: asks it over HTTP how it is, and reads its numbers as Prometheus does."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.patience import PATIENCE


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class Watcher:
    """Asks at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def get(self, path: str) -> tuple[int, str]:
        """Return a path's status and text; 0 where nobody listens."""
        try:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as response:
                return response.status, await response.text()
        except aiohttp.ClientConnectionError:
            return 0, ""

    async def missing(self) -> dict[str, str]:
        """Return what the bot still needs to do its work, and check that the status says the same."""
        status, text = await self.get("/readyz")
        said = json.loads(text)
        missing: dict[str, str] = said["missing"]
        assert (status, said["ready"]) == ((503, False) if missing else (200, True))
        return missing

    async def until_ready(self) -> None:
        """Wait until the bot is ready."""
        async with asyncio.timeout(PATIENCE):
            while (await self.get("/readyz"))[0] != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def numbers(self) -> dict[str, float]:
        """Return all samples, as `name{label="value"}` with the labels in order."""
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            _named(sample.name, sample.labels): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    async def until_counted(self, name: str) -> dict[str, float]:
        """Wait until there is such a number, and return all."""
        return await self.until(lambda numbers: numbers.get(name, 0) > 0)

    async def until(self, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """Wait until numbers are such, and return them."""
        async with asyncio.timeout(PATIENCE):
            while not holds(numbers := await self.numbers()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return numbers


def _named(name: str, labels: dict[str, str]) -> str:
    inner = ",".join(f'{key}="{labels[key]}"' for key in sorted(labels))
    return name.removeprefix("whosays_") + (f"{{{inner}}}" if inner else "")
