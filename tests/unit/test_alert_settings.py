"""When alerts may come: the menu, and what is typed."""

from __future__ import annotations

from datetime import time

import pytest

from bot.alert_settings import CHOOSE, KINDS, alerts_page, choices_page, chosen, matching_zones, not_understood, typed
from bot.phrases import Catalogue, load_catalogue
from bot.presses import Does, Press
from tests.unit.test_settings_menu import labels, shown
from whosays.chats import Chat, Quiet
from whosays.config import data_folder
from whosays.timing import is_zone

CATALOGUE: Catalogue = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
CHAT = Chat(id=1, kind="private")


@pytest.mark.parametrize("code", list(CATALOGUE.phrases))
@pytest.mark.parametrize("kind", KINDS)
def test_each_setting_has_its_choices_each_of_which_can_be_chosen_and_is_ticked_then(code: str, kind: str) -> None:
    phrases = CATALOGUE.of(code)
    _, presses = shown(alerts_page(CHAT, phrases))
    assert Press(Does.SETTING, kind, (CHOOSE,)) in presses
    _, choices = shown(choices_page(CHAT, kind, phrases))
    assert len(choices) > 5
    for number, press in enumerate(choices[:-1]):
        new = chosen(CHAT, press)
        assert new is not None
        buttons = [text for row in labels(choices_page(new, kind, phrases)) for text in row]
        assert [text.startswith("✓") for text in buttons].index(True) == number
        assert sum(text.startswith("✓") for text in buttons) == 1
    assert choices[-1] == Press(Does.SETTING, "alerts")


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("America/New York", "America/New_York"),
        ("tehran", "Asia/Tehran"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_place(words: str, zone: str) -> None:
    new = typed(CHAT, "zone", words)
    assert new is not None
    assert new.zone == zone
    assert is_zone(zone)


def test_a_place_of_two_zones_is_asked_about() -> None:
    assert len(matching_zones("louisville")) == 2
    assert typed(CHAT, "zone", "louisville") is None
    assert "America/Kentucky/Louisville" in shown(not_understood("zone", "louisville", ENGLISH))[0]


@pytest.mark.parametrize(
    ("words", "quiet"),
    [
        ("22-7", Quiet(time(22), time(7))),
        ("22:30 – 7:15", Quiet(time(22, 30), time(7, 15))),
        ("2230-0715", Quiet(time(22, 30), time(7, 15))),
        ("٢٢-٧", Quiet(time(22), time(7))),
        ("0-8", Quiet(time(0), time(8))),
        ("off", None),
        ("-", None),
    ],
)
def test_quiet_hours_are_read(words: str, quiet: Quiet | None) -> None:
    new = typed(CHAT, "quiet", words)
    assert new is not None
    assert new.quiet == quiet


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("zone", ""),
        ("zone", "../etc/passwd"),
        ("zone", "/"),
        ("quiet", "7-7"),
        ("quiet", "7"),
        ("quiet", "24-7"),
        ("quiet", "1-2-3"),
        ("digest", "7:60"),
        ("digest", ""),
        ("most", "0"),
        ("most", "-1"),
        ("most", "61"),
        ("most", "9" * 5000),
        ("most", "²"),
        ("colour", "red"),
        ("", ""),
    ],
)
def test_what_is_no_such_setting_changes_nothing_and_is_answered(kind: str, words: str) -> None:
    assert typed(CHAT, kind, words) is None
    assert "/settings" in shown(not_understood(kind, words, ENGLISH))[0]
    assert chosen(CHAT, Press(Does.SETTING, kind, ("nonsense",))) is None
