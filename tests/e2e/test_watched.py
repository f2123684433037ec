"""A bot at work says how it is: it lives, it is ready, and the numbers of what it does, none of which says what people ask."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from bot.app import build, serve
from tests.e2e.asking import QUESTION, ask, full, nothing, toast, told
from tests.e2e.conftest import SOON_TIMED_OUT, Serving, until
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import NEW, engine, follow, tell
from tests.e2e.telegram_server import BotApi
from tests.e2e.watching import Watcher, free_port
from tests.patience import PATIENCE
from whosays.chats import Chats
from whosays.config import Settings
from whosays.errors import ConfigError, LanguageError, StoreError
from whosays.observe.logs import JsonLines
from whosays.observe.metrics import BotMetrics, CountErrors
from whosays.outbox import Outbox

MARKER = "Quillon"


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(free_port())


@pytest.fixture
def settings(settings: Settings, watcher: Watcher) -> Settings:
    return replace(settings, metrics_listen=("127.0.0.1", watcher.port), alerts_every=timedelta(seconds=0.1))


async def test_it_is_ready_once_its_models_are_loaded_and_no_more_when_it_is_told_to_stop(
    telegram: BotApi, settings: Settings, chats: Chats, watcher: Watcher
) -> None:
    loaded, answered = Event(), Event()

    class Slow(FixedEngine):
        def prepare(self) -> None:
            loaded.wait(PATIENCE)
            super().prepare()

    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    stop, engine = asyncio.Event(), Slow(before=until(answered))
    serving = asyncio.create_task(serve(build(settings, engine, chats), stop))
    try:
        async with asyncio.timeout(PATIENCE):
            while (await watcher.get("/readyz"))[0] == 0 or "telegram" in await watcher.missing():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await watcher.missing() == {"models": "they are being loaded"}
        assert await watcher.get("/healthz") == (200, "ok\n")
        loaded.set()
        await watcher.until_ready()
        assert engine.prepared
        chat.say(ann, QUESTION)
        await telegram.called("sendChatAction", chat)
        stop.set()
        # What was asked before is still being answered.
        assert await watcher.missing() == {"process": "it is told to stop"}
        assert (await watcher.get("/healthz"))[0] == 200
        answered.set()
        await chat.expect_message()
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await serving
    assert await watcher.get("/healthz") == (0, "")


async def test_without_telegram_it_lives_and_is_not_ready(
    telegram: BotApi, settings: Settings, chats: Chats, watcher: Watcher
) -> None:
    await telegram.down()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(build(settings, FixedEngine(), chats), stop))
    try:
        async with asyncio.timeout(PATIENCE):
            while (await watcher.get("/healthz"))[0] != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "telegram" in await watcher.missing()
        await watcher.until_counted('telegram_calls_total{method="getMe",result="unreachable"}')
        await telegram.up()
        await watcher.until_ready()
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await serving


async def test_a_store_that_fails_and_models_that_do_not_load_make_it_unready_and_what_they_say_is_not_shown(
    serving: Serving, chats: Chats, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(FixedEngine):
        def prepare(self) -> None:
            raise KeyError(MARKER)

    def fail(_: int) -> None:
        raise StoreError(f"postgresql://user:{MARKER}@host cannot be used")

    async with serving(Broken()):
        monkeypatch.setattr(chats, "chat", fail)
        async with asyncio.timeout(PATIENCE):
            while "loaded: " not in (await watcher.get("/readyz"))[1]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        missing = await watcher.missing()
        assert missing["store"] == "it has failed (StoreError)"
        assert missing["models"] == "they cannot be loaded: the log says why"
        assert MARKER not in (await watcher.get("/readyz"))[1]


async def test_a_port_that_is_taken_is_a_clear_error(telegram: BotApi, settings: Settings, chats: Chats) -> None:
    assert settings.metrics_listen is not None
    with socket.create_server(settings.metrics_listen), pytest.raises(ConfigError, match="WHOSAYS_METRICS_LISTEN is 127"):
        await serve(build(settings, FixedEngine(), chats), asyncio.Event())


async def test_questions_are_counted_by_where_and_outcome_with_their_time_by_stage(
    telegram: BotApi, serving: Serving, watcher: Watcher
) -> None:
    ann = telegram.person("Ann")
    chat, group = telegram.private_chat(ann), telegram.group()
    async with serving(FixedEngine(answers={QUESTION: full(), "and bread?": nothing()})):
        await told(chat, ann, QUESTION)
        await told(chat, ann, "and bread?")
        await ask(group, ann)
        assert await telegram.expect_inline(telegram.inline_query(ann, QUESTION))
        await told(chat, ann, "/help")
        numbers = await watcher.until(lambda n: n["updates_under_way"] == 0)
    assert numbers['questions_total{outcome="disputed",where="private"}'] == 1
    assert numbers['questions_total{outcome="nothing",where="private"}'] == 1
    assert numbers['questions_total{outcome="disputed",where="group"}'] == 1
    assert numbers['questions_total{outcome="disputed",where="inline"}'] == 1
    assert sum(value for name, value in numbers.items() if name.startswith("questions_total")) == 4
    assert numbers['answer_seconds_count{where="private"}'] == 2
    assert 0 < numbers['answer_seconds_sum{where="private"}'] < PATIENCE
    assert numbers['stage_seconds_count{stage="wait"}'] == 4
    assert numbers['stage_seconds_count{stage="send"}'] >= 4
    assert numbers['updates_total{kind="message",result="taken"}'] == 4
    assert numbers['updates_total{kind="inline_query",result="taken"}'] == 1
    assert numbers['telegram_calls_total{method="sendMessage",result="ok"}'] == 4
    assert numbers['telegram_calls_total{method="getUpdates",result="ok"}'] >= 1


async def test_questions_that_get_no_answer_are_counted_by_why(telegram: BotApi, serving: Serving, watcher: Watcher) -> None:
    asked = {"in German?": LanguageError("in German"), "broken?": KeyError("x")}

    def fail(question: str) -> None:
        if question in asked:
            raise asked[question]

    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(before=fail), quota_person=2):
        for question in (*asked, "one too many?"):
            await told(chat, ann, question)
        numbers = await watcher.until(lambda n: n["updates_under_way"] == 0)
    for outcome in ("language", "error", "too fast"):
        assert numbers[f'questions_total{{outcome="{outcome}",where="private"}}'] == 1


async def test_what_waits_for_the_engine_is_counted_and_what_finds_no_place_is_busy(
    telegram: BotApi, serving: Serving, watcher: Watcher
) -> None:
    answered = Event()
    people = [telegram.person(f"Ann {number}") for number in range(5)]
    async with serving(FixedEngine(before=until(answered)), workers=2, queue=2):
        await watcher.until_ready()
        rooms = [telegram.private_chat(person) for person in people]
        for room, person in zip(rooms, people, strict=True):
            room.say(person, QUESTION)
        await watcher.until_counted('questions_total{outcome="busy",where="private"}')
        numbers = await watcher.until(lambda n: n["updates_under_way"] == 4)
        assert (numbers["questions_at_work"], numbers["questions_waiting"]) == (2, 2)
        answered.set()
        for room in rooms:
            await room.expect_message()
        numbers = await watcher.until(lambda n: n["updates_under_way"] == 0)
        assert (numbers["questions_at_work"], numbers["questions_waiting"]) == (0, 0)


async def test_what_telegram_says_to_requests_is_counted(telegram: BotApi, serving: Serving, watcher: Watcher) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(), request_timeout=SOON_TIMED_OUT):
        telegram.refuse("sendMessage", chat, code=429, retry_after=1)
        await told(chat, ann, QUESTION)
        numbers = await watcher.until_counted('telegram_calls_total{method="sendMessage",result="ok"}')
        assert numbers['telegram_calls_total{method="sendMessage",result="limited"}'] == 1
        for mishap, result in ((telegram.drop, "unreachable"), (telegram.leave_unanswered, "timed out")):
            mishap("sendMessage", chat)
            chat.say(ann, "/help")
            await watcher.until_counted(f'telegram_calls_total{{method="sendMessage",result="{result}"}}')
        for code, result in ((400, "refused"), (502, "failed"), (403, "blocked")):
            telegram.refuse("sendMessage", chat, code=code)
            chat.say(ann, "/help")
            await watcher.until_counted(f'telegram_calls_total{{method="sendMessage",result="{result}"}}')


async def test_an_update_that_comes_twice_or_cannot_be_read_is_counted_as_such(
    telegram: BotApi, serving: Serving, watcher: Watcher
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine()):
        await told(chat, ann, QUESTION)
        telegram.deliver_twice()
        telegram.send_update({"message": {"text": MARKER}})
        await watcher.until_counted('updates_total{kind="message",result="repeated"}')
        await watcher.until_counted('updates_total{kind="message",result="unreadable"}')


async def test_alerts_that_wait_and_how_late_they_came_are_counted(
    telegram: BotApi, serving: Serving, outbox: Outbox, watcher: Watcher
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(engine()):
        await follow(chat, ann)
        telegram.slow("sendMessage", 2, chat)
        made = datetime.now(UTC) - timedelta(seconds=30)
        tell(outbox, NEW, now=made)
        numbers = await watcher.until(lambda n: n["alerts_waiting"] == 1)
        assert numbers["alerts_overdue_seconds"] >= 29
        await chat.expect_message()
        numbers = await watcher.until(lambda n: n["alerts_waiting"] == 0)
        assert numbers["alerts_overdue_seconds"] == 0
    assert numbers['alert_lag_seconds_count{how="at once"}'] == 1
    assert 30 <= numbers['alert_lag_seconds_sum{how="at once"}'] < 30 + PATIENCE


async def test_whatever_is_logged_as_a_fault_is_counted_by_the_kind_of_error(
    settings: Settings, telegram: BotApi, chats: Chats, watcher: Watcher
) -> None:
    def fail(_: str) -> None:
        raise StoreError("the disk is full")

    metrics, stop, root = BotMetrics(), asyncio.Event(), logging.getLogger()
    counting = CountErrors(metrics)
    root.addHandler(counting)
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    serving = asyncio.create_task(serve(build(settings, FixedEngine(before=fail), chats, metrics=metrics), stop))
    try:
        await told(chat, ann, QUESTION)
        numbers = await watcher.numbers()
    finally:
        root.removeHandler(counting)
        stop.set()
        await serving
    assert numbers['errors_total{error="StoreError",level="error",logger="bot.handlers"}'] == 1


async def test_lines_that_are_written_in_a_thread_of_the_engine_have_the_number_of_their_update(
    telegram: BotApi, serving: Serving
) -> None:
    def think(_: str) -> None:
        logging.getLogger("whosays.test").warning("thinking")

    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    root, bot = logging.getLogger(), logging.getLogger("bot")
    root.addHandler(handler)
    bot.setLevel(logging.INFO)
    try:
        async with serving(FixedEngine(before=think)):
            for question in ("one?", "another?"):
                await told(chat, ann, question)
    finally:
        root.removeHandler(handler)
        bot.setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    thought = [line["update"] for line in lines if line["event"] == "thinking"]
    summed_up = [line["update"] for line in lines if line["event"] == "a question"]
    assert len(set(thought)) == 2
    assert thought == summed_up


async def test_the_line_that_sums_a_question_up_has_its_outcome_and_times_and_not_its_words(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    with caplog.at_level(logging.INFO, logger="bot"):
        async with serving(FixedEngine(answers={MARKER: full(MARKER)})):
            sent = await told(chat, ann, MARKER)
            await toast(chat, ann, sent, "Follow")
    [line] = [record for record in caplog.records if record.getMessage() == "a question"]
    said = line.__dict__
    assert (said["where"], said["outcome"]) == ("private", "disputed")
    assert said["duration_ms"] >= said["send_ms"] >= 0
    assert MARKER not in repr(said)
