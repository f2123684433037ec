"""What a run is given from outside: variables, and the keys of a file. Every value is read, and every fault is kept."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

#: Of the keys those whose values nobody is to see.
SECRETS = frozenset(["telegram_bot_token", "webhook_secret"])
#: Those whose values a file may hold: secrets, and an address in which a password may stand.
IN_FILES = SECRETS | {"store"}
#: A key with this ending names the file that holds the value, as docker mounts secrets.
_FILE = "_file"
#: `WHOSAYS_ALOWED_CHATS` is a slip, `WHOSAYS_PORT_8443_TCP` is what a cluster sets by itself.
_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Value:
    """A value as given, and what to call it in a message. `typed`: values have types where it comes from, so "4" is no number.

    A relative path is counted from `folder`.
    """

    raw: object
    origin: str
    typed: bool
    folder: Path


class Given:
    """The values of an environment and of a file; a variable goes before the file's key of the same name.

    `faults` and `warnings` grow as values are read; `origins` says for each key that was given where its value comes from.
    """

    def __init__(self, environment: Mapping[str, str], file: Path | None, keys: Iterable[str]) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self.origins: dict[str, str] = {}
        self._keys = {key: variable(key) for key in (*keys, *(key + _FILE for key in IN_FILES))}
        self._sources = [self._of_environment(environment), self._of_file(file) if file else {}]
        for values in self._sources:
            self._fetch_secrets(values)

    def take(self, key: str, read: Callable[[Value], T], default: T) -> T:
        """Return what `read` makes of a key's value. What it says in a ValueError is kept as a fault, the file's as well."""
        taken: list[T] = []
        for values in self._sources:
            if key in values:
                try:
                    taken.append(read(values[key]))
                except ValueError as fault:
                    self.faults.append(f"{values[key].origin} {fault}")
                else:
                    self.origins.setdefault(key, values[key].origin)
        return taken[0] if taken else default

    def _of_environment(self, environment: Mapping[str, str]) -> dict[str, Value]:
        names = {name: key for key, name in self._keys.items()}
        values = {}
        for name, text in environment.items():
            if name in names:
                if text.strip():
                    values[names[name]] = Value(text.strip(), name, typed=False, folder=Path())
            elif name.startswith("WHOSAYS_") and name != "WHOSAYS_CONFIG":
                alike = difflib.get_close_matches(name, names, 1, _ALIKE)
                if alike:
                    self.warnings.append(f"{name} is no setting and does nothing: is {alike[0]} meant?")
        return values

    def _of_file(self, path: Path) -> dict[str, Value]:
        try:
            table = tomllib.loads(path.read_text("utf-8"))
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            # Neither kind of message quotes the file: a secret may stand in it.
            reason = error.strerror if isinstance(error, OSError) else error
            self.faults.append(f"the settings file {path} cannot be read: {reason}")
            return {}
        for key in table.keys() - self._keys.keys():
            alike = difflib.get_close_matches(key, self._keys, 1)
            meant = f"is {alike[0]} meant?" if alike else "README lists those that there are"
            self.faults.append(f"{key!r} in {path} is no setting: {meant}")
        if mode & 0o077 and (any(table.get(key) for key in SECRETS) or _has_password(table.get("store"))):
            self.warnings.append(f"{path} holds a secret, and others than you may read it: chmod 600 {path}")
        folder = path.absolute().parent
        return {
            key: Value(raw, f"{key} in {path}", typed=True, folder=folder)
            for key, raw in table.items()
            if key in self._keys and raw != ""
        }

    def _fetch_secrets(self, values: dict[str, Value]) -> None:
        """Put what a file holds in place of the key that names it. Who may read that file is its mounter's business."""
        for key in IN_FILES:
            named = values.pop(key + _FILE, None)
            if named is None:
                continue
            if key in values:
                self.faults.append(f"{values[key].origin} and {named.origin} are both given: leave one out")
                continue
            try:
                path = file_path(named)
                content = path.read_text("utf-8").strip()
            except OSError as error:
                # Not by its name: it may be the secret itself, put there by mistake.
                self.faults.append(f"{named.origin} names a file that cannot be read: {error.strerror}")
            except ValueError as fault:
                # Bytes that are no text would be quoted.
                reason = "names a file that holds no text" if isinstance(fault, UnicodeDecodeError) else fault
                self.faults.append(f"{named.origin} {reason}")
            else:
                if content:
                    values[key] = Value(content, named.origin, typed=False, folder=named.folder)
                else:
                    self.faults.append(f"{named.origin} names a file that is empty")


def _has_password(address: object) -> bool:
    return isinstance(address, str) and "@" in address and ":" in address.partition("://")[2].rpartition("@")[0]


def variable(key: str) -> str:
    """Return the name of the variable of a key: WHOSAYS_STORE of "store", TELEGRAM_API_URL of "telegram_api_url"."""
    return key.upper() if key.startswith("telegram_") else f"WHOSAYS_{key.upper()}"


def text(value: Value) -> str:
    """Return a text. Raises ValueError."""
    if not isinstance(value.raw, str):
        raise ValueError(f"is {value.raw!r}, which is no text: put it between quotation marks")
    return value.raw


def file_path(value: Value) -> Path:
    """Return a path. Raises ValueError."""
    return value.folder / Path(text(value)).expanduser()
