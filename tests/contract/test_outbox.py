"""What every outbox does: alerts come with their articles, go out once under a lease, when they are due, and grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.cards import SOURCES, answer, quotation
from tests.kept import ADA, BEN, GROUP, SUPERGROUP, following
from tests.stored import Model, article, indexed
from tests.told import Told, alert, grow, tell
from whosays.chats import ONCE_FOR, Cadence, Chat, Chats, ChatState, Following, Quiet
from whosays.errors import OutdatedError
from whosays.heard import heard_in
from whosays.outbox import GROWS_FOR, KEPT_SENT, KEPT_WAITING, Outbox, Parcel, Reason, Verdict, Waiting, Why
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus, Outcome
from whosays.store.outbox import SqlOutbox
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Status

NOON = datetime(2031, 5, 7, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FELL = quotation("that the town had fallen")
HELD = quotation("that the town was held", name="Bren Osk", side="Coast League")
SHUT = quotation("that the harbour was shut", source=2)


@dataclass(frozen=True)
class Store:
    """One file, as the reader of articles, the bot and its workers see it."""

    corpus: Corpus
    chats: Chats
    outbox: Outbox

    def follow(self, topic: str = "who holds Orsel?", chat: int = ADA, **parts: object) -> Following:
        kept = self.chats.follow(following(topic, chat, **parts))  # type: ignore[arg-type]
        assert kept is not None
        return kept

    def take(self, now: datetime = NOON, worker: str = "one") -> list[Parcel]:
        return list(self.outbox.take(worker, now))

    def told(self, now: datetime) -> list[list[str]]:
        """Send all that is due; return the words of each message."""
        result: list[list[str]] = []
        for parcel in self.take(now):
            self.outbox.sent(parcel, 500 + len(result), now)
            result.append([one.answer.quotations[0].text for one in parcel.alerts])
        return result


@pytest.fixture
def reopen(address: str) -> Iterator[Callable[[], Store]]:
    """Opens the same store again: other connections to it, as another process would have."""
    with ExitStack() as opened:

        def open_again() -> Store:
            parts = SqlCorpus.open(address, Model()), SqlChats.open(address), SqlOutbox.open(address)
            for part in parts:
                opened.callback(part.close)
            return Store(*parts)

        yield open_again


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    return reopen()


def texts(parcels: list[Parcel]) -> list[list[str]]:
    return [[one.answer.quotations[0].text for one in parcel.alerts] for parcel in parcels]


def test_an_alert_comes_with_its_article_and_goes_out_once(store: Store) -> None:
    topic = store.follow()
    assert tell(store.corpus, [topic], FELL, NOON) is Outcome.ADDED
    (parcel,) = store.take()
    assert (parcel.chat, parcel.thread, parcel.digest, parcel.message, parcel.language) == (ADA, None, False, None, "en")
    (told,) = parcel.alerts
    assert told.answer.quotations == (FELL,)
    assert told.why == Why(reason=Reason.NEW_CLAIM)
    assert (told.following, told.topic, told.person) == (topic.id, topic.topic, ADA)
    store.outbox.sent(parcel, 500, NOON)
    assert store.take(NOON + 30 * HOUR) == []
    kept = store.outbox.alert(told.id)
    assert kept == replace(told, sent=NOON, message=500)
    assert store.outbox.told_in(ADA, 500) == [kept]


def test_an_article_that_fails_brings_no_alert_and_one_read_again_brings_none(store: Store) -> None:
    topic = store.follow()

    def fail(_: object) -> Verdict:
        raise RuntimeError("no room")

    broken = article("broken", "The town is quiet.")
    with pytest.raises(RuntimeError, match="no room"):
        store.corpus.put(indexed(broken), Told([topic.id], topic.id, NOON, fail))
    assert not store.corpus.articles(["broken"])
    assert store.take() == []
    tell(store.corpus, [topic], FELL, NOON)
    assert tell(store.corpus, [topic], FELL, NOON) is Outcome.UNCHANGED
    assert store.told(NOON) == [[FELL.text]]
    tell(store.corpus, [topic], FELL, NOON + MINUTE, id="the same claim in another article")
    assert store.told(NOON + HOUR) == []


def test_a_topic_followed_while_an_article_is_matched_is_matched_as_well(store: Store) -> None:
    first = store.follow()
    store.follow("what of the harbour?")
    with pytest.raises(OutdatedError):
        tell(store.corpus, [first], FELL, NOON, newest=first.id)
    assert not store.corpus.articles([FELL.text])


def test_what_a_worker_has_taken_no_other_is_given_until_its_lease_ends(store: Store) -> None:
    tell(store.corpus, [store.follow()], FELL, NOON)
    (parcel,) = store.outbox.take("one", NOON, lease=MINUTE)
    assert store.take(NOON + 59 * timedelta(seconds=1), "two") == []
    (again,) = store.take(NOON + MINUTE, "two")
    assert again.alerts == parcel.alerts
    # The first one was slow, not dead: what it has sent is sent.
    store.outbox.sent(parcel, 500, NOON + MINUTE)
    store.outbox.sent(again, 501, NOON + MINUTE)
    assert store.take(NOON + HOUR) == []


def test_what_could_not_be_sent_comes_again_when_it_is_told_to(store: Store) -> None:
    tell(store.corpus, [store.follow()], FELL, NOON)
    (parcel,) = store.take()
    store.outbox.later(parcel, NOON + 10 * MINUTE)
    assert store.outbox.next_due(NOON) == NOON + 10 * MINUTE
    assert store.take(NOON + 9 * MINUTE) == []
    (again,) = store.take(NOON + 10 * MINUTE)
    store.outbox.later(parcel, NOON + HOUR)  # of a lease that is over: nothing happens
    store.outbox.drop([one.id for one in again.alerts])
    assert store.take(NOON + 2 * HOUR) == []
    assert store.outbox.next_due(NOON) is None


def test_what_waits_is_counted_and_for_how_long_it_has_been_due(store: Store) -> None:
    assert store.outbox.waiting(NOON) == Waiting(alerts=0, overdue=timedelta(0))
    tell(store.corpus, [store.follow()], FELL, NOON)
    tell(store.corpus, [store.follow("harbour", cadence=Cadence.DAILY)], SHUT, NOON)
    assert store.outbox.waiting(NOON - MINUTE) == Waiting(alerts=2, overdue=timedelta(0))
    assert store.outbox.waiting(NOON + MINUTE) == Waiting(alerts=2, overdue=MINUTE)
    assert store.told(NOON + MINUTE) == [[FELL.text]]
    assert store.outbox.waiting(NOON + MINUTE) == Waiting(alerts=1, overdue=timedelta(0))
    store.chats.set_state(ADA, "private", ChatState.SHUT)
    assert store.outbox.waiting(NOON + 30 * HOUR) == Waiting(alerts=0, overdue=timedelta(0))


def test_a_thread_gets_one_message_and_its_own_and_one_at_a_time(store: Store) -> None:
    here, there = store.follow(chat=GROUP), store.follow(chat=GROUP, thread=7)
    other = store.follow("what of the harbour?", GROUP)
    tell(store.corpus, [here, there], FELL, NOON)
    tell(store.corpus, [other], SHUT, NOON)
    parcels = store.take()
    assert sorted((parcel.thread or 0, len(parcel.alerts)) for parcel in parcels) == [(0, 2), (7, 1)]
    tell(store.corpus, [here], HELD, NOON)
    assert store.take() == []
    for parcel in parcels:
        store.outbox.sent(parcel, 500, NOON)
    assert store.told(NOON) == [[HELD.text]]


def test_the_same_claim_on_two_topics_of_a_thread_is_told_once(store: Store) -> None:
    now, daily = store.follow(), store.follow("Orsel", cadence=Cadence.DAILY)
    tell(store.corpus, [now, daily], FELL, NOON)
    assert store.told(NOON) == [[FELL.text]]
    assert store.told(NOON + timedelta(days=1)) == []


def test_quiet_hours_hold_and_what_waited_comes_as_one_digest(store: Store) -> None:
    store.chats.keep_chat(Chat(id=ADA, kind="private", zone="Europe/Berlin", quiet=Quiet(time(22), time(7))))
    topic = store.follow()
    night = datetime(2031, 5, 7, 21, 30, tzinfo=UTC)
    tell(store.corpus, [topic], FELL, night)
    tell(store.corpus, [topic], SHUT, night + HOUR)
    assert store.take(night + 2 * HOUR) == []
    morning = datetime(2031, 5, 8, 5, tzinfo=UTC)
    assert store.outbox.next_due(night) == morning
    (parcel,) = store.take(morning)
    assert parcel.digest
    assert texts([parcel]) == [[FELL.text, SHUT.text]]


def test_a_worker_that_comes_too_late_for_the_evening_waits_for_the_morning(store: Store) -> None:
    store.chats.keep_chat(Chat(id=ADA, kind="private", quiet=Quiet(time(22), time(7))))
    tell(store.corpus, [store.follow()], FELL, datetime(2031, 5, 7, 21, 59, tzinfo=UTC))
    assert store.take(datetime(2031, 5, 7, 22, tzinfo=UTC)) == []
    assert texts(store.take(datetime(2031, 5, 8, 7, tzinfo=UTC))) == [[FELL.text]]


def test_more_than_a_chat_wants_in_an_hour_comes_as_a_digest_with_the_next(store: Store) -> None:
    store.chats.keep_chat(Chat(id=ADA, kind="private", most=2))
    topics = [store.follow(f"topic {n}") for n in range(4)]
    for n, topic in enumerate(topics):
        tell(store.corpus, [topic], quotation(f"that bridge {n} was whole"), NOON + n * MINUTE)
        assert bool(store.told(NOON + n * MINUTE)) is (n < 2)
    assert store.take(NOON + 59 * MINUTE) == []
    (parcel,) = store.take(NOON + HOUR)
    assert parcel.digest
    assert len(parcel.alerts) == 2


def test_hourly_and_daily_topics_wait_for_their_time(store: Store) -> None:
    store.chats.keep_chat(Chat(id=ADA, kind="private", zone="Asia/Kolkata", digest=time(9)))
    tell(store.corpus, [store.follow("a", cadence=Cadence.HOURLY)], FELL, NOON)
    tell(store.corpus, [store.follow("b", cadence=Cadence.DAILY)], SHUT, NOON)
    assert store.take(NOON + 29 * MINUTE) == []
    assert store.told(NOON + 30 * MINUTE) == [[FELL.text]]
    assert store.take(datetime(2031, 5, 8, 3, 29, tzinfo=UTC)) == []
    assert store.told(datetime(2031, 5, 8, 3, 30, tzinfo=UTC)) == [[SHUT.text]]


def test_a_change_of_settings_holds_for_what_waits(store: Store) -> None:
    topic = store.follow(cadence=Cadence.DAILY)
    tell(store.corpus, [topic], FELL, NOON)
    assert store.take() == []
    assert store.chats.keep_following(replace(topic, cadence=Cadence.INSTANT, muted_until=NOON + HOUR))
    assert store.take() == []
    (parcel,) = store.take(NOON + HOUR)
    assert parcel.digest, "it has waited for the end of the mute"
    store.outbox.later(parcel, NOON + HOUR)
    assert store.chats.keep_following(replace(topic, cadence=Cadence.INSTANT, paused=True))
    assert store.take(NOON + HOUR) == []
    assert store.outbox.next_due(NOON) is None
    store.chats.keep_following(replace(topic, cadence=Cadence.INSTANT))
    store.chats.keep_chat(Chat(id=ADA, kind="private", quiet=Quiet(time(11), time(15))))
    assert store.take(NOON + HOUR) == []
    assert texts(store.take(NOON + 3 * HOUR)) == [[FELL.text]]
    assert not store.chats.keep_following(replace(topic, id=10**6))


def test_a_chat_that_cannot_be_written_to_keeps_its_alerts_for_when_it_can(store: Store) -> None:
    tell(store.corpus, [store.follow()], FELL, NOON)
    store.chats.set_state(ADA, "private", ChatState.SHUT)
    tell(store.corpus, [store.follow("harbour")], SHUT, NOON)
    assert store.take(NOON + HOUR) == []
    assert store.outbox.next_due(NOON) is None
    store.chats.set_state(ADA, "private", ChatState.ACTIVE)
    assert texts(store.take(NOON + HOUR)) == [[FELL.text, SHUT.text]]


def test_an_alert_grows_with_each_outlet_before_it_is_sent_and_after(store: Store) -> None:
    topic = store.follow()
    tell(store.corpus, [topic], FELL, NOON)
    (parcel,) = store.take()
    id_ = parcel.alerts[0].id
    grow(store.corpus, id_, topic, SOURCES[1], NOON)
    # What was taken tells of one outlet; the other one is added to the message.
    store.outbox.sent(parcel, 500, NOON)
    assert store.take(NOON + HOUR) == []
    grow(store.corpus, id_, topic, SOURCES[2], NOON + timedelta(seconds=10))
    (grown,) = store.outbox.take_grown("one", NOON + 2 * MINUTE)
    assert grown.message == 500
    assert [source.outlet for source in grown.alerts[0].answer.sources] == ["Orsel Gazette", "Harbour Post", None]
    assert grown.alerts[0].answer.quotations[0].also == (2, 3)
    assert store.outbox.take_grown("two", NOON + 2 * MINUTE) == []
    store.outbox.sent(grown, 500, NOON + 2 * MINUTE)
    assert store.outbox.take_grown("one", NOON + HOUR) == []
    grow(store.corpus, id_, topic, replace(SOURCES[1], url=None), NOON + HOUR)
    assert store.outbox.take_grown("one", NOON + 2 * HOUR) == [], "the same article is no further source"
    grow(store.corpus, id_, topic, replace(SOURCES[1], article="late"), NOON + GROWS_FOR + MINUTE)
    assert store.outbox.take_grown("one", NOON + GROWS_FOR + HOUR) == []


def test_what_a_chat_was_shown_is_known_with_the_vectors_of_the_model_at_hand(store: Store) -> None:
    card = answer("who holds Orsel?", sides=(), open=(FELL,))
    shown = heard_in(card, NOON)
    topic = store.chats.follow(following("who holds Orsel?", ADA), shown)
    assert topic is not None
    (known,) = store.outbox.followed([topic.id], "model")
    assert [(one.mark, one.words, one.side, one.vector) for one in known.heard] == [
        (shown[0].mark, FELL.text, "Varn Republic", None)
    ]
    (one,) = known.heard
    vector = indexed(article("x", "A text.")).vectors[0]
    store.outbox.keep_heard_vectors("model", [replace(one, vector=vector)])
    (known,) = store.outbox.followed([topic.id], "model")
    assert known.heard[0].vector is not None
    assert (known.heard[0].vector == vector).all()
    assert store.outbox.followed([topic.id], "another model")[0].heard[0].vector is None
    tell(store.corpus, [topic], SHUT, NOON)
    (parcel,) = store.take()
    assert [one.alert for one in store.outbox.followed([topic.id], "model")[0].heard] == [None, parcel.alerts[0].id]
    (entry,) = store.outbox.topics(0, "model")
    assert entry.vector is None
    store.outbox.keep_topic_vectors("model", {topic.id: vector, 10**6: vector})
    (entry,) = store.outbox.topics(0, "model")
    assert entry.vector is not None
    assert store.outbox.topics(topic.id, "model") == []
    assert store.outbox.count_topics() == 1


def test_a_topic_followed_once_ends_with_its_alert(store: Store) -> None:
    lasting = store.follow()
    once = store.follow(once=True, status=Status.ONE_SIDE)
    assert once.id != lasting.id

    def decide(_: object) -> Verdict:
        return Verdict(following=once.id, again=True)

    store.corpus.put(indexed(article("news", "A text.")), Told([once.id], once.id, NOON, decide))
    assert store.outbox.to_answer() == [once.id]
    store.outbox.answered(once.id, None)
    assert store.outbox.to_answer() == []
    store.outbox.answered(once.id, replace(alert(once, FELL, NOON), mark="disputed"))
    assert store.outbox.followed([once.id], "")[0].told
    assert store.told(NOON) == [[FELL.text]]
    assert [one.id for one in store.chats.followed_in(ADA)] == [lasting.id]


def test_who_follows_no_more_is_told_no_more_and_who_is_forgotten_leaves_nothing(store: Store) -> None:
    topic, groups = store.follow(), store.follow(chat=GROUP)
    tell(store.corpus, [topic, groups], FELL, NOON)
    assert store.chats.unfollow(ADA, topic.id)
    (parcel,) = store.take()
    assert parcel.chat == GROUP
    store.outbox.sent(parcel, 500, NOON)
    store.chats.forget_person(ADA)
    (told,) = store.outbox.told_in(GROUP, 500)
    assert told.person == 0
    store.chats.forget_chat(GROUP)
    assert store.outbox.told_in(GROUP, 500) == []


def test_a_group_that_becomes_a_supergroup_is_told_there_once(store: Store) -> None:
    old = store.follow(chat=GROUP, person=BEN)
    new = store.follow(chat=SUPERGROUP)
    tell(store.corpus, [old, new], FELL, NOON)
    tell(store.corpus, [old], SHUT, NOON)
    store.chats.migrate(GROUP, SUPERGROUP)
    (parcel,) = store.take()
    assert parcel.chat == SUPERGROUP
    assert texts([parcel]) == [[FELL.text, SHUT.text]]
    (known,) = store.outbox.followed([old.id, new.id], "model")
    assert len(known.heard) == 2


def test_alerts_of_an_article_that_is_gone_are_not_sent(store: Store) -> None:
    topic = store.follow()
    tell(store.corpus, [topic], FELL, NOON, id="orsel-1")
    tell(store.corpus, [topic], SHUT, NOON, id="another")
    assert store.corpus.remove("orsel-1")
    assert store.told(NOON) == [[SHUT.text]]


def test_what_is_old_goes(store: Store) -> None:
    topic, shut = store.follow(), store.follow(chat=BEN)
    once = store.follow("Orsel?", once=True, status=Status.ONE_SIDE)
    store.chats.set_state(BEN, "private", ChatState.SHUT)
    tell(store.corpus, [topic, shut], FELL, NOON)
    (parcel,) = store.take()
    store.outbox.sent(parcel, 500, NOON)
    store.outbox.tidy(NOON + min(KEPT_SENT, KEPT_WAITING))
    assert store.outbox.alert(parcel.alerts[0].id) is not None
    store.outbox.tidy(NOON + max(KEPT_SENT, KEPT_WAITING) + MINUTE)
    assert store.outbox.alert(parcel.alerts[0].id) is None
    store.chats.set_state(BEN, "private", ChatState.ACTIVE)
    assert store.take() == []
    assert NOON - once.since < ONCE_FOR
    assert store.chats.following(ADA, once.id) is None
    assert store.chats.following(ADA, topic.id) is not None


def test_two_workers_never_take_the_same(store: Store, reopen: Callable[[], Store]) -> None:
    for chat in range(1, 41):
        store.follow(chat=chat)
    tell(store.corpus, store.chats.followed(), FELL, NOON)
    second = reopen()
    taken = []
    for _ in range(3):
        for outbox, worker in ((store.outbox, "one"), (second.outbox, "two")):
            taken += [parcel.chat for parcel in outbox.take(worker, NOON, limit=8)]
    assert sorted(taken) == list(range(1, 41))
