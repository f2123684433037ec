"""What is followed, as a list with a button for each topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.following import MOST
from bot.lists import following_page, unfollowing_page
from bot.phrases import Phrases, Say, load_catalogue
from bot.presses import Does, Press
from tests.any_answer import NAMES
from tests.unit.test_settings_menu import labels, shown
from whosays.chats import Cadence, Following
from whosays.config import data_folder

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))
DAY = datetime(2031, 5, 4, tzinfo=UTC)


def followed(topics: list[str]) -> list[Following]:
    return [
        Following(id=10**9 + n, chat=1, thread=None, person=1, topic=topic, since=DAY, language="en")
        for n, topic in enumerate(topics)
    ]


@given(st.lists(NAMES, min_size=1, max_size=MOST), LANGUAGES)
def test_each_topic_followed_has_the_button_that_opens_it_and_that_stops_it(topics: list[str], phrases: Phrases) -> None:
    _, presses = shown(following_page(followed(topics), phrases, DAY))
    assert presses == [Press(Does.TOPIC, str(one.id)) for one in followed(topics)]
    _, presses = shown(unfollowing_page(followed(topics), phrases, Say.UNFOLLOW_WHICH))
    assert presses == [Press(Does.UNFOLLOW, str(one.id), ("l",)) for one in followed(topics)]


def test_where_nothing_is_followed_it_is_said_how_to_begin() -> None:
    text, presses = shown(following_page([], ENGLISH, DAY))
    assert "/follow TOPIC" in text
    assert presses == []


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({}, "Orsel"),
        ({"cadence": Cadence.HOURLY}, "Orsel · each hour"),
        ({"cadence": Cadence.DAILY}, "Orsel · once a day"),
        ({"cadence": Cadence.DAILY, "muted_until": DAY + timedelta(days=1)}, "Orsel · muted"),
        ({"muted_until": DAY - timedelta(seconds=1)}, "Orsel"),
        ({"muted_until": DAY + timedelta(days=1), "paused": True}, "Orsel · paused"),
        ({"once": True}, "Orsel · once"),
    ],
)
def test_the_list_says_what_is_not_told_at_once(how: dict[str, object], words: str) -> None:
    (topic,) = followed(["Orsel"])
    assert labels(following_page([replace(topic, **how)], ENGLISH, DAY)) == [[words]]  # type: ignore[arg-type]
