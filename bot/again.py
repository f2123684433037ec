"""Answers anew what somebody wished to be told of if it changes, once an article has come that may change it; and tidies up.

Of several bots over one store one does that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.handlers.answering import Answering
from bot.records import Records
from bot.source import sleep_or_stop
from whosays.chats import Following
from whosays.config import Settings
from whosays.errors import StoreError, WhosaysError
from whosays.outbox import Alert, Outbox, Reason, Why
from whosays.types import Answer

_log = logging.getLogger(__name__)


class Again:
    """Goes through the questions whose answers may have changed, one after the other: other questions come first."""

    def __init__(
        self, answering: Answering, outbox: Records[Outbox], settings: Settings, leads: Callable[[], Awaitable[bool]]
    ) -> None:
        self._answering = answering
        self._outbox = outbox
        self._settings = settings
        self._leads = leads

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set."""
        while not stop.is_set():
            if await self._leads():
                await self._look(stop)
                await self._tidy()
            await sleep_or_stop(self._settings.alerts_every, stop)

    async def _look(self, stop: asyncio.Event) -> None:
        try:
            for following in await self._outbox(lambda outbox: outbox.to_answer()):
                if stop.is_set():
                    return
                await self._answer(following)
        except WhosaysError as error:
            _log.warning("what may have changed is looked at later: %s", error)

    async def _answer(self, following: int) -> None:
        answering = self._answering
        found = await self._outbox(lambda outbox: outbox.followed([following], ""))
        alert: Alert | None = None
        if found and not found[0].told:
            topic = found[0].following
            try:
                answer = await answering.compute_spare(lambda: answering.engine.ask(topic.topic, answering.now()))
            except Exception:
                # One question that cannot be answered must not hold up the others; nor is it written down.
                _log.exception("a question that may have another answer now could not be answered")
                return
            alert = change(topic, answer, answering.now())
        await self._outbox(lambda outbox: outbox.answered(following, alert))

    async def _tidy(self) -> None:
        now = self._answering.now()
        try:
            await self._answering.records(lambda chats: chats.tidy(now))
            await self._outbox(lambda outbox: outbox.tidy(now))
        except StoreError:
            _log.exception("what is no longer needed could not be deleted")


def change(following: Following, answer: Answer, now: datetime) -> Alert | None:
    """Return the alert that a question has another answer now; None where its status is what it was."""
    if not following.once or following.status is None or answer.status is following.status:
        return None
    return Alert(
        following=following.id,
        chat=following.chat,
        thread=following.thread,
        person=following.person,
        topic=following.topic,
        mark=f"status {answer.status.value}",
        why=Why(reason=Reason.STATUS, was=following.status, now=answer.status),
        answer=answer,
        made=now,
    )
