"""Several readers over one store: each asks hosts that no other one asks, and says again and again that it does.

So every host is asked by one of them at a time, with the pauses that it wishes for, and no page is read, nor its article
embedded, by two. What a reader has that is killed comes free after a minute.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from whosays.errors import StoreError
from whosays.feeds import Feeds

_log = logging.getLogger(__name__)

#: How long a host is a reader's that was not heard of since, and how often it makes itself heard.
LEASE, HEARTBEAT = timedelta(minutes=1), timedelta(seconds=15)
#: Hosts that one reader has at a time, and that it takes at once: the others are to have some as well.
MOST, AT_ONCE = 16, 4


class Sharing:
    """The part of one reader. The clocks of all (`now`) should agree to some seconds."""

    def __init__(self, feeds: Feeds, now: Callable[[], datetime]) -> None:
        self._feeds = feeds
        self._now = now
        self._name = secrets.token_hex(6)
        self._own: set[str] = set()

    def take(self, hosts: Sequence[str]) -> Sequence[str]:
        """Take some of these hosts that no other reader has. Call it in a thread. Raises StoreError.

        What is due there is to be looked up after that.
        """
        room, now = min(AT_ONCE, MOST - len(self._own)), self._now()
        taken = self._feeds.take_hosts(hosts, self._name, now, now + LEASE, room) if hosts and room > 0 else []
        self._own |= set(taken)
        return taken

    def leave(self, host: str, rest: timedelta) -> None:
        """Leave a host to the others, once it has had its rest. Call it in a thread."""
        self._own.discard(host)
        try:
            self._feeds.leave_host(host, self._name, self._now() + rest)
        except StoreError as error:
            _log.warning("%s is another reader's only after a while: %s", host, error)

    async def hold(self) -> None:
        """Hold on to the hosts that are this reader's, until cancelled."""
        while True:
            await asyncio.sleep(HEARTBEAT.total_seconds())
            if own := frozenset(self._own):
                try:
                    await asyncio.to_thread(self._feeds.hold_hosts, own, self._name, self._now() + LEASE)
                except StoreError as error:
                    _log.warning("hosts that are asked may be asked by another reader as well: %s", error)
