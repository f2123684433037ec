"""Articles that bring news to those who follow topics, decided by the test: what the outbox is filled with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.cards import SOURCES, answer
from tests.stored import article, indexed
from whosays.chats import Following
from whosays.heard import heard_in, mark
from whosays.outbox import Alert, Followed, Grown, Reason, Verdict, Why
from whosays.store.corpus import Corpus, Outcome
from whosays.types import Quotation, Side, Source


def alert(following: Following, said: Quotation, made: datetime, reason: Reason = Reason.NEW_CLAIM) -> Alert:
    """Return the alert that tells one claim."""
    side = said.claim.side if said.claim else None
    card = replace(
        answer(following.topic, sides=(Side(name=str(side), quotations=(said,)),)), sources=(SOURCES[said.source - 1],)
    )
    return Alert(
        following=following.id,
        chat=following.chat,
        thread=following.thread,
        person=following.person,
        topic=following.topic,
        mark=mark(said),
        why=Why(reason=reason),
        answer=card,
        made=made,
    )


@dataclass
class Told:
    """News of one article: `decide` says what it is to each who follows."""

    followings: Sequence[int]
    newest: int
    now: datetime
    decide: Callable[[Followed], Verdict]
    digest: str = "model"
    seen: list[Followed] = field(default_factory=list)

    def verdicts(self, followed: Sequence[Followed]) -> Sequence[Verdict]:
        self.seen += followed
        return [self.decide(one) for one in followed]


def tell(
    corpus: Corpus, followings: Sequence[Following], said: Quotation, now: datetime, *, id: str = "", newest: int = 10**9
) -> Outcome:
    """Store an article that has one claim on all these topics, matched when `newest` was the highest number of any."""

    def decide(followed: Followed) -> Verdict:
        made = alert(followed.following, said, now)
        return Verdict(following=made.following, alerts=(made,), heard=heard_in(made.answer, now))

    ids = [one.id for one in followings]
    story = article(id or said.text, f"{said.text}.", outlet="Orsel Gazette", day=3)
    return corpus.put(indexed(story), Told(ids, newest, now, decide))


def grow(corpus: Corpus, alert_id: int, following: Following, source: Source, now: datetime) -> None:
    """Store an article that has a claim which an alert told."""

    def decide(followed: Followed) -> Verdict:
        return Verdict(following=following.id, grown=(Grown(alert=alert_id, source=source),))

    corpus.put(indexed(article(source.article, "It stands there, too.")), Told([following.id], 10**9, now, decide))
