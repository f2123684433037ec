"""An edited question edits its answer: the same message, once, with the words that were meant last."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from tests.cards import answer, quotation
from tests.e2e.conftest import Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from tests.patience import PATIENCE
from whosays.chats import Chats
from whosays.types import Context, Quotation, Side, Status


async def ask(telegram: BotApi, words: str) -> tuple[User, Chat, int, Sent]:
    """Return somebody, the chat with the bot, the question and its answer."""
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    question = chat.say(ann, words)
    return ann, chat, question, await chat.expect_message()


async def test_an_edited_question_edits_its_answer_and_the_buttons_go_with_it(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, sent = await ask(telegram, "who holds Orsle?")
        chat.edit(ann, question, "who holds Orsel?")
        edited = await chat.expect_edit(sent)
        assert edited.quotations == ["“who holds Orsel?”"]
        chat.press(ann, sent, "Context")
        assert "It was said: “who holds Orsel?”." in (await chat.expect_edit(sent)).text
        chat.press(ann, sent, "Back")
        assert (await chat.expect_edit(sent)).text == edited.text
        await chat.silence()
    assert len(chat.sent) == 1


async def test_a_button_of_before_an_edit_shows_what_is_there_now(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, sent = await ask(telegram, "who holds Orsle?")
        before = sent.button("Context").data or ""
        chat.edit(ann, question, "who holds Orsel?")
        await chat.expect_edit(sent)
        # It was under way when the answer changed.
        chat.press_data(ann, sent, before)
        assert "It was said: “who holds Orsel?”." in (await chat.expect_edit(sent)).text


@pytest.mark.parametrize("path", [["Context", "we hold"], ["Wrong?", "we hold"], ["Wrong?", "we hold", "Wrong side"]])
async def test_a_button_about_a_quotation_of_before_is_not_taken_for_one_about_another(
    telegram: BotApi, serving: Serving, chats: Chats, path: list[str]
) -> None:
    said = [tuple(quotation(f"“{one} {of}”") for one in ("we hold", "we took")) for of in ("Orsle", "Orsel")]
    asked = ["who holds Orsle?", "who holds Orsel?"]
    answers = {
        words: answer(words, Status.ONE_SIDE, sides=(Side(name="Varn Republic", quotations=quoted),))
        for words, quoted in zip(asked, said, strict=True)
    }
    async with serving(FixedEngine(answers=answers)):
        ann, chat, question, sent = await ask(telegram, asked[0])
        for button in path[:-1]:
            chat.press(ann, sent, button)
            await chat.expect_edit(sent)
        under_way = chat.now(sent).button(path[-1]).data or ""
        assert len(under_way.encode()) <= 64
        chat.edit(ann, question, asked[1])
        await chat.expect_edit(sent)
        toast = await chat.expect_toast(chat.press_data(ann, sent, under_way))
        assert toast == "I no longer have this card. Please ask again."
        await chat.silence(0.3)
        assert "we hold Orsel" in chat.now(sent).text
    assert chats.reports() == []


async def test_the_context_of_an_answer_that_was_edited_meanwhile_is_not_shown(telegram: BotApi, serving: Serving) -> None:
    begun, edited = Event(), Event()

    class Slow(FixedEngine):
        def context(self, quotation: Quotation) -> Context | None:
            begun.set()
            edited.wait(PATIENCE)
            return super().context(quotation)

    async with serving(Slow()):
        ann, chat, question, sent = await ask(telegram, "who holds Orsle?")
        toast = chat.press(ann, sent, "Context")
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        chat.edit(ann, question, "who holds Orsel?")
        await chat.expect_edit(sent)
        edited.set()
        assert "no longer have this card" in f"{await chat.expect_toast(toast)}"
        await chat.silence(0.3)
    assert chat.now(sent).quotations == ["“who holds Orsel?”"]


async def test_edits_while_the_answer_is_made_end_with_one_answer_to_the_last_words(telegram: BotApi, serving: Serving) -> None:
    edited = Event()
    engine = FixedEngine(before=until(edited))
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(engine):
        question = chat.say(ann, "who holds O?")
        for words in ("who holds Or?", "who holds Ors?", "who holds Orsel?"):
            chat.edit(ann, question, words)
        await telegram.everything_read()
        await asyncio.sleep(0.3)
        edited.set()
        sent = await chat.expect_message()
        if sent.quotations != ["“who holds Orsel?”"]:
            sent = await chat.expect_edit(sent)
        await chat.silence(0.8)
    assert chat.now(sent).quotations == ["“who holds Orsel?”"]
    assert len(chat.sent) == 1
    assert len(engine.asked) <= 2


async def test_an_edit_that_changes_nothing_sends_nothing(telegram: BotApi, serving: Serving) -> None:
    engine = FixedEngine(answers={"nowhere": answer("nowhere", Status.NOTHING)})
    async with serving(engine):
        for number, words in enumerate(("who holds Orsel?", "/summary Orsel", "/sides Orsel", "/sides nowhere", "/ask Orsel")):
            ann, chat, question, _ = await ask(telegram, words)
            chat.edit(ann, question, words.replace(" ", "  ", 1))
            await telegram.everything_read()
            await chat.silence(0.4)
            assert len(engine.asked + engine.summarised + engine.surveyed) == number + 1


async def test_a_card_that_was_turned_stays_turned_by_an_edit_that_changes_nothing(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, sent = await ask(telegram, "who holds Orsel?")
        chat.press(ann, sent, "Wrong?")
        await chat.expect_edit(sent)
        chat.edit(ann, question, "who holds Orsel?")
        await chat.silence(0.4)
        chat.edit(ann, question, "who holds Kesh?")
        assert (await chat.expect_edit(sent)).quotations == ["“who holds Kesh?”"]


async def test_an_edit_whose_answer_was_deleted_sends_a_new_one(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, sent = await ask(telegram, "who holds Orsle?")
        chat.delete(sent.id)
        chat.edit(ann, question, "who holds Orsel?")
        new = await chat.expect_message()
        assert (new.quotations, new.reply_to) == (["“who holds Orsel?”"], question)
        # From then on, that one is edited.
        chat.edit(ann, question, "who holds Kesh?")
        assert (await chat.expect_edit(new)).quotations == ["“who holds Kesh?”"]
        chat.press(ann, new, "Context")
        assert "Kesh" in (await chat.expect_edit(new)).text


async def test_an_edit_that_begins_to_mean_the_bot_is_answered(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    async with serving(FixedEngine()):
        said = group.say(ann, "who holds Orsel?")
        await telegram.everything_read()
        group.edit(ann, said, "@WhoSaysTestBot who holds Orsel?")
        sent = await group.expect_message()
        assert (sent.quotations, sent.reply_to) == (["“who holds Orsel?”"], said)
        # What is no question to the bot any more leaves its answer be.
        group.edit(ann, said, "never mind")
        await group.silence(0.4)


async def test_a_question_can_be_put_right_that_was_no_question(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, how = await ask(telegram, "/ask")
        assert "Please add your question" in how.text
        chat.edit(ann, question, "/ask who holds Orsel?")
        assert (await chat.expect_message()).quotations == ["“who holds Orsel?”"]


@pytest.mark.parametrize(
    ("first", "then", "shown"),
    [
        ("/ask Orsel", "/summary Kesh", "“Kesh”"),
        ("/ask Orsel", "/sides Orsel", "Who speaks: Orsel"),
        ("/summary Orsel", "Orsel?", "“Orsel?”"),
        ("/sides Orsel", "/sides Kesh", "Who speaks: Kesh"),
    ],
)
async def test_a_command_is_edited_into_another_one(
    telegram: BotApi, serving: Serving, first: str, then: str, shown: str
) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, sent = await ask(telegram, first)
        chat.edit(ann, question, then)
        assert shown in (await chat.expect_edit(sent)).text
    assert len(chat.sent) == 1


async def test_the_picture_of_an_edited_timeline_is_edited_too(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, picture = await ask(telegram, "/timeline Orsel")
        listed = await chat.expect_message()
        chat.edit(ann, question, "/timeline Kesh")
        another = await chat.expect_edit(picture)
        assert another.photo != picture.photo
        assert "Kesh" in another.text
        assert "Timeline: Kesh" in (await chat.expect_edit(listed)).text
        await chat.silence()


async def test_a_timeline_that_becomes_a_question_takes_its_picture_away(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, picture = await ask(telegram, "/timeline Orsel")
        listed = await chat.expect_message()
        chat.edit(ann, question, "/ask Orsel")
        assert (await chat.expect_message()).quotations == ["“Orsel”"]
        assert chat.now(picture).deleted
        assert chat.now(listed).deleted
        chat.edit(ann, question, "/timeline Orsel")
        while not (sent := await chat.expect_message()).text.startswith("Timeline"):
            assert sent.photo
    assert [sent.photo is not None for sent in chat.sent if not sent.deleted] == [True, False]


def failing(words: str) -> None:
    if "crash" in words:
        raise ZeroDivisionError(words)


@pytest.mark.parametrize("first", ["who holds Orsel?", "/summary Orsel", "/timeline Orsel"])
@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("/summary https://gazette.example/gone", "I have not read that article"),
        ("/ask crash", "went wrong on my side"),
        ("/ask", "Please add your question"),
        ("/ask " + "word " * 300, "too long"),
    ],
)
async def test_an_edit_that_has_no_answer_takes_the_place_of_the_answer_before(
    telegram: BotApi, serving: Serving, chats: Chats, first: str, then: str, said: str
) -> None:
    nothing = answer("https://gazette.example/gone", Status.NOTHING)
    engine = FixedEngine(before=failing, answers={nothing.query.text: nothing})
    async with serving(engine):
        ann, chat, question, sent = await ask(telegram, first)
        picture = sent if sent.photo else None
        if picture is not None:
            sent = await chat.expect_message()
        before = sent.button("Follow").data or ""
        chat.edit(ann, question, then)
        edited = await chat.expect_edit(sent)
        assert said in edited.text
        assert edited.labels == []
        assert picture is None or chat.now(picture).deleted
        # Nothing goes on from what is asked no more, neither buttons nor questions.
        assert await chat.expect_toast(chat.press_data(ann, sent, before)) == "I no longer have this card. Please ask again."
        assert chats.followed() == []
        chat.say(ann, "and the League?", reply_to=sent.id)
        await chat.expect_message()
        assert engine.followed[-1] is None
        # The same words again find their answer again, and in the same place.
        chat.edit(ann, question, "who holds Orsel?")
        again = await chat.expect_edit(sent)
        assert again.quotations == ["“who holds Orsel?”"]
        chat.press(ann, sent, "Context")
        assert "It was said" in (await chat.expect_edit(sent)).text
    assert len([one for one in chat.sent if not one.deleted]) == 2


async def test_an_edited_follow_up_keeps_what_it_goes_on_from(telegram: BotApi, serving: Serving) -> None:
    engine = FixedEngine()
    async with serving(engine):
        ann, chat, first, _ = await ask(telegram, "who holds Orsel?")
        second = chat.say(ann, "adn the League?")
        sent = await chat.expect_message()
        chat.say(ann, "who holds Kesh?")
        await chat.expect_message()
        chat.edit(ann, second, "and the League?")
        assert "On: who holds Orsel?" in (await chat.expect_edit(sent)).text
        chat.edit(ann, first, "who held Orsel?")
        await chat.expect_edit()
    assert engine.followed == [None, "who holds Orsel?", "adn the League?", "who holds Orsel?", None]


async def test_an_edit_after_two_days_is_let_be(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, _ = await ask(telegram, "who holds Orsle?")
    async with serving(FixedEngine(), now=lambda: datetime.now(UTC) + timedelta(days=2, seconds=1)):
        chat.edit(ann, question, "who holds Orsel?")
        await telegram.everything_read()
        await chat.silence()


async def test_an_edit_of_what_has_no_card_is_let_be(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine()):
        ann, chat, question, _ = await ask(telegram, "/help")
        chat.edit(ann, question, "/settings")
        await telegram.everything_read()
        await chat.silence()
