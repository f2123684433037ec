"""Keeps the bot's secrets and people's numbers out of the logs: its token stands in every address that is asked of Telegram."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Mapping

from whosays.observe.logs import TextLines

#: The number of a private chat is that of the person; those of groups, which operators need, are negative.
_PERSON = re.compile(r"\b(?<=chat )\d+\b")


class WithoutSecrets(logging.Filter):
    """A filter for handlers: takes secrets, given by their names, out of a record's message and traceback."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._secrets = dict(secrets)
        self._formatter = TextLines()

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


class WithoutPeople(logging.Filter):
    """A filter for handlers: puts a mark in place of the number of a private chat, which is that of a person.

    The same chat has the same mark in all lines, after a restart and in all replicas too; to tell whose it is takes the key.
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key.encode()

    def filter(self, record: logging.LogRecord) -> bool:
        """Put marks into the record's message and traceback and let it through."""
        record.msg, record.args = _PERSON.sub(self._mark, record.getMessage()), None
        if record.exc_text:
            record.exc_text = _PERSON.sub(self._mark, record.exc_text)
        return True

    def _mark(self, found: re.Match[str]) -> str:
        return "~" + hmac.digest(self._key, found[0].encode(), hashlib.sha256).hex()[:10]


def keep_from_logs(secrets: Mapping[str, str], key: str) -> None:
    """Redact what the root logger's handlers write: secrets, by their names, and people's numbers, marked by a key."""
    for handler in logging.getLogger().handlers:
        # What only counts records has to see them as they are.
        if isinstance(handler, logging.StreamHandler):
            handler.addFilter(WithoutSecrets(secrets))
            handler.addFilter(WithoutPeople(key))
