"""The settings: read once from the environment, passed on from there. Nothing else in whosays looks at the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from whosays.errors import ConfigError

#: The encoder that the package brings along: all-MiniLM-L6-v2.
DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
TELEGRAM_API_URL = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run is told from outside.

    `store` is an address such as `sqlite:///path`; `encoder` a model's name or folder; `threads` how many threads a model may
    compute with; `workers` how many questions the bot answers at a time and `queue` how many may wait; `benchmarks` the folder of
    measuring data that `whosays eval` reads.
    """

    store: str
    encoder: str
    data_folder: Path
    cache_folder: Path
    threads: int
    telegram_bot_token: str | None = field(default=None, repr=False)
    telegram_api_url: str = TELEGRAM_API_URL
    workers: int = 2
    queue: int = 32
    benchmarks: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables that README lists. Raises ConfigError, which names every fault at once."""
        faults: list[str] = []
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        settings = cls(
            store=given.get("WHOSAYS_STORE") or default_store(),
            encoder=given.get("WHOSAYS_ENCODER", DEFAULT_ENCODER),
            data_folder=_folder(given, "WHOSAYS_DATA", faults) or data_folder(),
            cache_folder=Path(given.get("WHOSAYS_CACHE") or default_cache()).expanduser(),
            threads=_count(given, "WHOSAYS_THREADS", min(os.cpu_count() or 1, 4), faults),
            telegram_bot_token=_token(given, faults),
            telegram_api_url=_address(given, faults),
            workers=_count(given, "WHOSAYS_WORKERS", 2, faults),
            queue=_count(given, "WHOSAYS_QUEUE", 32, faults),
            benchmarks=_folder(given, "WHOSAYS_BENCHMARKS", faults),
        )
        if faults:
            raise ConfigError("; ".join(faults))
        return settings

    @property
    def demo_corpus(self) -> Path:
        """The folder of the demo articles."""
        return self.data_folder / "demo"

    @property
    def actors(self) -> Path:
        """The file of parties, their aliases and spokespeople."""
        return self.data_folder / "actors.toml"

    @property
    def figures(self) -> Path:
        """The file of the last release's figures."""
        return self.data_folder / "figures.toml"

    @property
    def tagger_folder(self) -> Path:
        """The folder of the attribution model's weights."""
        return self.data_folder / "models" / "attribution"

    @property
    def relevance_folder(self) -> Path:
        """The folder of the cross-encoder's weights."""
        return self.data_folder / "models" / "relevance"


def data_folder() -> Path:
    """Return the folder of actors, phrases, demo articles and weights: the checkout's, else the copy within the package."""
    package = Path(__file__).resolve().parent
    checkout = package.parents[1] / "data"
    return checkout if (checkout / "actors.toml").is_file() else package / "data"


def default_store() -> str:
    """Return the address of `whosays.db` in the user's data folder."""
    return sqlite_address(platformdirs.user_data_path("whosays", appauthor=False) / "whosays.db")


def default_cache() -> Path:
    """Return the user's cache folder of whosays: what lies there can be made anew."""
    return platformdirs.user_cache_path("whosays", appauthor=False)


def sqlite_address(path: Path) -> str:
    """Return `path` as an address: `sqlite:///` and the absolute path."""
    return f"sqlite:///{path.expanduser().absolute().as_posix()}"


def _folder(given: Mapping[str, str], name: str, faults: list[str]) -> Path | None:
    if name not in given:
        return None
    path = Path(given[name]).expanduser()
    if not path.is_dir():
        faults.append(f"{name} is {path}, which is no folder")
    return path


def _count(given: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= _MOST:
        faults.append(f"{name} is {text!r}, which is no whole number of 1 or more")
        return default
    return int(text)


def _token(given: Mapping[str, str], faults: list[str]) -> str | None:
    token = given.get("TELEGRAM_BOT_TOKEN")
    if token is not None and not _TOKEN.fullmatch(token):
        # The token is a password: a message that shows it, even a wrong one, ends up in a log.
        faults.append("TELEGRAM_BOT_TOKEN is not of the form that @BotFather gives (digits, a colon, letters)")
        return None
    return token


def _address(given: Mapping[str, str], faults: list[str]) -> str:
    address = given.get("TELEGRAM_API_URL", TELEGRAM_API_URL).rstrip("/")
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        sound = False
    if not sound:
        faults.append(f"TELEGRAM_API_URL is {address!r}, which is no http or https address")
    return address
