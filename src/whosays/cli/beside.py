"""The poller beside the bot: a process of its own, started again when it dies, which ends with the bot."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from whosays.config import Settings
from whosays.observe.handed import MOST, Handed

_log = logging.getLogger(__name__)

#: What the poller has no use for: it is seen where the bot is.
_NOT_PASSED_ON = (
    "WHOSAYS_METRICS_LISTEN",
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_BOT_TOKEN_FILE",
    "WHOSAYS_WEBHOOK_SECRET",
    "WHOSAYS_WEBHOOK_SECRET_FILE",
    "WHOSAYS_STORE_FILE",
)
#: Before it is started again; one that has lived for long is started at once.
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 15, 60, 300))
_LIVED_LONG = timedelta(minutes=10)
#: How long it may take to finish what is at hand; the bot itself does not wait longer for what goes on beside it.
_LAST_WORDS = timedelta(seconds=1.5)


class PollerBeside:
    """Runs `whosays poll` with the settings of the bot, for as long as the bot runs; the numbers it counts are `handed` over."""

    def __init__(self, settings: Settings, config: Path | None, handed: Handed) -> None:
        self._handed = handed
        self._command = [sys.executable, "-m", "whosays", "poll", "--until-stdin-ends"]
        self._command += ["--config", str(config)] if config is not None else []
        # Not in the command, which everybody on the machine may see: a password may stand in the address.
        self._given = {"WHOSAYS_THREADS": str(settings.threads), "WHOSAYS_STORE": settings.store}

    async def run(self, stop: asyncio.Event) -> None:
        """Start it again and again until `stop` is set."""
        deaths = 0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            started = loop.time()
            process = await self._start()
            ended, told = asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())
            reading = asyncio.ensure_future(self._read(process))
            try:
                await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                told.cancel()
                reading.cancel()
                await _end(process)
            if stop.is_set():
                return
            deaths = 0 if loop.time() - started > _LIVED_LONG.total_seconds() else deaths
            pause = _PAUSES[min(deaths, len(_PAUSES) - 1)]
            deaths += 1
            _log.error("the poller has ended (%s); it is started again in %g s", process.returncode, pause.total_seconds())
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause.total_seconds())

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is not None:
            await self._handed.read(process.stdout)

    async def _start(self) -> asyncio.subprocess.Process:
        passed_on = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        # A signal to the bot's group is not the poller's: it ends when the pipe does, however the bot ends.
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MOST,
            env={**passed_on, **self._given},
            start_new_session=True,
        )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _LAST_WORDS.total_seconds())
        return
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
