"""Updates (what Telegram tells a bot) that are not answered yet: kept when they come, so that none is lost or answered twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

#: Telegram keeps an update that nobody fetches for a day, so none comes again later than that.
KEPT_UPDATES = timedelta(days=3)
#: How often an update that was not answered is taken up.
MOST_TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Which of the processes that answer has an update, and until when, counted from `now`, the others leave it to that one."""

    holder: str
    now: datetime
    until: datetime


class Updates(Protocol):
    """The part of `whosays.chats.Chats` that keeps updates. Every method may raise StoreError."""

    def receive(self, update: int, chat: int | None, person: int | None, text: str, hold: Hold | None = None) -> bool:
        """Keep an update (its JSON) until it is done; False where it was received before, done or not: handle it not.

        With a `hold` it is that process's to answer.
        """

    def begin(self, update: int) -> bool:
        """Note that an answer to an update is about to be sent; False where that was noted before: it must not be sent again."""

    def put_off(self, update: int) -> None:
        """Note that the answer that was begun has certainly not left, and waits: `begin` may be asked again."""

    def was_let_go(self, update: int) -> bool:
        """Say whether an update that was received has been deleted since: with whoever was forgotten, or because it is done."""

    def done(self, update: int) -> None:
        """Let an update's text go; its number is kept for a few days, so that it is not handled twice."""

    def unanswered(self, hold: Hold | None = None) -> Sequence[tuple[int, str]]:
        """Return the updates that were received and not begun, in order: what a bot that was killed had not answered.

        With a `hold` those alone that nobody holds, who do it from now on: the same one is returned to nobody else. Each is
        returned `MOST_TRIES` times at most: one that ends the process must not do so at every start.
        """

    def go_on_holding(self, hold: Hold) -> None:
        """Hold on to what its holder has, until later."""

    def release(self, holder: str) -> None:
        """Leave what somebody holds to whoever takes it up."""
