"""Requests to Telegram, each counted by its method and by what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from whosays.observe.metrics import BotMetrics
from whosays.observe.trace import Stage, stage

#: What a question's answer waits for; "typing" is shown beside it.
_ANSWERS = frozenset({"sendMessage", "sendPhoto", "editMessageText", "editMessageMedia", "answerInlineQuery"})
_RESULTS = {401: "unauthorised", 403: "blocked", 409: "conflict", 429: "limited"}


class CountedRequest(HTTPXRequest):
    """python-telegram-bot's own way to Telegram, counted. No step of a request may take longer than `timeout`."""

    def __init__(self, metrics: BotMetrics, timeout: timedelta, connections: int) -> None:
        seconds = timeout.total_seconds()
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=seconds,
            read_timeout=seconds,
            write_timeout=seconds,
            pool_timeout=seconds,
        )
        self._calls = metrics.telegram_calls

    async def do_request(self, url: str, method: str, *others: Any, **more: Any) -> tuple[int, bytes]:
        """Do a request and return its status and body. Raises TelegramError where there is none."""
        # The token stands before it, what is asked behind it.
        asked = url.partition("?")[0].rpartition("/")[2]
        try:
            if asked in _ANSWERS:
                with stage(Stage.SEND):
                    status, body = await super().do_request(url, method, *others, **more)
            else:
                status, body = await super().do_request(url, method, *others, **more)
        except TimedOut:
            self._calls.labels(asked, "timed out").inc()
            raise
        except NetworkError:
            self._calls.labels(asked, "unreachable").inc()
            raise
        self._calls.labels(asked, _result(status)).inc()
        return status, body


def _result(status: int) -> str:
    if status in _RESULTS:
        return _RESULTS[status]
    return "ok" if status < 300 else "refused" if status < 500 else "failed"
