"""`whosays settings`: what is in force, and where it comes from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from whosays.cli.exits import Exit
from whosays.cli.output import print_json, print_line
from whosays.config import KEYS, Configuration
from whosays.given import SECRETS
from whosays.parts import is_shared

#: A password may stand in them.
_ADDRESSES = frozenset({"webhook_url", "telegram_api_url"})


def show(configuration: Configuration, *, json: bool) -> Exit:
    """Print each setting with its value and origin; of a secret only whether it is set."""
    shown = {key: _shown(configuration, key) for key in KEYS}
    origins = {key: configuration.origins.get(key, "default") for key in KEYS}
    if json:
        rows = {key: {"value": shown[key], "from": origins[key]} for key in KEYS}
        print_json({"file": str(configuration.file) if configuration.file else None, "settings": rows})
        return Exit.DONE
    print_line(f"settings file: {configuration.file or 'none'}")
    widest = max(map(len, KEYS))
    for key, value in shown.items():
        words = ", ".join(map(str, value)) or "none" if isinstance(value, list) else value
        print_line(f"{key:{widest}}  {'not set' if words is None else words}  ({origins[key]})")
    return Exit.DONE


def _shown(configuration: Configuration, key: str) -> str | int | list[int] | None:
    value = getattr(configuration.settings, KEYS[key])
    if value is None:
        return None
    if key in SECRETS:
        return "set"
    if key in _ADDRESSES or (key == "store" and is_shared(value)):
        return _without_secrets(value, path=key != "webhook_url")
    match value:
        case timedelta():
            return round(value.total_seconds())
        case frozenset():
            return sorted(value)
        case (host, port):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case Path():
            return str(value)
        case bool():
            return int(value)
        case int() | str():
            return value
    raise TypeError(f"{key} is {type(value).__name__}")


def _without_secrets(address: str, *, path: bool) -> str:
    """Return an address without the user who logs in there; a `path` may be a secret as well: whoever knows it may post there.

    A password may hold what ends a host elsewhere (/, ? and #), so the user is what stands before the last @ of all.
    """
    scheme, mark, rest = address.partition("://")
    parts = urlsplit(scheme + mark + rest.rpartition("@")[2])
    hidden = parts.path if path else "/…" if parts.path.strip("/") else parts.path
    return f"{scheme}{mark}{parts.netloc}{hidden}{'?…' if parts.query else ''}"
