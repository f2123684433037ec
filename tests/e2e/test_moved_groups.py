"""A group that has become a supergroup: who lets the bot serve the one lets it serve the other."""

from __future__ import annotations

import pytest

from tests.e2e.asking import QUESTION, ask, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import NEW, tell
from tests.e2e.telegram_server import BotApi
from tests.e2e.test_membership import HELLO, OFTEN
from tests.patience import until
from whosays.chats import Chats
from whosays.outbox import Outbox


async def test_a_supergroup_is_served_where_the_group_that_it_was_is_allowed(
    telegram: BotApi, serving: Serving, chats: Chats, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True, admins=(ann,))
    allowed = frozenset({group.id})
    async with serving(FixedEngine(), allowed_chats=allowed):
        await told(group, ann, f"/follow@WhoSaysTestBot {QUESTION}")
        new = telegram.migrate(group)
        await telegram.everything_read()
        await until(lambda: chats.chat(new.id) is not None)
        card = await ask(new, ann)
        assert card.quotations
        await toast(new, ann, card, "Context")
        assert "It was said" in (await new.expect_edit(card)).text
        # Nor is that lost with what else is kept of it.
        asked = await told(new, ann, "/forget@WhoSaysTestBot")
        await toast(new, ann, asked, "Delete all of this group")
        await new.expect_edit(asked)
        await told(new, ann, f"/follow@WhoSaysTestBot {QUESTION}")
    assert f"allowed_chats names group {group.id}, which is {new.id} now" in caplog.text
    async with serving(FixedEngine(), allowed_chats=allowed, alerts_every=OFTEN):
        tell(outbox, NEW)
        assert "New on:" in (await new.expect_message()).text
    async with serving(FixedEngine(), allowed_chats=frozenset({1})):
        new.say(ann, f"/ask@WhoSaysTestBot {QUESTION}")
        await telegram.everything_read()
        await new.silence()


async def test_a_supergroup_that_removes_the_bot_and_adds_it_again_is_greeted(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True, admins=(ann,))
    async with serving(FixedEngine()):
        await ask(group, ann)
        new = telegram.migrate(group)
        await telegram.everything_read()
        await new.silence(HELLO)
        new.remove_bot(ann)
        await telegram.everything_read()
        new.add_bot(ann)
        assert "Hello." in (await new.expect_message()).text
        await new.silence(HELLO)
