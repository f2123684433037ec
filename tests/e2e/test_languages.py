"""The interface speaks each chat's language; quotations stay as they are."""

from __future__ import annotations

import pytest

from bot.phrases import Phrases, Say, load_catalogue
from tests.e2e.asking import QUESTION, ask, full, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Sent
from whosays.config import data_folder
from whosays.errors import StoreError

CODES = ("en", "fa", "ar", "uk", "ru")


@pytest.fixture(scope="module")
def say() -> dict[str, Phrases]:
    return dict(load_catalogue(data_folder()).phrases)


def begins(card: Sent, phrases: Phrases) -> bool:
    """Say whether a card is in a language."""
    return card.text.startswith(phrases(Say.DISPUTED))


def test_the_interface_speaks_five_languages(say: dict[str, Phrases]) -> None:
    assert set(say) == set(CODES)
    assert len({phrases(Say.DISPUTED) for phrases in say.values()}) == len(CODES)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("region", ["", "-XX", "_xx"])
async def test_a_card_is_in_the_language_of_ones_app_and_its_quotations_are_not(
    telegram: BotApi, serving: Serving, say: dict[str, Phrases], code: str, region: str
) -> None:
    ann = telegram.person("Ann", language=code + region)
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(answers={QUESTION: full()})):
        card = await told(chat, ann, QUESTION)
    assert begins(card, say[code])
    assert say[code](Say.BUTTON_FOLLOW) in card.labels[-2]
    assert "any claim that Orsel has fallen" in card.quotations


async def test_in_a_group_each_is_answered_in_his_own_until_it_chooses_one(
    telegram: BotApi, serving: Serving, say: dict[str, Phrases]
) -> None:
    ann, ben = telegram.person("Ann", language="uk"), telegram.person("Ben", language="pt-BR")
    group = telegram.group(admins=(ben,))
    async with serving(FixedEngine(answers={QUESTION: full()})):
        assert begins(await ask(group, ann), say["uk"])
        assert begins(await ask(group, ben), say["en"])
        menu = await told(group, ben, "/settings@WhoSaysTestBot")
        await toast(group, ben, menu, "Language")
        choice = await group.expect_edit(menu)
        await toast(group, ben, choice, say["fa"].own_name)
        assert say["fa"](Say.SETTINGS) in (await group.expect_edit(menu)).text
        assert begins(await ask(group, ann), say["fa"])


async def test_a_card_stays_in_its_language_whoever_turns_it(telegram: BotApi, serving: Serving, say: dict[str, Phrases]) -> None:
    ann, ben = telegram.person("Ann", language="ru"), telegram.person("Ben", language="en")
    group = telegram.group(admins=(ben,))
    async with serving(FixedEngine(answers={QUESTION: full()})):
        card = await ask(group, ann)
        # What he alone is told is in his own.
        assert await toast(group, ben, card, say["ru"](Say.BUTTON_FOLLOW)) == say["en"](Say.TOAST_FOLLOWED)
        await toast(group, ben, card, say["ru"](Say.BUTTON_CONTEXT))
        assert begins(await group.expect_edit(card), say["ru"])


@pytest.mark.parametrize("code", CODES)
async def test_what_goes_wrong_is_said_in_ones_language(
    telegram: BotApi, serving: Serving, say: dict[str, Phrases], code: str
) -> None:
    def fail(question: str) -> None:
        raise StoreError("disk I/O error")

    ann, group = telegram.person("Ann", language=code), telegram.group()
    async with serving(FixedEngine(before=fail)):
        assert (await ask(group, ann)).text == say[code](Say.NOT_READY)
