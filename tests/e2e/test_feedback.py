"""What a reader reports in the chat reaches the operator, and what he corrects shows in the next answer of the running bot."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import subprocess_of
from tests.e2e.conftest import Serving
from tests.e2e.telegram_server import BotApi, Chat, Sent, User
from tests.orsel import GAZETTE, POST
from whosays.chats import Chats
from whosays.config import DEFAULT_ENCODER, Settings
from whosays.engine import Engine

QUESTION = "who holds Orsel?"
DISPUTED = "still held Orsel"
Whosays = Callable[..., Awaitable[str]]


@pytest.fixture
def whosays(settings: Settings, model_cache: Path) -> Whosays:
    """Run a command in a process of its own, over the store of the running bot."""
    environment = {
        "WHOSAYS_STORE": settings.store,
        "WHOSAYS_CACHE": str(model_cache),
        "WHOSAYS_THREADS": "1",
        "WHOSAYS_CONFIG": os.devnull,
    }

    async def run(*arguments: str) -> str:
        command, values = subprocess_of(environment, "-m", "whosays", *arguments)
        process = await asyncio.create_subprocess_exec(
            *command, env=values, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    return run


@pytest.fixture
def engine(settings: Settings, model_cache: Path) -> Iterator[Engine]:
    with Engine.open(replace(settings, encoder=DEFAULT_ENCODER, cache_folder=model_cache)) as engine:
        assert len(engine.ingest([GAZETTE, POST]).added) == 2
        yield engine


async def ask(chat: Chat, user: User) -> Sent:
    chat.say(user, QUESTION)
    return await chat.expect_message()


async def test_a_report_reaches_the_operator_and_his_correction_the_next_answer(
    telegram: BotApi, serving: Serving, engine: Engine, chats: Chats, whosays: Whosays
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(engine):
        card = await ask(chat, ann)
        assert whose(card) == "Coast League"
        chat.press(ann, card, "Wrong?")
        choice = await chat.expect_edit(card)
        while not any(DISPUTED in label for row in choice.labels for label in row):
            chat.press(ann, card, "›")
            choice = await chat.expect_edit(card)
        chat.press(ann, card, DISPUTED)
        await chat.expect_edit(card)
        chat.press(ann, card, "Wrong side")
        await chat.expect_edit(card)

        told = await whosays("feedback")
        assert "wrong side" in told
        assert DISPUTED in told
        assert f"asked: {QUESTION}" in told
        assert str(ann.id) not in told
        (row,) = map(json.loads, (await whosays("feedback", "--json")).splitlines())
        assert (row["fault"], row["article"]) == ("wrong side", GAZETTE.id)

        await whosays("correct", str(row["id"]), "--side", "Varn Republic")
        assert chats.reports() == []
        assert whose(await ask(chat, ann)) == "Varn Republic"
        # The card of before shows what was answered then.
        chat.press(ann, card, "Wrong?")
        await chat.expect_edit(card)
        chat.press(ann, card, "Back")
        assert whose(await chat.expect_edit(card)) == "Coast League"
        assert "no open reports" in await whosays("feedback")


def whose(sent: Sent) -> str | None:
    """Return the last of the two sides that a card names above the disputed quotation."""
    before = sent.text.partition(DISPUTED)[0]
    sides = {before.rfind(f"\n{side}"): side for side in ("Varn Republic", "Coast League")}
    return sides[max(sides)] if DISPUTED in sent.text and max(sides) >= 0 else None
