"""The bot, put together: python-telegram-bot's `Application`, what deals with updates, and where they come from."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import ChainMap
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.again import Again
from bot.condition import Condition, Models
from bot.deliver import Delivery
from bot.drawing import Drawing
from bot.failing import Failing
from bot.ground import CONCURRENT_UPDATES, ChatStates, Stores, builder, token_of
from bot.handlers.alerts import AlertPresses
from bot.handlers.answering import Answering
from bot.handlers.card_presses import CardPresses
from bot.handlers.following import Topics
from bot.handlers.inline import Inline
from bot.handlers.membership import Membership
from bot.handlers.messages import Messages
from bot.handlers.operators import Operators
from bot.handlers.permission import Permission
from bot.handlers.presses import Presses
from bot.handlers.privacy import Privacy
from bot.handlers.questions import Questions
from bot.handlers.settings import SettingsMenu
from bot.handlers.start import Start
from bot.inbox import Inbox, InboxApplication
from bot.limits import Quota
from bot.members import Members
from bot.menu import offer
from bot.outbox import Sender
from bot.pace import Pace
from bot.phrases import load_catalogue
from bot.polling import Polling
from bot.records import Records
from bot.redact import keep_from_logs
from bot.replica import Replica
from bot.requests import CountedRequest
from bot.serving import LAST_WORDS, Beside, Service, serve, serve_until_told
from bot.source import REQUEST_TIMEOUT, Source
from bot.webhook import Webhook
from bot.worker import Engine, Worker
from whosays.chats import Chats
from whosays.config import Settings
from whosays.errors import ConfigError
from whosays.observe.metrics import BotMetrics
from whosays.outbox import Outbox
from whosays.parts import is_shared

__all__ = ["build", "run", "serve"]

_log = logging.getLogger(__name__)

#: Turning a page costs next to nothing, and a card has many.
PRESSES_TO_A_QUESTION = 5


def build(
    settings: Settings,
    engine: Engine,
    chats: Chats,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
    request_timeout: timedelta = REQUEST_TIMEOUT,
    beside: Sequence[Beside] = (),
    metrics: BotMetrics | None = None,
    sends_alerts: bool = True,
) -> Service:
    """Return the bot, ready to be served; `clock` gives the seconds that quotas and what is remembered of members count.

    `beside` is what else goes on beside answering, until it is told to stop. What it counts goes into `metrics`. Alerts may be
    other processes' to send.

    Raises ConfigError where there is no token, the phrases are not sound, or a webhook's secret is missing that several bots
    must share.
    """
    secret = _secret(settings)
    catalogue = load_catalogue(settings.data_folder)
    metrics = metrics or BotMetrics()
    worker = Worker(workers=settings.workers, queue=settings.queue)
    drawing = Drawing()
    stores = Stores.open(settings.store, chats)
    records, feeds, outbox = stores.records, stores.feeds, stores.outbox
    replica = Replica(records)
    inbox = Inbox(records, metrics, replica)

    async def close(_: object) -> None:
        worker.close()
        drawing.close()
        await stores.close()

    request = CountedRequest(metrics, request_timeout, CONCURRENT_UPDATES)
    application = _application(settings, inbox, request, close)
    states = ChatStates(records)
    delivery = Delivery(application.bot, Pace(time.monotonic), on_shut=states.shut, on_migrated=states.migrated)
    answering = Answering(
        engine=engine,
        worker=worker,
        drawing=drawing,
        records=records,
        feeds=feeds,
        delivery=delivery,
        members=Members(application.bot, clock),
        catalogue=catalogue,
        username=lambda: application.bot.username,
        now=now,
    )
    _add_handlers(application, answering, outbox, settings, clock)
    sending = (Sender(answering, outbox, settings, metrics).run,) if sends_alerts else ()
    again = Again(answering, outbox, settings, replica.leads)
    failing = Failing(answering, feeds, settings.admins, settings.alerts_every, replica.leads)
    source: Source
    if settings.webhook_url is not None:
        source = Webhook(application.bot, inbox, url=settings.webhook_url, listen=settings.webhook_listen, secret=secret)
    else:
        asking = CountedRequest(metrics, request_timeout, 1)
        source = Polling(application.bot, inbox, asking, request_timeout, replica.leads)
    models = Models(answering, worker, metrics)
    return Service(
        application=application,
        inbox=inbox,
        source=source,
        beside=(
            partial(offer, application.bot, catalogue, settings.admins),
            *sending,
            again.run,
            failing.run,
            models.prepare,
            *beside,
        ),
        health=Condition(answering, outbox, metrics, source).health(settings.metrics_listen, models=models.missing),
        secrets={"token": token_of(settings), "webhook secret": secret},
    )


def run(service: Service, *, last_words: timedelta = LAST_WORDS) -> None:
    """Serve until SIGINT or SIGTERM, with what goes on beside it. Raises ConfigError as `serve` does."""
    keep_from_logs(service.secrets, service.secrets["token"])
    asyncio.run(serve_until_told(service, last_words=last_words))


def _add_handlers(
    application: InboxApplication,
    answering: Answering,
    outbox: Records[Outbox],
    settings: Settings,
    clock: Callable[[], float],
) -> None:
    quota = Quota(person=settings.quota_person, chat=settings.quota_chat, clock=clock)
    person, chat = settings.quota_person * PRESSES_TO_A_QUESTION, settings.quota_chat * PRESSES_TO_A_QUESTION
    presses = Quota(person=person, chat=chat, clock=clock)
    questions = Questions(answering)
    permission = Permission(answering)
    topics, menu = Topics(answering, permission), SettingsMenu(answering, permission)
    privacy, operators = Privacy(answering, permission), Operators(answering, settings)
    start, on_cards = Start(answering, questions, settings), CardPresses(answering, questions, quota)
    commands = [part.commands for part in (start, questions, topics, menu, privacy, operators)]
    alerts = AlertPresses(answering, permission, outbox)
    buttons = [part.handlers for part in (on_cards, topics, alerts, menu, privacy, operators)]
    application.add_handlers(
        [
            MessageHandler(filters.ALL, Messages(answering, dict(ChainMap(*map(dict, commands))), quota, settings)),
            CallbackQueryHandler(Presses(answering, dict(ChainMap(*map(dict, buttons))), presses, settings)),
            InlineQueryHandler(Inline(answering, quota, settings)),
            ChatMemberHandler(Membership(answering, settings), ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )
    application.add_error_handler(_note_error)


def _application(
    settings: Settings, inbox: Inbox, request: BaseRequest, close: Callable[[object], Coroutine[object, object, None]]
) -> InboxApplication:
    application = (
        builder(settings, request)
        .application_class(InboxApplication)
        .concurrent_updates(CONCURRENT_UPDATES)
        .update_queue(inbox)
        .post_shutdown(close)
        .build()
    )
    if not isinstance(application, InboxApplication):
        raise TypeError("the builder was to make an application with an inbox")
    return application


def _secret(settings: Settings) -> str:
    """Return what tells Telegram's calls from others': as it was set, else drawn. Raises ConfigError."""
    if settings.webhook_secret is not None:
        return settings.webhook_secret
    if settings.webhook_url is not None and is_shared(settings.store):
        raise ConfigError(
            "WHOSAYS_WEBHOOK_SECRET is not set: bots that share a store in PostgreSQL are called by Telegram with one secret"
        )
    return secrets.token_urlsafe(32)


async def _note_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler could not deal with; the update stays out of the log, for it holds what people write."""
    _log.error("an update could not be dealt with", exc_info=context.error)
