"""The buttons under a card: the same message shows more of it, a quotation's context, what may be wrong; a picture follows it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.cards import answer, full_answer, quotation
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from tests.patience import PATIENCE, until
from whosays.chats import Chats, Fault
from whosays.types import Side, Status

QUESTION = "who holds Orsel?"
PNG = b"\x89PNG"


def long_answer() -> FixedEngine:
    """Return an engine with an answer of some pages: each side says much."""
    said = [quotation(f"claim {number} " + "and so on " * 30) for number in range(20)]
    return FixedEngine(answers={QUESTION: answer(QUESTION, sides=(Side(name="Varn Republic", quotations=tuple(said)),))})


def full() -> FixedEngine:
    return FixedEngine(answers={QUESTION: full_answer()})


async def ask(telegram: BotApi, words: str = QUESTION) -> tuple[User, Chat, Sent]:
    """Return somebody, the chat with the bot, and the answer there."""
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    chat.say(ann, words)
    return ann, chat, await chat.expect_message()


async def test_the_first_view_is_short_and_more_pages_through_all_of_it_in_the_same_message(
    telegram: BotApi, serving: Serving
) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        assert len(card.quotations) == 3
        assert card.button("More").text == "More · 17"
        toast = chat.press(ann, card, "More")
        page = await chat.expect_edit(card)
        assert await chat.expect_toast(toast) is None
        pages = int(page.button("1 of").text.split()[-1])
        seen = list(page.quotations)
        for number in range(2, pages + 1):
            chat.press(ann, card, "›")
            page = await chat.expect_edit(card)
            assert page.button("of").text == f"{number} of {pages}"
            seen += page.quotations
        chat.press(ann, card, "›")
        assert (await chat.expect_edit(card)).button("of").text == f"1 of {pages}"
        chat.press(ann, card, "Back")
        back = await chat.expect_edit(card)
    assert [words.split(" and")[0] for words in seen] == [f"claim {number}" for number in range(20)]
    assert (back.text, back.labels) == (card.text, card.labels)
    assert len(chat.sent) == 1


async def test_the_number_of_the_page_that_is_shown_changes_nothing_and_is_answered(telegram: BotApi, serving: Serving) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        chat.press(ann, card, "More")
        await chat.expect_edit(card)
        assert await chat.expect_toast(chat.press(ann, card, "1 of")) is None
        await chat.silence()


async def test_presses_in_quick_succession_end_at_the_last_one(telegram: BotApi, serving: Serving) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram)
        id_ = card.button("More").data
        toasts = [chat.press_data(ann, card, f"{id_}"[:-1] + str(number % 3)) for number in range(12)]
        for toast in toasts:
            await chat.expect_toast(toast)
        chat.press(ann, card, "Back")
        async with asyncio.timeout(PATIENCE):
            while chat.now(card).text != card.text:
                await chat.expect_edit(card)
        await chat.silence(0.5)
    assert len(chat.now(card).history) <= 6


async def test_a_quotation_is_shown_in_its_context_with_its_words_marked(telegram: BotApi, serving: Serving) -> None:
    async with serving(full()):
        ann, chat, card = await ask(telegram)
        chat.press(ann, card, "Context")
        choice = await chat.expect_edit(card)
        assert "Which quotation" in choice.text
        chat.press(ann, card, "Ilva Tarn · promises: that anyone who hands in")
        shown = await chat.expect_edit(card)
        assert "that anyone who hands in a weapon will go free" in [
            shown.words(one) for one in shown.entities if one.type == "bold"
        ]
        assert "The paragraph before." in shown.quotations
        assert "Orsel Gazette: Both armies" in shown.text
        assert shown.text.endswith("[…]")
        chat.press(ann, card, "Back")
        assert (await chat.expect_edit(card)).text == card.text


async def test_the_only_quotation_needs_no_choice_and_many_are_offered_a_few_at_a_time(
    telegram: BotApi, serving: Serving
) -> None:
    async with serving(long_answer()):
        ann, chat, card = await ask(telegram, "one thing")
        chat.press(ann, card, "Context")
        assert "It was said" in (await chat.expect_edit(card)).text
        chat.say(ann, QUESTION)
        card = await chat.expect_message()
        chat.press(ann, card, "Context")
        offered = await chat.expect_edit(card)
        assert sum("claim" in label for row in offered.labels for label in row) == 6
        chat.press(ann, card, "‹")
        last = await chat.expect_edit(card)
        assert "claim 19" in last.labels[1][0]


async def test_a_quotation_whose_article_is_gone_is_said_kindly(telegram: BotApi, serving: Serving) -> None:
    gone = answer(QUESTION, Status.ONE_SIDE, sides=(Side(name="Varn Republic", quotations=(quotation("gone with the wind"),)),))
    async with serving(FixedEngine(answers={QUESTION: gone})):
        ann, chat, card = await ask(telegram)
        chat.press(ann, card, "Context")
        shown = await chat.expect_edit(card)
        assert "The article has changed or is gone" in shown.text
        chat.press(ann, card, "Back")
        assert (await chat.expect_edit(card)).text == card.text


async def test_the_timeline_comes_as_a_picture_and_a_list_in_reply_to_the_card(telegram: BotApi, serving: Serving) -> None:
    engine = full()
    async with serving(engine):
        ann, chat, card = await ask(telegram)
        toast = chat.press(ann, card, "Timeline")
        picture, listed = await chat.expect_message(), await chat.expect_message()
        await chat.expect_toast(toast)
        assert (picture.photo or b"").startswith(PNG)
        assert picture.reply_to == card.id
        assert listed.text.startswith("Timeline: who holds Orsel?")
        assert engine.surveyed == [QUESTION]
        # The list has buttons of its own.
        chat.press(ann, listed, "Wrong?")
        assert "Which quotation is wrong?" in (await chat.expect_edit(listed)).text
    assert chat.now(card).history == ()


async def test_a_fault_is_reported_with_what_was_shown_and_counts_once(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    async with serving(full()):
        ann, chat, card = await ask(telegram)
        for _ in range(2):
            chat.press(ann, card, "Wrong?")
            await chat.expect_edit(card)
            chat.press(ann, card, "Bren Osk · denies: any claim that")
            asked = await chat.expect_edit(card)
            assert asked.text.endswith("What is wrong?")
            assert "any claim that Orsel has fallen" in asked.text
            assert asked.labels[:2] == [["Wrong side", "Wrong speaker"], ["Not relevant", "Out of date"]]
            toast = chat.press(ann, card, "Wrong side")
            assert (await chat.expect_edit(card)).text == card.text
            assert "Thank you" in f"{await chat.expect_toast(toast)}"
        chat.press(ann, card, "Wrong?")
        await chat.expect_edit(card)
        chat.press(ann, card, "The card as a whole")
        assert (await chat.expect_edit(card)).labels == [["Not relevant", "Out of date"], ["Back"]]
        chat.press(ann, card, "Out of date")
        await chat.expect_edit(card)
    side, whole = chats.reports()
    assert (side.person, side.fault, side.answer, side.quotation) == (ann.id, Fault.SIDE, full_answer(), 0)
    assert (whole.fault, whole.quotation) == (Fault.OUTDATED, None)


async def test_the_nearest_topics_are_a_press_away(telegram: BotApi, serving: Serving) -> None:
    nothing = replace(answer("bread?", Status.NOTHING), nearest=("Both armies hold Orsel", "The harbour is closed"), sources=())
    engine = FixedEngine(answers={"bread?": nothing})
    async with serving(engine):
        ann, chat, card = await ask(telegram, "bread?")
        assert card.text.startswith("Nothing found")
        chat.press(ann, card, "The harbour is closed")
        summary = await chat.expect_message()
    assert summary.reply_to == card.id
    assert summary.quotations == ["“The harbour is closed”"]
    assert engine.summarised == ["The harbour is closed"]


async def test_buttons_work_after_a_restart_and_for_thirty_days(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    asked = datetime(2031, 5, 7, tzinfo=UTC)
    async with serving(long_answer(), now=lambda: asked):
        ann, chat, card = await ask(telegram)
    async with serving(FixedEngine(), now=lambda: asked + timedelta(days=29)):
        chat.press(ann, card, "More")
        assert "claim 0" in (await chat.expect_edit(card)).text
    async with serving(FixedEngine(), now=lambda: asked + timedelta(days=31), alerts_every=timedelta(seconds=0.05)):
        await until(lambda: chats.card_shown_in(chat.id, card.id) is None)
        toast = await chat.expect_toast(chat.press(ann, card, "Back"))
        assert toast == "I no longer have this card. Please ask again."
    assert "claim 0" in chat.now(card).text


async def test_right_to_left_names_quotations_and_titles_are_isolated(telegram: BotApi, serving: Serving) -> None:
    arabic = quotation("المدينة لنا (منذ الفجر)", name="ليلى ثابت", role="متحدثة", side="جمهورية ورن")
    hebrew = answer(QUESTION, Status.ONE_SIDE, sides=(Side(name="جمهورية ورن", quotations=(arabic,)),))
    sources = (replace(hebrew.sources[0], title="שני הצבאות באורסל", outlet="הגזטה"), *hebrew.sources[1:])
    async with serving(FixedEngine(answers={QUESTION: replace(hebrew, sources=sources)})):
        _, chat, card = await ask(telegram)
    for foreign in ("جمهورية ورن", "ليلى ثابت", "متحدثة", "שני הצבאות באורסל", "הגזטה"):
        assert f"\u2068{foreign}\u2069" in card.text
    # A block is a paragraph of its own, and has the direction of what stands in it.
    assert [words.strip("\u2068\u2069") for words in card.quotations] == ["المدينة لنا (منذ الفجر)"]
    assert card.text.count("\u2068") == card.text.count("\u2069")
    assert chat.sent == [card]


async def test_a_long_quotation_is_folded_and_a_short_one_is_not(telegram: BotApi, serving: Serving) -> None:
    said = (quotation("short"), quotation("long " * 130))
    long = answer(QUESTION, Status.ONE_SIDE, sides=(Side(name="Varn Republic", quotations=said),))
    async with serving(FixedEngine(answers={QUESTION: long})):
        ann, chat, card = await ask(telegram)
        assert [words.strip() for words in card.expandable] == [("long " * 130).strip()]
        assert "short" in card.quotations
        chat.press(ann, card, "Wrong?")
        await chat.expect_edit(card)


async def test_a_card_of_very_many_sides_can_be_turned(telegram: BotApi, serving: Serving) -> None:
    sides = tuple(
        Side(name=f"Side {number}", quotations=(quotation(f"{number} " + "w" * 110, side=f"Side {number}"),))
        for number in range(40)
    )
    async with serving(FixedEngine(answers={QUESTION: answer(QUESTION, sides=sides)})):
        ann, chat, card = await ask(telegram)
        for button in ("Wrong?", "Side 0", "Back", "Context", "Back", "More"):
            chat.press(ann, card, button if button != "Side 0" else "Ilva Tarn: 0")
            shown = await chat.expect_edit(card)
            assert shown.entities
