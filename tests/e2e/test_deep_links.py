"""Links that open the chat with the bot: at a card, at a question, or just so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import links
from tests.e2e.asking import QUESTION, ask, card_of, full, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi
from whosays.chats import KEPT_CARDS


@pytest.mark.parametrize("parameter", ["", "ask", "c_", "q_", "q_A", "q_AA", "x_abc", "c_a b", "🙂", "c_" + "a" * 63])
async def test_what_is_no_link_of_ours_is_a_welcome(telegram: BotApi, serving: Serving, parameter: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        assert "Just ask" in (await told(chat, ann, f"/start {parameter}".rstrip())).text
        await chat.silence(0.05)


async def test_a_link_asks_its_question(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    engine = FixedEngine()
    async with serving(engine):
        asked = chat.say(ann, f"/start {links.for_question(QUESTION)}")
        answered = await chat.expect_message()
        assert (answered.quotations, answered.reply_to) == ([f"“{QUESTION}”"], asked)
        assert (await told(chat, ann, "and the harbour?")).quotations
    assert engine.followed == [None, QUESTION]


async def test_a_groups_card_opens_for_its_members_in_their_own_language(telegram: BotApi, serving: Serving) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben", language="uk")
    group = telegram.group()
    group.join(ben)
    chat = telegram.private_chat(ben)
    async with serving(FixedEngine(answers={QUESTION: full()})):
        card = await ask(group, ann)
        asked = chat.say(ben, f"/start c_{card_of(card)}")
        opened = await chat.expect_message()
        assert (opened.quotations, opened.reply_to) == (card.quotations, asked)
        assert opened.text.splitlines()[0] != card.text.splitlines()[0]
        # His copy has an id of its own.
        assert card_of(card) not in (opened.buttons[0][0].data or "")
        await group.silence()


async def test_an_opened_card_is_one_of_ones_own(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    chat = telegram.private_chat(ann)
    engine = FixedEngine(answers={QUESTION: full()})
    async with serving(engine):
        card = await ask(group, ann)
        opened = await told(chat, ann, f"/start c_{card_of(card)}")
        await toast(chat, ann, opened, "Timeline")
        assert (await chat.expect_message()).reply_to == opened.id
        await chat.expect_message()
        assert (await told(chat, ann, "and the harbour?", reply_to=opened.id)).quotations
        # What becomes of the group's own is another matter.
        await toast(group, ann, card, "More")
        await group.expect_edit(card)
        await chat.silence()
    assert engine.followed[-1] == QUESTION


async def test_a_link_works_as_long_as_the_card_is_kept_also_after_a_restart(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    later = datetime.now(UTC) + KEPT_CARDS + timedelta(days=1)
    async with serving(FixedEngine()):
        opens = f"/start c_{card_of(await told(chat, ann, QUESTION))}"
    async with serving(FixedEngine()):
        assert (await told(chat, ann, opens)).quotations == [f"“{QUESTION}”"]
    async with serving(FixedEngine(), now=lambda: later):
        await telegram.everything_read()
        assert "no longer have this card" in (await told(chat, ann, opens)).text


async def test_a_link_opened_in_a_group_opens_nothing_there(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    engine = FixedEngine()
    async with serving(engine):
        card = await ask(group, ann)
        for parameter in (f"c_{card_of(card)}", links.for_question("who holds Calder?")):
            assert "mention me" in (await told(group, ann, f"/start@WhoSaysTestBot {parameter}")).text
    assert engine.asked == [QUESTION]
