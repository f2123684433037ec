"""Two bots, two readers and two senders over one PostgreSQL, killed at random while people ask and outlets publish.

    ./run bench replicas [--minutes 10] [--seed 1] [--json]

Each process is `whosays serve` in its role. The bots are called by the strict Bot API server through a balancer that picks either
of them for every call; the server, the outlets and the people are in this process. Every few seconds one of the six is killed
(SIGKILL), and started again a moment later. At the end all is left in peace, and what everybody was told is counted.

    twice     questions with more than one answer: must be 0
    never     questions without one. An answer is sent at most once, so one whose bot is killed between the leave to send it and
              Telegram's word is not sent again; of all others there must be none (`left`: must be 0)
    indexed   articles that stand in the store twice: must be 0
    lost      pairs of a chat and an article that no message of that chat has told: must be 0
    repeated  messages that have told what another one had told that chat: at most one for each kill of a sender

Linux alone: each outlet has an address of the loopback network of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from sqlalchemy import func, select

from bench.table import Row, say
from tests import postgres
from tests.e2e.telegram_server import PrivateChat, User
from tests.e2e.under_fire import TOPIC, World, until, world
from whosays.store import opening
from whosays.store.chats_schema import updates, waiting
from whosays.store.schema import articles

SEED = 20310601
#: Outlets, chats that follow the topic, people who ask.
_SITES, _FOLLOWERS, _PEOPLE = 6, 3, 12
_SECRET = "bench-secret"
#: Who asks is not to be told to wait.
_QUOTAS = {"WHOSAYS_QUOTA_PERSON": "10000", "WHOSAYS_QUOTA_CHAT": "10000", "WHOSAYS_QUEUE": "1000"}
#: How long what is left in peace may take, in seconds.
_PEACE = 300.0
_QUESTIONS = (TOPIC, "Who holds Orsel?", "What does the Varn Republic say about Orsel?", "What happened at the bridge in Orsel?")


class Balancer:
    """Passes each call on to one of several ports, whichever; where nobody listens there, to another one."""

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self._ports = tuple(ports)
        self._chance = chance
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen for as long as the block lasts."""
        app = web.Application()
        async with ClientSession(timeout=ClientTimeout(total=15)) as client:

            async def pass_on(request: web.Request) -> web.Response:
                body = await request.read()
                headers = {name: value for name, value in request.headers.items() if name.startswith(("X-", "Content-Type"))}
                for port in self._chance.sample(self._ports, len(self._ports)):
                    with suppress(ClientError, TimeoutError):
                        async with client.post(f"http://127.0.0.1:{port}{request.path}", data=body, headers=headers) as answer:
                            return web.Response(status=answer.status)
                return web.Response(status=502)

            app.router.add_post("/{path:.*}", pass_on)
            runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
            try:
                yield
            finally:
                await runner.cleanup()


@dataclass(slots=True, kw_only=True)
class Machines:
    """The processes, by name ("bot 1"): what each is started with, and the one that runs."""

    world: World
    parts: dict[str, tuple[tuple[str, ...], str, dict[str, str]]]
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)

    async def start(self, name: str) -> None:
        """Start a process, again where it ran before."""
        command, module, more = self.parts[name]
        self.running[name] = await self.world.start(*command, module=module, **more)

    async def kill(self, name: str) -> None:
        """End a process as a power cut does."""
        self.killed[name.split(maxsplit=1)[0]] += 1
        await self.world.kill(self.running[name])


@dataclass(slots=True, kw_only=True)
class People:
    """Who asks, what, and what they hear."""

    world: World
    asking: list[tuple[User, PrivateChat]] = field(default_factory=list)
    asked: list[tuple[PrivateChat, int]] = field(default_factory=list)

    async def ask(self, pause: float) -> None:
        """Ask something every so often, until cancelled."""
        for number in range(_PEOPLE):
            person = self.world.telegram.person(f"Person {number}")
            self.asking.append((person, self.world.telegram.private_chat(person)))
        while True:
            person, chat = self.world.chance.choice(self.asking)
            self.asked.append((chat, chat.say(person, self.world.chance.choice(_QUESTIONS))))
            await asyncio.sleep(self.world.chance.uniform(0, 2 * pause))

    def answers(self) -> Counter[tuple[int, int]]:
        """Return how many answers there are to each question, by chat and message."""
        replies = Counter((chat.id, sent.reply_to) for _, chat in self.asking for sent in chat.sent if sent.reply_to is not None)
        return Counter({(chat.id, message): replies[chat.id, message] for chat, message in self.asked})


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What it has cost. `kills` go by role; `left` are updates that nobody has begun to answer."""

    kills: dict[str, int]
    questions: int
    twice: int
    never: int
    left: int
    articles: int
    stored: int
    indexed_twice: int
    alerts: int
    lost: int
    repeated: int
    faults: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Say whether it is what is wanted."""
        bad = self.twice + self.left + self.indexed_twice + self.lost + abs(self.stored - self.articles) + len(self.faults)
        return not bad and self.repeated <= self.kills.get("sender", 0) and self.never <= 4 * self.kills.get("bot", 0)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _parts(ports: Sequence[int], url: str, *, fixed: bool) -> dict[str, tuple[tuple[str, ...], str, dict[str, str]]]:
    """Return what each process is started with. `fixed`: the bots have answers ready, and need no models."""
    parts: dict[str, tuple[tuple[str, ...], str, dict[str, str]]] = {}
    for number, port in enumerate(ports, 1):
        called = {
            "WHOSAYS_WEBHOOK_URL": url,
            "WHOSAYS_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "WHOSAYS_WEBHOOK_SECRET": _SECRET,
            **_QUOTAS,
        }
        if fixed:
            ready = {"TEST_THINKS": "0.2", "TEST_NO_ALERTS": "1"}
            parts[f"bot {number}"] = (("bot",), "tests.e2e.fixed_bot", {**called, **ready})
        else:
            parts[f"bot {number}"] = (("serve", "--role", "bot"), "whosays", called)
        for role in ("reader", "sender"):
            parts[f"{role} {number}"] = (("serve", "--role", role), "whosays", {})
    return parts


async def run(
    folder: Path,
    store: str,
    seconds: float,
    seed: int = SEED,
    *,
    fixed: bool = False,
    ask_every: float = 1.0,
    peace: float = _PEACE,
) -> Toll:
    """Let six processes be killed for so long over a store in PostgreSQL, and return what it has cost."""
    ports = _free_ports(2)
    balancer = Balancer(ports, random.Random(seed))
    (folder / "store").mkdir()
    async with (
        balancer.listening(),
        world(folder / "store", seed, chats=_FOLLOWERS, sites=_SITES, store=store) as under_fire,
    ):
        machines = Machines(world=under_fire, parts=_parts(ports, balancer.url, fixed=fixed))
        people = People(world=under_fire)
        for name in machines.parts:
            await machines.start(name)
        await under_fire.telegram.called("setWebhook", times=2, within=240)
        await until(lambda: under_fire.asked > 0, 240)
        asking = asyncio.create_task(people.ask(ask_every))
        try:
            await _rage(machines, seconds)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        await _make_peace(machines, peace)
        return _toll(machines, people)


async def _rage(machines: Machines, seconds: float) -> None:
    """Publish, and kill one after the other, each to be started again a moment later."""
    chance, ends = machines.world.chance, time.monotonic() + seconds
    pause = min(6.0, seconds / 6)
    names = list[str]()
    while time.monotonic() < ends:
        # Every one in turn, in whatever order.
        names = names or chance.sample(list(machines.parts), len(machines.parts))
        for _ in range(chance.randrange(4)):
            machines.world.publish()
        await asyncio.sleep(chance.uniform(pause / 3, pause))
        name = names.pop()
        await machines.kill(name)
        await asyncio.sleep(chance.uniform(0, pause / 3))
        await machines.start(name)


async def _make_peace(machines: Machines, within: float) -> None:
    """Wait until all is told and answered. What killed senders had taken is theirs for minutes: that is not waited for."""
    started = time.monotonic()
    senders = [name for name in machines.parts if name.startswith("sender")]
    for name in senders:
        machines.running[name].terminate()
    for name in senders:
        await machines.running[name].wait()
    machines.world.end_leases()
    for name in senders:
        await machines.start(name)
    while await asyncio.to_thread(_left, machines.world.store) and time.monotonic() < started + within:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    await machines.world.settle(max(5.0, started + within - time.monotonic()))


def _left(store: str) -> int:
    """Return how many updates wait that nobody has begun to answer."""
    of = select(func.count()).select_from(waiting.join(updates, updates.c.id == waiting.c.update)).where(~updates.c.begun)
    with closing(opening.connect(store)) as database, database.reading() as connection:
        return int(connection.execute(of).scalar_one())


def _toll(machines: Machines, people: People) -> Toll:
    under_fire, answers = machines.world, people.answers()
    with closing(opening.connect(under_fire.store)) as database, database.reading() as connection:
        stored = connection.execute(select(func.count()).select_from(articles)).scalar_one()
        texts = connection.execute(select(func.count(articles.c.text.distinct()))).scalar_one()
    for chat, url in (lost := under_fire.lost()):
        print(f"  chat {chat} was not told of {url}", file=sys.stderr)
    return Toll(
        kills=dict(machines.killed),
        questions=len(answers),
        twice=sum(count > 1 for count in answers.values()),
        never=sum(count == 0 for count in answers.values()),
        left=_left(under_fire.store),
        articles=len(under_fire.published),
        stored=stored,
        indexed_twice=stored - texts,
        alerts=len(under_fire.published) * len(under_fire.chats),
        lost=len(lost),
        repeated=under_fire.doubled(),
        faults=tuple(under_fire.telegram.faults_of_the_bot),
    )


def _measure(minutes: float, seed: int, *, as_json: bool) -> bool:
    # Whoever is killed in the middle of a request is no fault of the server's.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    with postgres.running() as server, server.store() as store, tempfile.TemporaryDirectory() as folder:
        toll = asyncio.run(run(Path(folder), store, 60 * minutes, seed))
    kills = ", ".join(f"{count} {role}s" for role, count in sorted(toll.kills.items()))
    row = Row(
        what=f"two bots, readers and senders on one PostgreSQL, {minutes:g} min of kills ({kills})",
        ours=f"of {toll.questions} questions {toll.twice} answered twice, {toll.never} begun and cut off, {toll.left} left; of "
        f"{toll.articles} articles {toll.indexed_twice} stored twice; of {toll.alerts} alerts {toll.lost} lost, "
        f"{toll.repeated} repeated",
        against="",
        ratio=None,
        wanted="none twice, none lost, at most one repeated a kill",
        met=toll.good,
    )
    say([row], as_json=as_json)
    for fault in toll.faults[:5]:
        print(f"  {fault}", file=sys.stderr)
    return toll.good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="./run bench replicas", description="Six processes over one store, killed at random.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long they are killed")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    sys.exit(0 if _measure(options.minutes, options.seed, as_json=options.json) else 1)
