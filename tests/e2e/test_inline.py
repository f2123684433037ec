"""Inline mode: a card for any chat, and a way to the chat with the bot."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from bot.handlers import inline
from bot.phrases import Say, load_catalogue
from tests import patience
from tests.cards import quotation
from tests.e2e.asking import QUESTION, full, nothing, started, toast, told
from tests.e2e.conftest import Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from whosays.chats import Chat, Chats, Length
from whosays.config import data_folder
from whosays.errors import LanguageError, StoreError
from whosays.types import Side

LONG = "who has shelled the grain silos in the harbour of Orsel since August?"


async def test_a_card_is_offered_with_its_quotations_and_links(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    async with serving(FixedEngine(answers={QUESTION: full()})):
        answered = await telegram.inline_answer(telegram.inline_query(ann, f"  {QUESTION} "))
    (result,) = answered.results
    assert result.title == "Disputed, Coast League, Varn Republic"
    assert result.description == "The whole card, with its sources"
    assert "any claim that Orsel has fallen" in result.quotations
    assert "https://gazette.example/orsel#:~:text=the%20town,is%20ours" in result.links
    assert "Ilva Tarn, spokeswoman" in result.text
    # Telegram is not to show one person what another was answered, nor to forget it at once.
    assert answered.is_personal
    assert answered.cache_time > 0


async def test_a_shared_card_opens_for_anybody_with_buttons_that_work(telegram: BotApi, serving: Serving) -> None:
    ann, eve, group = telegram.person("Ann"), telegram.person("Eve"), telegram.group(bot="left")
    chat = telegram.private_chat(eve)
    async with serving(FixedEngine(answers={QUESTION: full()})):
        query = telegram.inline_query(ann, QUESTION)
        (result,) = await telegram.expect_inline(query)
        message = telegram.choose(ann, query, result, group)
        button = group.now(message).button("Open")
        assert button.data is None
        opened = await told(chat, eve, started(button.url or ""))
        assert opened.quotations == result.quotations
        await toast(chat, eve, opened, "More")
        assert "smoke" in (await chat.expect_edit(opened)).text.lower()
        await toast(chat, eve, opened, "Back")
        await chat.expect_edit(opened)
        assert "Followed" in (await toast(chat, eve, opened, "Follow") or "")
        await chat.expect_message()
        # It is hers: what she asks in reply goes on from it.
        assert (await told(chat, eve, "and the harbour?", reply_to=opened.id)).quotations == ["“and the harbour?”"]
        await telegram.everything_read()


async def test_a_card_that_is_shared_into_a_group_with_the_bot_is_no_question_there(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    engine = FixedEngine()
    async with serving(engine):
        query = telegram.inline_query(ann, QUESTION)
        (result,) = await telegram.expect_inline(query)
        shared = telegram.choose(ann, query, result, group)
        group.say(telegram.person("Ben"), "I told you", reply_to=shared)
        await telegram.everything_read()
        await group.silence()
    assert engine.asked == [QUESTION]


async def test_only_the_last_of_words_typed_quickly_is_asked(
    telegram: BotApi, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline, "_STILL", timedelta(seconds=3))
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    engine = FixedEngine()
    async with serving(engine):
        for end in range(6, len(QUESTION) + 1, 3):
            telegram.inline_query(ann, QUESTION[:end])
            await asyncio.sleep(0.02)
        last, of_ben = telegram.inline_query(ann, QUESTION), telegram.inline_query(ben, "who holds Calder?")
        assert await telegram.expect_inline(last)
        assert await telegram.expect_inline(of_ben)
    assert sorted(engine.asked) == ["who holds Calder?", QUESTION]


@pytest.mark.parametrize("words", ["", "   ", "who"])
async def test_who_has_hardly_begun_is_told_how_to_ask(telegram: BotApi, serving: Serving, words: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    engine = FixedEngine()
    async with serving(engine):
        answered = await telegram.inline_answer(telegram.inline_query(ann, words))
        assert answered.results == []
        assert answered.button is not None
        assert answered.button["text"].startswith("Type a question")
        assert "Just ask" in (await told(chat, ann, f"/start {answered.button['start_parameter']}")).text
    assert engine.asked == []


@pytest.mark.parametrize("question", [QUESTION, LONG, "ы" * 60])
async def test_where_nothing_is_found_the_question_can_be_asked_in_the_chat_with_the_bot(
    telegram: BotApi, serving: Serving, question: str
) -> None:
    ann, eve = telegram.person("Ann"), telegram.person("Eve")
    chat, stranger = telegram.private_chat(ann), telegram.private_chat(eve)
    async with serving(FixedEngine(answers={question: nothing(question)})):
        answered = await telegram.inline_answer(telegram.inline_query(ann, question))
        assert (answered.results, answered.cache_time) == ([], 0)
        assert answered.button is not None
        assert answered.button["text"] == "Ask in a chat with me"
        opens = f"/start {answered.button['start_parameter']}"
        there = await told(chat, ann, opens)
        assert there.text.startswith("Nothing found")
        await toast(chat, ann, there, "the salt tax")
        assert (await chat.expect_message()).quotations == ["“the salt tax”"]
        if question != QUESTION:
            # A long question stands in no link: it is his own card that this one names.
            assert "no longer have this card" in (await told(stranger, eve, opens)).text


@pytest.mark.parametrize("error", [LanguageError("Klingon"), StoreError("/secret"), ZeroDivisionError("secret")])
async def test_an_engine_that_fails_answers_with_nothing(telegram: BotApi, serving: Serving, error: Exception) -> None:
    def fail(question: str) -> None:
        raise error

    ann = telegram.person("Ann")
    async with serving(FixedEngine(before=fail)):
        answered = await telegram.inline_answer(telegram.inline_query(ann, QUESTION))
    assert (answered.results, answered.cache_time) == ([], 0)
    assert answered.button is not None
    assert "secret" not in str(answered.button)


async def test_a_busy_engine_answers_with_nothing(telegram: BotApi, serving: Serving) -> None:
    people = [telegram.person(name) for name in ("Ann", "Ben", "Cleo")]
    refused = Event()
    async with serving(FixedEngine(before=until(refused)), workers=1, queue=1):
        queries = [telegram.inline_query(person, QUESTION) for person in people]
        await patience.until(lambda: any(telegram.inline.queries[query].answer for query in queries))
        refused.set()
        results = [await telegram.expect_inline(query) for query in queries]
    assert sorted(map(len, results)) == [0, 1, 1]


async def test_a_store_that_fails_offers_no_card_whose_button_would_not_open(
    telegram: BotApi, serving: Serving, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("disk I/O error")

    monkeypatch.setattr(chats, "keep_card", fail)
    ann = telegram.person("Ann")
    async with serving(FixedEngine()):
        assert await telegram.expect_inline(telegram.inline_query(ann, QUESTION)) == []


async def test_only_who_is_served_is_answered(telegram: BotApi, serving: Serving) -> None:
    ann, ben, eve = (telegram.person(name) for name in ("Ann", "Ben", "Eve"))
    chat, engine = telegram.private_chat(eve), FixedEngine()
    async with serving(engine, allowed_chats=frozenset({ann.id}), admins=frozenset({ben.id})):
        for person, count in ((ann, 1), (ben, 1), (eve, 0)):
            answered = await telegram.inline_answer(telegram.inline_query(person, QUESTION))
            assert len(answered.results) == count
        assert answered.button is not None
        assert "serves chosen chats only" in (await told(chat, eve, f"/start {answered.button['start_parameter']}")).text
    assert len(engine.asked) == 2


async def test_who_asks_too_much_gets_no_more_results_and_others_do(telegram: BotApi, serving: Serving) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    async with serving(FixedEngine(), quota_person=2):
        counts = [len(await telegram.expect_inline(telegram.inline_query(ann, f"question {n}"))) for n in range(3)]
        assert counts == [1, 1, 0]
        assert await telegram.expect_inline(telegram.inline_query(ben, QUESTION))


@pytest.mark.parametrize(("language", "spoken"), [("fa", "fa"), ("ar-EG", "ar"), ("uk", "uk"), ("tlh", "en"), (None, "en")])
async def test_results_are_in_the_language_of_who_asks(
    telegram: BotApi, serving: Serving, language: str | None, spoken: str
) -> None:
    say = load_catalogue(data_folder()).phrases[spoken]
    ann = telegram.person("Ann", language=language)
    async with serving(FixedEngine()):
        answered = await telegram.inline_answer(telegram.inline_query(ann, QUESTION))
    (result,) = answered.results
    assert answered.button is not None
    assert answered.button["text"] == say(Say.INLINE_ASK)
    assert result.title == f"{say(Say.ONE_SIDE)}{say.comma}{say.isolated('Varn Republic')}"
    assert result.description == say(Say.INLINE_CARD)
    assert result.labels == [[say(Say.BUTTON_OPEN)]]
    assert result.quotations == [f"“{QUESTION}”"]


async def test_what_somebody_has_chosen_in_his_chat_with_the_bot_holds_wherever_he_asks(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    say = load_catalogue(data_folder()).phrases["uk"]
    ann = telegram.person("Ann", language="en")
    chats.keep_chat(Chat(id=ann.id, kind="private", language="uk", length=Length.SHORT))
    async with serving(FixedEngine(answers={QUESTION: full()})):
        (result,) = await telegram.expect_inline(telegram.inline_query(ann, QUESTION))
    assert result.description == say(Say.INLINE_CARD)
    assert len(result.quotations) < len(full().quotations)
    assert result.text.startswith(say(Say.DISPUTED))


async def test_a_huge_answer_is_one_message_all_the_same(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    claims = tuple(quotation(f"{number} " + "word 😀 " * 300) for number in range(30))
    huge = replace(full(), sides=(Side(name="Varn Republic", quotations=claims),), conflict=None)
    async with serving(FixedEngine(answers={QUESTION: huge})):
        (result,) = await telegram.expect_inline(telegram.inline_query(ann, QUESTION))
    assert result.quotations
    assert result.links
