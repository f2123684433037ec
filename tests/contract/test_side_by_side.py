"""What must hold in every backend while several processes write at once: nothing is lost, done twice, or left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest

from tests.cards import quotation
from tests.kept import ADA, GROUP, NOW, SUPERGROUP, card, following, report
from tests.patience import wait_until
from tests.stored import Model, article, indexed
from tests.told import Told, alert, tell
from whosays.chats import Cadence, Chat, Chats, ChatState, Following
from whosays.errors import OutdatedError
from whosays.heard import heard_in
from whosays.outbox import Followed, Outbox, Parcel, Verdict
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus
from whosays.store.outbox import SqlOutbox
from whosays.store.sql_corpus import SqlCorpus
from whosays.updates import Hold

NOON = datetime(2031, 5, 7, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: How often two are let loose on each other.
ROUNDS = 12


@dataclass(frozen=True)
class Machine:
    """A store as one machine sees it: with connections of its own."""

    corpus: Corpus
    chats: Chats
    outbox: Outbox

    def follow(self, topic: str = "who holds Orsel?", chat: int = ADA, **parts: object) -> Following:
        kept = self.chats.follow(following(topic, chat, **parts))  # type: ignore[arg-type]
        assert kept is not None
        return kept

    def due(self) -> list[Parcel]:
        return list(self.outbox.take("one", NOON, limit=100))


@pytest.fixture
def machines(address: str) -> Iterator[list[Machine]]:
    with ExitStack() as opened:
        found = []
        for _ in range(3):
            parts = SqlCorpus.open(address, Model()), SqlChats.open(address), SqlOutbox.open(address)
            for part in parts:
                opened.callback(part.close)
            found.append(Machine(*parts))
        yield found


def at_once(*works: Callable[[], object]) -> list[object]:
    """Begin several things at the same moment; return what they return."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(begin, works))


def said(number: int) -> str:
    return f"that bridge {number} was whole"


def test_of_workers_that_take_at_once_none_gets_what_another_has_and_a_thread_stays_in_one_parcel(
    machines: list[Machine],
) -> None:
    one = machines[0]
    for chat in range(1, 25):
        topics = [one.follow(chat=chat), one.follow("what of the bridge?", chat)]
        for number, topic in enumerate(topics):
            tell(one.corpus, [topic], quotation(said(2 * chat + number)), NOON)

    def take(worker: int) -> list[Parcel]:
        taken: list[Parcel] = []
        while found := machines[worker % 3].outbox.take(str(worker), NOON, limit=3):
            taken += found
        return taken

    with ThreadPoolExecutor(6) as threads:
        parcels = [parcel for taken in threads.map(take, range(6)) for parcel in taken]
    assert sorted((parcel.chat, len(parcel.alerts)) for parcel in parcels) == [(chat, 2) for chat in range(1, 25)]
    assert len({alert.id for parcel in parcels for alert in parcel.alerts}) == 48


def test_what_is_sent_late_while_another_takes_it_is_not_taken_after_that(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        chat = 100 + number
        tell(machines[0].corpus, [machines[0].follow(chat=chat)], quotation(said(number)), NOON)
        (slow,) = machines[0].outbox.take("slow", NOON, lease=MINUTE)
        at_once(
            lambda slow=slow: machines[1].outbox.sent(slow, 500, NOON),  # type: ignore[misc]
            lambda: machines[2].outbox.take("quick", NOON + MINUTE, lease=MINUTE),
        )
        assert machines[0].outbox.take("next", NOON + 2 * MINUTE) == []


def gone(machine: Machine, topic: Following) -> None:
    assert machine.due() == [], "nobody follows it"
    assert machine.outbox.followed([topic.id], "model") == []


def test_a_topic_let_go_while_an_article_brings_it_news_is_told_nothing(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        topic = machines[0].follow()
        at_once(
            lambda topic=topic, number=number: tell(machines[0].corpus, [topic], quotation(said(number)), NOON),  # type: ignore[misc]
            lambda topic=topic: machines[1].chats.unfollow(ADA, topic.id),  # type: ignore[misc]
        )
        gone(machines[2], topic)


def test_who_is_forgotten_while_an_article_brings_news_is_told_nothing(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        topic = machines[0].follow(chat=GROUP if number % 2 else ADA)
        forget = partial(machines[1].chats.forget_chat, GROUP) if number % 2 else partial(machines[1].chats.forget_person, ADA)
        at_once(
            lambda topic=topic, number=number: tell(machines[0].corpus, [topic], quotation(said(number)), NOON),  # type: ignore[misc]
            forget,
        )
        gone(machines[2], topic)


def test_a_group_that_moves_while_an_article_brings_news_is_told_where_it_is(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        old, new = -1000 - number, -1_000_000_002_000 - number
        topics = [machines[0].follow(chat=old), machines[0].follow("what of the bridge?", old)]
        if number % 2:
            # The supergroup follows one of them itself.
            machines[0].follow(chat=new)
        claim = quotation(said(number))
        at_once(
            lambda topics=topics, claim=claim: tell(machines[0].corpus, topics, claim, NOON),  # type: ignore[misc]
            lambda old=old, new=new: machines[1].chats.migrate(old, new),  # type: ignore[misc]
        )
        parcels = machines[2].due()
        assert {parcel.chat for parcel in parcels} == {new}
        there = {topic.id for topic in machines[2].chats.followed_in(new)}
        assert {one.following for parcel in parcels for one in parcel.alerts} <= there
        assert machines[2].chats.followed_in(old) == []


def test_a_topic_that_is_to_be_told_at_once_from_now_on_is_so_of_an_article_that_comes_now(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        topic = machines[0].follow(chat=200 + number, cadence=Cadence.DAILY)
        at_once(
            lambda topic=topic, number=number: tell(machines[0].corpus, [topic], quotation(said(number)), NOON),  # type: ignore[misc]
            lambda topic=topic: machines[1].chats.keep_following(replace(topic, cadence=Cadence.INSTANT)),  # type: ignore[misc]
        )
        assert len(machines[2].due()) == 1


def test_whoever_follows_while_articles_come_is_overlooked_by_none_that_comes_after(
    machines: list[Machine],
) -> None:
    wanted, known = 30, dict[int, str]()
    followed, told = list[tuple[int, int]](), dict[int, set[int]]()
    articles = 0
    done = threading.Event()

    def follow(part: int) -> None:
        for number in range(wanted // 2):
            kept = machines[part].follow(f"topic {part} {number}", 300 + part)
            followed.append((kept.id, articles))

    def read() -> None:
        nonlocal articles
        newest = 0
        while not done.is_set() or articles < 3:
            for topic in machines[2].outbox.topics(newest, "model"):
                known[topic.following] = topic.words
                newest = topic.following
            matched = list(known)

            def decide(one: Followed, number: int = articles) -> Verdict:
                told.setdefault(one.following.id, set()).add(number)
                made = alert(one.following, quotation(said(number)), NOON)
                return Verdict(following=one.following.id, alerts=(made,), heard=heard_in(made.answer, NOON))

            try:
                machines[2].corpus.put(indexed(article(f"a{articles}", "A text.")), Told(matched, newest, NOON, decide))
            except OutdatedError:
                continue
            articles += 1

    with ThreadPoolExecutor(3) as threads:
        reading = threads.submit(read)
        at_once(lambda: follow(0), lambda: follow(1))
        before = articles
        while articles < before + 2 and not reading.done():
            pass
        done.set()
        reading.result()
    assert len(known) == wanted, "none is overlooked by whoever reads what is new"
    for id, first in followed:
        assert told[id] >= set(range(first + 1, articles))


def test_settings_that_are_changed_and_a_state_that_is_noted_at_once_both_stay(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        at_once(
            lambda n=number: machines[0].chats.change_chat(  # type: ignore[misc]
                n + 1, "private", lambda chat: replace(chat, language="uk")
            ),
            lambda n=number: machines[1].chats.set_state(n + 1, "private", ChatState.SHUT),  # type: ignore[misc]
            lambda n=number: machines[2].chats.change_chat(n + 1, "private", lambda chat: replace(chat, dark=True)),  # type: ignore[misc]
        )
        kept = Chat(id=number + 1, kind="private", language="uk", dark=True, state=ChatState.SHUT)
        assert machines[0].chats.chat(number + 1) == kept


def test_the_same_thing_kept_by_several_at_once_is_kept_once(machines: list[Machine]) -> None:
    for number in range(ROUNDS):
        received = at_once(*(lambda m=m, n=number: m.chats.receive(n, GROUP, ADA, "{}") for m in machines))
        assert sorted(map(bool, received)) == [False, False, True]
        kept = at_once(*(lambda m=m, n=number: m.chats.follow(following(f"Topic {n}")) for m in machines))
        assert sorted(one is not None for one in kept) == [False, False, True]
        asked = f"question {number}?"
        ids = at_once(*(lambda m=m, q=asked: m.chats.report(report(question=q)) for m in machines))
        assert len(set(ids)) == 1
    assert len(machines[0].chats.reports()) == ROUNDS


def test_cards_to_one_question_that_several_keep_at_once_leave_the_one_that_is_sent(machines: list[Machine]) -> None:
    at_once(*(lambda m=m, n=n: m.chats.keep_card(card(f"card {n}")) for n, m in enumerate(machines)))
    there = [n for n in range(3) if machines[0].chats.card(f"card {n}") is not None]
    assert len(there) == 1


def test_a_group_moves_while_others_write_of_it_and_loses_nothing(machines: list[Machine]) -> None:
    chats = machines[0].chats
    chats.keep_chat(Chat(id=GROUP, kind="group", language="fa"))
    at_once(
        lambda: chats.migrate(GROUP, SUPERGROUP),
        lambda: machines[1].chats.migrate(GROUP, SUPERGROUP),
        lambda: machines[2].chats.set_state(SUPERGROUP, "supergroup", ChatState.ACTIVE),
        lambda: machines[2].chats.follow(following("Orsel", SUPERGROUP)),
    )
    assert chats.chat(SUPERGROUP) == Chat(id=SUPERGROUP, kind="supergroup", language="fa", former=GROUP)
    assert [of.topic for of in chats.followed_in(SUPERGROUP)] == ["Orsel"]


def hold(holder: str, now: datetime = NOW, minutes: float = 1) -> Hold:
    return Hold(holder=holder, now=now, until=now + minutes * MINUTE)


def test_what_somebody_holds_is_taken_up_by_nobody_until_he_lets_go_or_his_time_is_over(machines: list[Machine]) -> None:
    chats = machines[0].chats
    for update in (1, 2, 3):
        assert chats.receive(update, GROUP, ADA, str(update), hold("one"))
    chats.receive(4, GROUP, ADA, "4")
    chats.begin(2)
    assert chats.unanswered(hold("two")) == [(4, "4")], "nobody holds that"
    chats.go_on_holding(hold("one", NOW + MINUTE / 2))
    assert chats.unanswered(hold("three", NOW + MINUTE)) == [(4, "4")]
    assert chats.unanswered(hold("two", NOW + 2 * MINUTE, 10)) == [(1, "1"), (3, "3"), (4, "4")]
    chats.done(1)
    chats.release("two")
    assert chats.unanswered(hold("one", NOW + 2 * MINUTE)) == [(3, "3"), (4, "4")]
    assert chats.unanswered(hold("one", NOW + 2 * MINUTE)) == []
    assert chats.unanswered() == [(3, "3"), (4, "4")], "whoever holds them"


def test_of_many_who_take_up_at_once_what_was_left_each_update_is_one_ones(machines: list[Machine]) -> None:
    for update in range(40):
        machines[0].chats.receive(update, GROUP, ADA, str(update), hold("dead", minutes=0) if update % 2 else None)
    taken = at_once(*(lambda m=m, n=n: m.chats.unanswered(hold(str(n))) for n, m in enumerate(machines * 2)))
    assert sorted(update for found in taken for update, _ in found) == list(range(40))  # type: ignore[attr-defined]


def test_what_is_held_on_to_while_another_takes_up_is_had_by_one(machines: list[Machine]) -> None:
    later = NOW + MINUTE
    for update in range(ROUNDS):
        machines[0].chats.receive(update, GROUP, ADA, "{}", hold("slow"))
        _, taken = at_once(
            lambda: machines[0].chats.go_on_holding(hold("slow", later)),
            lambda: machines[1].chats.unanswered(hold("quick", later)),
        )
        again = machines[2].chats.unanswered(hold("third", later))
        assert not again, "one of the two has it"
        machines[0].chats.done(update)
        assert taken in ([], [(update, "{}")])


def test_a_purpose_is_one_ones_until_he_closes(address: str) -> None:
    one, two = SqlChats.open(address), SqlChats.open(address)
    assert one.alone("answering")
    assert one.alone("answering")
    assert not two.alone("answering")
    assert two.alone("sweeping")
    one.close()
    assert two.alone("answering")
    two.close()


def test_whose_connection_is_cut_knows_that_another_one_is_alone_with_a_purpose_now(postgres_store: str) -> None:
    one, two = SqlChats.open(postgres_store), SqlChats.open(postgres_store)
    assert one.alone("answering")
    with psycopg.connect(postgres_store, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    wait_until(lambda: two.alone("answering"))
    assert not one.alone("answering")
    two.close()
    wait_until(lambda: one.alone("answering"))
    one.close()
