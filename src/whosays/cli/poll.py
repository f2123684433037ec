"""`whosays poll`: feeds are read whenever they are due, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from datetime import timedelta

from whosays.cli.exits import Exit
from whosays.cli.output import print_line, warn
from whosays.config import Settings
from whosays.engine import Engine
from whosays.errors import ConfigError
from whosays.feeds import Feeds
from whosays.observe.handed import hand_over
from whosays.observe.health import Health
from whosays.observe.logs import note_stray_error, write_logs
from whosays.observe.metrics import CountErrors, PollerMetrics
from whosays.parts import is_shared, open_feeds
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
    """Poll until told to stop, or once. Raises StoreError, ModelError and ConfigError.

    Over a file one process polls: where another one does, ConfigError. Over PostgreSQL any number share the work.
    """
    metrics = PollerMetrics()
    if not options.once:
        write_logs(settings.log, settings.log_level, CountErrors(metrics))
    with ExitStack() as opened:
        feeds = opened.enter_context(closing(open_feeds(settings.store)))

        def open_engine() -> Engine:
            engine = Engine.open(settings)
            opened.callback(engine.close)
            return engine

        if options.once:
            _alone(settings, feeds)
            if not feeds.feeds():
                warn("no feed is read yet: `feeds add URL` adds one, `feeds starter` some well-known ones")
            return _say(asyncio.run(_once(settings, feeds, open_engine, metrics)))
        if options.until_stdin_ends:
            # Answers come first: this one may wait.
            with suppress(OSError):
                os.nice(10)
        else:
            _alone(settings, feeds)
        asyncio.run(_run(settings, feeds, open_engine, metrics, tied=options.until_stdin_ends))
    return Exit.DONE


def _alone(settings: Settings, feeds: Feeds) -> None:
    if not is_shared(settings.store) and not feeds.alone():
        raise ConfigError("another process reads the feeds of this store already, a bot's perhaps")


async def _once(settings: Settings, feeds: Feeds, open_engine: OpenEngine, metrics: PollerMetrics) -> PollReport:
    stop = asyncio.Event()
    _stop_when_told(stop)
    async with _fetcher(settings, metrics) as fetcher:
        with closing(_poller(settings, feeds, open_engine, fetcher, metrics)) as poller:
            return await poller.once(stop)


async def _run(settings: Settings, feeds: Feeds, open_engine: OpenEngine, metrics: PollerMetrics, *, tied: bool) -> None:
    stop = asyncio.Event()
    _stop_when_told(stop)
    asyncio.get_running_loop().set_exception_handler(note_stray_error)
    async with _seen(settings, feeds, metrics, stop, tied=tied):
        await _poll(settings, feeds, open_engine, metrics, stop, tied=tied)


@asynccontextmanager
async def _seen(
    settings: Settings, feeds: Feeds, metrics: PollerMetrics, stop: asyncio.Event, *, tied: bool
) -> AsyncIterator[None]:
    """Say how the poller is: to whoever asks at `metrics_listen`, or to the bot that it belongs to."""
    if tied:
        handing = asyncio.create_task(hand_over(metrics.exposition))
        try:
            yield
        finally:
            handing.cancel()
    elif settings.metrics_listen is None:
        yield
    else:

        async def store() -> None:
            await asyncio.to_thread(feeds.feed, "")

        async with Health(listen=settings.metrics_listen, metrics=metrics, checks={"store": store}).answering(stop):
            yield


async def _poll(
    settings: Settings, feeds: Feeds, open_engine: OpenEngine, metrics: PollerMetrics, stop: asyncio.Event, *, tied: bool
) -> None:
    if tied:
        await _stop_when_stdin_ends(stop)
        while not (stop.is_set() or is_shared(settings.store) or await asyncio.to_thread(feeds.alone)):
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_AGAIN)
    async with _fetcher(settings, metrics) as fetcher:
        with closing(_poller(settings, feeds, open_engine, fetcher, metrics)) as poller:
            await poller.run(stop)


def _fetcher(settings: Settings, metrics: PollerMetrics) -> Fetcher:
    return Fetcher(reach=reach(settings.fetch_local), contact=settings.contact, note=metrics.fetched)


def _poller(settings: Settings, feeds: Feeds, open_engine: OpenEngine, fetcher: Fetcher, metrics: PollerMetrics) -> Poller:
    retention = None if settings.retention_days is None else timedelta(days=settings.retention_days)
    return Poller(feeds, open_engine, fetcher, retention=retention, shared=is_shared(settings.store), metrics=metrics)


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
