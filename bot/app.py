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
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.again import Again
from bot.condition import Condition
from bot.deliver import Delivery
from bot.drawing import Drawing
from bot.failing import Failing
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
from bot.limits import Pace, Quota
from bot.members import Members
from bot.menu import offer
from bot.outbox import Sender
from bot.phrases import load_catalogue
from bot.polling import Polling
from bot.records import Records
from bot.redact import keep_from_logs
from bot.requests import CountedRequest
from bot.serving import LAST_WORDS, Beside, Service, serve, serve_until_told
from bot.source import Source
from bot.webhook import Webhook
from bot.worker import Engine, Worker
from whosays.chats import Chats, ChatState
from whosays.config import Settings
from whosays.engine import open_feeds, open_outbox
from whosays.errors import ConfigError, StoreError
from whosays.observe.metrics import BotMetrics
from whosays.outbox import Outbox

__all__ = ["build", "run", "serve"]

_log = logging.getLogger(__name__)

#: Chats served at a time; the engine's threads are counted apart.
CONCURRENT_UPDATES = 256
REQUEST_TIMEOUT = timedelta(seconds=20)
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
) -> Service:
    """Return the bot, ready to be served; `clock` gives the seconds that quotas and what is remembered of members count.

    `beside` is what else goes on beside answering, until it is told to stop. What it counts goes into `metrics`.

    Raises ConfigError where there is no token or the phrases are not sound.
    """
    if settings.telegram_bot_token is None:
        raise ConfigError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it there")
    catalogue = load_catalogue(settings.data_folder)
    metrics = metrics or BotMetrics()
    worker = Worker(workers=settings.workers, queue=settings.queue)
    drawing = Drawing()
    records, feeds = Records(chats), Records(open_feeds(settings.store))
    outbox = Records(open_outbox(settings.store))
    inbox = Inbox(records, metrics)

    async def close(_: object) -> None:
        worker.close()
        drawing.close()
        records.close()
        await feeds(lambda feeds: feeds.close())
        feeds.close()
        await outbox(lambda outbox: outbox.close())
        outbox.close()

    request = CountedRequest(metrics, request_timeout, CONCURRENT_UPDATES)
    application = _application(settings.telegram_bot_token, settings.telegram_api_url, inbox, request, close)
    state = _State(records)
    delivery = Delivery(application.bot, Pace(time.monotonic), on_shut=state.shut, on_migrated=state.migrated)
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
    sender, again = Sender(answering, outbox, settings, metrics), Again(answering, outbox, settings)
    failing = Failing(answering, feeds, settings.admins, settings.alerts_every)
    secret = settings.webhook_secret or secrets.token_urlsafe(32)
    source = _source(settings, application, inbox, secret, metrics, request_timeout)
    condition = Condition(answering, outbox, worker, metrics, source)
    return Service(
        application=application,
        inbox=inbox,
        source=source,
        beside=(
            partial(offer, application.bot, catalogue, settings.admins),
            sender.run,
            again.run,
            failing.run,
            condition.prepare,
            *beside,
        ),
        health=condition.health(settings.metrics_listen),
        secrets={"token": settings.telegram_bot_token, "webhook secret": secret},
    )


def run(
    settings: Settings,
    engine: Engine,
    chats: Chats,
    *,
    last_words: timedelta = LAST_WORDS,
    beside: Sequence[Beside] = (),
    metrics: BotMetrics | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, with what goes on beside it. Raises ConfigError as `build` and `serve` do."""
    service = build(settings, engine, chats, beside=beside, metrics=metrics)
    keep_from_logs(service.secrets, settings.telegram_bot_token or "")
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
    token: str, api: str, inbox: Inbox, request: BaseRequest, close: Callable[[object], Coroutine[object, object, None]]
) -> InboxApplication:
    application = (
        Application.builder()
        .application_class(InboxApplication)
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .request(request)
        .concurrent_updates(CONCURRENT_UPDATES)
        .updater(None)
        .update_queue(inbox)
        .post_shutdown(close)
        .build()
    )
    if not isinstance(application, InboxApplication):
        raise TypeError("the builder was to make an application with an inbox")
    return application


def _source(
    settings: Settings,
    application: InboxApplication,
    inbox: Inbox,
    secret: str,
    metrics: BotMetrics,
    request_timeout: timedelta,
) -> Source:
    if settings.webhook_url is not None:
        return Webhook(application.bot, inbox, url=settings.webhook_url, listen=settings.webhook_listen, secret=secret)
    return Polling(application.bot, inbox, CountedRequest(metrics, request_timeout, 1), request_timeout)


class _State:
    """Keeps what sending shows of chats: that one takes no messages, or is a supergroup now."""

    def __init__(self, records: Records[Chats]) -> None:
        self._records = records

    async def shut(self, chat: int) -> None:
        def note(chats: Chats) -> None:
            known = chats.chat(chat)
            chats.set_state(chat, known.kind if known else _kind(chat), ChatState.SHUT)

        try:
            await self._records(note)
        except StoreError:
            _log.exception("that chat %s takes no messages cannot be kept", chat)

    async def migrated(self, old: int, new: int) -> None:
        try:
            await self._records(lambda chats: chats.migrate(old, new))
        except StoreError:
            _log.exception("that group %s has become %s cannot be kept", old, new)


def _kind(chat: int) -> str:
    """Return what a chat is by its id alone; channels, to which nothing is sent unasked, are numbered like supergroups."""
    if chat > 0:
        return "private"
    return "supergroup" if chat <= -1_000_000_000_000 else "group"


async def _note_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler could not deal with; the update stays out of the log, for it holds what people write."""
    _log.error("an update could not be dealt with", exc_info=context.error)
