"""Looks for news on followed topics whenever the store has changed, and tells the chats that follow them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

from bot.alerts import alert, news
from bot.deliver import Undelivered
from bot.handlers.answering import Answering
from bot.letter import Destination
from bot.source import sleep_or_stop
from whosays.chats import Chat, Chats, ChatState, Following
from whosays.config import Settings
from whosays.errors import WhosaysError
from whosays.heard import mark
from whosays.types import Answer

_log = logging.getLogger(__name__)

#: Between two topics: questions come first.
_BREATH = timedelta(seconds=0.05)
#: Alerts under way at a time: a chat that makes its alert wait holds no other one back.
_AT_ONCE = 16


class Watch:
    """Goes through the followed topics, one after the other. An alert is noted as sent once Telegram has said so, not before."""

    def __init__(self, answering: Answering, settings: Settings) -> None:
        self._answering = answering
        self._settings = settings
        #: The store's revision at which a topic's chat had been told all, by the topic's number.
        self._told: dict[int, str] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set."""
        while not stop.is_set():
            try:
                await self.look(stop)
            except WhosaysError as error:
                _log.warning("news on followed topics is looked for later: %s", error)
            await self._tidy()
            await sleep_or_stop(self._settings.alerts_every, stop)

    async def look(self, stop: asyncio.Event) -> None:
        """Tell what is new since the last time; what could not be told is looked at again next time. Raises WhosaysError.

        Topics of the same words are asked about once, however many chats follow them.
        """
        answering = self._answering
        revision = await answering.compute_spare(answering.engine.revision)
        every = await answering.records(lambda chats: chats.followed())
        followed = [one for one in every if self._settings.serves(one.chat, one.person)]
        # A chat that can be written to again is among them anew: what it has missed is looked for.
        self._told = {one.id: self._told[one.id] for one in followed if one.id in self._told}
        places = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as telling:
            for topic, followings in _by_words(one for one in followed if self._told.get(one.id) != revision).items():
                answer = await self._answer(topic)
                if answer is None:
                    continue
                for following in followings:
                    await places.acquire()
                    task = telling.create_task(self._tell(following, answer, revision))
                    task.add_done_callback(lambda _: places.release())
                if stop.is_set():
                    return
                await sleep_or_stop(_BREATH, stop)

    async def _answer(self, topic: str) -> Answer | None:
        answering = self._answering
        try:
            return await answering.compute_spare(lambda: answering.engine.ask(topic, answering.now()))
        except Exception:
            # One topic that cannot be asked about must not cost the others their news; nor is it written down.
            _log.exception("a topic that is followed could not be looked at")
            return None

    async def _tell(self, following: Following, answer: Answer, revision: str) -> None:
        try:
            if await self._is_told(following, answer):
                self._told[following.id] = revision
        except Undelivered as error:
            _log.info("topic %s is looked at again later: %s", following.id, error)
        except Exception:
            _log.exception("news on topic %s could not be told", following.id)

    async def _is_told(self, following: Following, answer: Answer) -> bool:
        """Tell what is new, if anything is; say whether there is nothing more to be told. Raises Undelivered and StoreError."""
        if not news(following, answer):
            return True
        answering = self._answering
        # Looking takes a while: meanwhile it may have been let go, or its group have become another.
        chat, now = await answering.records(lambda chats: _as_it_is(chats, following))
        new = news(now, answer) if now is not None else ()
        if now is None or not new or chat.state is ChatState.SHUT:
            return False
        phrases = answering.phrases(chat, now.language)
        sent = await answering.delivery.alert(alert(now, answer, new, phrases), Destination(chat=now.chat, topic=now.thread))
        if sent is None:
            # A topic of a forum that is closed may be open when there is news again; a chat that is shut is told once it is not.
            return (await answering.chat(now.chat, chat.kind)).state is not ChatState.SHUT
        shown = [mark(quotation) for quotation in new]
        await answering.records(lambda chats: chats.set_shown(now.id, shown))
        return True

    async def _tidy(self) -> None:
        try:
            await self._answering.records(lambda chats: chats.tidy(self._answering.now()))
        except WhosaysError:
            _log.exception("what is no longer needed could not be deleted")


def _by_words(followings: Iterable[Following]) -> dict[str, list[Following]]:
    """Return followed topics by their words, the oldest first. Case counts: "US" is not "us"."""
    found: dict[str, list[Following]] = {}
    for following in followings:
        found.setdefault(" ".join(following.topic.split()), []).append(following)
    return found


def _as_it_is(chats: Chats, following: Following) -> tuple[Chat, Following | None]:
    """Return a topic's chat and the topic, None where it is followed there no more."""
    chat = chats.chat(following.chat) or Chat(id=following.chat, kind="")
    followed = chats.followed_in(following.chat, all_threads=True)
    return chat, next((one for one in followed if one.id == following.id), None)
