"""/privacy says what is kept, and /forget deletes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from tests import patience
from tests.cards import full_answer
from tests.e2e.conftest import Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from whosays.chats import Chats, Kept
from whosays.config import Settings
from whosays.parts import open_chats
from whosays.store.chats_schema import TABLES

QUESTION = "who holds Orsel?"
PRIVATELY = "who really holds the Zweibrunn bridge?"
IN_GROUP = "who holds the Quellmark harbour?"


@pytest.fixture
def store(settings: Settings) -> Path:
    return Path(settings.store.removeprefix("sqlite:///"))


def engine() -> FixedEngine:
    return FixedEngine(answers={QUESTION: full_answer()})


def ann_and_chat(telegram: BotApi) -> tuple[User, Chat]:
    ann = telegram.person("Annabel Unheard")
    return ann, telegram.private_chat(ann)


def rows(store: Path) -> Iterator[str]:
    """Yield every row of every table, as text."""
    with closing(sqlite3.connect(store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            yield from (f"{table}: {row}" for row in connection.execute(f'SELECT * FROM "{table}"'))


def kept(store: Path, *words: object) -> list[str]:
    """Return the rows that hold any of these words."""
    return [row for row in rows(store) if any(str(word) in row for word in words)]


async def use_all_of_it(telegram: BotApi, ann: User, chat: Chat) -> Sent:
    """Ask, follow, choose and report; return the card."""
    chat.say(ann, PRIVATELY)
    await chat.expect_message()
    chat.say(ann, QUESTION)
    card = await chat.expect_message()
    chat.say(ann, "/follow the Zweibrunn bridge")
    await chat.expect_message()
    chat.press(ann, card, "Wrong?")
    await chat.expect_edit(card)
    chat.press(ann, card, "any claim")
    await chat.expect_edit(card)
    await chat.expect_toast(chat.press(ann, card, "Wrong side"))
    await chat.expect_edit(card)
    chat.say(ann, "/settings")
    menu = await chat.expect_message()
    chat.press(ann, menu, "Answers")
    await chat.expect_edit(menu)
    return card


async def test_privacy_names_all_that_is_kept_and_how_much_of_it(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        await use_all_of_it(telegram, ann, chat)
        chat.say(ann, "/privacy")
        told = (await chat.expect_message()).text
    # A table that is new here has to be told of there, and to be forgotten.
    tables = {table.name: table.columns.keys() for table in TABLES}
    assert tables.keys() == {"cards", "followings", "chats", "reports", "waiting", "held", "updates"}
    for line in (
        "your question and the answer that I gave, so that its buttons work: 30 days",
        "the topics that you follow, with what was said on them here, until you stop them",
        "what I wrote on them, so that I can say why: 30 days",
        "your settings, and whether I may write to you",
        "what you report as wrong, with the answer that it is about",
        "a message that I have not answered yet, as Telegram hands it over, with your name, until it is answered",
        "its number for 3 days",
        "has a copy with your question and without your number, for 30 days or until that person uses /forget",
        "so does somebody who reports it",
        "Kept of you now: answers 2, topics 1, reports 1, settings 1.",
        "/forget deletes it all.",
    ):
        assert line in told
    assert not {"person", "chat", "text"} & {*tables["updates"], *tables["held"]}


async def test_what_is_answered_leaves_no_name_and_no_words_but_those_of_its_card(
    telegram: BotApi, serving: Serving, store: Path
) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        chat.say(ann, "/help with the Zweibrunn bridge")
        await chat.expect_message()
        chat.say(ann, QUESTION)
        await chat.expect_message()
    assert kept(store, "Annabel", "Zweibrunn") == []
    assert {row.partition(":")[0] for row in kept(store, ann.id)} == {"cards"}


async def test_forget_asks_and_then_deletes_all_of_a_person(
    telegram: BotApi, serving: Serving, store: Path, chats: Chats
) -> None:
    ann, chat = ann_and_chat(telegram)
    ben, group = telegram.person("Ben"), telegram.group(admins=(ann,))
    async with serving(engine()):
        card = await use_all_of_it(telegram, ann, chat)
        group.say(ann, f"@WhoSaysTestBot {IN_GROUP}")
        await group.expect_message()
        group.say(ann, "/follow@WhoSaysTestBot the harbour")
        await group.expect_message()
        group.say(ben, f"@WhoSaysTestBot {QUESTION}")
        bens = await group.expect_message()
        chat.say(ann, "/forget")
        asked = await chat.expect_message()
        assert "Delete all that I keep of you" in asked.text
        assert kept(store, ann.id, "Zweibrunn", "Quellmark")
        chat.press(ann, asked, "Delete all of me")
        assert "I keep nothing of you any more" in (await chat.expect_edit(asked)).text
        await telegram.everything_read()
        # Buttons of what is gone are answered kindly, and those of others go on working.
        assert "no longer have this card" in f"{await chat.expect_toast(chat.press(ann, card, 'Wrong?'))}"
        group.press(ben, bens, "Context")
        await group.expect_edit(bens)
    assert kept(store, ann.id, "Zweibrunn", "Quellmark", "Annabel") == []
    assert not any(word in file.read_bytes() for file in store.parent.glob("store.db*") for word in (b"Zweibrunn", b"Quellmark"))
    (topic,) = chats.followed()
    assert (topic.topic, topic.person) == ("the harbour", 0)
    assert kept(store, ben.id)


async def test_who_keeps_it_keeps_it(telegram: BotApi, serving: Serving, store: Path) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        card = await use_all_of_it(telegram, ann, chat)
        before = {row for row in kept(store, ann.id) if not row.startswith("waiting")}
        chat.say(ann, "/forget")
        asked = await chat.expect_message()
        chat.press(ann, asked, "Keep it")
        assert "Nothing was deleted" in (await chat.expect_edit(asked)).text
        chat.press(ann, card, "Context")
        await chat.expect_edit(card)
    assert before == set(kept(store, ann.id))


async def test_in_a_group_everybody_forgets_himself_and_admins_the_group(telegram: BotApi, serving: Serving, store: Path) -> None:
    ann, _ = ann_and_chat(telegram)
    ben, group = telegram.person("Ben"), telegram.group(admins=(ann,))
    async with serving(engine()):
        for user, words in ((ann, QUESTION), (ben, IN_GROUP)):
            group.say(user, f"@WhoSaysTestBot {words}")
            await group.expect_message()
        group.say(ben, "/forget@WhoSaysTestBot")
        asked = await group.expect_message()
        assert "only admins" in f"{await group.expect_toast(group.press(ben, asked, 'Delete all of this group'))}".lower()
        assert "nothing of you" in f"{await group.expect_toast(group.press(ben, asked, 'Delete all of me'))}"
        assert kept(store, ben.id, "Quellmark") == []
        assert kept(store, ann.id)
        group.press(ann, asked, "Delete all of this group")
        assert "nothing of this group" in (await group.expect_edit(asked)).text
        await telegram.everything_read()
    assert kept(store, group.id, ann.id) == []


def held() -> tuple[Event, FixedEngine]:
    """Return an engine that answers the question in the group, and the one in private, once it is let go."""
    let_go = Event()
    return let_go, FixedEngine(before=lambda words: until(let_go)(words) if words in {PRIVATELY, IN_GROUP} else None)


@pytest.mark.parametrize("asked", [PRIVATELY, f"/timeline {PRIVATELY}"])
async def test_of_an_answer_that_is_made_while_all_is_forgotten_nothing_is_kept(
    telegram: BotApi, serving: Serving, store: Path, asked: str
) -> None:
    let_go, slow = held()
    ann, chat = ann_and_chat(telegram)
    async with serving(slow):
        chat.say(ann, "/forget")
        question = await chat.expect_message()
        chat.say(ann, asked)
        await telegram.called("sendChatAction", chat)
        chat.press(ann, question, "Delete all of me")
        assert "I keep nothing of you any more" in (await chat.expect_edit(question)).text
        let_go.set()
        answered = await chat.expect_message()
        while answered.photo:
            answered = await chat.expect_message()
        assert "Zweibrunn" in answered.text
        assert answered.labels == []
        await telegram.everything_read()
    assert kept(store, ann.id, "Zweibrunn") == []
    assert not any(b"Zweibrunn" in file.read_bytes() for file in store.parent.glob("store.db*"))


async def test_of_an_answer_that_is_made_while_its_group_is_forgotten_nothing_is_kept(
    telegram: BotApi, serving: Serving, store: Path
) -> None:
    let_go, slow = held()
    ann, _ = ann_and_chat(telegram)
    ben, group = telegram.person("Ben"), telegram.group(admins=(ann,))
    async with serving(slow):
        group.say(ann, "/forget@WhoSaysTestBot")
        question = await group.expect_message()
        group.say(ben, f"@WhoSaysTestBot {IN_GROUP}")
        await telegram.called("sendChatAction", group)
        group.press(ann, question, "Delete all of this group")
        await group.expect_edit(question)
        let_go.set()
        assert (await group.expect_message()).labels == []
        # What is asked from then on is kept as before.
        group.say(ben, f"@WhoSaysTestBot {IN_GROUP}")
        assert (await group.expect_message()).labels
    assert len(kept(store, "Quellmark")) == 1


async def test_a_card_for_sharing_that_is_made_while_all_is_forgotten_is_not_offered(
    telegram: BotApi, serving: Serving, store: Path
) -> None:
    let_go, slow = held()
    ann, chat = ann_and_chat(telegram)
    async with serving(slow):
        chat.say(ann, "/forget")
        question = await chat.expect_message()
        query = telegram.inline_query(ann, PRIVATELY)
        await patience.until(lambda: PRIVATELY in slow.asked)
        chat.press(ann, question, "Delete all of me")
        await chat.expect_edit(question)
        let_go.set()
        assert not await telegram.expect_inline(query)
    assert kept(store, ann.id, "Zweibrunn") == []


async def test_what_one_bot_forgets_while_another_one_answers_is_not_kept(
    telegram: BotApi, serving: Serving, settings: Settings
) -> None:
    ann, chat = ann_and_chat(telegram)
    go_on = Event()
    with closing(open_chats(settings.store)) as others:
        async with serving(FixedEngine(before=until(go_on))):
            chat.say(ann, "one")
            await telegram.everything_read()
            assert others.forget_person(ann.id) == Kept(waiting=1)
            go_on.set()
            await chat.expect_message()
        assert others.kept_of_person(ann.id) == Kept()
