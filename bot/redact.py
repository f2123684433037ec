"""Keeps the bot's secrets out of the logs: its token stands in every address that is asked of Telegram."""

from __future__ import annotations

import logging
from collections.abc import Mapping


class WithoutSecrets(logging.Filter):
    """A filter for handlers: takes secrets, given by their names, out of a record's message and traceback."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._secrets = dict(secrets)
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place and let it through."""
        if record.exc_info:
            record.exc_text = self._redacted(record.exc_text or self._formatter.formatException(record.exc_info))
        record.msg, record.args = self._redacted(record.getMessage()), None
        return True

    def _redacted(self, text: str) -> str:
        for name, secret in self._secrets.items():
            text = text.replace(secret, f"<{name}>")
        return text


def keep_from_logs(secrets: Mapping[str, str]) -> None:
    """Redact what the root logger's handlers write, and have httpx not log the addresses that it asks for."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutSecrets(secrets))
