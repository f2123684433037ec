"""What is kept of chats: settings, cards, followed topics, reports, and with them `whosays.updates`.

The second store beside `Corpus`: one Protocol, two backends (SQLite, PostgreSQL), one contract suite. Times are aware UTC; `id`s
of chats, threads, messages and people are Telegram's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from whosays.heard import Heard
from whosays.types import Answer, Status
from whosays.updates import Updates

#: How long a card's buttons go on working.
KEPT_CARDS = timedelta(days=30)
#: How long somebody who wanted to be told "if this changes" is.
ONCE_FOR = timedelta(days=7)


class ChatState(StrEnum):
    """Whether a chat can be written to."""

    ACTIVE = "active"
    #: The person has blocked the bot, or the group has removed or muted it: nothing is sent until it lets the bot in again.
    SHUT = "shut"


class Length(StrEnum):
    """How much of an answer is shown at first."""

    SHORT = "short"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without alerts, from `start` to `end` (exclusive) by the clock of the chat's zone; they may run over midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat's settings.

    `language` None: that of whoever asks. `open`: a group's settings and topics are everybody's. `dark`: pictures are.
    `kind` is Telegram's type: private, group, supergroup or channel. `zone` is a time zone of the IANA's list; by its clock go
    `quiet` hours and the `digest` of the day. `most` alerts an hour are told (messages), the rest comes as a digest. `former` is
    the id that a supergroup had as a group.
    """

    id: int
    kind: str
    language: str | None = None
    length: Length = Length.NORMAL
    open: bool = False
    dark: bool = False
    state: ChatState = ChatState.ACTIVE
    zone: str = "UTC"
    quiet: Quiet | None = None
    digest: time = time(8)
    most: int = 6
    former: int | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """Its id, and the one that it had before: by either it may be known."""
        return (self.id,) if self.former is None else (self.id, self.former)


class CardKind(StrEnum):
    """What a card shows of its answer."""

    ANSWER = "answer"
    SUMMARY = "summary"
    TIMELINE = "timeline"
    SIDES = "sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An answer as it was shown, so that its buttons go on working: they show this answer, not a new one.

    `id` is 12 characters of [A-Za-z0-9_-] that nobody guesses. `asker` is a person's id (or, for one who speaks as a chat, that
    chat's), `question_message` the message that asked, `message` the one that answers (None until it is sent, and for a card
    shared inline, whose `chat` is its asker's private chat), `picture` the one above that with its picture, if it has one.
    `shared`: a deep link may open it for anybody.
    """

    id: str
    kind: CardKind
    chat: int
    thread: int | None
    asker: int
    question_message: int | None
    message: int | None = None
    picture: int | None = None
    language: str
    answer: Answer
    asked: datetime
    shared: bool = False


class Cadence(StrEnum):
    """When news on a topic is told."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A topic that a chat (one thread of it, in a forum) follows. `id` is 0 until it is kept.

    With `sides`, or `outlets`, it is told of these alone (names, whatever their case). While it is `paused` nothing is made of
    news; while it is muted nothing is told, and what came meanwhile comes as a digest then. `once`: it ends with its first alert,
    which is made when its card's `status` (as it was when last shown) changes, or after `ONCE_FOR`.
    """

    id: int = 0
    chat: int
    thread: int | None
    person: int
    topic: str
    since: datetime
    language: str
    sides: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    cadence: Cadence = Cadence.INSTANT
    paused: bool = False
    muted_until: datetime | None = None
    once: bool = False
    status: Status | None = None


class Fault(StrEnum):
    """What a reader says is wrong with a claim on a card, or with the card."""

    SIDE = "wrong side"
    SPEAKER = "wrong speaker"
    RELEVANCE = "not relevant"
    OUTDATED = "out of date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reader's report, with what he was shown. `quotation` counts `answer.quotations` from 0.

    `quotation` None means the card as a whole. `id` is 0 until it is kept. Who reported stands in the store alone, so that
    `forget` finds it.
    """

    id: int = 0
    person: int
    fault: Fault
    answer: Answer
    quotation: int | None
    at: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How much is kept of a person, or of a chat."""

    cards: int = 0
    followed: int = 0
    reports: int = 0
    settings: int = 0
    #: Messages that are not answered yet.
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an operator is told of the bot's use: no names, no questions."""

    chats: int
    shut: int
    cards_today: int
    cards_week: int
    followed: int
    reports_open: int


class Chats(Updates, Protocol):
    """The store. Safe to call from several threads, and from several processes; every method may raise StoreError."""

    # --- chats ---

    def chat(self, id: int) -> Chat | None:
        """Return a chat's settings; None where nothing is kept of it."""

    def keep_chat(self, chat: Chat) -> None:
        """Keep a chat's settings, in place of those before."""

    def change_chat(self, id: int, kind: str, change: Callable[[Chat], Chat | None]) -> Chat | None:
        """Keep a chat's settings changed, in one transaction, and return them; where `change` returns None nothing changes.

        `change` is given them as they are; of a chat of which nothing is kept, of this `kind`, those of every chat. It may be
        called more than once, and asks nothing of the store.
        """

    def set_state(self, id: int, kind: str, state: ChatState) -> None:
        """Note whether a chat can be written to; its other settings stay."""

    def migrate(self, old: int, new: int) -> None:
        """Give all that is kept of a group to the supergroup that it has become, in one transaction; twice is no harm.

        Topics that both follow stay once; settings of the new one, if it has any, win; they say which group it was.
        """

    # --- cards ---

    def keep_card(self, card: Card) -> None:
        """Keep a card; one with the same id is replaced, and one to the same question that was never sent goes."""

    def let_card_go(self, id: str) -> None:
        """Delete a card, as `forget_person` does: nothing of it is left in the files."""

    def set_message(self, id: str, message: int, picture: int | None = None) -> None:
        """Note which message shows a card, and which its picture."""

    def card(self, id: str) -> Card | None:
        """Return the card of this id."""

    def card_shown_in(self, chat: int, message: int) -> Card | None:
        """Return the card that a message of the bot shows, or whose picture it is."""

    def card_asked_by(self, chat: int, question_message: int) -> Card | None:
        """Return the card that answers a message."""

    def last_card(self, chat: int, thread: int | None, asker: int, since: datetime, before: int | None = None) -> Card | None:
        """Return the card last asked for by somebody in a chat's thread, at `since` or later; cards shared inline do not count.

        With `before` those alone count that a message of a smaller number asked for.
        """

    # --- followed topics ---

    def follow(self, following: Following, heard: Sequence[Heard] = ()) -> Following | None:
        """Keep a topic and return it with its id; None where the chat's thread follows it already (whatever its case).

        `heard` is what a card of it has told the chat (`whosays.heard.heard_in`): that is no news. A topic followed `once` is one
        for itself.
        """

    def following(self, chat: int, id: int) -> Following | None:
        """Return a topic of a chat; None where it is followed no more."""

    def keep_following(self, following: Following) -> bool:
        """Keep how a topic is followed (sides, outlets, cadence, pause, mute), in place of before; say whether it is there."""

    def followed_in(self, chat: int, thread: int | None = None, *, all_threads: bool = False) -> Sequence[Following]:
        """Return what a chat's thread (or all of the chat) follows, the oldest first."""

    def followed(self) -> Sequence[Following]:
        """Return all topics followed by chats that can be written to, the oldest first."""

    def unfollow(self, chat: int, id: int) -> bool:
        """Let a topic of a chat go, and with it alerts that wait; say whether it was there."""

    # --- reports ---

    def report(self, report: Report) -> int:
        """Keep a report and return its id; the same person's same report on the same claim of the same card counts once."""

    def reports(self, *, settled: bool = False) -> Sequence[Report]:
        """Return the reports that are open, or (`settled`) all, the oldest first."""

    def settle(self, id: int) -> bool:
        """Note that a report was dealt with; say whether it was there and open."""

    # --- all of it ---

    def alone(self, purpose: str) -> bool:
        """Say whether this process is the only one over this store that does something, from now until it closes, or ends."""

    def kept_of_person(self, person: int) -> Kept:
        """Count what is kept of a person, in all chats."""

    def kept_of_chat(self, chat: int) -> Kept:
        """Count what is kept of a chat."""

    def forget_person(self, person: int) -> Kept:
        """Delete all that is kept of a person, and of the private chat with him; return how much it was.

        Topics that he had a group follow are the group's: they stay, and no longer say whose wish they were (`person` 0).
        """

    def forget_chat(self, chat: int) -> Kept:
        """Delete all that is kept of a chat, but for the id that it had as a group; return how much it was."""

    def counts(self, now: datetime) -> Counts:
        """Count for the operator."""

    def tidy(self, now: datetime) -> None:
        """Delete cards of more than `KEPT_CARDS` ago, and the numbers of updates of more than `KEPT_UPDATES` ago."""

    def close(self) -> None:
        """Let go of the files."""
