"""What an article is to each of those who follow a topic: decided under the write lock, so that nothing is told twice. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whosays.alerts.judging import Fresh, Novelty, Repeat, is_same, judge
from whosays.answer import is_party
from whosays.chats import Following
from whosays.heard import Heard
from whosays.outbox import Alert, Followed, Grown, Reason, Verdict, Why
from whosays.types import Answer, Article, Vector

#: What an article says that was published so long before a topic was followed is no news to its followers …
_BEFORE_FOLLOWING = timedelta(days=1)
#: … nor is, to anybody, what is so old when it comes.
_LATE = timedelta(days=14)
#: So many claims of one article are told on a topic, those of the weightiest reasons; the rest counts as heard with them.
_MOST = 5
_REASONS = tuple(Reason)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """A claim on a topic, as it would be heard, with the card that tells it and how surely it answers."""

    fresh: Fresh
    answer: Answer
    likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnTopic:
    """What an article says on a topic: for whoever follows just these words."""

    words: str
    said: tuple[Said, ...]


class ArticleNews:
    """`News` of one article."""

    def __init__(
        self,
        article: Article,
        on_topic: Mapping[int, OnTopic],
        vectors: Mapping[str, Vector],
        newest: int,
        digest: str,
        now: datetime,
    ) -> None:
        """Take what it says by following, and the vectors of words that these were shown, where the store may have none."""
        self._article = article
        self._on_topic = on_topic
        self._vectors = vectors
        self.followings: Sequence[int] = sorted(on_topic)
        self.newest = newest
        self.digest = digest
        self.now = now

    def verdicts(self, followed: Sequence[Followed]) -> Sequence[Verdict]:
        """Decide, on those of `followings` that are still there."""
        return [verdict for one in followed if (verdict := self._verdict(one)) is not None]

    def _verdict(self, followed: Followed) -> Verdict | None:
        following, on_topic = followed.following, self._on_topic[followed.following.id]
        if following.paused or not is_recent(self._article, following.since, self.now) or not _is_wanted(self._article, followed):
            return None
        heard = [self._with_vector(one) for one in followed.heard]
        made: list[Alert] = []
        grown: dict[int, Grown] = {}
        new: list[Heard] = []
        for said in on_topic.said:
            claim = said.fresh.heard
            if not _is_of(following, claim):
                continue
            known = [*heard, *new]
            anew = said.fresh.points and any(_side(alert) != claim.side for alert in made)
            if anew:
                # What it denies is news, so it is not the denial in the same words that was heard before.
                known = [one for one in known if one.mark == claim.mark or not is_same(claim, one)]
            judged = judge(said.fresh, known, on_topic.words)
            if isinstance(judged, Repeat):
                if judged.of.alert is not None:
                    grown.setdefault(judged.of.alert, Grown(alert=judged.of.alert, source=said.answer.sources[0]))
                new.append(replace(claim, alert=judged.of.alert))
                continue
            new.append(claim)
            made.append(_alert(followed, claim.mark, _why(judged, heard, said.likelihood), said.answer, self.now))
        if following.once:
            # Its card says whether that changes anything; its followers are told of no single claim.
            return Verdict(following=following.id, heard=tuple(new), again=bool(made) and not followed.told)
        weightiest = sorted(made, key=lambda alert: _REASONS.index(alert.why.reason))[:_MOST]
        return Verdict(
            following=following.id,
            alerts=tuple(alert for alert in made if alert in weightiest),
            grown=tuple(grown.values()),
            heard=tuple(new),
        )

    def _with_vector(self, one: Heard) -> Heard:
        return one if one.vector is not None else replace(one, vector=self._vectors.get(one.words))


def is_recent(article: Article, since: datetime, now: datetime) -> bool:
    """Say whether what an article says can be news to who follows a topic since a time; an undated one came just now."""
    return article.published is None or (article.published >= since - _BEFORE_FOLLOWING and is_timely(article, now))


def is_timely(article: Article, now: datetime) -> bool:
    """Say whether an article was published lately enough to be news when it comes; an undated one came just now."""
    return article.published is None or article.published >= now - _LATE


def _is_wanted(article: Article, followed: Followed) -> bool:
    outlets = {outlet.casefold() for outlet in followed.following.outlets}
    return not outlets or (article.outlet or "").casefold() in outlets


def _is_of(following: Following, claim: Heard) -> bool:
    """Say whether somebody who may follow certain sides alone follows the one that a claim is of."""
    return not following.sides or (claim.side or "").casefold() in {side.casefold() for side in following.sides}


def _side(alert: Alert) -> str | None:
    claim = alert.answer.quotations[0].claim
    return claim.side if claim else None


def _why(judged: Novelty, heard: Sequence[Heard], likelihood: float) -> Why:
    return Why(
        reason=judged.reason,
        before=judged.before,
        kind=judged.kind,
        heard=len(heard),
        sides=len({one.side for one in heard if is_party(one.side)}),
        likelihood=round(likelihood, 3),
    )


def _alert(followed: Followed, mark: str, why: Why, answer: Answer, now: datetime) -> Alert:
    following = followed.following
    return Alert(
        following=following.id,
        chat=following.chat,
        thread=following.thread,
        person=following.person,
        topic=following.topic,
        mark=mark,
        why=why,
        answer=answer,
        made=now,
    )
