"""The bot as a running thing: python-telegram-bot's `Application`, long polling, a graceful end."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes

from bot.deliver import Delivery
from bot.handlers import commands, questions
from bot.handlers.answering import Answering
from bot.limits import Pace
from bot.phrases import load_phrases
from bot.redact import keep_from_logs
from bot.worker import Engine, Worker
from whosays.config import Settings
from whosays.errors import ConfigError

_log = logging.getLogger(__name__)

Bot = Application[Any, Any, Any, Any, Any, Any]

#: What the bot is told of at all; edits, posts in channels and the rest stay with Telegram.
ALLOWED_UPDATES = [Update.MESSAGE]
#: Chats served at a time; the engine's threads are counted apart.
CONCURRENT_UPDATES = 256
POLL = timedelta(seconds=30)
REQUEST_TIMEOUT = timedelta(seconds=20)
#: How long answers under way may take to get out once the bot is told to stop.
LAST_WORDS = timedelta(seconds=20)
#: Between tries to reach Telegram at the start.
START_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 30))


def build(
    settings: Settings,
    engine: Engine,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    request_timeout: timedelta = REQUEST_TIMEOUT,
) -> Bot:
    """Return the bot, ready to be served. Raises ConfigError where there is no token or the phrases are not sound."""
    if settings.telegram_bot_token is None:
        raise ConfigError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it there")
    phrases = load_phrases(settings.data_folder)
    seconds = request_timeout.total_seconds()
    worker = Worker(workers=settings.workers, queue=settings.queue)

    async def offer_menu(application: Bot) -> None:
        try:
            await application.bot.set_my_commands(commands.menu(phrases))
        except TelegramError as error:
            _log.warning("the menu of commands could not be set: %s", error)

    async def close(_: Bot) -> None:
        worker.close()

    application = (
        Application.builder()
        .token(settings.telegram_bot_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .connect_timeout(seconds)
        .read_timeout(seconds)
        .write_timeout(seconds)
        .pool_timeout(seconds)
        .get_updates_connect_timeout(seconds)
        .get_updates_read_timeout(seconds)
        .concurrent_updates(CONCURRENT_UPDATES)
        .post_init(offer_menu)
        .post_shutdown(close)
        .build()
    )
    delivery = Delivery(application.bot, Pace(time.monotonic))
    answering = Answering(engine=engine, worker=worker, delivery=delivery, phrases=phrases, now=now)
    application.add_handlers([*questions.handlers(answering), *commands.handlers(answering)])
    application.add_error_handler(_note_error)
    return application


def run(settings: Settings, engine: Engine) -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigError where Telegram does not know the token."""
    application = build(settings, engine)
    keep_from_logs(application.bot.token)

    async def serve_until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # on Windows, where Ctrl-C ends asyncio.run instead
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(application, stop)

    asyncio.run(serve_until_told())


async def serve(application: Bot, stop: asyncio.Event) -> None:
    """Answer until `stop` is set; what has been asked by then is still answered. Raises ConfigError as `run` does."""
    updater = application.updater
    if updater is None:
        raise TypeError("the bot was built without an updater")
    try:
        if await _reach_telegram(application, stop):
            if application.post_init:
                await application.post_init(application)
            await application.start()
            await updater.start_polling(
                timeout=POLL, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=_polling_failed
            )
            _log.info("@%s is listening", application.bot.username)
            await stop.wait()
    finally:
        if updater.running:
            await updater.stop()
        if application.running:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS.total_seconds()):
                    await application.stop()
        await application.shutdown()
        # Where the bot has never reached Telegram, the application leaves its connections open.
        await application.bot.shutdown()
        if application.post_shutdown:
            await application.post_shutdown(application)


async def _reach_telegram(application: Bot, stop: asyncio.Event) -> bool:
    """Introduce the bot to Telegram, as often as it takes; return False where it is stopped before that."""
    pauses = chain(START_PAUSES, repeat(START_PAUSES[-1]))
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken as error:
            message = "Telegram does not know the bot's token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_URL, if you set it)"
            raise ConfigError(message) from error
        except (NetworkError, RetryAfter) as error:
            pause = next(pauses).total_seconds()
            _log.warning("Telegram cannot be reached (%s); trying again in %s s", error, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
        else:
            return True
    return False


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process serves this bot: stop it, or use another token (%s)", error)
    else:
        _log.warning("Telegram cannot be reached (%s); trying again", error)


async def _note_error(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler could not deal with; the update stays out of the log, for it holds what people write."""
    _log.error("a message could not be dealt with", exc_info=context.error)
