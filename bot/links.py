"""Deep links: `t.me/bot?start=…` opens the bot's chat with a card, or with a question. Pure.

https://core.telegram.org/bots/features#deep-linking: at most 64 characters of [A-Za-z0-9_-].
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

_CARD, _QUESTION = "c", "q"
_MOST = 64
_PARAMETER = re.compile(r"(?P<kind>[cq])_(?P<rest>[A-Za-z0-9_-]{1,62})")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a deep link opens: the card of an id, or a question; the other one is empty."""

    card: str = ""
    question: str = ""


def to_card(username: str, card: str) -> str:
    """Return the address that opens a card."""
    return f"https://t.me/{username}?start={for_card(card)}"


def for_card(card: str) -> str:
    """Return the parameter that opens a card."""
    return f"{_CARD}_{card}"


def for_question(question: str) -> str | None:
    """Return the parameter that asks a question; None for one that is too long for a link."""
    encoded = base64.urlsafe_b64encode(" ".join(question.split()).encode("utf-8", "replace")).decode().rstrip("=")
    parameter = f"{_QUESTION}_{encoded}"
    return parameter if encoded and len(parameter) <= _MOST else None


def opened(parameter: str) -> Opened | None:
    """Return what a link's parameter opens; None for one that is not ours, or damaged."""
    match = _PARAMETER.fullmatch(parameter)
    if match is None:
        return None
    if match["kind"] == _CARD:
        return Opened(card=match["rest"])
    try:
        padded = match["rest"] + "=" * (-len(match["rest"]) % 4)
        question = " ".join(base64.urlsafe_b64decode(padded).decode("utf-8").split())
    except (binascii.Error, UnicodeDecodeError):
        return None
    # Nobody types these: they come from letters that were made to look like a question.
    if any(unicodedata.category(character) == "Cc" for character in question):
        return None
    return Opened(question=question) if question else None
