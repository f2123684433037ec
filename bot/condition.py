"""How a bot is: whether it can do its work yet, and the numbers that are looked up when they are asked for."""

from __future__ import annotations

import asyncio
import logging
import math

from bot.handlers.answering import Answering
from bot.records import Records
from bot.source import Source
from bot.speaking import Speaking
from bot.worker import Worker
from whosays.errors import StoreError
from whosays.observe.health import Check, Health
from whosays.observe.metrics import BotMetrics
from whosays.outbox import Outbox

_log = logging.getLogger(__name__)


class Models:
    """Has the models loaded, and knows whether they are."""

    def __init__(self, answering: Answering, worker: Worker, metrics: BotMetrics) -> None:
        self._answering = answering
        self._missing: str | None = "they are being loaded"
        metrics.questions_at_work.set_function(lambda: worker.at_work)
        metrics.questions_waiting.set_function(lambda: worker.waiting)

    async def prepare(self, _: asyncio.Event) -> None:
        """Load what the first question would have to wait for, once no question waits itself."""
        try:
            await self._answering.compute_spare(self._answering.engine.prepare)
        except Exception:
            # Whoever asks is told so, each time anew: what is missing may come.
            _log.exception("the models cannot be loaded")
            self._missing = "they cannot be loaded: the log says why"
        else:
            self._missing = None

    async def missing(self) -> str | None:
        """Return why they are not there; None once they are."""
        return self._missing


class Condition:
    """Knows how a process that talks to Telegram is."""

    def __init__(self, speaking: Speaking, outbox: Records[Outbox], metrics: BotMetrics, source: Source) -> None:
        self._speaking = speaking
        self._outbox = outbox
        self._metrics = metrics
        self._source = source

    def health(self, listen: tuple[str, int] | None, **more: Check) -> Health | None:
        """Return what says how the bot is to whoever asks at a host and port; None where nobody is to ask.

        `more` is what else the process needs to do its work.
        """
        if listen is None:
            return None
        checks = {"telegram": self._telegram, "store": self._store, **more}
        return Health(listen=listen, metrics=self._metrics, checks=checks, look=(self._count_alerts,))

    async def _telegram(self) -> str | None:
        return None if self._source.reached else "it has not been reached yet"

    async def _store(self) -> str | None:
        await self._speaking.records(lambda chats: chats.chat(0))
        return None

    async def _count_alerts(self) -> None:
        now = self._speaking.now()
        try:
            waiting = await self._outbox(lambda outbox: outbox.waiting(now))
        except StoreError:
            _log.exception("how many alerts wait cannot be counted")
            self._metrics.alerts_waiting.set(math.nan)
            self._metrics.alerts_overdue.set(math.nan)
        else:
            self._metrics.alerts_waiting.set(waiting.alerts)
            self._metrics.alerts_overdue.set(waiting.overdue.total_seconds())
