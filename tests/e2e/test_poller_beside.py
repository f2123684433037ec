"""The bot as its operator runs it, with the poller beside it: started again when it dies, and gone when the bot is."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.feed_site import Item, Site, rss, serving
from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.e2e.test_process import whosays
from tests.patience import PATIENCE, until
from whosays.feeds import Feed
from whosays.parts import open_feeds

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are looked up in /proc")


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and that run."""
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(id) for id in found.read_text().split()] if found.exists() else []


def runs(process: int) -> bool:
    """Say whether a process runs: one that has ended and was not asked after does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@asynccontextmanager
async def bot(telegram: BotApi, folder: Path, cache: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    variables = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "WHOSAYS_FETCH_LOCAL": "1"}
    process = await whosays(folder, cache, "serve", *arguments, **variables)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def add(folder: Path, site: Site, path: str = "/feed") -> None:
    """Serve a feed of one article, and have it read."""
    item = Item(url=site.page(f"{path}/bridge", "Bridge falls"), title="Bridge falls", id="1")
    with closing(open_feeds(f"sqlite:///{folder}/store.db")) as feeds:
        feeds.add(Feed(url=site.feed(path, rss([item])), added=datetime.now(UTC)))


async def test_it_reads_feeds_is_started_again_when_it_dies_and_ends_with_the_bot(
    telegram: BotApi, tmp_path: Path, model_cache: Path
) -> None:
    async with serving(Site()) as site:
        add(tmp_path, site)
        async with bot(telegram, tmp_path, model_cache) as process:
            await until(lambda: site.asked["/feed/bridge"] == 1)
            [poller] = children(process.pid)
            os.kill(poller, signal.SIGKILL)
            await until(lambda: children(process.pid) not in ([], [poller]))
            add(tmp_path, site, "/other")
            await until(lambda: site.asked["/other/bridge"] == 1)
            [poller] = children(process.pid)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                log, _ = await process.communicate()
        assert process.returncode == 0, log.decode()
        assert "the poller has ended (-9)" in log.decode()
        assert TOKEN not in log.decode()
        assert not runs(poller)


async def test_it_ends_with_a_bot_that_is_killed(telegram: BotApi, tmp_path: Path, model_cache: Path) -> None:
    async with serving(Site()) as site:
        add(tmp_path, site)
        async with bot(telegram, tmp_path, model_cache) as process:
            await until(lambda: site.asked["/feed/bridge"] == 1)
            [poller] = children(process.pid)
            process.kill()
            await process.wait()
            await until(lambda: not runs(poller))


async def test_a_bot_that_is_told_not_to_poll_does_not(telegram: BotApi, tmp_path: Path, model_cache: Path) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(Site()) as site:
        add(tmp_path, site)
        async with bot(telegram, tmp_path, model_cache, "--no-poll") as process:
            chat.say(ann, "/help")
            await chat.expect_message()
            assert children(process.pid) == []
        assert site.asked["/feed"] == 0
