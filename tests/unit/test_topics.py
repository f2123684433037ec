"""The page of a topic that is followed, and what following it would have told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.phrases import Phrases, load_catalogue
from bot.presses import Does, Press
from bot.preview import preview
from bot.topics import ALL, CADENCES, MUTES, OUTLETS, SIDES, changed, choices_page, name_key, topic_page
from tests.any_answer import NAMES, answers
from tests.cards import SOURCES, quotation
from tests.e2e.news import said
from tests.unit.test_settings_menu import labels, shown
from whosays.chats import Cadence, Chat, Following
from whosays.config import data_folder
from whosays.types import Answer

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))
NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
CHAT = Chat(id=1, kind="private")
TOPIC = Following(id=10**9, chat=1, thread=None, person=1, topic="who holds Orsel?", since=NOW, language="en")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(answers(), NAMES, st.lists(NAMES, max_size=20), LANGUAGES, st.sampled_from(Cadence))
def test_whatever_is_followed_has_a_page_whose_buttons_change_it(
    known: Answer, topic: str, names: list[str], phrases: Phrases, cadence: Cadence
) -> None:
    following = replace(TOPIC, topic=topic, sides=tuple(names), outlets=tuple(names), cadence=cadence)
    _, presses = shown(topic_page(following, CHAT, phrases, NOW, preview=preview(known, NOW)))
    assert {press.arguments[0] for press in presses if press.arguments} >= {*CADENCES, SIDES, OUTLETS, "p", "x"}
    for press in presses:
        if press.arguments and press.arguments[0] in {*CADENCES, *MUTES, "p"}:
            assert changed(following, press, (), NOW) is not None
    for kind in (SIDES, OUTLETS):
        _, presses = shown(choices_page(following, kind, names, phrases))
        for press in presses:
            if len(press.arguments) == 2:
                assert changed(following, press, names, NOW) is not None


def test_names_are_chosen_one_by_one_and_let_go_again() -> None:
    known = ["Varn Republic", "Coast League"]

    def press(following: Following, key: str) -> Following:
        new = changed(following, Press(Does.TOPIC, "1", (SIDES, key)), known, NOW)
        assert new is not None
        return new

    one = press(TOPIC, name_key("Coast League"))
    assert one.sides == ("Coast League",)
    both = press(one, name_key("Varn Republic"))
    assert labels(choices_page(both, SIDES, known, ENGLISH))[1] == ["✓ Coast League", "✓ Varn Republic"]
    assert press(both, name_key("Coast League")).sides == ("Varn Republic",)
    assert press(both, ALL).sides == ()
    # A side that is known no more can still be let go.
    assert changed(one, Press(Does.TOPIC, "1", (SIDES, name_key("Coast League"))), (), NOW) == TOPIC
    assert changed(TOPIC, Press(Does.TOPIC, "1", (SIDES, "nonsense")), known, NOW) is None


def test_a_preview_counts_articles_with_what_was_not_said_before_and_shows_the_newest_two() -> None:
    # Sources 1 and 2 are of 4 and 6 May, the third has no date.
    old, same, new = quotation("one"), quotation("“One,”", source=2), quotation("two", source=2)
    third, undated = quotation("three", source=2), quotation("four", source=3)
    seen = preview(said(old, same, new, third, undated), NOW)
    assert seen.alerts == 2
    assert [one.text for one in seen.shown.quotations] == ["two", "three"]
    assert preview(said(old, same), NOW).alerts == 1
    assert preview(said(old, same), NOW + timedelta(days=5)).alerts == 0
    assert preview(said(undated), NOW).alerts == 0


def test_what_is_dated_later_than_now_is_nothing_that_would_have_been_told() -> None:
    assert preview(said(quotation("one")), SOURCES[0].published or NOW).alerts == 1
    assert preview(said(quotation("one")), NOW - timedelta(days=7)).alerts == 0
