"""The bot as a process of its own, over an engine that knows its answers beforehand: `python -m tests.e2e.fixed_bot`.

What it is told comes in the environment as for `whosays serve`; TEST_THINKS and TEST_LAST_WORDS are seconds; with TEST_NO_ALERTS
alerts are another process's to send.
"""

from __future__ import annotations

import logging
import os
import time
from contextlib import closing
from datetime import timedelta

from bot.app import build, run
from tests.e2e.fixed_engine import FixedEngine
from whosays.config import Settings
from whosays.parts import open_chats


def main() -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.INFO)
    settings = Settings.from_environment(os.environ)
    thinks = float(os.environ.get("TEST_THINKS", "0"))
    last_words = timedelta(seconds=float(os.environ.get("TEST_LAST_WORDS", "20")))
    with closing(open_chats(settings.store)) as chats:
        engine = FixedEngine(before=lambda _: time.sleep(thinks))
        run(build(settings, engine, chats, sends_alerts="TEST_NO_ALERTS" not in os.environ), last_words=last_words)


if __name__ == "__main__":
    main()
