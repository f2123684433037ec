"""/settings: a menu whose choices take effect at once, and stay."""

from __future__ import annotations

import struct
import zlib

import pytest

from bot.phrases import load_catalogue
from bot.say import Say
from tests.cards import answer, quotation
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from whosays.chats import Chats, Length
from whosays.config import data_folder
from whosays.types import Side, Status

CATALOGUE = load_catalogue(data_folder())
QUESTION = "who holds Orsel?"


def engine() -> FixedEngine:
    said = tuple(quotation(f"claim {number} " + "and so on " * 20) for number in range(9))
    return FixedEngine(
        answers={QUESTION: answer(QUESTION, Status.ONE_SIDE, sides=(Side(name="Varn Republic", quotations=said),))}
    )


async def open_menu(telegram: BotApi, language: str | None = None) -> tuple[User, Chat, Sent]:
    ann = telegram.person("Ann", language=language)
    chat = telegram.private_chat(ann)
    chat.say(ann, "/settings")
    return ann, chat, await chat.expect_message()


async def test_the_menu_shows_each_setting_with_its_value(telegram: BotApi, serving: Serving) -> None:
    async with serving(engine()):
        _, _, menu = await open_menu(telegram)
    labels = ["Language: as your app has it", "Answers: normal", "Pictures: light", "Alerts: when and how many"]
    assert menu.labels == [[label] for label in labels]


async def test_five_languages_are_offered_and_that_of_the_app(telegram: BotApi, serving: Serving) -> None:
    async with serving(engine()):
        ann, chat, menu = await open_menu(telegram)
        chat.press(ann, menu, "Language")
        languages = await chat.expect_edit(menu)
        labels = [label.removeprefix("✓ ") for row in languages.labels for label in row]
        assert labels == ["as your app has it", "English", "العربية", "فارسی", "Русский", "Українська", "Back"]
        assert languages.button("✓").text == "✓ as your app has it"
        chat.press(ann, menu, "Back")
        assert (await chat.expect_edit(menu)).labels == menu.labels


@pytest.mark.parametrize("code", ["fa", "ar", "uk", "ru"])
async def test_a_language_is_spoken_at_once_and_after_a_restart_whatever_the_app_has(
    telegram: BotApi, serving: Serving, chats: Chats, code: str
) -> None:
    phrases = CATALOGUE.of(code)
    async with serving(engine()):
        ann, chat, menu = await open_menu(telegram, language="en")
        chat.press(ann, menu, "Language")
        await chat.expect_edit(menu)
        chat.press(ann, menu, phrases.own_name)
        assert (await chat.expect_edit(menu)).text.startswith(phrases(Say.SETTINGS))
    async with serving(engine()):
        chat.say(ann, "/ask")
        assert (await chat.expect_message()).text == phrases(Say.HOW_TO_ASK, example=phrases.examples[0])
        chat.press(ann, menu, dict(CATALOGUE.languages)[code])
        await chat.expect_edit(menu)
        chat.press(ann, menu, phrases(Say.SETTING_LANGUAGE_AUTO))
        assert "Settings" in (await chat.expect_edit(menu)).text
        chat.say(ann, "/ask")
        assert "Please add your question" in (await chat.expect_message()).text
    kept = chats.chat(ann.id)
    assert kept is not None
    assert kept.language is None


async def test_quotations_and_the_buttons_of_a_card_in_persian(telegram: BotApi, serving: Serving) -> None:
    phrases = CATALOGUE.of("fa")
    ann = telegram.person("Ann", language="fa")
    chat = telegram.private_chat(ann)
    async with serving(engine()):
        chat.say(ann, QUESTION)
        card = await chat.expect_message()
        assert phrases(Say.ONE_SIDE) in card.text
        assert any(text.startswith("claim 0") for text in (quote.strip("\u2066\u2068\u2069\u200f") for quote in card.quotations))
        # A card stays in one language, whatever is chosen since.
        chat.say(ann, "/settings")
        menu = await chat.expect_message()
        chat.press_data(ann, menu, "g:language:en")
        await chat.expect_edit(menu)
        chat.press(ann, card, phrases(Say.BUTTON_WRONG))
        assert phrases(Say.CHOOSE_WRONG) in (await chat.expect_edit(card)).text


async def test_short_answers_are_shorter_at_once_and_after_a_restart(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    async with serving(engine()):
        ann, chat, menu = await open_menu(telegram)
        chat.say(ann, QUESTION)
        normal = await chat.expect_message()
        chat.press(ann, menu, "Answers")
        assert ["Answers: short"] in (await chat.expect_edit(menu)).labels
        chat.say(ann, QUESTION)
        short = await chat.expect_message()
        assert len(short.quotations) < len(normal.quotations)
    async with serving(engine()):
        chat.say(ann, QUESTION)
        again = await chat.expect_message()
        assert again.text == short.text
        # A card that is turned and turned back has the length that is chosen now.
        chat.press(ann, normal, "More")
        await chat.expect_edit(normal)
        chat.press(ann, normal, "Back")
        assert (await chat.expect_edit(normal)).text == short.text
    kept = chats.chat(ann.id)
    assert kept is not None
    assert kept.length is Length.SHORT


async def test_dark_pictures_are_dark(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, menu = await open_menu(telegram)
        brightness = []
        for _ in range(2):
            chat.say(ann, "/timeline Orsel")
            brightness.append(bright(await chat.expect_message()))
            await chat.expect_message()
            chat.press(ann, menu, "Pictures")
            await chat.expect_edit(menu)
    assert brightness[0] > 200
    assert brightness[1] < 80


async def test_two_settings_changed_in_quick_succession_both_stay(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    async with serving(engine()):
        ann, chat, menu = await open_menu(telegram)
        toasts = [chat.press_data(ann, menu, data) for data in ("g:length:short", "g:pictures:dark", "g:language:uk")]
        for toast in toasts:
            await chat.expect_toast(toast)
    kept = chats.chat(ann.id)
    assert kept is not None
    assert (kept.length, kept.dark, kept.language) == (Length.SHORT, True, "uk")
    assert chat.now(menu).text.startswith(CATALOGUE.of("uk")(Say.SETTINGS))


def bright(sent: Sent) -> int:
    """Return how bright a picture's first pixel is, from 0 to 255: whatever its row's filter, it stands there as it is."""
    assert sent.photo is not None
    data, at = b"", 8
    while at < len(sent.photo):
        length, kind = struct.unpack(">I4s", sent.photo[at : at + 8])
        data += sent.photo[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return sum(zlib.decompress(data)[1:4]) // 3
