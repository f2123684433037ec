"""The bot as its operator runs it, with the poller beside it: log lines and numbers in which nothing stands that was asked."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from pathlib import Path

from tests.e2e.feed_site import Site, serving
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.e2e.test_poller_beside import add
from tests.e2e.test_process import ARTICLE, whosays
from tests.e2e.watching import Watcher, free_port
from tests.patience import PATIENCE

MARKER = "Quillonbrush"


async def test_at_debug_level_in_json_nothing_that_was_asked_stands_in_a_log_line_or_a_number(
    telegram: BotApi, tmp_path: Path, model_cache: Path
) -> None:
    (tmp_path / "orsel.md").write_text(ARTICLE, encoding="utf-8")
    reading = await whosays(tmp_path, model_cache, "ingest", str(tmp_path / "orsel.md"))
    await reading.communicate()
    ann = telegram.person("Ann")
    chat, group = telegram.private_chat(ann), telegram.group(admins=(ann,))
    watcher = Watcher(free_port())
    async with serving(Site()) as site:
        add(tmp_path, site)
        running = await whosays(
            tmp_path,
            model_cache,
            "serve",
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            WHOSAYS_FETCH_LOCAL="1",
            WHOSAYS_LOG="json",
            WHOSAYS_LOG_LEVEL="debug",
            WHOSAYS_METRICS_LISTEN=f"127.0.0.1:{watcher.port}",
            WHOSAYS_ALERTS_EVERY="1",
        )
        try:
            await watcher.until_ready()
            asked = f"who holds {MARKER} in Orsel?"
            said = [
                asked,
                f"/ask {asked}",
                f"/summary {MARKER}",
                f"/timeline {asked}",
                f"/follow {asked}",
                f"/{MARKER}",
                f"/add {MARKER}",
            ]
            for words in said:
                chat.say(ann, words)
                await chat.expect_message()
            # Telegram quotes what it refuses, and drops what it has been asked.
            telegram.refuse("sendMessage", chat, code=400, description=f"Bad Request: can't parse entities: {MARKER}", times=2)
            chat.say(ann, asked)
            telegram.drop("sendMessage", group)
            group.say(ann, f"/ask@WhoSaysTestBot {asked}")
            await telegram.inline_answer(telegram.inline_query(ann, asked))
            telegram.send_update({"message": {"text": MARKER}})
            await watcher.until_counted('feeds_read_total{process="poller",result="read"}')
            numbers = await watcher.until(lambda n: n["updates_under_way"] == 0)
            _, exposition = await watcher.get("/metrics")
            _, ready = await watcher.get("/readyz")
        finally:
            running.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                log, _ = await running.communicate()
    assert running.returncode == 0, log.decode()
    lines = [json.loads(line) for line in log.decode().splitlines()]
    assert {line["level"] for line in lines} >= {"info"}
    questions = [line for line in lines if line["event"] == "a question"]
    assert len(questions) >= 6
    assert {"encode_ms", "search_ms", "fetch_ms", "judge_ms", "send_ms"} <= {name for line in questions for name in line}
    assert len({line["update"] for line in questions}) == len(questions)
    # What Telegram refused is told of, with a mark in place of the chat's number, which is hers.
    assert any("a message to chat ~" in line["event"] for line in lines)
    # The poller's lines are lines as well.
    assert any(line["logger"].startswith("whosays.polling") for line in lines)
    assert numbers['fetches_total{process="poller",result="read"}'] >= 1
    assert numbers['process_resident_memory_bytes{process="poller"}'] > numbers["process_cpu_seconds_total"]
    assert numbers['stage_seconds_count{stage="judge"}'] >= 1
    for text in (log.decode(), exposition, ready):
        assert MARKER.lower() not in text.lower()
        assert TOKEN not in text
        assert f"chat {chat.id}" not in text
        assert "Orsel?" not in text


async def test_a_poller_by_itself_says_how_it_is_and_a_port_that_is_taken_is_a_clear_error(
    tmp_path: Path, model_cache: Path
) -> None:
    watcher = Watcher(free_port())
    listen = {"WHOSAYS_METRICS_LISTEN": f"127.0.0.1:{watcher.port}", "WHOSAYS_FETCH_LOCAL": "1"}
    async with serving(Site()) as site:
        add(tmp_path, site)
        running = await whosays(tmp_path, model_cache, "poll", **listen)
        try:
            await watcher.until_ready()
            numbers = await watcher.until_counted('articles_total{outcome="added"}')
            second = await whosays(tmp_path / "other", model_cache, "poll", **listen)
            said, _ = await second.communicate()
        finally:
            running.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                await running.communicate()
    assert numbers["feeds_due"] == 0
    assert numbers["ingest_seconds_count"] == 1
    assert numbers["paragraphs_total"] == 4
    assert second.returncode == 2
    assert f"WHOSAYS_METRICS_LISTEN is 127.0.0.1:{watcher.port}, which cannot be had" in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_bot_whose_port_is_taken_ends_with_a_clear_error(telegram: BotApi, tmp_path: Path, model_cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        running = await whosays(
            tmp_path,
            model_cache,
            "serve",
            "--no-poll",
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            WHOSAYS_METRICS_LISTEN=listen,
        )
        said, _ = await running.communicate()
    assert running.returncode == 2
    assert said.decode().splitlines()[-1].startswith(f"whosays: WHOSAYS_METRICS_LISTEN is {listen}, which cannot be had")
