"""`whosays serve`: the whole bot in one process with its poller beside it, or the part of it that a role names."""

from __future__ import annotations

import argparse
import logging
from argparse import Namespace
from contextlib import closing
from enum import StrEnum

from whosays.cli import demo
from whosays.cli.exits import Exit, UsageError
from whosays.config import Settings
from whosays.engine import Engine
from whosays.errors import ConfigError
from whosays.parts import open_chats

_log = logging.getLogger(__name__)


class Role(StrEnum):
    """What a process does of all that a bot does; any number of each may run over a store in PostgreSQL."""

    ALL = "all"
    #: Takes updates and answers them.
    BOT = "bot"
    #: Reads feeds.
    READER = "reader"
    #: Sends alerts.
    SENDER = "sender"


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Serve in a role until told to stop. Raises ConfigError, StoreError and ModelError."""
    role = Role(options.role)
    if role is Role.READER:
        if options.no_poll:
            raise UsageError("--role reader reads the feeds, --no-poll does not: leave one out")
        from whosays.cli import poll  # noqa: PLC0415 - it loads the readers of pages, which no other role needs

        return poll.run(settings, Namespace(once=False, until_stdin_ends=False))
    if settings.telegram_bot_token is None:
        raise ConfigError("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it there")
    return _send(settings) if role is Role.SENDER else _answer(settings, options, role)


def _answer(settings: Settings, options: argparse.Namespace, role: Role) -> Exit:
    from bot import app  # noqa: PLC0415 - half a second that no other command need wait for
    from whosays.cli.beside import PollerBeside  # noqa: PLC0415 - as is this
    from whosays.observe.logs import write_logs  # noqa: PLC0415
    from whosays.observe.metrics import BotMetrics, CountErrors  # noqa: PLC0415

    metrics = BotMetrics()
    write_logs(settings.log, settings.log_level, CountErrors(metrics))
    with Engine.open(settings) as engine, closing(open_chats(settings.store)) as chats:
        demo.refuse_to_serve(settings, engine)
        if not engine.outlets():
            # Not by its address, in which a password may stand.
            _log.warning("the store holds no articles yet: `ingest PATH` reads some, --demo asks the demo articles instead")
        polls = role is Role.ALL and not options.no_poll
        beside = (PollerBeside(settings, options.config, metrics.poller).run,) if polls else ()
        app.run(app.build(settings, engine, chats, beside=beside, metrics=metrics, sends_alerts=role is Role.ALL))
    return Exit.DONE


def _send(settings: Settings) -> Exit:
    from bot import app  # noqa: PLC0415
    from bot.alerting import build_sender  # noqa: PLC0415
    from whosays.observe.logs import write_logs  # noqa: PLC0415
    from whosays.observe.metrics import BotMetrics, CountErrors  # noqa: PLC0415

    metrics = BotMetrics()
    write_logs(settings.log, settings.log_level, CountErrors(metrics))
    with closing(open_chats(settings.store)) as chats:
        app.run(build_sender(settings, chats, metrics=metrics))
    return Exit.DONE
