"""The bot as its operator runs it: a process of its own, that is told where Telegram is and when to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.patience import PATIENCE

ARTICLE = """---
url: https://gazette.example/orsel
outlet: Orsel Gazette
title: Both armies say that they hold Orsel
published: 2031-05-04
---
The Varn Republic said on Sunday that its army had captured the town of Orsel.

The Coast League denied that Orsel had fallen.
"""


async def whosays(folder: Path, cache: Path, *arguments: str, **more: str) -> asyncio.subprocess.Process:
    own = {"WHOSAYS_STORE": f"sqlite:///{folder}/store.db", "WHOSAYS_CACHE": str(cache), "WHOSAYS_THREADS": "1"}
    path = os.pathsep.join(path for path in sys.path if path)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "whosays",
        *arguments,
        env={**os.environ, **own, "PYTHONPATH": path, "NO_PROXY": "127.0.0.1", **more},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_it_starts_answers_stops_when_told_and_keeps_the_token_out_of_its_log(
    telegram: BotApi, tmp_path: Path, model_cache: Path
) -> None:
    (tmp_path / "orsel.md").write_text(ARTICLE, encoding="utf-8")
    reading = await whosays(tmp_path, model_cache, "ingest", str(tmp_path / "orsel.md"))
    told, _ = await reading.communicate()
    assert reading.returncode == 0, told.decode()

    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    telegram.refuse("getUpdates", code=502)
    serving = await whosays(tmp_path, model_cache, "serve", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=telegram.url)
    chat.say(ann, "who holds Orsel?")
    sent = await chat.expect_message()
    assert sent.text.startswith("Disputed")
    assert "Varn Republic" in sent.text
    assert "Coast League" in sent.text

    serving.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        log, _ = await serving.communicate()
    assert serving.returncode == 0, log.decode()
    assert "Telegram cannot be reached" in log.decode()
    assert "Traceback" not in log.decode()
    assert TOKEN not in log.decode()
    assert "Orsel" not in log.decode()
