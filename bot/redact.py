"""Keeps the bot's token out of the logs: it stands in every address that is asked of Telegram."""

from __future__ import annotations

import logging


class WithoutToken(logging.Filter):
    """A filter for handlers: takes the token out of a record's message and traceback."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place and let it through."""
        if record.exc_info:
            record.exc_text = self._redacted(record.exc_text or self._formatter.formatException(record.exc_info))
        record.msg, record.args = self._redacted(record.getMessage()), None
        return True

    def _redacted(self, text: str) -> str:
        return text.replace(self._token, "<token>")


def keep_from_logs(token: str) -> None:
    """Redact what the root logger's handlers write, and have httpx not log the addresses that it asks for."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutToken(token))
