"""Cards as they were shown: each a few statements within the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from whosays.chats import Card
from whosays.errors import StoreError
from whosays.store.chat_rows import from_card, thread_number, to_card
from whosays.store.chats_schema import cards
from whosays.store.rows import RowOf


def keep(connection: Connection, card: Card) -> None:
    """Keep a card, in place of one with its id, and of one that answers the same question and was never sent. Raises StoreError.

    Of a process that was killed before it sent its answer such a card stays, and the next start answers once more.
    """
    row = from_card(card)
    replaced = [card.id]
    if card.question_message is not None:
        same = [cards.c[name] == row[name] for name in ("chat", "question_message", "asker", "kind")]
        unsent = connection.execute(select(cards).where(*same, cards.c.message.is_(None)))
        # Buttons under one message ask several things, side by side.
        replaced += [one.id for one in unsent if _asks(one) in {None, card.answer.query.text}]
    connection.execute(delete(cards).where(cards.c.id.in_(replaced)))
    connection.execute(insert(cards).values(row))


def asked_before(
    chat: int, thread: int | None, asker: int, since: datetime, before: int | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions of `Chats.last_card`."""
    return [
        *([] if before is None else [cards.c.question_message < before]),
        cards.c.asker == asker,
        cards.c.chat == chat,
        cards.c.thread == thread_number(thread),
        cards.c.asked >= since,
        # One shared inline stands in its asker's private chat, where no message asked for it and none shows it.
        or_(cards.c.chat != cards.c.asker, cards.c.question_message.is_not(None), cards.c.message.is_not(None)),
    ]


def _asks(row: RowOf) -> str | None:
    """Return what a card answers; None for one of another version that cannot be read, and goes."""
    try:
        return to_card(row).answer.query.text
    except StoreError:
        return None
