"""`whosays poll`: feeds are read whenever they are due, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import timedelta

from whosays.cli.exits import Exit
from whosays.cli.output import print_line, warn
from whosays.config import Settings
from whosays.engine import Engine, open_feeds
from whosays.errors import ConfigError
from whosays.feeds import Feeds
from whosays.polling import Poller, PollReport
from whosays.polling.report import Came
from whosays.reading.address import reach
from whosays.reading.fetch import Fetcher

OpenEngine = Callable[[], Engine]

#: What is at hand may take so long to be finished once it is told to stop.
_LAST_WORDS = timedelta(seconds=8)
#: How often a poller that belongs to a bot looks whether another one has ended.
_LOOK_AGAIN = 5.0


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Poll until told to stop, or once. Raises StoreError, ModelError, ConfigError; where another process polls ConfigError."""
    if not options.once:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with ExitStack() as opened:
        feeds = opened.enter_context(closing(open_feeds(settings.store)))

        def open_engine() -> Engine:
            engine = Engine.open(settings)
            opened.callback(engine.close)
            return engine

        if options.once:
            _alone(feeds)
            if not feeds.feeds():
                warn("no feed is read yet: `feeds add URL` adds one, `feeds starter` some well-known ones")
            return _say(asyncio.run(_once(settings, feeds, open_engine)))
        if options.until_stdin_ends:
            # Answers come first: this one may wait.
            with suppress(OSError):
                os.nice(10)
        else:
            _alone(feeds)
        asyncio.run(_run(settings, feeds, open_engine, tied=options.until_stdin_ends))
    return Exit.DONE


def _alone(feeds: Feeds) -> None:
    if not feeds.alone():
        raise ConfigError("another process reads the feeds of this store already, a bot's perhaps")


async def _once(settings: Settings, feeds: Feeds, open_engine: OpenEngine) -> PollReport:
    stop = asyncio.Event()
    _stop_when_told(stop)
    async with _fetcher(settings) as fetcher:
        with closing(_poller(settings, feeds, open_engine, fetcher)) as poller:
            return await poller.once(stop)


async def _run(settings: Settings, feeds: Feeds, open_engine: OpenEngine, *, tied: bool) -> None:
    stop = asyncio.Event()
    _stop_when_told(stop)
    if tied:
        await _stop_when_stdin_ends(stop)
        while not stop.is_set() and not await asyncio.to_thread(feeds.alone):
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_AGAIN)
    async with _fetcher(settings) as fetcher:
        with closing(_poller(settings, feeds, open_engine, fetcher)) as poller:
            await poller.run(stop)


def _fetcher(settings: Settings) -> Fetcher:
    return Fetcher(reach=reach(settings.fetch_local), contact=settings.contact)


def _poller(settings: Settings, feeds: Feeds, open_engine: OpenEngine, fetcher: Fetcher) -> Poller:
    retention = None if settings.retention_days is None else timedelta(days=settings.retention_days)
    return Poller(feeds, open_engine, fetcher, retention=retention)


def _stop_when_told(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def tell() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        # What is fetched has its limits; an engine at work has none. What is not finished by then is read the next time.
        loop.call_later(_LAST_WORDS.total_seconds(), os._exit, int(Exit.DONE))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell)


async def _stop_when_stdin_ends(stop: asyncio.Event) -> None:
    class Watching(asyncio.Protocol):
        def connection_lost(self, _: Exception | None) -> None:
            if not stop.is_set():
                os.kill(os.getpid(), signal.SIGTERM)

    await asyncio.get_running_loop().connect_read_pipe(Watching, sys.stdin)


def _say(report: PollReport) -> Exit:
    print_line(report.words())
    for where, why in report.lines:
        print_line(f"{where}: {why}")
    failed = report.counts[Came.REFUSED] + report.counts[Came.FEEDS_FAILED] + report.counts[Came.LATER]
    return Exit.REFUSED if failed else Exit.DONE
