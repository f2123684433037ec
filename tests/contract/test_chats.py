"""What every backend of `Chats` must do with settings, cards, topics and reports."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.kept import ADA, BEN, GROUP, NOW, OTHER, card, following, report
from whosays.chats import CardKind, Chat, Chats, ChatState, Fault, Length
from whosays.errors import StoreError

FORUM = Chat(id=GROUP, kind="supergroup", language="uk", length=Length.SHORT, open=True, state=ChatState.SHUT)


def test_of_a_chat_that_nobody_has_set_nothing_is_kept(chats: Chats) -> None:
    assert chats.chat(ADA) is None


def test_settings_come_back_as_they_were_kept_and_the_last_ones_count(chats: Chats) -> None:
    chats.keep_chat(FORUM)
    assert chats.chat(GROUP) == FORUM
    changed = replace(FORUM, language=None, length=Length.NORMAL, open=False)
    chats.keep_chat(changed)
    assert chats.chat(GROUP) == changed


def test_a_chat_that_is_shut_and_let_in_again_keeps_its_settings(chats: Chats) -> None:
    chats.keep_chat(replace(FORUM, state=ChatState.ACTIVE))
    chats.set_state(GROUP, "supergroup", ChatState.SHUT)
    assert chats.chat(GROUP) == FORUM
    chats.set_state(GROUP, "supergroup", ChatState.ACTIVE)
    assert chats.chat(GROUP) == replace(FORUM, state=ChatState.ACTIVE)


def test_a_chat_without_settings_can_be_shut(chats: Chats) -> None:
    chats.set_state(ADA, "private", ChatState.SHUT)
    assert chats.chat(ADA) == Chat(id=ADA, kind="private", state=ChatState.SHUT)


def test_a_change_of_settings_is_made_to_those_that_there_are_by_then(chats: Chats) -> None:
    assert chats.change_chat(GROUP, "group", lambda chat: replace(chat, language="uk")) == Chat(
        id=GROUP, kind="group", language="uk"
    )
    assert chats.change_chat(GROUP, "supergroup", lambda chat: replace(chat, open=True)) == chats.chat(GROUP)
    assert chats.chat(GROUP) == Chat(id=GROUP, kind="group", language="uk", open=True)


def test_a_change_that_comes_to_nothing_keeps_nothing(chats: Chats) -> None:
    assert chats.change_chat(GROUP, "group", lambda _: None) is None
    assert chats.chat(GROUP) is None


def test_of_changes_at_the_same_time_none_is_lost(reopen_chats: Callable[[], Chats]) -> None:
    stores = [reopen_chats() for _ in range(3)]

    def one_more(number: int) -> None:
        stores[number % 3].change_chat(GROUP, "group", lambda chat: replace(chat, most=chat.most + 1))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(one_more, range(24)))
    kept = stores[0].chat(GROUP)
    assert kept is not None
    assert kept.most == Chat(id=GROUP, kind="group").most + 24


@pytest.mark.parametrize("kind", CardKind)
def test_a_card_comes_back_as_it_was_kept(chats: Chats, kind: CardKind) -> None:
    kept = card("abcdefghijk_", kind=kind, chat=GROUP, thread=4, asker=BEN, message=101, language="fa", shared=True)
    chats.keep_card(kept)
    assert chats.card("abcdefghijk_") == kept
    assert chats.card("ABCDEFGHIJK_") is None


def test_a_card_with_the_same_id_is_replaced(chats: Chats) -> None:
    chats.keep_card(card("a"))
    chats.keep_card(card("a", question="and the harbour?"))
    assert chats.card("a") == card("a", question="and the harbour?")


def test_a_card_that_was_never_sent_goes_when_its_question_is_answered_again(chats: Chats) -> None:
    others = [
        card("sent", message=101),
        card("another question", question="and the harbour?"),
        card("of another message", question_message=99),
        card("a list", kind=CardKind.SIDES),
        card("in a group", chat=GROUP),
        card("of another", asker=BEN),
        card("shared", question_message=None),
    ]
    for one in [*others, card("unsent")]:
        chats.keep_card(one)
    chats.keep_card(card("again", minutes=1))
    chats.keep_card(card("shared, too", question_message=None))
    assert chats.card("unsent") is None
    assert chats.card("again") is not None
    assert [chats.card(one.id) for one in others] == others


def test_a_card_is_let_go(chats: Chats) -> None:
    chats.keep_card(card("a"))
    chats.keep_card(card("b", question_message=102))
    for _ in range(2):
        chats.let_card_go("a")
        assert (chats.card("a"), chats.card("b")) == (None, card("b", question_message=102))


def test_times_of_any_zone_come_back_as_the_same_moment_and_those_of_none_are_refused(chats: Chats) -> None:
    kabul = timezone(timedelta(hours=4, minutes=30))
    chats.keep_card(replace(card("a"), asked=NOW.astimezone(kabul)))
    kept = chats.card("a")
    assert kept is not None
    assert (kept.asked, kept.asked.tzinfo) == (NOW, UTC)
    with pytest.raises(StoreError):
        chats.keep_card(replace(card("b"), asked=datetime(2031, 5, 7)))  # noqa: DTZ001


def test_a_card_is_found_by_the_message_that_shows_it_and_by_the_one_that_asked(chats: Chats) -> None:
    chats.keep_card(card("a", question_message=100))
    chats.keep_card(card("b", chat=GROUP, question_message=100, message=101))
    assert chats.card_shown_in(ADA, 101) is None
    chats.set_message("a", 101)
    chats.set_message("nowhere", 101)
    assert chats.card_shown_in(ADA, 101) == card("a", question_message=100, message=101)
    assert chats.card_asked_by(ADA, 100) == card("a", question_message=100, message=101)
    assert chats.card_asked_by(GROUP, 100) == card("b", chat=GROUP, question_message=100, message=101)
    assert chats.card_asked_by(ADA, 101) is None


def test_where_a_question_was_edited_its_newer_card_is_found(chats: Chats) -> None:
    chats.keep_card(card("new", minutes=1, message=101))
    chats.keep_card(card("old", message=101))
    for found in (chats.card_shown_in(ADA, 101), chats.card_asked_by(ADA, 100)):
        assert found is not None
        assert found.id == "new"


def test_the_card_last_asked_for_is_that_of_the_same_person_in_the_same_thread(chats: Chats) -> None:
    for number, (thread, asker) in enumerate([(None, ADA), (None, ADA), (4, ADA), (None, BEN), (9, BEN)]):
        chats.keep_card(card(f"c{number}", minutes=number, chat=GROUP, thread=thread, asker=asker, question_message=number))
    chats.keep_card(card("private", minutes=9))

    def last(thread: int | None, asker: int, since: datetime = NOW) -> str | None:
        found = chats.last_card(GROUP, thread, asker, since)
        return found.id if found else None

    assert (last(None, ADA), last(4, ADA), last(None, BEN), last(9, BEN)) == ("c1", "c2", "c3", "c4")
    assert (last(9, ADA), last(1, BEN)) == (None, None)
    assert last(None, ADA, NOW + timedelta(minutes=1)) == "c1"
    assert last(None, ADA, NOW + timedelta(minutes=1, seconds=1)) is None


def test_the_card_before_a_message_is_one_that_an_earlier_message_asked_for(chats: Chats) -> None:
    for minutes, (id, message) in enumerate([("first", 100), ("third", 104), ("second", 102), ("moved", None)]):
        chats.keep_card(card(id, minutes=minutes, question_message=message, message=message and message + 1))

    def last(before: int | None) -> str | None:
        found = chats.last_card(ADA, None, ADA, NOW, before)
        return found.id if found else None

    assert (last(100), last(102), last(103), last(105)) == (None, "first", "second", "second")
    assert (last(104), last(None)) == ("second", "second")


def test_a_card_shared_inline_is_not_the_last_one_of_its_askers_chat(chats: Chats) -> None:
    chats.keep_card(card("asked"))
    chats.keep_card(card("inline", minutes=1, question_message=None, shared=True))
    assert chats.last_card(ADA, None, ADA, NOW) == card("asked")
    assert chats.card("inline") is not None


def test_a_topic_is_followed_once_in_a_thread_whatever_its_case_and_spacing(chats: Chats) -> None:
    first = chats.follow(following("Orsel harbour"))
    assert first is not None
    assert first.id > 0
    assert first == following("Orsel harbour", id=first.id)
    assert chats.follow(following(" ORSEL  Harbour", person=BEN)) is None
    other = chats.follow(following("Straße"))
    assert chats.follow(following("STRASSE")) is None
    in_topic, elsewhere = chats.follow(following("orsel harbour", thread=4)), chats.follow(following("orsel harbour", chat=ADA))
    assert chats.followed_in(GROUP) == [first, other]
    assert chats.followed_in(GROUP, 4) == [in_topic]
    assert chats.followed_in(GROUP, all_threads=True) == [first, other, in_topic]
    assert chats.followed_in(ADA) == [elsewhere]
    assert chats.followed_in(OTHER, all_threads=True) == []


def test_chats_that_cannot_be_written_to_are_left_out_of_what_is_followed_until_they_can(chats: Chats) -> None:
    for chat in (GROUP, OTHER, ADA):
        chats.follow(following("Orsel", chat))
    chats.set_state(GROUP, "group", ChatState.SHUT)
    chats.set_state(OTHER, "group", ChatState.ACTIVE)
    assert [of.chat for of in chats.followed()] == [OTHER, ADA]
    assert len(chats.followed_in(GROUP)) == 1
    chats.set_state(GROUP, "group", ChatState.ACTIVE)
    assert [of.chat for of in chats.followed()] == [GROUP, OTHER, ADA]


def test_a_topic_is_let_go_by_its_own_chat_alone_and_its_number_never_comes_again(chats: Chats) -> None:
    kept = chats.follow(following("Orsel"))
    assert kept is not None
    assert not chats.unfollow(OTHER, kept.id)
    assert chats.unfollow(GROUP, kept.id)
    assert not chats.unfollow(GROUP, kept.id)
    again = chats.follow(following("Orsel"))
    assert again is not None
    assert again.id > kept.id


def test_a_report_comes_back_with_what_was_shown(chats: Chats) -> None:
    numbers = [chats.report(report()), chats.report(report(quotation=None, fault=Fault.OUTDATED))]
    assert chats.reports() == [
        replace(report(), id=numbers[0]),
        replace(report(quotation=None, fault=Fault.OUTDATED), id=numbers[1]),
    ]


def test_the_same_report_of_the_same_person_counts_once(chats: Chats) -> None:
    first = chats.report(report())
    assert chats.report(replace(report(), at=NOW + timedelta(days=1))) == first
    others = [report(BEN), report(quotation=0), report(quotation=None), report(fault=Fault.SPEAKER), report(question="and now?")]
    assert len({first, *map(chats.report, others)}) == 1 + len(others)
    assert chats.report(report(quotation=None)) == chats.reports()[3].id


def test_a_report_is_settled_once_and_then_listed_among_all_alone(chats: Chats) -> None:
    first, second = chats.report(report()), chats.report(report(BEN))
    assert chats.settle(first)
    assert not chats.settle(first)
    assert not chats.settle(99)
    assert [of.id for of in chats.reports()] == [second]
    assert [(of.id, of.settled) for of in chats.reports(settled=True)] == [(first, True), (second, False)]


@pytest.mark.parametrize("id", [2**63, -(2**63) - 1])
def test_a_number_that_no_database_holds_is_an_error_of_ours(chats: Chats, id: int) -> None:
    with pytest.raises(StoreError):
        chats.chat(id)


@pytest.mark.parametrize("id", ["", "\0", "'; DROP TABLE cards", "a" * 5000])
def test_an_odd_id_is_no_cards(chats: Chats, id: str) -> None:
    chats.keep_card(card("a"))
    assert chats.card(id) is None


def test_half_a_surrogate_pair_is_an_error_of_ours(chats: Chats) -> None:
    with pytest.raises(StoreError, match="surrogate"):
        chats.card("\ud800")
    with pytest.raises(StoreError, match="surrogate"):
        chats.keep_card(card("a", question="who holds \ud800?"))
