"""Followed topics on which there is news, for the tests of alerts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from tests.cards import SOURCES, answer, quotation
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, PrivateChat, Sent, User
from tests.stored import Model, article, indexed
from whosays.heard import mark
from whosays.outbox import Alert, Before, Followed, Outbox, Reason, Verdict, Why
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import OBSERVER, Answer, Quotation, Side, Stance, Status

TOPIC = "who holds Orsel?"
OLD = quotation("that the town was its own")
NEW = quotation("that it had left the harbour", source=2)
LEAGUE = quotation("Orsel had never fallen", name="Bren Osk", role="commander", side="Coast League", stance=Stance.DENIES)


def said(*quotations: Quotation, topic: str = TOPIC, status: Status = Status.SEVERAL_SIDES) -> Answer:
    """Return the answer that shows some quotations."""
    sides = dict.fromkeys(one.claim.side for one in quotations if one.claim and one.claim.side not in {None, OBSERVER})
    return answer(
        topic,
        status,
        sides=tuple(
            Side(name=side or "", quotations=tuple(one for one in quotations if one.claim and one.claim.side == side))
            for side in sides
        ),
        observers=tuple(one for one in quotations if one.claim and one.claim.side == OBSERVER),
        open=tuple(one for one in quotations if one.claim and one.claim.side is None),
    )


def engine(*quotations: Quotation) -> FixedEngine:
    """Return an engine that knows these on the topic."""
    return FixedEngine(answers={TOPIC: said(*(quotations or (OLD,)))})


def tell(
    outbox: Outbox,
    *quotations: Quotation,
    reason: Reason = Reason.NEW_CLAIM,
    before: Before | None = None,
    topic: str | None = None,
    now: datetime | None = None,
) -> None:
    """Put news into the outbox, as whoever reads articles does, for all who follow (a topic) and have not heard of it."""
    now = now or datetime.now(UTC)
    for followed in every(outbox):
        heard = {one.mark for one in followed.heard}
        if followed.following.paused or topic not in {None, followed.following.topic}:
            continue
        for one in quotations:
            if mark(one) not in heard:
                outbox.answered(followed.following.id, news(followed, one, reason=reason, before=before, now=now))


def news(
    followed: Followed, one: Quotation, *, reason: Reason = Reason.NEW_CLAIM, before: Before | None = None, now: datetime
) -> Alert:
    """Return the alert that tells a claim."""
    following = followed.following
    shown = said(replace(one, source=1), topic=following.topic)
    return Alert(
        following=following.id,
        chat=following.chat,
        thread=following.thread,
        person=following.person,
        topic=following.topic,
        mark=mark(one),
        why=Why(reason=reason, before=before, heard=len(followed.heard), sides=1, likelihood=0.9),
        answer=replace(shown, sources=(replace(SOURCES[one.source - 1], n=1),)),
        made=now,
    )


@dataclass(frozen=True)
class Decided:
    """What an article is to those who follow, decided beforehand."""

    given: Sequence[Verdict]
    now: datetime
    digest: str = Model().digest

    @property
    def followings(self) -> Sequence[int]:
        return [verdict.following for verdict in self.given]

    @property
    def newest(self) -> int:
        return max(self.followings)

    def verdicts(self, followed: Sequence[Followed]) -> Sequence[Verdict]:
        there = {one.following.id for one in followed}
        return [verdict for verdict in self.given if verdict.following in there]


def publish(store: str, *verdicts: Verdict, now: datetime | None = None) -> None:
    """Put an article into a store that is this to those who follow."""
    corpus = SqlCorpus.open(store, Model())
    corpus.put(
        indexed(article(secrets.token_hex(4), "Smoke stood over the harbour.")), Decided(verdicts, now or datetime.now(UTC))
    )
    corpus.close()


def every(outbox: Outbox) -> list[Followed]:
    """Return all that is followed."""
    return list(outbox.followed([topic.following for topic in outbox.topics(0, "")], ""))


def ann_of(telegram: BotApi) -> tuple[User, PrivateChat]:
    """Return Ann, and her chat with the bot."""
    ann = telegram.person("Ann")
    return ann, telegram.private_chat(ann)


async def follow(chat: Chat, person: User, topic: str = TOPIC, *, thread: int | None = None) -> Sent:
    """Have a chat follow a topic, and return what the bot says to it."""
    chat.say(person, f"/follow@WhoSaysTestBot {topic}", topic=thread)
    sent = await chat.expect_message()
    if topic not in sent.text:
        pytest.fail(f"the bot does not follow but says: {sent.text}")
    return sent
