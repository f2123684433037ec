"""Values of chats ↔ rows of their tables: pure functions."""

from __future__ import annotations

import hashlib
from typing import Any

from whosays import snapshot
from whosays.chats import Cadence, Card, CardKind, Chat, ChatState, Fault, Following, Length, Quiet, Report
from whosays.errors import StoreError
from whosays.store.chats_schema import NO_THREAD, WHOLE_CARD
from whosays.store.rows import RowOf
from whosays.types import Status


def from_chat(chat: Chat) -> dict[str, Any]:
    """Return the row of a chat."""
    return {
        "id": chat.id,
        "kind": chat.kind,
        "language": chat.language,
        "length": chat.length.value,
        "dark": chat.dark,
        "open": chat.open,
        "state": chat.state.value,
        "zone": chat.zone,
        "quiet_start": chat.quiet.start if chat.quiet else None,
        "quiet_end": chat.quiet.end if chat.quiet else None,
        "digest": chat.digest,
        "most": chat.most,
        "former": chat.former,
    }


def to_chat(row: RowOf) -> Chat:
    """Return the chat of a row of `chats`."""
    return Chat(
        id=row.id,
        kind=row.kind,
        language=row.language,
        length=Length(row.length),
        dark=row.dark,
        open=row.open,
        state=ChatState(row.state),
        zone=row.zone,
        quiet=Quiet(row.quiet_start, row.quiet_end) if row.quiet_start is not None else None,
        digest=row.digest,
        most=row.most,
        former=row.former,
    )


def thread_number(thread: int | None) -> int:
    """Return how a thread stands in a row."""
    return NO_THREAD if thread is None else thread


def from_card(card: Card) -> dict[str, Any]:
    """Return the row of a card. Raises StoreError."""
    return {
        "id": card.id,
        "kind": card.kind.value,
        "chat": card.chat,
        "thread": thread_number(card.thread),
        "asker": card.asker,
        "question_message": card.question_message,
        "message": card.message,
        "picture": card.picture,
        "language": card.language,
        "answer": snapshot.dumps(card.answer),
        "asked": card.asked,
        "shared": card.shared,
    }


def to_card(row: RowOf) -> Card:
    """Return the card of a row of `cards`. Raises StoreError where another version kept what this one cannot read."""
    if row.kind not in set(CardKind):
        raise StoreError(f"a card that was kept is of another kind: {row.kind}")
    return Card(
        id=row.id,
        kind=CardKind(row.kind),
        chat=row.chat,
        thread=thread(row.thread),
        asker=row.asker,
        question_message=row.question_message,
        message=row.message,
        picture=row.picture,
        language=row.language,
        answer=snapshot.loads(row.answer),
        asked=row.asked,
        shared=row.shared,
    )


def folded(topic: str) -> str:
    """Return a topic as it is compared: without its case and spacing."""
    return " ".join(topic.casefold().split())


def from_following(following: Following) -> dict[str, Any]:
    """Return the row of a topic that is followed, but for its id."""
    return {
        "chat": following.chat,
        "thread": thread_number(following.thread),
        "person": following.person,
        "topic": following.topic,
        "folded": folded(following.topic),
        "since": following.since,
        "language": following.language,
        **how_followed(following),
        "once": following.once,
        "status": following.status.value if following.status else None,
    }


def how_followed(following: Following) -> dict[str, Any]:
    """Return what of the row of a topic its followers may change."""
    return {
        "sides": list(following.sides),
        "outlets": list(following.outlets),
        "cadence": following.cadence.value,
        "paused": following.paused,
        "muted_until": following.muted_until,
    }


def to_following(row: RowOf) -> Following:
    """Return the topic of a row of `followings`."""
    return Following(
        id=row.id,
        chat=row.chat,
        thread=thread(row.thread),
        person=row.person,
        topic=row.topic,
        since=row.since,
        language=row.language,
        sides=tuple(row.sides),
        outlets=tuple(row.outlets),
        cadence=Cadence(row.cadence),
        paused=row.paused,
        muted_until=row.muted_until,
        once=row.once,
        status=Status(row.status) if row.status else None,
    )


def from_report(report: Report) -> dict[str, Any]:
    """Return the row of a report, but for its id. Raises StoreError."""
    answer = snapshot.dumps(report.answer)
    return {
        "person": report.person,
        "fault": report.fault.value,
        "quotation": WHOLE_CARD if report.quotation is None else report.quotation,
        "at": report.at,
        "settled": report.settled,
        "answer_digest": hashlib.sha256(answer.encode()).hexdigest(),
        "answer": answer,
    }


def to_report(row: RowOf) -> Report:
    """Return the report of a row of `reports`. Raises StoreError where another version kept what this one cannot read."""
    if row.fault not in set(Fault):
        raise StoreError(f"a report that was kept is of another kind: {row.fault}")
    return Report(
        id=row.id,
        person=row.person,
        fault=Fault(row.fault),
        answer=snapshot.loads(row.answer),
        quotation=None if row.quotation == WHOLE_CARD else row.quotation,
        at=row.at,
        settled=row.settled,
    )


def thread(number: int) -> int | None:
    """Return the thread that stands in a row."""
    return None if number == NO_THREAD else number
