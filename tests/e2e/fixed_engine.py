"""An engine that knows its answers beforehand, for what is tested of the bot alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.cards import answer, quotation
from whosays.errors import InputError
from whosays.feeds import FeedFound
from whosays.types import (
    Answer,
    Context,
    ContextParagraph,
    IngestReport,
    OutletRecord,
    Query,
    Quotation,
    Refused,
    Side,
    Span,
    Status,
)


class FixedEngine:
    """Answers each question with one side that says just that question; `before` is run first, in the engine's thread."""

    def __init__(self, before: Callable[[str], None] = lambda question: None, answers: dict[str, Answer] | None = None) -> None:
        self.asked: list[str] = []
        self.followed: list[str | None] = []
        self.summarised: list[str] = []
        self.surveyed: list[str] = []
        self.read_from: list[str] = []
        self.answers = answers or {}
        self.state = 0
        self.prepared = False
        self._before = before

    def ask(self, question: str, now: datetime, follows: Query | None = None) -> Answer:
        self.asked.append(question)
        self.followed.append(follows.text if follows else None)
        self._before(question)
        found = self.answers.get(question) or echo(question)
        # What this engine takes for a question that cannot stand alone.
        if follows is not None and question.startswith("and "):
            return replace(found, query=replace(found.query, topic=follows.topic, follows=follows.text))
        return found

    def summarise(self, topic: str, now: datetime) -> Answer:
        self.summarised.append(topic)
        self._before(topic)
        return self.answers.get(topic) or echo(topic)

    def survey(self, topic: str, now: datetime) -> Answer:
        self.surveyed.append(topic)
        self._before(topic)
        return self.answers.get(topic) or echo(topic)

    def context(self, quotation: Quotation) -> Context | None:
        if quotation.text.startswith("gone"):
            return None
        text = f"It was said: {quotation.text}."
        start = text.index(quotation.text)
        around = ContextParagraph(text="The paragraph before.")
        itself = ContextParagraph(text=text, quoted=(Span(start, start + len(quotation.text)),))
        return Context(
            outlet="Orsel Gazette",
            title="Both armies",
            published=None,
            url=quotation.url,
            paragraphs=(around, itself),
            behind=True,
        )

    def outlets(self) -> Sequence[OutletRecord]:
        day = datetime(2031, 5, 4, tzinfo=UTC)
        return [OutletRecord(outlet="Orsel Gazette", articles=3, oldest=day, newest=day)]

    def revision(self) -> str:
        return str(self.state)

    def prepare(self) -> None:
        self.prepared = True

    def read(self, address: str) -> IngestReport | FeedFound:
        self.read_from.append(address)
        if address.startswith("https://") and address.endswith("/feed"):
            return FeedFound(url=address, title="Orsel Gazette")
        if not address.startswith("https://"):
            raise InputError("only http and https addresses are read")
        return IngestReport(added=(address,), refused=(Refused(where=f"{address}/2", reason="it is empty"),))


def echo(question: str) -> Answer:
    """Return an answer whose only quotation is the question."""
    side = Side(name="Varn Republic", quotations=(quotation(f"“{question}”"),))
    return answer(question, Status.ONE_SIDE, sides=(side,))
