"""Whatever comes as an update, the bot goes on, and no chat is shown what went wrong.

WHOSAYS_FUZZ=n draws n batches of updates, others each time; without it they are few, and always the same.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app import build, serve
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, PrivateChat, User
from tests.e2e.telegram_server.members import Member
from tests.e2e.telegram_server.server import BOT, TOKEN
from tests.property.updates import CardShown, Json, placed, updates
from whosays.chats import Chats
from whosays.config import Settings, data_folder
from whosays.parts import open_chats

Result = TypeVar("Result")

BATCHES = 90
#: Cards whose buttons are pressed.
CARDS = 8
#: What no chat may be shown.
_INWARD = ("Traceback", "Exception", ".py", "site-packages", "object at 0x", "sqlite", str(Path(__file__).parents[2]))
#: What may be logged as an error: which update cannot be read and what is wrong with it, in no words of its own.
_UNREAD = re.compile(r"update -?\d+ cannot be read(: [\w `|,-]+([<>=]+ -?\d+ )?- at `[\w$.\[\]]+`| \(\w+\))")
#: What the bot cannot know beforehand of what was made up here.
_MADE_UP = ("query is too old", "message to edit not found", "message can't be edited")


class Anywhere(PrivateChat):
    """A chat of any id and any kind, in any topic of which the bot may write."""

    def check_topic(self, topic: int | None, method: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot being served in a thread of its own, by a server that knows every chat."""

    telegram: BotApi
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    serving: asyncio.Task[None]


class Errors(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(logging.Formatter("%(message)s").format(record))


@pytest.fixture
def errors() -> Iterator[Errors]:
    handler = Errors()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@contextmanager
def served(folder: Path) -> Iterator[Bot]:
    """Serve the bot in a loop that goes on while hypothesis draws."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    stop = asyncio.Event()

    async def serve_over(chats: Chats, told: Settings) -> None:
        try:
            await serve(build(told, FixedEngine(), chats), stop)
        finally:
            chats.close()

    async def start() -> tuple[BotApi, asyncio.Task[None]]:
        telegram = await BotApi().__aenter__()
        told = Settings(
            store=f"sqlite:///{folder}/store.db", encoder="", data_folder=data_folder(), cache_folder=folder, threads=1,
            telegram_bot_token=TOKEN, telegram_api_url=telegram.url, queue=1000, quota_person=10**6, quota_chat=10**6,
            admins=frozenset({10_001, 10_008, 10_015}),
        )  # fmt: skip
        return telegram, asyncio.create_task(serve_over(open_chats(told.store), told))

    async def end(serving: asyncio.Task[None]) -> None:
        stop.set()
        await serving

    telegram, serving = run(start())
    try:
        yield Bot(telegram, run, serving)
    finally:
        run(end(serving))
        run(telegram.down())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def anywhere(telegram: BotApi, id_: int) -> Anywhere:
    """Return a chat of this id."""
    user = User(id=id_, first_name="Ann")
    chat = Anywhere(id=id_, type="private", bot=BOT, post=telegram.send_update, presses=telegram.presses, user=user)
    chat.members[BOT.id] = Member(user=BOT)
    telegram.chats[id_] = chat
    telegram.people[id_] = user
    return chat


def chats_in(held: Any) -> Iterator[int]:
    """Yield all that may be a chat's id."""
    for key, below in held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ():
        if key in {"id", "migrate_to_chat_id", "migrate_from_chat_id"} and type(below) is int:
            yield below
        yield from chats_in(below)


async def ask(telegram: BotApi, number: int) -> CardShown:
    """Ask a plain question in a chat of its own; return the card that answers it."""
    chat = anywhere(telegram, 900_000_000 + number)
    chat.say(chat.user, f"question {number}")
    sent = await chat.expect_message(15)
    assert sent.quotations == [f"“question {number}”"]
    data = next(button.data or "" for row in sent.buttons for button in row)
    return CardShown(id=data.split(":")[1], chat=chat.id, message=sent.id)


async def send(telegram: BotApi, batch: list[Json]) -> None:
    """Deliver updates, of kinds that the bot did not ask for as well."""
    for update in batch:
        for id_ in chats_in(update):
            if id_ not in telegram.chats:
                anywhere(telegram, id_)
        telegram.updates.force(update)
    await telegram.everything_read(30)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_no_update_ends_the_bot_or_shows_a_chat_what_went_wrong(tmp_path: Path, errors: Errors) -> None:
    wanted = os.environ.get("WHOSAYS_FUZZ")
    with served(tmp_path) as bot:
        telegram, count = bot.telegram, iter(range(10**9))
        cards = tuple(bot.run(ask(telegram, next(count))) for _ in range(CARDS))

        @settings(
            max_examples=int(wanted) if wanted else BATCHES, derandomize=not wanted, deadline=None, database=None,
            phases=[Phase.generate, Phase.shrink] if wanted else [Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
        )  # fmt: skip
        @given(batch=st.lists(updates(cards), min_size=6, max_size=14))
        def any_batch(batch: list[Json]) -> None:
            number = next(count)
            errors.said.clear()
            sent = [placed(update, 20 * number + position) for position, update in enumerate(batch)]
            bot.run(send(telegram, sent))
            bot.run(ask(telegram, number))
            assert not bot.serving.done()
            assert [said for said in errors.said if not _UNREAD.fullmatch(said)] == []
            told = [sent.text for chat in list(telegram.chats.values()) for sent in chat.sent]
            assert [text for text in told if any(word in text for word in _INWARD)] == []
            assert [fault for fault in telegram.faults_of_the_bot if not any(part in fault for part in _MADE_UP)] == []

        any_batch()
