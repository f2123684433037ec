"""The kinds of settings: a value as given → the value meant, or a ValueError whose message goes on from the setting's name."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from whosays.given import Value, file_path, text

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
#: `secret_token` of https://core.telegram.org/bots/api#setwebhook
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MOST = 1_000_000
#: Telegram's ids "have at most 52 significant bits": https://core.telegram.org/bots/api#chat
_MOST_ID = 1 << 52
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")
#: What is said of another address, which is not shown: whatever it is, a password may stand in it.
NO_KIND = (
    "is of no known kind: it is sqlite:///PATH (with a fourth slash where the path begins at the root)"
    " or postgresql://USER:PASSWORD@HOST/DATABASE"
)


def store(value: Value) -> str:
    """Return the address of a store."""
    address = text(value)
    if address.startswith(_POSTGRES):
        return address
    if not address.startswith(_SQLITE) or address == _SQLITE:
        raise ValueError(NO_KIND)
    if not value.typed:
        return address
    path = value.folder / Path(address.removeprefix(_SQLITE)).expanduser()
    return _SQLITE + path.as_posix()


def folder(value: Value) -> Path:
    """Return the path of a folder that is there."""
    path = file_path(value)
    if not path.is_dir():
        raise ValueError(f"is {path}, which is no folder")
    return path


def count(value: Value) -> int:
    """Return a whole number from 1 to a million."""
    raw = value.raw
    if not value.typed and re.fullmatch(r"[0-9]{1,7}", str(raw)):
        raw = int(str(raw))
    if type(raw) is not int or not 1 <= raw <= _MOST:
        raise ValueError(f"is {raw!r}, which is no whole number from 1 to {_MOST:,}")
    return raw


def flag(value: Value) -> bool:
    """Return yes or no: 1 or 0, in a file true or false."""
    raw = value.raw
    if not value.typed and raw in ("0", "1"):
        raw = raw == "1"
    if not isinstance(raw, bool):
        raise ValueError(f"is {raw!r}, which is neither {'true nor false' if value.typed else '1 nor 0'}")
    return raw


def seconds(value: Value) -> timedelta:
    """Return whole seconds, at least one."""
    return timedelta(seconds=count(value))


def chats(value: Value) -> frozenset[int]:
    """Return Telegram's ids of people and groups; those of groups are negative."""
    raw = value.raw
    if not value.typed and re.fullmatch(r"-?[0-9]{1,16}([,\s]+-?[0-9]{1,16})*,?", str(raw)):
        raw = [int(id) for id in re.findall(r"-?[0-9]+", str(raw))]
    wanted = "[123, -100456]" if value.typed else "123,-100456"
    if not isinstance(raw, list) or not all(type(id) is int and 0 < abs(id) < _MOST_ID for id in raw):
        raise ValueError(f"is {raw!r}, which is no list of Telegram ids such as {wanted}")
    return frozenset(raw)


def people(value: Value) -> frozenset[int]:
    """Return Telegram's ids of people."""
    ids = chats(value)
    groups = sorted(id for id in ids if id < 0)
    if groups:
        raise ValueError(f"names {groups[0]}, which is a group's id: people have positive ones")
    return ids


def token(value: Value) -> str:
    """Return a bot's token. It is a password: a message that shows it, even a wrong one, ends up in a log."""
    if not isinstance(value.raw, str) or not _TOKEN.fullmatch(value.raw):
        raise ValueError("is not of the form that @BotFather gives (digits, a colon, letters)")
    return value.raw


def secret(value: Value) -> str:
    """Return the secret by which Telegram proves that a call is its own."""
    if not isinstance(value.raw, str) or not _SECRET.fullmatch(value.raw):
        raise ValueError("is not 1 to 256 characters of A-Z, a-z, 0-9, _ and - (`openssl rand -hex 32` makes one)")
    return value.raw


def address(value: Value) -> str:
    """Return an http or https address, without a "/" at its end."""
    url = text(value).rstrip("/")
    parts = _parts(url)
    if parts is None or parts.query:
        raise ValueError(f"is {url!r}, which is no http or https address")
    return url


def public_address(value: Value) -> str:
    """Return an https address, as Telegram wants it for webhooks; on this very machine plain http will do, for trials."""
    url = text(value)
    parts = _parts(url)
    if parts is None or not (parts.scheme == "https" or _is_loopback(parts.hostname)):
        raise ValueError(f"is {url!r}, which is no https address: Telegram calls no other")
    return url


def listen(value: Value) -> tuple[str, int]:
    """Return the host and port of "127.0.0.1:8443" or "[::1]:8443"."""
    written = text(value)
    try:
        parts = urlsplit(f"//{written}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.netloc != written or "@" in written:
        raise ValueError(f"is {written!r}, which is not of the form HOST:PORT, such as 127.0.0.1:8443")
    return host, port


def log_form(value: Value) -> str:
    """Return how log lines are written."""
    return _one_of(value, "text", "json")


def log_level(value: Value) -> str:
    """Return the level from which log lines are written."""
    return _one_of(value, "debug", "info", "warning", "error")


def _one_of(value: Value, *choices: str) -> str:
    given = text(value).lower()
    if given not in choices:
        raise ValueError(f"is {given!r}, which is none of {', '.join(choices)}")
    return given


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    sound = parts.scheme in {"http", "https"} and parts.hostname and not parts.fragment
    return parts if sound else None


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
