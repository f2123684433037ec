"""Buttons that were pressed, each of which the bot must answer in time and once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.e2e.telegram_server.messages import Json, User
from tests.e2e.telegram_server.parse_mode import length16
from tests.e2e.telegram_server.refusal import bad
from tests.e2e.telegram_server.updates import Updates
from tests.patience import PATIENCE

#: Telegram lets a press expire after some 15 seconds; who pressed sees a spinning clock until then.
DEADLINE = 15.0
MAX_TOAST = 200
_FIRST_ID = 4_382_000_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What somebody sees who has pressed a button: a few words or none, in passing or (`alert`) until they are closed."""

    text: str | None
    alert: bool
    url: str | None


@dataclass(slots=True, kw_only=True)
class Press:
    """A pressed button; `chat` is None under a message that was sent inline."""

    id: str
    chat: int | None
    data: str
    update: int
    posted: float
    toast: Toast | None = None
    #: Whether an answer has met a scripted mishap.
    excused: bool = False


class Presses:
    """All presses, by their ids."""

    def __init__(self, updates: Updates) -> None:
        #: Only a test that is about time counts it as Telegram does: a machine may be slower.
        self.deadline = PATIENCE
        self._updates = updates
        self._presses: dict[str, Press] = {}
        self._answered = asyncio.Event()

    def add(self, user: User, data: str, about: Json, chat: int | None) -> str:
        """Tell the bot that a button was pressed; return the query's id."""
        id_ = str(_FIRST_ID + len(self._presses))
        query = {"id": id_, "from": user.json(), "chat_instance": str(chat or 0), "data": data, **about}
        update = self._updates.post({"callback_query": query})
        self._presses[id_] = Press(id=id_, chat=chat, data=data, update=update, posted=time.monotonic())
        return id_

    def chat_of(self, query: str) -> int | None:
        """Return the chat in which a button was pressed, if it is known."""
        press = self._presses.get(query)
        return press.chat if press else None

    def answer(self, parameters: Json) -> None:
        """Take the bot's answer. Raises Refusal."""
        press = self._presses.get(parameters.get("callback_query_id", ""))
        too_old = "query is too old and response timeout expired or query ID is invalid"
        if press is None:
            raise bad(too_old)
        if press.toast is not None:
            raise bad("a press is answered once")
        now = time.monotonic()
        if now - press.posted > self.deadline:
            raise bad(too_old, blame=now - self._updates.delivered.get(press.update, now) > self.deadline)
        text = parameters.get("text")
        if text is not None and length16(text) > MAX_TOAST:
            raise bad("MESSAGE_TOO_LONG")
        if parameters.get("cache_time", 0) < 0:
            raise bad("cache_time is negative")
        press.toast = Toast(text=text or None, alert=parameters.get("show_alert", False), url=parameters.get("url"))
        self._answered.set()

    def excuse(self, query: str) -> None:
        """Let the bot go without an answer: it has tried."""
        if query in self._presses:
            self._presses[query].excused = True

    async def answered(self, query: str, within: float) -> Toast:
        """Wait for the answer to a press. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (toast := self._presses[query].toast) is None:
                self._answered.clear()
                await self._answered.wait()
        return toast

    def owed(self) -> list[str]:
        """Return what the bot was told of and has never answered, as faults of it."""
        return [
            f"answerCallbackQuery: the press of {press.data!r} was never answered"
            for press in self._presses.values()
            if press.toast is None and not press.excused and press.update in self._updates.delivered
        ]
