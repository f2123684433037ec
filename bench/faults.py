"""Followed topics under fire: processes killed, servers that fail, a full disk, feeds of garbage; what is lost, what comes twice.

    ./run bench faults [--times 100] [--only NAME,NAME] [--seed 1]

`whosays poll` and `whosays serve` run as processes over one store; outlets that publish, and the strict Bot API server, are in
this one. Each fault comes so many times, at moments drawn by chance (the seed fixed), while articles appear, each with one claim
that is news to every chat that follows the topic. At the end all is left in peace, and what every chat was told is counted.

    lost      pairs of a chat and an article that no message of that chat has told: must be 0
    doubled   messages that have told what another message had told that chat: at most one for each fault that can hide from the
              bot whether Telegram has taken a message, 0 of the others

"disk full" is a file system of its own (tmpfs) that is filled up, where this process may mount one; else the processes' files
may grow no further (RLIMIT_FSIZE). Linux alone.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.under_fire import World, until, world

SEED = 20310601
#: Megabytes of the file system that is filled up.
_DISK = 64
#: How long what is left in peace may take: after a fault of the store's a host is let be for a minute, and so is a chat.
PEACE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault: what brings it about so many times, on how many outlets and chats, and whether each may double one message."""

    rage: Callable[[World, int], Awaitable[None]]
    sites: int = 4
    chats: int = 3
    doubles: bool = False
    own_disk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What a fault has cost. `faults` are what the Bot API server blames the bot for."""

    name: str
    times: int
    articles: int
    alerts: int
    lost: int
    doubled: int
    allowed: int
    faults: tuple[str, ...]
    seconds: float

    @property
    def good(self) -> bool:
        """Say whether it is what is wanted."""
        return not self.lost and self.doubled <= self.allowed and not self.faults


async def _peace(world: World, times: int) -> None:
    await world.start("poll")
    await world.serve("--no-poll")
    for _ in range(times):
        world.publish()
        await asyncio.sleep(world.chance.uniform(0, 2))


async def _poller_killed(world: World, times: int) -> None:
    await world.serve("--no-poll")
    for _ in range(times):
        poller = await world.start("poll")
        world.publish()
        await _begun(world, lambda: world.asked)
        await asyncio.sleep(world.chance.uniform(0, 5))
        await world.kill(poller)
    await world.start("poll")


async def _begun(world: World, count: Callable[[], int]) -> None:
    """Wait until a process has begun its work, which counts something; of five one is not waited for, and killed as it starts."""
    before = count()
    await until(lambda: count() > before, 30 if world.chance.random() < 0.8 else 1)


async def _bot_killed(world: World, times: int) -> None:
    """The bot with its poller beside it, which ends with it and is started with the next one."""
    for _ in range(times):
        bot = await world.start("serve")
        world.publish()
        await _begun(world, lambda: world.calls("getUpdates"))
        await asyncio.sleep(world.chance.uniform(0, 10))
        await world.kill(bot)
        world.end_leases()
    await world.serve()


async def _worker_killed(world: World, times: int) -> None:
    """Where it hurts most: while an alert is on its way."""
    await world.start("poll")
    for _ in range(times):
        bot, sent = await world.start("serve", "--no-poll"), world.calls("sendMessage")
        world.publish()
        with suppress(TimeoutError):
            await world.telegram.called("sendMessage", times=sent + 1, within=30)
        await asyncio.sleep(world.chance.uniform(0, 0.03))
        await world.kill(bot)
        world.end_leases()
    await world.serve("--no-poll")


async def _refused(world: World, times: int, refuse: Callable[[World, int], None]) -> None:
    """Have the server fail for each chat's next message, then for each chat's one after that, and so on."""
    await world.start("poll")
    await world.serve("--no-poll")
    for first in range(0, times, len(world.chats)):
        for number in range(min(len(world.chats), times - first)):
            refuse(world, number)
        world.publish()
        await asyncio.sleep(world.chance.uniform(0, 3))
        await until(lambda: not world.lost(), 90)


async def _errors(world: World, times: int) -> None:
    def refuse(world: World, number: int) -> None:
        code, often = world.chance.choice((500, 502, 503, 504)), world.chance.randrange(1, 4)
        world.telegram.refuse("sendMessage", world.chats[number], code=code, times=often)

    await _refused(world, times, refuse)


async def _too_many(world: World, times: int) -> None:
    def refuse(world: World, number: int) -> None:
        world.telegram.refuse("sendMessage", world.chats[number], retry_after=world.chance.randrange(1, 5))

    await _refused(world, times, refuse)


async def _unanswered(world: World, times: int) -> None:
    await _refused(world, times, lambda world, number: world.telegram.leave_unanswered("sendMessage", world.chats[number]))


async def _disk_full(world: World, times: int) -> None:
    poller, bot = await world.start("poll"), await world.serve("--no-poll")
    for _ in range(times):
        world.publish()
        await asyncio.sleep(world.chance.uniform(0, 4))
        with full(world.folder, (poller.pid, bot.pid)):
            await asyncio.sleep(world.chance.uniform(0.2, 3))
        await asyncio.sleep(world.chance.uniform(0, 1))
        poller = poller if poller.returncode is None else await world.start("poll")
        bot = bot if bot.returncode is None else await world.serve("--no-poll")


async def _garbage(world: World, times: int) -> None:
    await world.start("poll")
    await world.serve("--no-poll")
    for first in range(0, times, len(world.outlets)):
        garbled = world.outlets[: min(len(world.outlets), times - first)]
        for outlet in garbled:
            # What the feed was to tell is in it already, whatever is made of that.
            world.publish()
            outlet.garble(world.chance)
        await asyncio.gather(*(world.read_soon(outlet) for outlet in garbled))
        await asyncio.sleep(world.chance.uniform(0, 3))
        for outlet in garbled:
            outlet.mend()


FAULTS: Mapping[str, Fault] = {
    "none": Fault(rage=_peace),
    "poller killed": Fault(rage=_poller_killed, doubles=True),
    "bot killed": Fault(rage=_bot_killed, doubles=True),
    "worker killed": Fault(rage=_worker_killed, doubles=True),
    "server errors": Fault(rage=_errors, chats=10),
    "too many": Fault(rage=_too_many, chats=10),
    "no answer": Fault(rage=_unanswered, chats=20, doubles=True),
    "disk full": Fault(rage=_disk_full, sites=40, doubles=True, own_disk=True),
    "garbage": Fault(rage=_garbage, sites=20),
}


async def run(name: str, folder: Path, times: int, seed: int = SEED) -> Toll:
    """Bring a fault about so many times over a store in a folder, and return what it has cost."""
    fault, started = FAULTS[name], time.monotonic()
    with disk(folder / "store", wanted=fault.own_disk):
        async with world(folder / "store", seed, chats=fault.chats, sites=min(fault.sites, times)) as under_fire:
            await fault.rage(under_fire, times)
            await under_fire.settle(PEACE)
            lost, doubled = under_fire.lost(), under_fire.doubled()
        alerts = len(under_fire.published) * fault.chats
        for chat, url in lost:
            print(f"  chat {chat} was not told of {url}", file=sys.stderr)
        return Toll(
            name=name,
            times=times,
            articles=len(under_fire.published),
            alerts=alerts,
            lost=len(lost),
            doubled=doubled,
            allowed=times if fault.doubles else 0,
            faults=tuple(under_fire.telegram.faults_of_the_bot),
            seconds=time.monotonic() - started,
        )


@contextmanager
def disk(folder: Path, *, wanted: bool) -> Iterator[None]:
    """Make a folder; where it is wanted, and may be, a small file system of its own."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}m", "tmpfs", str(folder)]
    mounted = wanted and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=False)


@contextmanager
def full(folder: Path, processes: tuple[int, ...]) -> Iterator[None]:
    """Leave no room where the store lies: on its own file system, or else for these processes."""
    if not folder.is_mount():
        limits = {process: resource.prlimit(process, resource.RLIMIT_FSIZE) for process in processes}
        for process, (_, hard) in limits.items():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, hard))
        try:
            yield
        finally:
            for process, limit in limits.items():
                with suppress(ProcessLookupError):
                    resource.prlimit(process, resource.RLIMIT_FSIZE, limit)
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        _fill(file.fileno(), 1 << 20)
        _fill(file.fileno(), 1 << 12)
    try:
        yield
    finally:
        ballast.unlink()


def _fill(file: int, block: int) -> None:
    try:
        while os.write(file, b"\0" * block):
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def _measure(names: list[str], times: int, seed: int) -> bool:
    # Whoever is killed in the middle of a request is no fault of the server's.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    print(f"{'fault':15} {'times':>5} {'articles':>8} {'alerts':>6} {'lost':>5} {'doubled':>7} {'allowed':>7} {'seconds':>7}")
    good = True
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            toll = asyncio.run(run(name, Path(folder), times, seed))
        counts = f"{toll.times:5d} {toll.articles:8d} {toll.alerts:6d} {toll.lost:5d} {toll.doubled:7d} {toll.allowed:7d}"
        print(f"{name:15} {counts} {toll.seconds:7.0f}", flush=True)
        for fault in toll.faults[:5]:
            print(f"  {fault}")
        good = good and toll.good
    return good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="./run bench faults", description="Followed topics under fire.")
    parser.add_argument("--times", type=int, default=100, help="how often each fault comes")
    parser.add_argument("--only", help=f"some of: {', '.join(FAULTS)}")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else list(FAULTS)
    if unknown := set(wanted) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    sys.exit(0 if _measure(wanted, options.times, options.seed) else 1)
