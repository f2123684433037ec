"""A process that sends alerts and does nothing else: it takes no updates and needs no models, and any number of them may run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.condition import Condition
from bot.deliver import Delivery
from bot.ground import CONCURRENT_UPDATES, ChatStates, Stores, builder, token_of
from bot.outbox import Sender
from bot.pace import Pace
from bot.phrases import load_catalogue
from bot.requests import CountedRequest
from bot.serving import Service
from bot.source import REQUEST_TIMEOUT, Nothing
from bot.speaking import Speaking
from whosays.chats import Chats
from whosays.config import Settings
from whosays.observe.metrics import BotMetrics


def build_sender(
    settings: Settings,
    chats: Chats,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    request_timeout: timedelta = REQUEST_TIMEOUT,
    metrics: BotMetrics | None = None,
) -> Service:
    """Return a sender of alerts, ready to be served. Raises ConfigError where there is no token or the phrases are not sound."""
    catalogue, metrics = load_catalogue(settings.data_folder), metrics or BotMetrics()
    stores = Stores.open(settings.store, chats)

    async def close(_: object) -> None:
        await stores.close()

    request = CountedRequest(metrics, request_timeout, CONCURRENT_UPDATES)
    application = builder(settings, request).post_shutdown(close).build()
    states = ChatStates(stores.records)
    delivery = Delivery(application.bot, Pace(time.monotonic), on_shut=states.shut, on_migrated=states.migrated)
    speaking = Speaking(records=stores.records, delivery=delivery, catalogue=catalogue, now=now)
    source = Nothing()
    return Service(
        application=application,
        inbox=None,
        source=source,
        beside=(Sender(speaking, stores.outbox, settings, metrics).run,),
        health=Condition(speaking, stores.outbox, metrics, source).health(settings.metrics_listen),
        secrets={"token": token_of(settings)},
    )
