"""Pictures of timelines: drawn beside the bot, which goes on answering, whatever becomes of the process that draws."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bench.pictures import survey
from bot.drawing import MOST_WAITING, Drawing
from bot.markup import Picture
from bot.phrases import Phrases, load_phrases
from bot.picture import describe_timeline
from tests.cards import full_answer
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Sent
from tests.e2e.telegram_server.chat import Chat
from tests.e2e.telegram_server.messages import User
from tests.patience import PATIENCE, wait_until
from whosays.config import data_folder

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG"
#: Seconds for which answering may stand still.
STALL = 0.06


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(data_folder())


@pytest.fixture(autouse=True)
def _none_left() -> None:
    """Wait until no process of the test before is there."""
    wait_until(lambda: not processes())


@pytest.fixture
def drawing() -> Iterator[Drawing]:
    with closing(Drawing(timedelta(seconds=PATIENCE))) as drawing:
        yield drawing


def processes() -> list[int]:
    """Return the ids of the processes that draw."""
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


async def asked(telegram: BotApi) -> tuple[Chat, User, Sent, Sent]:
    """Have somebody ask for a timeline; return the chat, the person, the picture and the list."""
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    chat.say(ann, "/timeline who holds Orsel?")
    return chat, ann, await chat.expect_message(), await chat.expect_message()


async def test_a_timeline_is_a_picture_that_says_what_it_shows_and_a_list_with_buttons(
    telegram: BotApi, serving: Serving, phrases: Phrases
) -> None:
    answer = full_answer()
    async with serving(FixedEngine(answers={"who holds Orsel?": answer})):
        chat, ann, picture, listed = await asked(telegram)
        assert picture.photo is not None
        assert picture.photo.startswith(PNG)
        assert picture.text == describe_timeline(answer, phrases)
        assert listed.photo is None
        assert listed.text.startswith("Timeline: who holds Orsel?")
        assert "any claim that Orsel has fallen" in listed.quotations
        assert ["Follow", "Wrong?"] in listed.labels
        assert await chat.expect_toast(chat.press(ann, listed, "Follow")) is not None


async def test_settings_make_it_dark(telegram: BotApi, serving: Serving) -> None:
    async with serving(FixedEngine(answers={"who holds Orsel?": full_answer()})):
        chat, ann, light, _ = await asked(telegram)
        chat.say(ann, "/settings")
        menu = await chat.expect_message()
        chat.press(ann, menu, "Pictures: light")
        assert ["Pictures: dark"] in (await chat.expect_edit(menu)).labels
        chat.say(ann, "/timeline who holds Orsel?")
        dark = await chat.expect_message()
    assert dark.photo != light.photo
    assert dark.text == light.text


@dataclass(frozen=True, slots=True)
class Stall:
    """For how long the event loop let others wait, at most: seconds, and those of them in which this process computed."""

    waited: float
    computed: float


@asynccontextmanager
async def longest_stall() -> AsyncIterator[list[Stall]]:
    """Measure how long the event loop stands still: yields a list that has it in the end."""
    stalls: list[Stall] = []

    async def beat() -> None:
        while True:
            began, computed = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.002)
            stalls.append(Stall(time.perf_counter() - began, time.process_time() - computed))

    found: list[Stall] = []
    task = asyncio.create_task(beat())
    yield found
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    found.append(Stall(max(stall.waited for stall in stalls), max(stall.computed for stall in stalls)))


async def test_answering_goes_on_while_the_largest_picture_is_drawn(drawing: Drawing, phrases: Phrases) -> None:
    """On a machine that is busy with other things the event loop waits for those as well: what it computes meanwhile counts.

    Where it would wait for the picture it would stand still nearly as long as that takes.
    """
    answer = survey(8, 14)
    stalls = []
    for _ in range(6):
        began = time.perf_counter()
        async with longest_stall() as found:
            assert await drawing.timeline(answer, phrases, dark=False) is not None
        stalls += found
        if found[0].computed < STALL and found[0].waited < max(STALL, (time.perf_counter() - began) / 2):
            return
    pytest.fail(f"the event loop stood still: {stalls}")


async def test_a_process_that_died_is_replaced(drawing: Drawing, phrases: Phrases) -> None:
    first = await drawing.timeline(full_answer(), phrases, dark=False)
    (process,) = processes()
    os.kill(process, signal.SIGKILL)
    assert await drawing.timeline(full_answer(), phrases, dark=False) == first
    assert processes() != [process]


async def killed(times: int) -> None:
    """Kill the process that draws as soon as there is one, so many times."""
    seen: set[int] = set()
    while len(seen) < times:
        for process in set(processes()) - seen:
            seen.add(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        await asyncio.sleep(0.005)


async def test_a_process_that_dies_while_it_draws_is_replaced(
    drawing: Drawing, phrases: Phrases, caplog: pytest.LogCaptureFixture
) -> None:
    drawn, _ = await asyncio.gather(drawing.timeline(full_answer(), phrases, dark=False), killed(1))
    assert isinstance(drawn, Picture)
    assert "the process that draws has died" in caplog.text


async def test_a_process_that_hangs_is_ended_and_replaced(
    drawing: Drawing, phrases: Phrases, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await drawing.timeline(full_answer(), phrases, dark=False)
    (process,) = processes()
    os.kill(process, signal.SIGSTOP)
    with monkeypatch.context() as soon:
        soon.setattr(drawing, "_patience", timedelta(seconds=3))
        hung = asyncio.create_task(drawing.timeline(full_answer(), phrases, dark=False))
        await asyncio.sleep(1)
    behind = asyncio.create_task(drawing.timeline(full_answer(), phrases, dark=False))
    assert await hung is None
    # What had waited behind it is drawn by another one.
    assert await behind == first
    await asyncio.to_thread(ends, process)
    assert "has hung" in caplog.text


async def test_a_process_that_hangs_keeps_nobody_from_ending(phrases: Phrases) -> None:
    with closing(Drawing()) as drawing:
        assert await drawing.timeline(full_answer(), phrases, dark=False) is not None
        (process,) = processes()
        os.kill(process, signal.SIGSTOP)
    await asyncio.to_thread(ends, process)


async def test_a_picture_that_cannot_be_drawn_leaves_the_list(
    telegram: BotApi, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(FixedEngine(answers={"who holds Orsel?": full_answer()})):
        chat.say(ann, "/timeline who holds Orsel?")
        listed, _ = await asyncio.gather(chat.expect_message(), killed(2))
        assert listed.photo is None
        assert listed.text.startswith("Timeline: who holds Orsel?")
        assert ["Follow", "Wrong?"] in listed.labels
        await chat.silence(0.3)
        errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert errors == ["a timeline's picture could not be drawn"]
        chat.say(ann, "/timeline who holds Orsel?")
        assert (await chat.expect_message()).photo is not None


async def test_a_flood_of_pictures_is_not_let_pile_up(drawing: Drawing, phrases: Phrases) -> None:
    wanted = (drawing.timeline(full_answer(), phrases, dark=False) for _ in range(MOST_WAITING + 3))
    drawn = await asyncio.gather(*wanted)
    assert [picture is None for picture in drawn] == [False] * MOST_WAITING + [True] * 3
    assert len(processes()) == 1
    assert await drawing.timeline(full_answer(), phrases, dark=False) is not None


async def test_nothing_is_started_before_it_is_needed_and_nothing_left_when_the_bot_ends(
    telegram: BotApi, serving: Serving
) -> None:
    async with serving(FixedEngine()):
        assert processes() == []
        await asked(telegram)
        (process,) = processes()
    await asyncio.to_thread(ends, process)


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)


def ends(process: int) -> None:
    """Wait until a process has ended."""
    # A child that is asked after is also laid to rest.
    wait_until(lambda: process not in processes() and not is_there(process))


def is_there(process: int) -> bool:
    """Say whether there is a process, other than one that has ended and that nobody has laid to rest."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


KILLED = """
import asyncio, multiprocessing, os, signal
from bot.drawing import Drawing
from bot.phrases import load_phrases
from tests.cards import full_answer
from whosays.config import data_folder

if __name__ == "__main__":
    asyncio.run(Drawing().timeline(full_answer(), load_phrases(data_folder()), dark=False))
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
async def test_the_process_ends_with_a_bot_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    ran = await asyncio.to_thread(run, [sys.executable, str(script)], environment)
    assert ran.returncode == -signal.SIGKILL
    await asyncio.to_thread(ends, int(ran.stdout))


async def test_ctrl_c_is_for_the_bot_alone(drawing: Drawing, phrases: Phrases) -> None:
    await drawing.timeline(full_answer(), phrases, dark=False)
    (process,) = processes()
    os.kill(process, signal.SIGINT)
    await asyncio.sleep(0.1)
    assert await drawing.timeline(full_answer(), phrases, dark=False) is not None
    assert processes() == [process]
