"""What a button sends back: at most 64 bytes that name what was pressed; a button works for as long as its card is kept."""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

#: https://core.telegram.org/bots/api#inlinekeyboardbutton
MAX_BYTES = 64
_MOST_DIGITS = 18
_DATA = re.compile(r"(?P<does>[a-z])(?::(?P<of>[A-Za-z0-9_-]{1,24}))?(?P<arguments>(?::[A-Za-z0-9_-]{1,16}){0,3})")


class Does(StrEnum):
    """What a press does; the letter stands in the data."""

    FIRST = "s"  #: the card's first view
    PAGE = "p"  #: a page of the whole card
    CHOOSE_CONTEXT = "x"  #: of which quotation
    CONTEXT = "c"
    TIMELINE = "t"
    FOLLOW = "f"
    CHOOSE_WRONG = "w"  #: which quotation is wrong
    CHOOSE_FAULT = "y"  #: what is wrong with it
    REPORT = "r"
    NEAREST = "n"  #: one of the topics that a card offers instead
    UNFOLLOW = "u"
    TOPIC = "k"  #: the page of a topic that is followed, and what is chosen there
    ALERT = "a"  #: what an alert is asked, or told
    ONCE = "o"  #: tell me if this changes
    SETTING = "g"
    FORGET = "z"
    FEED = "d"


@dataclass(frozen=True, slots=True)
class Press:
    """A press, read: `of` is the id of a card or of what else it is about."""

    does: Does
    of: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def data(self) -> str:
        """What the button sends."""
        return ":".join([self.does.value, *([self.of] if self.of or self.arguments else []), *self.arguments])

    @property
    def id_of_topic(self) -> int:
        """The number of a followed topic; 0, which none has, for what is no number that a store could give out."""
        return int(self.of) if self.of.isascii() and self.of.isdigit() and len(self.of) <= _MOST_DIGITS else 0

    def number(self, position: int) -> int | None:
        """Return an argument as a number; None where it is missing or none."""
        text = self.arguments[position] if position < len(self.arguments) else ""
        return int(text) if text.isascii() and text.isdigit() else None


def read(data: str) -> Press | None:
    """Return what was pressed; None for data of another version, or somebody's own."""
    match = _DATA.fullmatch(data)
    if match is None or match["does"] not in set(Does):
        return None
    return Press(Does(match["does"]), match["of"] or "", tuple(match["arguments"].split(":")[1:]))


def mark(words: str) -> str:
    """Return 8 characters that tell words from others, for a button that is about them."""
    return urlsafe_b64encode(sha256(words.encode("utf-8", "surrogatepass")).digest()[:6]).decode()


def new_card_id() -> str:
    """Return 12 characters that nobody guesses (72 bits)."""
    return secrets.token_urlsafe(9)
