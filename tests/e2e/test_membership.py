"""The bot is added, removed, muted, blocked, let in again; a group becomes a supergroup."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.e2e.asking import QUESTION, ask, card_of, full, link, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import LEAGUE, NEW, tell
from tests.e2e.telegram_server import BotApi, Group
from tests.e2e.telegram_server.server import BOT
from tests.patience import until
from whosays.chats import Chats, ChatState
from whosays.outbox import Outbox

#: The bot says hello only when it is sure that it was added, and not moved.
HELLO = 2.0
OFTEN = timedelta(seconds=0.1)


def has_state(chats: Chats, chat: int, state: ChatState) -> Callable[[], bool]:
    return lambda: (kept := chats.chat(chat)) is not None and kept.state is state


@pytest.mark.parametrize(("language", "words"), [(None, "Hello."), ("fa", "سلام"), ("uk-UA", "Вітаю"), ("xx", "Hello.")])
async def test_who_adds_the_bot_is_told_once_how_to_ask_in_his_language(
    telegram: BotApi, serving: Serving, language: str | None, words: str
) -> None:
    ann = telegram.person("Ann", language=language)
    group = telegram.group(bot="left")
    async with serving(FixedEngine()):
        group.add_bot(ann)
        hello = await group.expect_message()
        group.promote_bot(ann)
        group.make_bot(ann, "member")
        await telegram.everything_read()
        await group.silence(HELLO)
    assert hello.text.startswith(words)
    assert "@WhoSaysTestBot" in hello.text
    assert len(group.sent) == 1


async def test_a_channel_is_not_greeted(telegram: BotApi, serving: Serving) -> None:
    ann, channel = telegram.person("Ann"), telegram.channel(bot="left")
    async with serving(FixedEngine()):
        channel.make_bot_admin(ann)
        await telegram.everything_read()
        await channel.silence(HELLO)


async def test_a_group_that_is_not_served_is_told_so_instead(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(bot="left")
    async with serving(FixedEngine(), allowed_chats=frozenset({1})):
        group.add_bot(ann)
        assert str(group.id) in (await group.expect_message()).text
        group.say(ann, "/ask@WhoSaysTestBot who holds Orsel?")
        await telegram.everything_read()
        await group.silence()


async def test_nothing_is_sent_where_the_bot_was_removed_until_it_is_let_in_again(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(admins=(ann,))
    engine = FixedEngine()
    async with serving(engine, alerts_every=OFTEN):
        await told(group, ann, f"/follow@WhoSaysTestBot {QUESTION}")
        group.remove_bot(ann)
        await until(has_state(chats, group.id, ChatState.SHUT))
        before = list(telegram.calls)
        tell(outbox, NEW)
        await asyncio.sleep(1)
        assert [call for call in telegram.calls[len(before) :] if call == ("sendMessage", group.id)] == []
        assert chats.followed() == []
        group.add_bot(ann)
        # Hello, and what is new, in either order.
        said = [(await group.expect_message()).text for _ in range(2)]
        assert any("Hello." in text for text in said)
        tell(outbox, LEAGUE)
        assert "New on: who holds Orsel?" in (await group.expect_message()).text


async def test_a_muted_bot_is_silent_and_no_fault_of_its_own_and_goes_on_when_it_may(
    telegram: BotApi, serving: Serving, chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(admins=(ann,))
    async with serving(FixedEngine(answers={QUESTION: full()})):
        card = await ask(group, ann)
        group.restrict_bot(ann)
        await until(has_state(chats, group.id, ChatState.SHUT))
        group.say(ann, "/ask@WhoSaysTestBot who holds Orsel?")
        group.say(ann, "/sides@WhoSaysTestBot Orsel")
        query = group.press(ann, card, "More")
        await telegram.pressed_answered(query)
        await telegram.everything_read()
        await group.silence(1)
        attempts = telegram.calls.count(("sendMessage", group.id)) + telegram.calls.count(("sendPhoto", group.id))
        assert attempts <= 4
        await until(has_state(chats, group.id, ChatState.SHUT))
        group.make_bot(ann, "member")
        await until(has_state(chats, group.id, ChatState.ACTIVE))
        assert (await ask(group, ann)).quotations
        await group.silence()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_muted_and_let_in_again_at_once_ends_as_it_ends(
    telegram: BotApi, serving: Serving, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_state, noted = chats.set_state, []

    def slowly(id_: int, kind: str, state: ChatState) -> None:
        time.sleep(0.3 if state is ChatState.SHUT else 0)
        set_state(id_, kind, state)
        noted.append(state)

    monkeypatch.setattr(chats, "set_state", slowly)
    ann = telegram.person("Ann")
    group = telegram.group(admins=(ann,))
    async with serving(FixedEngine()):
        group.restrict_bot(ann)
        group.make_bot(ann, "member")
        await until(lambda: len(noted) == 2)
    assert has_state(chats, group.id, ChatState.ACTIVE)()


async def test_who_blocks_the_bot_hears_nothing_until_he_lets_it_in_again(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    engine = FixedEngine()
    async with serving(engine, alerts_every=OFTEN):
        await told(chat, ann, f"/follow {QUESTION}")
        chat.block()
        await until(has_state(chats, chat.id, ChatState.SHUT))
        tell(outbox, NEW)
        await chat.silence(0.5)
        chat.unblock()
        await until(has_state(chats, chat.id, ChatState.ACTIVE))
        assert "New on:" in (await chat.expect_message()).text


async def test_a_supergroup_has_all_that_the_group_had_and_is_not_greeted(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox
) -> None:
    ann, ben, eve = telegram.person("Ann"), telegram.person("Ben"), telegram.person("Eve")
    group = telegram.group(basic=True, admins=(ann,))
    group.join(ben)
    engine = FixedEngine(answers={QUESTION: full()})
    async with serving(engine, alerts_every=OFTEN):
        card = await ask(group, ann)
        await toast(group, ann, card, "Follow")
        await group.expect_message()
        menu = await told(group, ann, "/settings@WhoSaysTestBot")
        await toast(group, ann, menu, "Answers: normal")
        new = telegram.migrate(group)
        await until(lambda: chats.chat(new.id) is not None and chats.card(card_of(card)).chat == new.id)  # type: ignore[union-attr]
        await telegram.everything_read()
        await new.silence(HELLO)
        kept = chats.chat(new.id)
        assert kept is not None
        assert (kept.length.value, kept.kind) == ("short", "supergroup")
        assert chats.chat(group.id) is None
        tell(outbox, NEW)
        alert = await new.expect_message()
        assert "New on: who holds Orsel?" in alert.text
        assert "Done" in (await toast(new, ann, alert, "Stop following") or "")
        # The old messages stay where they were; their card is opened by those who are in the new group.
        opens = await link(telegram, group, ben, card, "More")
        chat, stranger = telegram.private_chat(ben), telegram.private_chat(eve)
        assert "any claim that Orsel has fallen" in (await told(chat, ben, opens)).quotations
        assert "no longer have this card" in (await told(stranger, eve, opens)).text


async def test_what_was_asked_before_the_move_is_answered_after_it(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True, admins=(ann,))
    moved: list[Group] = []

    def migrate(question: str) -> None:
        if not moved:
            loop.call_soon_threadsafe(lambda: moved.append(telegram.migrate(group)))
            while not moved:
                pass

    loop = asyncio.get_running_loop()
    async with serving(FixedEngine(before=migrate)):
        group.say(ann, "/ask@WhoSaysTestBot who holds Orsel?")
        await until(lambda: moved)
        (new,) = moved
        answered = await new.expect_message()
        assert answered.quotations == [f"“{QUESTION}”"]
        assert (answered.reply_to, group.sent) == (None, [])
        assert (await told(new, ann, "and now?", reply_to=answered.id)).quotations == ["“and now?”"]
        await new.silence(HELLO)
    assert [card.chat for card in (chats.card(card_of(answered)),) if card] == [new.id]


async def test_a_message_that_somebody_has_come_or_gone_is_no_question(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    async with serving(FixedEngine()):
        group.add(ann, new_chat_members=[BOT.json()])
        group.add(ann, left_chat_member=ann.json())
        await telegram.everything_read()
        await group.silence()
