"""Load the bot as people would: 200 questions a minute from 50 chats, the real engine, the strict Bot API server.

    ./run bench load [sqlite:///PATH] [--minutes 3] [--rate 200]

`whosays serve` runs in a process of its own, over a copy of the store (without one: over the demo articles); the server and the
people are in this one. Thirty private chats and twenty groups ask at random moments (Poisson arrivals, the seed fixed) and in
private now and then two questions in a row. What is measured is the time from the question's being sent to the arrival of the
answer's sendMessage, as the server sees both: the bot's own time and the way there and back over loopback.

Wanted: p95 under 1.5 s, none lost, none doubled, no fault, exit code 1 otherwise. WHOSAYS_LOAD_PROFILE names a file for the bot
process's profile (cProfile of its event loop's thread).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot.phrases import load_phrases
from bot.say import Say
from tests.e2e.telegram_server import BotApi, Chat, Group, User
from tests.e2e.telegram_server.server import BOT, TOKEN
from whosays.config import Settings, sqlite_address
from whosays.engine import Engine
from whosays.reading import read
from whosays.types import Article

ROOT = Path(__file__).parents[1]
SEED = 20310601
PRIVATE, GROUPS, MEMBERS = 30, 20, 3
#: How long after the last question an answer counts as lost.
PATIENCE = timedelta(seconds=30)
GOAL = 1.5
#: A question is asked in one of these ways.
WAYS = (
    "{}", "please tell me: {}", "{} please", "I would like to know, {}", "what is known: {}", "one more: {}", "quickly, {}",
    "my friends ask, {}", "who can say, {}", "again: {}", "tonight's question: {}", "{} what do they say?", "{} any news?",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A chat, and the people who ask in it."""

    chat: Chat
    people: tuple[User, ...]

    def ask(self, person: User, question: str) -> int:
        """Ask, in a group with a mention; return the message's id."""
        mention = f"@{BOT.username} " if isinstance(self.chat, Group) else ""
        return self.chat.say(person, mention + question)


@dataclass(slots=True)
class Asked:
    """A question: when it was sent, and when (and with what first words) its answers came."""

    at: float
    answers: list[tuple[float, str]] = field(default_factory=list)


class Load:
    """The people, and what they see."""

    def __init__(self, telegram: BotApi, questions: tuple[str, ...], chance: random.Random) -> None:
        self._chance = chance
        self._questions = questions
        self._rooms = list(_rooms(telegram))
        self.asked: dict[tuple[int, int], Asked] = {}
        self.distinct: set[str] = set()

    async def ask(self, rate: float, seconds: float) -> None:
        """Ask `rate` questions a minute, at random moments."""
        ends, at = time.monotonic() + seconds, time.monotonic()
        while (at := at + self._chance.expovariate(rate / 60)) < ends:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            room = self._chance.choice(self._rooms)
            question = self._chance.choice(WAYS).format(self._chance.choice(self._questions))
            self.distinct.add(question)
            message = room.ask(self._chance.choice(room.people), question)
            self.asked[room.chat.id, message] = Asked(time.monotonic())

    async def look(self) -> None:
        """Note what comes, for as long as it is let."""
        async with asyncio.TaskGroup() as looking:
            for room in self._rooms:
                looking.create_task(self._look_in(room.chat))

    async def answered(self) -> None:
        """Wait until every question has an answer, or `PATIENCE` is at an end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE.total_seconds()):
                while not all(asked.answers for asked in self.asked.values()):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        # For what may come twice.
        await asyncio.sleep(1)

    async def _look_in(self, chat: Chat) -> None:
        while True:
            with suppress(TimeoutError):
                sent = await chat.expect_message(3600)
                if asked := self.asked.get((chat.id, sent.reply_to or 0)):
                    asked.answers.append((time.monotonic(), sent.text))


def _rooms(telegram: BotApi) -> Iterator[Room]:
    for number in range(PRIVATE):
        person = telegram.person(f"Person {number}")
        yield Room(chat=telegram.private_chat(person), people=(person,))
    for number in range(GROUPS):
        people = tuple(telegram.person(f"Member {number}-{which}") for which in range(MEMBERS))
        yield Room(chat=telegram.group(), people=people)


def prepare(store: str | None, folder: Path) -> str:
    """Return the address of a store for this run alone: a copy, or the demo articles under ids that a bot may serve."""
    path = folder / "load.db"
    address = sqlite_address(path)
    if store is None:
        settings = Settings.from_environment(os.environ)
        demo = (reading for reading in read([str(settings.demo_corpus)]) if isinstance(reading, Article))
        with Engine.open(replace(settings, store=address)) as engine:
            engine.ingest(replace(article, id=f"load-{article.id}") for article in demo)
        return address
    source = Path(store.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(path)) as copy:
        before.backup(copy)
    for part in source.parent.glob(f"{source.name}.*"):
        shutil.copy(part, folder / (path.name + part.name.removeprefix(source.name)))
    return address


async def start(store: str, telegram: BotApi) -> asyncio.subprocess.Process:
    """Start the bot. Who asks much here is many: the quotas are out of the way."""
    profile = os.environ.get("WHOSAYS_LOAD_PROFILE")
    how = ["-m", "cProfile", "-o", profile, "-m", "whosays"] if profile else ["-m", "whosays"]
    own = {"WHOSAYS_STORE": store, "WHOSAYS_QUOTA_PERSON": "1000", "WHOSAYS_QUOTA_CHAT": "1000"}
    bot = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "NO_PROXY": "127.0.0.1"}
    environment = {**os.environ, **own, **bot, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    return await asyncio.create_subprocess_exec(
        sys.executable, *how, "serve", env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=sys.stderr.fileno()
    )


def processor_seconds(process: int) -> tuple[float, float]:
    """Return how long a process, and its event loop, have computed; not a number where the system does not say."""
    return _of(Path(f"/proc/{process}/stat")), _of(Path(f"/proc/{process}/task/{process}/stat"))


def _of(stat: Path) -> float:
    try:
        fields = stat.read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(store: str, minutes: float, rate: float) -> bool:
    """Run the load and print what came of it; say whether it is what is wanted."""
    table = tomllib.loads((ROOT / "tests/golden/demo_questions.toml").read_text("utf-8"))
    questions = tuple(question["question"] for question in table["question"])
    async with BotApi() as telegram:
        bot = await start(store, telegram)
        try:
            first = telegram.person("First")
            warm = telegram.private_chat(first)
            warm.say(first, questions[0])
            await warm.expect_message(120)

            telegram.strict_rates()
            load = Load(telegram, questions, random.Random(SEED))
            looking = asyncio.create_task(load.look())
            began, computed = time.monotonic(), processor_seconds(bot.pid)
            await load.ask(rate, 60 * minutes)
            await load.answered()
            took = time.monotonic() - began
            shares = [(after - before) / took for before, after in zip(computed, processor_seconds(bot.pid), strict=True)]
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        finally:
            bot.send_signal(signal.SIGTERM)
            code = await bot.wait()
    return report(load, telegram.faults_of_the_bot, code, shares)


def report(load: Load, faults: list[str], code: int, shares: list[float]) -> bool:
    """Print the figures; say whether they are what is wanted."""
    phrases = load_phrases(Settings.from_environment(os.environ).data_folder)
    no_answer = {phrases(say) for say in (Say.BUSY, Say.FAILED, Say.NOT_READY)}
    asked = list(load.asked.values())
    took = sorted(one.answers[0][0] - one.at for one in asked if one.answers)
    counted = Counter(min(len(one.answers), 2) for one in asked)
    turned_away = sum(answer[1].strip() in no_answer for one in asked for answer in one.answers)
    print(f"questions {len(asked)} ({len(load.distinct)} distinct)\nanswered {counted[1] + counted[2]}\nlost {counted[0]}")
    print(f"doubled {counted[2]}\nturned away {turned_away}")
    for percent in (50, 95, 99):
        print(f"ms_p{percent} {1000 * _percentile(took, percent):.0f}")
    print("processor share {:.2f} of a core, of its event loop alone {:.2f}".format(*shares))
    print(f"exit code {code}\nfaults {len(faults)}")
    for fault in faults[:5]:
        print(f"  {fault}")
    return _percentile(took, 95) < GOAL and not (counted[0] or counted[2] or turned_away or faults or code)


def _percentile(took: list[float], percent: int) -> float:
    return took[min(len(took) - 1, len(took) * percent // 100)] if took else float("inf")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="./run bench load", description="Load the bot as people would.")
    parser.add_argument("store", nargs="?", help="sqlite:///PATH of a store, which is copied; without it the demo articles")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=200.0, help="questions a minute")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        good = asyncio.run(measure(prepare(options.store, Path(made)), options.minutes, options.rate))
    sys.exit(0 if good else 1)
