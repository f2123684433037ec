"""Cards, topics and reports for tests of what is kept of chats: a private chat with Ada, and a group in which Ben is as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.cards import answer, full_answer
from whosays.chats import Card, CardKind, Fault, Following, Report

ADA, BEN, GROUP, SUPERGROUP, OTHER = 5_000_000_017, 23, -77, -1_001_234_567_890, -78
NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)


def card(id: str, *, minutes: int = 0, question: str = "who holds Orsel?", **parts: object) -> Card:
    """Return a card of Ada's private chat, asked so many minutes after `NOW`."""
    given = {
        "kind": CardKind.ANSWER,
        "chat": ADA,
        "thread": None,
        "asker": ADA,
        "question_message": 100,
        "language": "en",
        **parts,
    }
    return Card(id=id, answer=answer(question), asked=NOW + timedelta(minutes=minutes), **given)  # type: ignore[arg-type]


def following(topic: str, chat: int = GROUP, thread: int | None = None, person: int = ADA, **parts: object) -> Following:
    """Return a topic that Ada has the group follow."""
    return Following(chat=chat, thread=thread, person=person, topic=topic, since=NOW, language="en", **parts)  # type: ignore[arg-type]


def report(person: int = ADA, quotation: int | None = 1, fault: Fault = Fault.SIDE, question: str = "who holds Orsel?") -> Report:
    """Return a report on a full card."""
    of = full_answer()
    asked = replace(of, query=replace(of.query, text=question))
    return Report(person=person, fault=fault, answer=asked, quotation=quotation, at=NOW)
