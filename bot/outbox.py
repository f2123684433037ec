"""Sends what waits in the outbox: each parcel at least once, and not again once Telegram has said yes."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

from bot.alerts import alert_page
from bot.deliver import Undelivered
from bot.letter import Destination
from bot.markup import Page
from bot.records import Records
from bot.source import sleep_or_stop
from bot.speaking import Speaking
from whosays.chats import ChatState
from whosays.config import Settings
from whosays.errors import StoreError, WhosaysError
from whosays.observe.metrics import BotMetrics
from whosays.outbox import Outbox, Parcel

_log = logging.getLogger(__name__)

#: Parcels under way at a time: a chat that makes its alerts wait holds no other one back. No more are taken than can be sent at
#: once, so that the lease of none runs out before its turn.
_AT_ONCE = 16
#: How long it takes at most until an alert that is due is seen.
_LOOK_EVERY = timedelta(seconds=1)
#: When a parcel is taken again that did not arrive, or that fails for a fault of ours.
AGAIN_AFTER = timedelta(minutes=1)
#: When one is that goes to a topic of a forum that is closed.
CLOSED_FOR = timedelta(hours=1)
#: When one is of whom the bot does not serve (any more).
_UNSERVED_FOR = timedelta(days=1)
#: Between tries to note what was sent: unnoted, it would be sent again.
_NOTE_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.1, 0.5, 2, 5, 10))


class Sender:
    """One of any number of workers that take parcels under a lease."""

    def __init__(self, speaking: Speaking, outbox: Records[Outbox], settings: Settings, metrics: BotMetrics) -> None:
        self._speaking = speaking
        self._metrics = metrics
        self._outbox = outbox
        self._settings = settings
        self._name = secrets.token_hex(6)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due, again and again, until `stop` is set and what is under way has got out."""
        pause = min(_LOOK_EVERY, self._settings.alerts_every)
        try:
            while not stop.is_set():
                try:
                    await self._look()
                except WhosaysError as error:
                    _log.warning("alerts are looked for later: %s", error)
                except Exception:
                    _log.exception("alerts are looked for later")
                await sleep_or_stop(pause, stop)
            if self._under_way:
                await asyncio.wait(self._under_way)
        finally:
            for task in self._under_way:
                task.cancel()

    async def _look(self) -> None:
        """Begin to send what is due, as much as there are places for; then messages that are to be edited."""
        now = self._speaking.now()
        if free := _AT_ONCE - len(self._under_way):
            for parcel in await self._outbox(lambda outbox: outbox.take(self._name, now, limit=free)):
                self._begin(self._send(parcel))
        if free := _AT_ONCE - len(self._under_way):
            for parcel in await self._outbox(lambda outbox: outbox.take_grown(self._name, now, limit=free)):
                self._begin(self._edit(parcel))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, parcel: Parcel) -> None:
        """Send a parcel; whatever goes wrong, it is sent again some time, and its end is noted."""
        served = await self._served(parcel)
        if served is None:
            return
        try:
            page = await self._page(served)
            to = Destination(chat=served.chat, topic=served.thread)
            sent = await self._speaking.delivery.alert(page, to, lambda message: self._note(served, message))
        except Undelivered as error:
            _log.info("alerts to chat %s are sent again later: %s", served.chat, error)
            await self._later(served, AGAIN_AFTER)
        except Exception:
            # One that cannot be sent must not cost the others theirs; nor is what it says written down.
            _log.exception("alerts to chat %s could not be sent", served.chat)
            await self._later(served, AGAIN_AFTER)
        else:
            if sent is None:
                shut = (await self._speaking.chat(served.chat, "")).state is ChatState.SHUT
                # A chat that is shut is due at once when it comes back; until then it is not taken.
                await self._later(served, timedelta(0) if shut else CLOSED_FOR)

    async def _edit(self, parcel: Parcel) -> None:
        """Add to a message what has come since; where it cannot be edited it stays as it is."""
        if parcel.message is None:
            return
        try:
            done = await self._speaking.delivery.edit(await self._page(parcel), parcel.chat, parcel.message)
        except Exception:
            _log.exception("a message in chat %s could not be added to", parcel.chat)
            done = False
        if done:
            await self._note(parcel, parcel.message)
        else:
            await self._try(lambda outbox: outbox.drop([alert.id for alert in parcel.alerts]))

    async def _served(self, parcel: Parcel) -> Parcel | None:
        """Return what of a parcel is for somebody whom the bot serves; the rest waits for the day when it does."""
        ids = (await self._speaking.chat(parcel.chat, "")).ids
        served = tuple(alert for alert in parcel.alerts if self._settings.serves(*ids, alert.person))
        if len(served) < len(parcel.alerts):
            unserved = tuple(alert for alert in parcel.alerts if alert not in served)
            await self._later(replace(parcel, alerts=unserved), _UNSERVED_FOR)
        return replace(parcel, alerts=served) if served else None

    async def _page(self, parcel: Parcel) -> Page:
        chat = await self._speaking.chat(parcel.chat, "")
        return alert_page(parcel.alerts, self._speaking.phrases(chat, parcel.language))

    async def _note(self, parcel: Parcel, message: int) -> None:
        """Note what Telegram has taken, however often it takes: until then nobody must end the process."""
        now = self._speaking.now()
        if parcel.message is None:
            how, lags = "digest" if parcel.digest else "at once", [(now - alert.made).total_seconds() for alert in parcel.alerts]
            for lag in lags:
                self._metrics.alert_lag.labels(how).observe(lag)
            told = {"worker": self._name, "alerts": len(lags), "how": how, "lag_s": round(max(lags, default=0.0), 1)}
            _log.info("alerts are sent", extra=told)
        for pause in chain(_NOTE_PAUSES, repeat(_NOTE_PAUSES[-1])):
            try:
                await self._outbox(lambda outbox: outbox.sent(parcel, message, now))
            except StoreError:
                _log.exception("that alerts to chat %s were sent cannot be noted; trying again", parcel.chat)
                await asyncio.sleep(pause.total_seconds())
            else:
                return

    async def _later(self, parcel: Parcel, after: timedelta) -> None:
        until = self._speaking.now() + after
        await self._try(lambda outbox: outbox.later(parcel, until))

    async def _try(self, work: Callable[[Outbox], None]) -> None:
        """Do what may as well be left: a lease ends by itself."""
        try:
            await self._outbox(work)
        except StoreError:
            _log.exception("what became of alerts cannot be noted")
