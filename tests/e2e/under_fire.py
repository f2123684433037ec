"""The whole of it as processes: outlets that publish, `whosays poll`, `whosays serve`, a store, chats; and what of it arrives.

Every article has one claim, on the topic that all chats follow, not heard before: each chat is to be told of each article once.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from tests.e2e.news_site import Outlet, outlets
from tests.e2e.telegram_server import BotApi, PrivateChat, Sent
from tests.e2e.telegram_server.server import TOKEN
from whosays.chats import Chat, Following
from whosays.config import sqlite_address
from whosays.errors import StoreError
from whosays.feeds import Feed
from whosays.outbox import Outbox
from whosays.parts import open_chats, open_feeds, open_outbox
from whosays.store import opening
from whosays.store.outbox_schema import alerts

ROOT = Path(__file__).parents[2]
TOPIC = "How many people were killed in Orsel?"
_SIDES = ("Varn Republic", "Coast League")
#: Other numbers are other claims, whatever else is alike.
_CLAIMS = (
    "{side} said on Monday that {number} people had been killed in Orsel.",
    "{side} said on Monday that {number} people had been killed at the {place} bridge in Orsel.",
    "{number} people were killed in Orsel, {speaker} said on Monday.",
)
_FIRST = ("Bran", "Tol", "Kess", "Ard", "Mur", "Ost", "Vel", "Hul", "Dre", "Sig", "Lom", "Pra", "Wen", "Gar", "Nel", "Cor")
_LAST = ("kel", "min", "dorf", "wick", "ston", "bury", "ham", "lund", "vik", "mark", "gard", "ford", "holm", "stead", "mouth")
_FILLER = (
    "rain fell over {} from early on, and the river stood a hand higher than it had in spring",
    "the school in {} has been closed since the autumn, and its windows are boarded up",
    "a cart with apples from {} stood in the square until noon, with nobody beside it",
    "the road to {} runs past four farms and a quarry, and is wide enough for one car",
    "old maps show {} as an island, before the dyke was built and the marsh was drained",
    "the ferry to {} has not left its jetty for a week, for want of oil",
    "two streets away, in {} lane, a baker sold what bread there was from his window",
    "the bells of {} were taken down a century ago and have not been hung again",
)
_LOOK = 0.5


@dataclass(slots=True, kw_only=True)
class World:
    """One store, with its processes, its outlets, and the chats that follow the topic."""

    telegram: BotApi
    outlets: Sequence[Outlet]
    folder: Path
    store: str
    chance: random.Random
    chats: list[PrivateChat] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    running: list[asyncio.subprocess.Process] = field(default_factory=list)
    _waiting: dict[str, Outlet] = field(default_factory=dict)

    def follow(self, chats: int) -> None:
        """Have some private chats follow the topic, and the outlets' feeds be read."""
        since = datetime.now(UTC) - timedelta(hours=1)
        with closing(open_chats(self.store)) as kept:
            for number in range(chats):
                person = self.telegram.person(f"Reader {number}")
                chat = self.telegram.private_chat(person)
                kept.keep_chat(Chat(id=chat.id, kind="private", most=10_000))
                kept.follow(Following(chat=chat.id, thread=None, person=person.id, topic=TOPIC, since=since, language="en"))
                self.chats.append(chat)
        with closing(open_feeds(self.store)) as feeds:
            for outlet in self.outlets:
                feeds.add(Feed(url=outlet.feed, added=since))

    def publish(self) -> str:
        """Have the outlet whose turn it is publish an article; return its address."""
        outlet = self.outlets[len(self.published) % len(self.outlets)]
        title, *paragraphs = article(len(self.published), self.chance)
        url = outlet.publish(title, *paragraphs)
        self.published.append(url)
        self._waiting[url] = outlet
        return url

    async def press_on(self) -> None:
        """Have feeds read that have news, as an operator would, until cancelled: by themselves they are read in some minutes."""
        with closing(open_feeds(self.store)) as feeds:
            while True:
                for url, outlet in list(self._waiting.items()):
                    # A store that takes nothing just now, or is busy, is asked again.
                    with suppress(StoreError):
                        if await asyncio.to_thread(feeds.page, url) is not None:
                            del self._waiting[url]
                        else:
                            await asyncio.to_thread(feeds.read_soon, outlet.feed)
                await asyncio.sleep(_LOOK)

    async def start(self, *command: str, module: str = "whosays", **more: str) -> asyncio.subprocess.Process:
        """Start a command of whosays over the store, with more settings. What it says goes to a file of its own."""
        own = {"WHOSAYS_STORE": self.store, "WHOSAYS_FETCH_LOCAL": "1", "WHOSAYS_ALERTS_EVERY": "1", "WHOSAYS_THREADS": "1"}
        bot = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": self.telegram.url, "NO_PROXY": "127.0.0.0/8"}
        path = os.pathsep.join(str(part) for part in (ROOT / "src", ROOT, *filter(None, sys.path)))
        with (self.folder.parent / f"{command[-1].strip('-')}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, *command, env={**os.environ, **own, **bot, "PYTHONPATH": path, **more},
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.running.append(process)
        return process

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """End a process as a power cut does."""
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def end_leases(self) -> None:
        """Have what a killed bot had taken be taken by the next one at once: by itself a lease lasts for minutes."""
        with closing(opening.connect(self.store)) as database, database.writing() as connection:
            connection.execute(update(alerts).where(alerts.c.lease.is_not(None)).values(lease=None, lease_until=None))

    async def stop(self) -> None:
        """End all processes, the gentle way; who does not end is killed."""
        for process in self.running:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                process.kill()
                await process.wait()

    @property
    def asked(self) -> int:
        """How often feeds were asked for, all together."""
        return sum(outlet.asked for outlet in self.outlets)

    def calls(self, method: str) -> int:
        """Return how often the bot has called a method."""
        return sum(called == method for called, _ in self.telegram.calls)

    async def serve(self, *more: str) -> asyncio.subprocess.Process:
        """Start the bot, and wait until it serves."""
        before, process = self.calls("getUpdates"), await self.start("serve", *more)
        await self.telegram.called("getUpdates", times=before + 1)
        return process

    async def read_soon(self, outlet: Outlet, within: float = 60) -> None:
        """Have an outlet's feed read, and wait until it was asked for."""
        before = outlet.asked
        with closing(open_feeds(self.store)) as feeds:
            await asyncio.to_thread(feeds.read_soon, outlet.feed)
        await until(lambda: outlet.asked > before, within)

    def lost(self) -> list[tuple[int, str]]:
        """Return what no message has told so far, by chat and article."""
        with closing(open_outbox(self.store)) as outbox:
            told = {chat.id: {url for message in chat.sent for url in _told(outbox, chat, message)} for chat in self.chats}
        return [(chat.id, url) for chat in self.chats for url in self.published if url not in told[chat.id]]

    def doubled(self) -> int:
        """Return how many messages have told what another message had told the same chat.

        A message that the store does not know tells what was told again, by one that it knows: nothing else is said here.
        """
        count = 0
        with closing(open_outbox(self.store)) as outbox:
            for chat in self.chats:
                told: set[str] = set()
                for message in chat.sent:
                    alerts = outbox.told_in(chat.id, message.id)
                    first = {alert.answer.sources[0].article for alert in alerts}
                    count += not first or bool(first & told)
                    told |= first
        return count

    async def settle(self, within: float = 120) -> None:
        """Wait until every article was told in every chat, or until that time is over; then for what may come twice."""
        ends = time.monotonic() + within
        while self.lost() and time.monotonic() < ends:  # noqa: ASYNC110 - other processes work
            await asyncio.sleep(1)
        await asyncio.sleep(2)


def _told(outbox: Outbox, chat: PrivateChat, message: Sent) -> list[str]:
    """Return the articles that a message tells, as the store has it."""
    return [source.article for alert in outbox.told_in(chat.id, message.id) for source in alert.answer.sources]


def article(number: int, chance: random.Random) -> list[str]:
    """Return the title and the paragraphs of an article: no two make the same claim, or are copies of one text."""
    place = _FIRST[number % len(_FIRST)] + _LAST[number // len(_FIRST) % len(_LAST)]
    side = _SIDES[number // 3 % 2]
    claim = _CLAIMS[number % len(_CLAIMS)].format(side=f"The {side}", speaker=f"the {side}", place=place, number=100 + 7 * number)
    paragraphs = [claim]
    lines = [line.format(chance.choice(_FIRST) + chance.choice(_LAST)) for line in chance.sample(_FILLER, 6)]
    paragraphs += [
        f"{one[0].upper()}{one[1:]}. {other[0].upper()}{other[1:]}." for one, other in zip(lines[::2], lines[1::2], strict=True)
    ]
    return [f"{place}: report {number} from Orsel", *paragraphs]


@asynccontextmanager
async def world(folder: Path, seed: int, *, chats: int, sites: int, store: str | None = None) -> AsyncIterator[World]:
    """Open a world whose store lies in a folder, or at an address; its processes are to be started."""
    names = [f"Outlet {number}" for number in range(sites)]
    async with BotApi() as telegram, outlets(*names) as served:
        address = store or sqlite_address(folder / "store.db")
        made = World(telegram=telegram, outlets=served, folder=folder, store=address, chance=random.Random(seed))
        made.follow(chats)
        pressing = asyncio.create_task(made.press_on())
        try:
            yield made
        finally:
            pressing.cancel()
            await asyncio.gather(pressing, return_exceptions=True)
            await made.stop()


async def until(condition: Callable[[], bool], within: float) -> bool:
    """Wait until something is so; say whether it came to that."""
    ends = time.monotonic() + within
    while not condition():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(0.05)
    return True
