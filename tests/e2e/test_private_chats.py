"""A chat of one's own with the bot."""

from __future__ import annotations

import logging
from threading import Barrier
from typing import Any

import pytest

from bot.ground import CONCURRENT_UPDATES
from tests.cards import answer, full_answer, quotation
from tests.e2e.conftest import Serving, until_typing
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from tests.patience import PATIENCE
from whosays.errors import LanguageError, StoreError
from whosays.types import Side


async def test_a_plain_question_is_answered_as_a_reply(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(answers={"who holds Orsel?": full_answer()})):
        question = chat.say(ann, "who holds Orsel?")
        sent = await chat.expect_message()
        await chat.silence()
    assert sent.reply_to == question
    assert sent.text.startswith("Disputed · as of 6 May 2031")
    assert "any claim that Orsel has fallen" in sent.quotations
    assert "“Our <guards> stand at the town hall & the harbour,”" in sent.quotations
    assert "https://gazette.example/orsel#:~:text=the%20town,is%20ours" in sent.links


async def test_the_chat_is_shown_that_an_answer_is_being_made(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(before=until_typing(telegram, chat))):
        chat.say(ann, "who holds Orsel?")
        await chat.expect_message()
    assert telegram.calls.index(("sendChatAction", chat.id)) < telegram.calls.index(("sendMessage", chat.id))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/start", "Just ask"),
        ("/start deep_link", "Just ask"),
        ("/help", "@WhoSaysTestBot"),
        ("/ask", "Please add your question"),
        ("/ask   ", "Please add your question"),
        ("/ask who holds Orsel?", "“who holds Orsel?”"),
        ("/ask@whosaystestbot who holds Orsel?", "“who holds Orsel?”"),
        ("/ask\nwho holds\nOrsel?", "“who holds Orsel?”"),
        ("/summary", "Please add a topic"),
        ("/summary Orsel", "“Orsel”"),
        ("/sources", "Orsel Gazette: 3"),
        ("/nonsense", "I do not know that command"),
        ("@WhoSaysTestBot, who holds Orsel?", "“who holds Orsel?”"),
    ],
)
async def test_commands_do_what_they_say(telegram: BotApi, serving: Serving, said: str, shown: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.say(ann, said)
        assert shown in (await chat.expect_message()).text
        await chat.silence(0.05)


async def test_a_card_longer_than_a_message_is_one_message_whose_pages_hold_all_of_it(telegram: BotApi, serving: Serving) -> None:
    words = " ".join(f"word{number}😀" for number in range(1200))
    claims = tuple(quotation(text) for text in ("<first> & foremost " + "x" * 3000, words, "last"))
    long_answer = answer(sides=(Side(name="Varn Republic", quotations=claims),))
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(answers={"everything": long_answer})):
        chat.say(ann, "everything")
        card = await chat.expect_message()
        assert len(card.text) < 2000
        chat.press(ann, card, "More")
        shown = [await chat.expect_edit(card)]
        for _ in range(1, int(shown[0].button("of").text.split()[-1])):
            chat.press(ann, card, "›")
            shown.append(await chat.expect_edit(card))
    assert len(shown) > 3
    assert "Sources" in shown[-1].text
    assert "".join(text for page in shown for text in page.quotations) == "<first> & foremost " + "x" * 3000 + words + "last"
    assert len(chat.sent) == 1


async def test_two_people_are_served_at_once_and_each_gets_their_own(telegram: BotApi, serving: Serving) -> None:
    both_at_work = Barrier(2, timeout=PATIENCE)
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    anns, bens = telegram.private_chat(ann), telegram.private_chat(ben)
    async with serving(FixedEngine(before=lambda _: _wait(both_at_work))):
        asked = anns.say(ann, "ann's question"), bens.say(ben, "ben's question")
        to_ann, to_ben = await anns.expect_message(), await bens.expect_message()
        await anns.silence(0.1)
        await bens.silence(0.1)
    assert (to_ann.quotations, to_ben.quotations) == (["“ann's question”"], ["“ben's question”"])
    assert (to_ann.reply_to, to_ben.reply_to) == asked


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (LanguageError("this is Klingon"), "I read English only"),
        (StoreError("disk I/O error at /secret"), "I cannot reach my articles"),
        (ZeroDivisionError("secret"), "Something went wrong on my side"),
    ],
)
async def test_an_error_becomes_a_phrase(
    telegram: BotApi, serving: Serving, error: Exception, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: str) -> None:
        raise error

    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(before=fail)):
        chat.say(ann, "a question that nobody else should read")
        sent = await chat.expect_message()
        assert sent.text.startswith(shown)
        assert not any(word in sent.text for word in ("secret", "Klingon", "Traceback"))
    assert "nobody else should read" not in caplog.text


async def test_a_question_too_many_gets_a_kind_word(telegram: BotApi, serving: Serving) -> None:
    all_in = Barrier(3, timeout=PATIENCE)
    people = [telegram.person(name) for name in ("a", "b", "c", "d", "e", "f")]
    chats = [telegram.private_chat(person) for person in people]
    async with serving(FixedEngine(before=lambda question: _wait(all_in) if question == "slow" else None)):
        for chat, person in zip(chats[:2], people, strict=False):
            chat.say(person, "slow")
            await telegram.called("sendChatAction", chat)
        for chat, person in zip(chats[2:4], people[2:], strict=False):
            chat.say(person, "queued")
            await telegram.called("sendChatAction", chat)
        chats[4].say(people[4], "one too many")
        assert "Many questions" in (await chats[4].expect_message()).text
        _wait(all_in)
        for chat in chats[:4]:
            assert (await chat.expect_message()).quotations
        chats[5].say(people[5], "room again")
        assert (await chats[5].expect_message()).quotations == ["“room again”"]


@pytest.mark.parametrize(
    "content",
    [
        {
            "sticker": {
                "file_id": "x",
                "file_unique_id": "y",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            }
        },
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]},
    ],
)
async def test_what_is_no_words_is_answered_kindly(telegram: BotApi, serving: Serving, content: dict[str, Any]) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.add(ann, **content)
        assert "only read words" in (await chat.expect_message()).text


async def test_old_edits_and_service_messages_are_let_be(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.add(ann, pinned_message={"message_id": 1, "date": 0, "chat": chat.json()})
        for text in ("an edit", "/ask an edit", "/help"):
            marked = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
            edited = {"message_id": 1, "date": 1, "chat": chat.json(), "from": ann.json(), "text": text, "entities": marked}
            telegram.send_update({"edited_message": edited})
        chat.say(ann, "still there?")
        assert (await chat.expect_message()).quotations == ["“still there?”"]
        await chat.silence()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "\u202egnitirw sdrawkcab\u202c",
        "<b>&lt;",
        "\x07\x00",
        "😀" * 2048,
        "\n\n\n",
        "a" * 4096,
        "%s {0} {question}",
        "مَن يسيطر؟",
        "/",
        "/ask@",
        ".",
    ],
)
async def test_no_oddness_of_what_is_asked_silences_the_bot(telegram: BotApi, serving: Serving, text: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        chat.say(ann, text)
        await chat.expect_message()


async def test_a_flood_in_one_chat_holds_no_other_up(telegram: BotApi, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.answering.MOST_AT_ONCE", 4)
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    flooded, quiet = telegram.private_chat(ann), telegram.private_chat(ben)
    async with serving(FixedEngine()):
        for number in range(CONCURRENT_UPDATES + 10):
            flooded.say(ann, f"/help {number}")
        quiet.say(ben, "who holds Orsel?")
        assert (await quiet.expect_message()).quotations == ["“who holds Orsel?”"]


def _wait(barrier: Barrier) -> None:
    barrier.wait()
