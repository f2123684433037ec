"""An engine that knows its answers beforehand, for what is tested of the bot alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tests.cards import answer, quotation
from whosays.types import Answer, OutletRecord, Side, Status


class FixedEngine:
    """Answers each question with one side that says just that question; `before` is run first, in the engine's thread."""

    def __init__(self, before: Callable[[str], None] = lambda question: None, answers: dict[str, Answer] | None = None) -> None:
        self.asked: list[str] = []
        self.summarised: list[str] = []
        self._before = before
        self._answers = answers or {}

    def ask(self, question: str, now: datetime) -> Answer:
        self.asked.append(question)
        self._before(question)
        return self._answers.get(question) or echo(question)

    def summarise(self, topic: str, now: datetime) -> Answer:
        self.summarised.append(topic)
        return echo(topic)

    def outlets(self) -> Sequence[OutletRecord]:
        day = datetime(2031, 5, 4, tzinfo=UTC)
        return [OutletRecord(outlet="Orsel Gazette", articles=3, oldest=day, newest=day)]


def echo(question: str) -> Answer:
    """Return an answer whose only quotation is the question."""
    side = Side(name="Varn Republic", quotations=(quotation(f"“{question}”"),))
    return answer(question, Status.ONE_SIDE, sides=(side,))
