"""News on followed topics that waits to be told, and what was told: the outbox between whoever reads articles and whoever sends.

An alert is kept in the transaction of the article that it comes from, and goes when a worker has sent it. Any number of workers
may run: each takes parcels under a lease, and what a worker does not account for in time is taken by another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from whosays.chats import Following
from whosays.heard import Heard
from whosays.types import Answer, Disagreement, Source, Stance, Status, Vector

#: How long an alert is kept once it was sent: its buttons ("why?") go on working so long.
KEPT_SENT = timedelta(days=30)
#: How long one waits for a chat that cannot be written to.
KEPT_WAITING = timedelta(days=30)
#: How long nobody else is given what a worker has taken.
LEASE = timedelta(minutes=5)
#: So long a claim found in one more outlet is added to the alert that told it.
GROWS_FOR = timedelta(days=2)


class Reason(StrEnum):
    """Why something is news, the weightiest first."""

    REVERSAL = "reversal"  #: a speaker, or a side, says the contrary of what it said before
    CONCESSION = "concession"  #: a side says what hurts its own case
    CONFLICT = "conflict"  #: a side contradicts what another one was heard to say
    NEW_SIDE = "new side"  #: a side that was not heard on the topic before
    NEW_CLAIM = "new claim"  #: something that was not heard on the topic before
    STATUS = "status"  #: a card that somebody asked for would now say something else first


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the chat had been shown at a time (`at`), which news is judged against; outlet and address are its source's."""

    words: str
    side: str | None
    speaker: str
    stance: Stance
    at: datetime
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why an alert was made: what "why was I sent this?" is answered with.

    `before` is what was said otherwise (of a reversal and a conflict), `kind` what shows that. `heard` counts the claims that
    the chat had been shown on the topic, `sides` the sides. `likelihood` (0..1) is how surely the claim answers the topic. `was`
    and `now` are the card's states, of a STATUS alone.
    """

    reason: Reason
    before: Before | None = None
    kind: Disagreement | None = None
    heard: int = 0
    sides: int = 0
    likelihood: float = 1.0
    was: Status | None = None
    now: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A piece of news on a topic that a chat follows, told once. `id` is 0 until it is kept; `mark` tells it from other news.

    `answer` shows it: the one quotation, with all sources that have it (`Quotation.also`), as of when it was made or has grown;
    of a STATUS the whole new card. `message` is the one that told it, None until it is `sent`. `person` wished to follow it.
    """

    id: int = 0
    following: int
    chat: int
    thread: int | None
    person: int
    topic: str
    mark: str
    why: Why
    answer: Answer
    made: datetime
    sent: datetime | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What goes out as one message: alerts to one thread of a chat, in the order in which they are to be told.

    `digest`: they have waited, for the hour, the day, or the end of quiet hours; else they are told at once, and come of one
    moment. Alerts of several topics of the thread may have the same mark: the same claim, to be shown once. `message` is None for
    what is to be sent; else the message that told the alerts, of which at least one has grown: it is to be edited, and
    `alerts` are all that it shows. `language` is that of the one who wished to follow; a chat's own setting goes before it.
    """

    lease: str
    chat: int
    thread: int | None
    language: str
    digest: bool
    alerts: tuple[Alert, ...]
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many alerts wait, and for how long the one that is due for longest has been due; nothing where none is."""

    alerts: int
    overdue: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A claim that an alert (its id) told, found in a further source, which is numbered when it is added."""

    alert: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an article is to a topic that is followed: alerts to make, alerts that grow, and what now counts as heard.

    `again`: the card that was asked for is to be answered anew (of a topic that is followed `once`).
    """

    following: int
    alerts: tuple[Alert, ...] = ()
    grown: tuple[Grown, ...] = ()
    heard: tuple[Heard, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """A topic that is followed, with what its chat was shown on it. `told`: an alert was made (of a topic followed `once`)."""

    following: Following
    heard: tuple[Heard, ...]
    told: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """The topic of a following (its id). `vector` is None where the model at hand has not encoded it yet."""

    following: int
    words: str
    vector: Vector | None


class News(Protocol):
    """What an article that is being stored may be to those who follow topics: decided on in its own transaction."""

    @property
    def followings(self) -> Sequence[int]:
        """The followings (ids) whose topics it matches."""

    @property
    def newest(self) -> int:
        """The highest id that was known when topics were matched: with a higher one, they are to be matched anew."""

    @property
    def digest(self) -> str:
        """The digest of the model whose vectors are wanted."""

    @property
    def now(self) -> datetime:
        """When the article came."""

    def verdicts(self, followed: Sequence[Followed]) -> Sequence[Verdict]:
        """Decide, on those of `followings` that are still there. Costs no model: the write lock is held."""


class Topics(Protocol):
    """What is followed, for whoever matches articles with it. Every method may raise StoreError."""

    def topics(self, after: int, digest: str) -> Sequence[Topic]:
        """Return the topics of all followings of a higher id than `after`, by id, with their vectors by the model of a digest."""

    def count_topics(self) -> int:
        """Return how many followings there are."""

    def keep_topic_vectors(self, digest: str, vectors: Mapping[int, Vector]) -> None:
        """Keep the vectors of topics, by following."""

    def followed(self, ids: Sequence[int], digest: str) -> Sequence[Followed]:
        """Return those of these followings that there are, with what their chats were shown."""

    def keep_heard_vectors(self, digest: str, heard: Sequence[Heard]) -> None:
        """Keep the vectors of claims that chats were shown, for all chats that were shown the same words."""


def with_source(alert: Alert, source: Source) -> Alert:
    """Return an alert that tells one source more ("also in …"); the same one where it has that article already."""
    answer = alert.answer
    if not answer.quotations or source.article in {known.article for known in answer.sources}:
        return alert
    numbered = replace(source, n=len(answer.sources) + 1)

    first = answer.quotations[0]
    swap = {first: replace(first, also=(*first.also, numbered.n))}
    grown = replace(
        answer,
        sides=tuple(replace(side, quotations=tuple(swap.get(one, one) for one in side.quotations)) for side in answer.sides),
        observers=tuple(swap.get(one, one) for one in answer.observers),
        open=tuple(swap.get(one, one) for one in answer.open),
        sources=(*answer.sources, numbered),
    )
    return replace(alert, answer=grown)


class Outbox(Topics, Protocol):
    """The store. Safe to call from several threads, and from several processes; every method may raise StoreError.

    Alerts come into it with their article (`Corpus.put`), or by `tell`.
    """

    # --- for whoever sends ---

    def take(self, worker: str, now: datetime, *, limit: int = 16, lease: timedelta = LEASE) -> Sequence[Parcel]:
        """Return at most `limit` parcels that are due, the longest due first, and give them to nobody else until the lease ends.

        Never in a chat's quiet hours, never more messages than it allows in an hour, of a chat's thread one parcel at a time, and
        none to a chat that cannot be written to: its alerts wait. `worker` is told in the store alone.
        """

    def take_grown(self, worker: str, now: datetime, *, limit: int = 16, lease: timedelta = LEASE) -> Sequence[Parcel]:
        """Return messages that tell alerts which have grown since, to be edited, as `take` does."""

    def sent(self, parcel: Parcel, message: int, now: datetime) -> None:
        """Note that a parcel was sent, or its message edited, after Telegram has said so: none of it is sent again.

        Topics that are followed `once` end with it.
        """

    def later(self, parcel: Parcel, until: datetime) -> None:
        """Give a parcel back, to be taken again at some time: it could not be sent, and certainly did not arrive."""

    def drop(self, alerts: Sequence[int]) -> None:
        """Let alerts (ids) go that are not to be sent any more, or whose message cannot be edited any more."""

    def next_due(self, now: datetime) -> datetime | None:
        """Return when there may be something to take next, `now` if there is; None where nothing waits."""

    def waiting(self, now: datetime) -> Waiting:
        """Return what waits; alerts to chats that cannot be written to, and of topics that are paused, do not count."""

    # --- for whoever asks ---

    def alert(self, id: int) -> Alert | None:
        """Return an alert: "why was I sent this?"; None where it is gone."""

    def told_in(self, chat: int, message: int) -> Sequence[Alert]:
        """Return the alerts that a message of a chat tells, in the order in which it tells them."""

    # --- for whoever answers anew ---

    def to_answer(self) -> Sequence[int]:
        """Return the topics (ids) followed `once` of which an article has come that may change their card."""

    def answered(self, following: int, alert: Alert | None) -> None:
        """Keep the alert of a card that has changed, if it has, and note that it was answered anew: in one transaction."""

    def tidy(self, now: datetime) -> None:
        """Delete alerts sent more than `KEPT_SENT` ago, and those that have waited for more than `KEPT_WAITING`."""

    def close(self) -> None:
        """Let go of the files."""
