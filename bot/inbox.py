"""Updates on their way in: on disk before Telegram is told that they have come, and until they have been dealt with."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping
from time import perf_counter
from typing import Any

from telegram import Bot, Chat, Update, User
from telegram.ext import Application

from bot.records import Records
from bot.replica import HEARTBEAT, Replica
from bot.shape import ShapeError, check_shape, without_halves
from bot.source import ALLOWED_UPDATES, sleep_or_stop
from whosays.chats import Chats
from whosays.errors import StoreError
from whosays.observe.metrics import BotMetrics
from whosays.observe.trace import Trace, following

_log = logging.getLogger(__name__)

#: Updates under way, beyond which they are left with Telegram for a while.
MOST_UNDER_WAY = 1000
#: What is dealt with by the next process if this one is killed. The rest has expired by then: presses of buttons, inline queries.
_LASTING = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CHANNEL_POST, Update.MY_CHAT_MEMBER)


class Inbox(asyncio.Queue[object]):
    """The application's queue. python-telegram-bot takes from it; a source of updates puts into it and waits for that.

    An update that was received before is dropped, be it from a process that was killed or from Telegram calling twice. Where the
    store fails, updates are dealt with all the same: answering beats the certainty that nothing is done twice.

    Of several bots over one store each deals with what it has received, and with what one that is gone has left.
    """

    def __init__(self, records: Records[Chats], metrics: BotMetrics | None = None, replica: Replica | None = None) -> None:
        super().__init__()
        self._records = records
        self._replica = replica or Replica(records)
        self._metrics = metrics or BotMetrics()
        self._metrics.updates_under_way.set_function(lambda: self._waiting)
        #: When updates came that wait, in seconds of `time.perf_counter`.
        self._came: dict[int, float] = {}
        #: The numbers of updates that wait or are being dealt with.
        self._own: set[int] = set()
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def crowded(self) -> bool:
        """Whether so many updates are under way that more had better stay with Telegram."""
        return self._waiting >= MOST_UNDER_WAY

    async def room(self) -> None:
        """Wait until it is not crowded."""
        await self._room.wait()

    async def take(self, data: Mapping[str, Any], bot: Bot) -> None:
        """Keep an update, in Telegram's JSON, in the store, unless it was received before, and queue it.

        One that cannot be read is dropped: it could not be read either when it came again.
        """
        update = read_update(data, bot)
        kind = next((kind for kind in ALLOWED_UPDATES if kind in data), "other")
        result = "unreadable" if update is None else "taken"
        # Inline queries come with every letter typed, and an answer given twice is refused: nothing of them is kept.
        if update is not None and update.inline_query is None and not await self._received(update, data):
            _log.debug("update %s has come before", update.update_id)
            result = "repeated"
        self._metrics.updates.labels(kind, result).inc()
        if update is not None and result == "taken":
            await self._enqueue(update)

    async def replay(self, bot: Bot) -> None:
        """Queue what a process before this one has received and not answered."""
        await self._replica.join()
        if number := await self._take_up(bot):
            _log.info("%d updates from before the start", number)

    async def look_after(self, bot: Bot, stop: asyncio.Event) -> None:
        """Queue what other bots have left, until `stop` is set."""
        while not stop.is_set():
            await sleep_or_stop(HEARTBEAT, stop)
            if not stop.is_set() and not self.crowded and (number := await self._take_up(bot)):
                _log.info("%d updates that another bot had not answered", number)

    async def go_on_holding(self) -> None:
        """Keep other bots from what this one has to answer, until cancelled."""
        await self._replica.go_on_holding(lambda: self._waiting > 0)

    async def leave(self) -> None:
        """Leave what is not answered to whoever comes next."""
        try:
            await self._replica.leave()
        except StoreError:
            _log.exception("what is not answered is another bot's only after a while")

    async def handle(self, update: object, handling: Coroutine[Any, Any, None]) -> None:
        """Have an update dealt with, and let it go unless that is broken off: then the next process does it."""
        task = asyncio.current_task()
        if self._closed or task is None:
            handling.close()
            return
        self._under_way.add(task)
        try:
            await self._follow(update, handling)
            # Not in `finally`: what is broken off has to stay.
            if isinstance(update, Update) and update.inline_query is None:
                await self._let_go(update.update_id)
        finally:
            self._under_way.discard(task)
            self._waiting -= 1
            if isinstance(update, Update):
                self._own.discard(update.update_id)
            if not self.crowded:
                self._room.set()

    async def hand_back(self) -> None:
        """Break off what is under way and begin nothing more: what is not answered stays in the store."""
        self._closed = True
        under_way = tuple(self._under_way)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if under_way:
            _log.warning(
                "%d updates could not be dealt with in time: those without an answer are left to the next start", len(under_way)
            )

    async def _follow(self, update: object, handling: Coroutine[Any, Any, None]) -> None:
        """Have an update dealt with, and say what it took: where it was a question also in the log, but never what it asked."""
        if not isinstance(update, Update):
            await handling
            return
        trace = Trace(names={"update": update.update_id}, began=self._came.pop(update.update_id, perf_counter()))
        with following(trace):
            await handling
            self._metrics.dealt_with(trace)
            if "outcome" in trace.notes:
                stages = {f"{name}_ms": _milliseconds(seconds) for name, seconds in trace.stages.items()}
                _log.info("a question", extra={**trace.notes, "duration_ms": _milliseconds(trace.seconds), **stages})

    async def _received(self, update: Update, data: Mapping[str, Any]) -> bool:
        chat, person = update.effective_chat, update.effective_sender
        lasts = any(getattr(update, kind) is not None for kind in _LASTING)
        text, hold = json.dumps(data) if lasts else "", self._replica.hold()
        try:
            return await self._records(lambda chats: chats.receive(update.update_id, _id(chat), _id(person), text, hold))
        except StoreError:
            _log.exception("update %s cannot be kept", update.update_id)
            return True

    async def _take_up(self, bot: Bot) -> int:
        """Queue what was received and not answered by whoever held it; return how many updates that were."""
        hold = self._replica.hold()
        try:
            unanswered = await self._records(lambda chats: chats.unanswered(hold))
        except StoreError:
            _log.exception("what a bot had not answered before it was stopped cannot be read")
            return 0
        for number, text in unanswered:
            update = read_update(json.loads(text), bot) if text else None
            if update is None:
                await self._let_go(number)
            # One of this bot's own, which it could not say to hold for a while, goes on.
            elif number not in self._own:
                await self._enqueue(update)
        return len(unanswered)

    async def _let_go(self, number: int) -> None:
        try:
            await self._records(lambda chats: chats.done(number))
        except StoreError:
            _log.exception("that update %s is dealt with cannot be kept", number)

    async def _enqueue(self, update: Update) -> None:
        self._waiting += 1
        self._own.add(update.update_id)
        self._came[update.update_id] = perf_counter()
        if self.crowded:
            self._room.clear()
        await self.put(update)


class InboxApplication(Application[Any, Any, Any, Any, Any, Any]):
    """An application that tells its inbox what has been dealt with. Handlers have to block: what they start is not waited for."""

    async def process_update(self, update: object) -> None:
        """Have the handlers deal with an update."""
        if not isinstance(self.update_queue, Inbox):
            raise TypeError("the application was built without an inbox")
        await self.update_queue.handle(update, super().process_update(update))


def read_update(data: Mapping[str, Any], bot: Bot) -> Update | None:
    """Return the update that Telegram's JSON holds; None where it cannot be read, or is of a kind that was not asked for."""
    if data.keys().isdisjoint(ALLOWED_UPDATES):
        return None
    try:
        check_shape(data)
        return Update.de_json(dict(without_halves(data)), bot)
    except ShapeError as error:
        _log.error("update %s cannot be read: %s", data.get("update_id"), error)
        return None
    # Whatever an update holds, one that cannot be read must not stop the others; and nothing of it belongs into a log.
    except Exception as error:
        _log.error("update %s cannot be read (%s)", data.get("update_id"), type(error).__name__)
        return None


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)


def _id(whose: Chat | User | None) -> int | None:
    return whose.id if whose else None
