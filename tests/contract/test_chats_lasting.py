"""What every backend of `Chats` must keep of updates, over restarts and moves, and what it must forget."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.kept import ADA, BEN, GROUP, NOW, OTHER, SUPERGROUP, card, following, report
from whosays.chats import KEPT_CARDS, Chat, Chats, ChatState, Counts, Kept
from whosays.updates import KEPT_UPDATES, MOST_TRIES

Reopen = Callable[[], Chats]


def test_an_update_is_received_once(chats: Chats) -> None:
    assert chats.receive(1, GROUP, ADA, "{}")
    assert not chats.receive(1, GROUP, ADA, "{}")
    chats.done(1)
    assert not chats.receive(1, GROUP, ADA, "{}")
    assert chats.receive(2, None, None, "{}")


def test_an_update_is_begun_once_whether_or_not_it_could_be_received(chats: Chats) -> None:
    chats.receive(1, GROUP, ADA, "{}")
    for update in (1, 2):
        assert chats.begin(update)
        assert not chats.begin(update)
        chats.done(update)
        assert not chats.begin(update)
    assert not chats.receive(2, GROUP, ADA, "{}")


def test_what_was_begun_and_is_put_off_is_unanswered_until_it_is_begun_again(chats: Chats) -> None:
    chats.receive(1, GROUP, ADA, "{}")
    for update in (1, 2):
        chats.begin(update)
        chats.put_off(update)
    assert chats.unanswered() == [(1, "{}")]
    for update in (1, 2):
        assert chats.begin(update)
        assert not chats.begin(update)
    assert not chats.unanswered()


def test_of_an_update_it_is_known_whether_it_went_with_who_was_forgotten_or_is_done(chats: Chats) -> None:
    for update, person in ((1, ADA), (2, BEN), (3, BEN)):
        chats.receive(update, GROUP, person, "{}")
    chats.begin(2)
    chats.done(3)
    chats.forget_person(ADA)
    assert [chats.was_let_go(update) for update in (1, 2, 3, 4)] == [True, False, True, False]


def test_what_was_received_and_neither_begun_nor_done_is_unanswered_in_order(chats: Chats) -> None:
    for update in (3, 1, 5, 4):
        chats.receive(update, GROUP, ADA, json.dumps({"update_id": update, "text": "Orsel 🙂"}))
    chats.begin(1)
    chats.done(5)
    assert [(update, json.loads(text)) for update, text in chats.unanswered()] == [
        (update, {"update_id": update, "text": "Orsel 🙂"}) for update in (3, 4)
    ]


def test_an_update_that_no_start_gets_done_is_taken_up_a_few_times_and_no_more(chats: Chats) -> None:
    chats.receive(1, 5, 7, "{}")
    assert [len(chats.unanswered()) for _ in range(MOST_TRIES + 1)] == [1] * MOST_TRIES + [0]
    assert not chats.receive(1, 5, 7, "{}"), "it stays known"


@pytest.mark.parametrize("received", [True, False])
def test_of_many_who_begin_at_once_one_may(reopen_chats: Reopen, received: bool) -> None:
    stores = [reopen_chats() for _ in range(4)]
    if received:
        stores[0].receive(1, GROUP, ADA, "{}")
    at_once = threading.Barrier(8)

    def begin(number: int) -> bool:
        at_once.wait()
        return stores[number % 4].begin(1)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(begin, range(8))) == [False] * 7 + [True]


def test_all_is_there_when_the_store_is_opened_again(reopen_chats: Reopen) -> None:
    chats = reopen_chats()
    chats.keep_chat(Chat(id=GROUP, kind="group", language="ru"))
    chats.keep_card(card("a", message=101))
    kept = chats.follow(following("Orsel"))
    number = chats.report(report())
    chats.receive(1, GROUP, ADA, '{"update_id": 1}')
    chats.receive(2, GROUP, ADA, '{"update_id": 2}')
    chats.begin(2)
    chats.close()
    again = reopen_chats()
    assert again.chat(GROUP) == Chat(id=GROUP, kind="group", language="ru")
    assert again.card_shown_in(ADA, 101) == card("a", message=101)
    assert again.followed() == [kept]
    assert again.reports() == [replace(report(), id=number)]
    assert again.unanswered() == [(1, '{"update_id": 1}')]
    assert not again.begin(2)


def fill_group(chats: Chats) -> None:
    """Keep something of each kind of the group."""
    chats.keep_chat(Chat(id=GROUP, kind="group", language="fa", open=True))
    chats.keep_card(card("a", chat=GROUP, question_message=7, message=8))
    chats.keep_card(card("anonymous", minutes=1, chat=GROUP, asker=GROUP, question_message=9, message=10))
    chats.follow(following("Orsel"))
    chats.follow(following("Salt tax", person=GROUP))
    chats.receive(1, GROUP, BEN, "{}")


def test_a_supergroup_has_all_that_was_kept_of_the_group_that_it_was(chats: Chats) -> None:
    fill_group(chats)
    before = chats.followed_in(GROUP)
    for _ in range(2):
        chats.migrate(GROUP, SUPERGROUP)
        assert chats.chat(SUPERGROUP) == Chat(id=SUPERGROUP, kind="supergroup", language="fa", open=True, former=GROUP)
        moved = card("a", chat=SUPERGROUP, question_message=None)
        assert chats.card("a") == moved
        assert chats.last_card(SUPERGROUP, None, ADA, NOW) == moved
        anonymous = chats.card("anonymous")
        assert anonymous is not None
        assert (anonymous.chat, anonymous.asker) == (SUPERGROUP, SUPERGROUP)
        # The supergroup's own message 8 is another one.
        assert chats.card_shown_in(SUPERGROUP, 8) is None
        assert chats.card_asked_by(SUPERGROUP, 7) is None
        assert [(of.id, of.topic) for of in chats.followed_in(SUPERGROUP)] == [(of.id, of.topic) for of in before]
        assert [of.person for of in chats.followed_in(SUPERGROUP)] == [ADA, SUPERGROUP]
        assert chats.kept_of_chat(SUPERGROUP) == Kept(cards=2, followed=2, settings=1, waiting=1)
        assert chats.kept_of_chat(GROUP) == Kept()


def test_what_the_supergroup_has_already_stays_and_the_rest_joins_it(chats: Chats) -> None:
    fill_group(chats)
    chats.keep_chat(Chat(id=SUPERGROUP, kind="supergroup", language="uk"))
    own = chats.follow(following("ORSEL", SUPERGROUP, person=BEN))
    assert own is not None
    forum = chats.follow(following("Orsel", SUPERGROUP, thread=4))
    chats.keep_card(card("own", chat=SUPERGROUP, question_message=7, message=8))
    chats.migrate(GROUP, SUPERGROUP)
    assert chats.chat(SUPERGROUP) == Chat(id=SUPERGROUP, kind="supergroup", language="uk", former=GROUP)
    assert chats.chat(GROUP) is None
    assert chats.followed_in(SUPERGROUP)[-1] == own
    assert [of.topic for of in chats.followed_in(SUPERGROUP)] == ["Salt tax", "ORSEL"]
    assert chats.followed_in(SUPERGROUP, 4) == [forum]
    assert chats.card_shown_in(SUPERGROUP, 8) == card("own", chat=SUPERGROUP, question_message=7, message=8)


def test_a_supergroup_of_which_but_its_state_is_known_has_chosen_nothing(chats: Chats) -> None:
    fill_group(chats)
    chats.set_state(GROUP, "group", ChatState.SHUT)
    chats.set_state(SUPERGROUP, "supergroup", ChatState.ACTIVE)
    chats.migrate(GROUP, SUPERGROUP)
    assert chats.chat(SUPERGROUP) == Chat(id=SUPERGROUP, kind="supergroup", language="fa", open=True, former=GROUP)
    assert chats.chat(GROUP) is None


def test_which_group_a_supergroup_was_outlives_all_else_that_is_kept_of_it(chats: Chats) -> None:
    chats.migrate(GROUP, SUPERGROUP)
    chats.change_chat(SUPERGROUP, "supergroup", lambda chat: replace(chat, language="uk"))
    chats.forget_chat(SUPERGROUP)
    kept = chats.chat(SUPERGROUP)
    assert kept == Chat(id=SUPERGROUP, kind="supergroup", former=GROUP)
    assert kept.ids == (SUPERGROUP, GROUP)


def test_a_group_that_moves_to_itself_or_of_which_nothing_is_kept_loses_nothing(chats: Chats) -> None:
    fill_group(chats)
    before = chats.kept_of_chat(GROUP), chats.card("a")
    chats.migrate(GROUP, GROUP)
    chats.migrate(OTHER, GROUP)
    assert (chats.kept_of_chat(GROUP), chats.card("a")) == before


def fill_for_ada(chats: Chats) -> None:
    """Keep something of each kind of Ada, in her chat and in the group, and of Ben."""
    chats.keep_chat(Chat(id=ADA, kind="private", language="uk"))
    chats.keep_chat(Chat(id=GROUP, kind="supergroup"))
    chats.keep_card(card("hers", question="is Ada's question kept?"))
    chats.keep_card(card("there", chat=GROUP, question="is Ada's question kept?"))
    chats.keep_card(card("his", chat=GROUP, asker=BEN))
    chats.follow(following("Ada's question", ADA))
    chats.follow(following("Orsel", GROUP))
    chats.report(report(question="is Ada's question kept?"))
    chats.report(report(BEN))
    chats.receive(1, ADA, ADA, "Ada's question")
    chats.receive(2, GROUP, ADA, "Ada's question")
    chats.receive(3, GROUP, BEN, "Ben's")
    chats.receive(4, ADA, ADA, "Ada's question")
    chats.done(4)


def test_what_is_kept_of_a_person_and_of_a_chat_is_counted(chats: Chats) -> None:
    assert chats.kept_of_person(ADA) == chats.kept_of_chat(GROUP) == Kept()
    fill_for_ada(chats)
    assert chats.kept_of_person(ADA) == Kept(cards=2, followed=2, reports=1, settings=1, waiting=2)
    assert chats.kept_of_person(BEN) == Kept(cards=1, reports=1, waiting=1)
    assert chats.kept_of_chat(ADA) == Kept(cards=1, followed=1, settings=1, waiting=1)
    assert chats.kept_of_chat(GROUP) == Kept(cards=2, followed=1, settings=1, waiting=2)


def test_a_person_is_forgotten_wholly_and_nobody_else(chats: Chats) -> None:
    fill_for_ada(chats)
    assert chats.forget_person(ADA) == Kept(cards=2, followed=2, reports=1, settings=1, waiting=2)
    assert chats.kept_of_person(ADA) == chats.kept_of_chat(ADA) == chats.forget_person(ADA) == Kept()
    assert chats.kept_of_person(BEN) == Kept(cards=1, reports=1, waiting=1)
    assert (chats.card("hers"), chats.card("there")) == (None, None)
    assert [(of.topic, of.person) for of in chats.followed()] == [("Orsel", 0)]
    assert chats.chat(GROUP) == Chat(id=GROUP, kind="supergroup")
    assert chats.unanswered() == [(3, "Ben's")]
    # Their numbers stay: an update that is being handled (this may be the one that asks to be forgotten) comes no second time.
    assert not any(chats.receive(update, ADA, ADA, "Ada's question") for update in (1, 2, 4))
    assert chats.begin(1)


def test_a_chat_is_forgotten_wholly_and_no_other(chats: Chats) -> None:
    fill_for_ada(chats)
    assert chats.forget_chat(GROUP) == Kept(cards=2, followed=1, settings=1, waiting=2)
    assert chats.kept_of_chat(GROUP) == chats.forget_chat(GROUP) == Kept()
    assert chats.kept_of_person(ADA) == Kept(cards=1, followed=1, reports=1, settings=1, waiting=1)
    assert not chats.receive(3, GROUP, BEN, "Ben's")


def test_an_operator_is_told_counts(chats: Chats) -> None:
    assert chats.counts(NOW) == Counts(chats=0, shut=0, cards_today=0, cards_week=0, followed=0, reports_open=0)
    fill_for_ada(chats)
    chats.set_state(OTHER, "group", ChatState.SHUT)
    chats.keep_card(card("week", minutes=-60 * 24 * 6, question_message=7))
    chats.keep_card(card("month", minutes=-60 * 24 * 25, question_message=8))
    chats.settle(chats.reports()[0].id)
    assert chats.counts(NOW) == Counts(chats=3, shut=1, cards_today=3, cards_week=4, followed=2, reports_open=1)


def test_old_cards_and_numbers_go_and_the_rest_stays(chats: Chats) -> None:
    now = datetime.now(UTC)
    fill_for_ada(chats)
    for id, age in (("old", KEPT_CARDS + timedelta(minutes=1)), ("kept", KEPT_CARDS - timedelta(minutes=1))):
        chats.keep_card(replace(card(id), asked=now - age))
    chats.begin(3)
    chats.tidy(now)
    assert (chats.card("old"), chats.card("kept") is None) == (None, False)
    assert len(chats.unanswered()) == 2
    assert not chats.receive(3, GROUP, BEN, "Ben's")
    later = now + KEPT_UPDATES + timedelta(minutes=1)
    chats.tidy(later)
    assert chats.unanswered() == []
    assert chats.kept_of_person(ADA) == Kept(cards=2, followed=2, reports=1, settings=1)
    assert chats.receive(3, GROUP, BEN, "Ben's")
