"""How long tests wait: for what is to happen so long that no machine is too slow or too busy, for it ends the wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

#: Seconds. A test that waits so long has failed.
PATIENCE = 120.0


async def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def wait_until(condition: Callable[[], Any]) -> None:
    """Wait until something is so, in a thread. Raises TimeoutError."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(0.01)
