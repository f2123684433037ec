"""The settings of a chat as a menu."""

from __future__ import annotations

from itertools import product

import pytest

from bot.markup import MAX_ENTITIES, MAX_UNITS, Page
from bot.phrases import load_catalogue
from bot.presses import MAX_BYTES, Does, Press, read
from bot.settings_menu import changed, languages_page, settings_page
from tests.e2e.telegram_server.parse_mode import length16, parse_html
from whosays.chats import Chat, Length
from whosays.config import data_folder

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
CHATS = [
    Chat(id=-1, kind="group", language=language, length=length, dark=dark, open=open_)
    for language, length, dark, open_ in product([None, "en", "fa"], Length, [False, True], [False, True])
]


def shown(view: Page) -> tuple[str, list[Press]]:
    """Return what a view says and what its buttons do, having seen that Telegram takes it."""
    text, entities = parse_html(view.html)
    assert 1 <= length16(text) <= MAX_UNITS
    assert len(entities) <= MAX_ENTITIES
    presses = []
    for button in (button for row in view.buttons for button in row):
        assert button.text.strip()
        assert button.data is not None
        assert len(button.data.encode()) <= MAX_BYTES
        press = read(button.data)
        assert press is not None
        presses.append(press)
    return text, presses


def labels(view: Page) -> list[list[str]]:
    return [[button.text for button in row] for row in view.buttons]


@pytest.mark.parametrize("code", list(CATALOGUE.phrases))
@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: f"{chat.language}-{chat.length}-{chat.dark}-{chat.open}")
def test_every_button_of_the_settings_changes_just_its_own(code: str, group: bool, chat: Chat) -> None:
    phrases = CATALOGUE.of(code)
    _, (language, *others, alerts) = shown(settings_page(chat, phrases, CATALOGUE, group=group))
    assert (language.of, language.arguments) == ("language", ())
    assert (alerts.of, alerts.arguments) == ("alerts", ())
    assert len(others) == (3 if group else 2)
    for press in others:
        new = changed(chat, press, CATALOGUE)
        assert new is not None
        attribute = {"length": "length", "pictures": "dark", "open": "open"}[press.of]
        differing = [name for name in ("language", "length", "dark", "open") if getattr(new, name) != getattr(chat, name)]
        assert differing == [attribute]


def test_settings_say_what_is_set() -> None:
    chat = Chat(id=-1, kind="group", language="fa", length=Length.SHORT, dark=True, open=True)
    persian = CATALOGUE.of("fa")
    assert labels(settings_page(chat, persian, CATALOGUE, group=True))[0] == ["زبان: فارسی"]
    assert labels(settings_page(Chat(id=1, kind="private"), ENGLISH, CATALOGUE, group=False)) == [
        ["Language: as your app has it"],
        ["Answers: normal"],
        ["Pictures: light"],
        ["Alerts: when and how many"],
    ]
    assert labels(settings_page(chat, ENGLISH, CATALOGUE, group=True))[1:] == [
        ["Answers: short"],
        ["Pictures: dark"],
        ["Settings and topics: for everybody"],
        ["Alerts: when and how many"],
    ]


@pytest.mark.parametrize("chosen", [None, *CATALOGUE.phrases])
def test_the_language_in_force_is_ticked_and_each_can_be_chosen(chosen: str | None) -> None:
    chat = Chat(id=1, kind="private", language=chosen)
    view = languages_page(chat, ENGLISH, CATALOGUE)
    _, presses = shown(view)
    ticked = [text.removeprefix("✓ ") for row in labels(view) for text in row if text.startswith("✓ ")]
    assert ticked == [dict(CATALOGUE.languages).get(chosen or "", "as your app has it")]
    new = [changed(chat, press, CATALOGUE) for press in presses[:-1]]
    assert [one.language for one in new if one is not None] == [None, *CATALOGUE.phrases]
    assert presses[-1] == Press(Does.SETTING, "menu")


@pytest.mark.parametrize(
    "press",
    [
        Press(Does.SETTING, "language", ("xx",)),
        Press(Does.SETTING, "length", ("endless",)),
        Press(Does.SETTING, "pictures", ("loud",)),
        Press(Does.SETTING, "open", ("maybe",)),
        Press(Does.SETTING, "length"),
        Press(Does.SETTING, "colour", ("red",)),
    ],
)
def test_a_setting_that_there_is_not_changes_nothing(press: Press) -> None:
    assert changed(Chat(id=1, kind="private"), press, CATALOGUE) is None
