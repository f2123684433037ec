"""The settings: read once from the environment and a file, passed on from there. Nothing else in whosays looks at either."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import platformdirs

from whosays import kinds
from whosays.errors import ConfigError
from whosays.given import Given, file_path, text

#: The encoder that the package brings along: all-MiniLM-L6-v2.
DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
TELEGRAM_API_URL = "https://api.telegram.org"

#: The keys of a settings file, as README lists them, each with the attribute of `Settings` that it sets.
KEYS = {
    "store": "store",
    "encoder": "encoder",
    "data": "data_folder",
    "cache": "cache_folder",
    "threads": "threads",
    "benchmarks": "benchmarks",
    "telegram_bot_token": "telegram_bot_token",
    "telegram_api_url": "telegram_api_url",
    "workers": "workers",
    "queue": "queue",
    "admins": "admins",
    "allowed_chats": "allowed_chats",
    "quota_person": "quota_person",
    "quota_chat": "quota_chat",
    "alerts_every": "alerts_every",
    "contact": "contact",
    "fetch_local": "fetch_local",
    "retention_days": "retention_days",
    "webhook_url": "webhook_url",
    "webhook_listen": "webhook_listen",
    "webhook_secret": "webhook_secret",
    "metrics_listen": "metrics_listen",
    "log": "log",
    "log_level": "log_level",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run is told from outside.

    `store` is an address such as `sqlite:///path`; `encoder` a model's name or folder, which a new store is of, and any store
    must be of where it was named (`encoder_given`); `threads` how many threads a model may compute with; `workers` how many
    questions the bot answers at a time and `queue` how many may wait; `benchmarks` the folder of measuring data that
    `whosays eval` reads.

    `admins` are Telegram's ids of the operators, `allowed_chats` those of the people and groups that are answered (None: all);
    `quota_person` and `quota_chat` how many questions one may ask in a minute; `alerts_every` how often it is looked whether
    an answer that somebody wished to hear of has changed. `contact` is the address at which the owners of sites that are read
    find out about the bot; `fetch_local` lets links lead to this machine and its network, too (for tests and intranets).
    Articles that were published more than `retention_days` ago are let go by whoever polls; None keeps them. With a
    `webhook_url` Telegram calls the bot there, and a proxy passes it on to the host and port `webhook_listen`. At the host and
    port `metrics_listen` a process that serves or polls says how it is (None: nowhere). `log` is "text" or "json", `log_level`
    from which level on log lines are written ("debug", "info", "warning", "error").
    """

    store: str = field(repr=False)
    encoder: str
    data_folder: Path
    cache_folder: Path
    threads: int
    telegram_bot_token: str | None = field(default=None, repr=False)
    telegram_api_url: str = TELEGRAM_API_URL
    workers: int = 2
    queue: int = 32
    benchmarks: Path | None = None
    admins: frozenset[int] = frozenset()
    allowed_chats: frozenset[int] | None = None
    quota_person: int = 8
    quota_chat: int = 20
    alerts_every: timedelta = timedelta(minutes=5)
    contact: str | None = None
    fetch_local: bool = False
    retention_days: int | None = None
    webhook_url: str | None = None
    webhook_listen: tuple[str, int] = ("127.0.0.1", 8443)
    webhook_secret: str | None = field(default=None, repr=False)
    metrics_listen: tuple[str, int] | None = None
    encoder_given: bool = False
    log: str = "text"
    log_level: str = "info"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables that README lists, and the file that WHOSAYS_CONFIG names. Raises ConfigError with every fault."""
        return configured(environment).settings

    def serves(self, *ids: int) -> bool:
        """Say whether somebody is answered: one of these ids (his, the chat's) is allowed, or an operator's."""
        return self.allowed_chats is None or bool((self.allowed_chats | self.admins) & set(ids))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings in force. `origins` says where the value of each key that was given comes from; the others are defaults."""

    settings: Settings
    file: Path | None
    origins: Mapping[str, str]
    warnings: tuple[str, ...]


def configured(environment: Mapping[str, str], file: Path | None = None, fallback: Path | None = None) -> Configuration:
    """Read the environment and a file: `file`, else what WHOSAYS_CONFIG names, else `fallback`, if it is there.

    Raises ConfigError, which names every fault of both at once, each with where it is.
    """
    named = environment.get("WHOSAYS_CONFIG", "").strip()
    if file is None and named:
        file = Path(named).expanduser()
    elif file is None and fallback is not None and fallback.is_file():
        file = fallback
    given = Given(environment, file, KEYS)
    usual = Settings(
        store=default_store(),
        encoder=DEFAULT_ENCODER,
        data_folder=data_folder(),
        cache_folder=default_cache(),
        threads=min(os.cpu_count() or 1, 4),
    )
    settings = Settings(
        store=given.take("store", kinds.store, usual.store),
        encoder=given.take("encoder", text, usual.encoder),
        encoder_given="encoder" in given.origins,
        data_folder=given.take("data", kinds.folder, usual.data_folder),
        cache_folder=given.take("cache", file_path, usual.cache_folder),
        threads=given.take("threads", kinds.count, usual.threads),
        telegram_bot_token=given.take("telegram_bot_token", kinds.token, usual.telegram_bot_token),
        telegram_api_url=given.take("telegram_api_url", kinds.address, usual.telegram_api_url),
        workers=given.take("workers", kinds.count, usual.workers),
        queue=given.take("queue", kinds.count, usual.queue),
        benchmarks=given.take("benchmarks", kinds.folder, usual.benchmarks),
        admins=given.take("admins", kinds.people, usual.admins),
        allowed_chats=given.take("allowed_chats", kinds.chats, usual.allowed_chats),
        quota_person=given.take("quota_person", kinds.count, usual.quota_person),
        quota_chat=given.take("quota_chat", kinds.count, usual.quota_chat),
        alerts_every=given.take("alerts_every", kinds.seconds, usual.alerts_every),
        contact=given.take("contact", kinds.address, usual.contact),
        fetch_local=given.take("fetch_local", kinds.flag, usual.fetch_local),
        retention_days=given.take("retention_days", kinds.count, usual.retention_days),
        webhook_url=given.take("webhook_url", kinds.public_address, usual.webhook_url),
        webhook_listen=given.take("webhook_listen", kinds.listen, usual.webhook_listen),
        webhook_secret=given.take("webhook_secret", kinds.secret, usual.webhook_secret),
        metrics_listen=given.take("metrics_listen", kinds.listen, usual.metrics_listen),
        log=given.take("log", kinds.log_form, usual.log),
        log_level=given.take("log_level", kinds.log_level, usual.log_level),
    )
    if given.faults:
        raise ConfigError("\n".join(given.faults))
    return Configuration(settings=settings, file=file, origins=given.origins, warnings=tuple(given.warnings))


def default_file() -> Path:
    """Return the settings file in the user's folder of settings, which need not be there."""
    return platformdirs.user_config_path("whosays", appauthor=False) / "whosays.toml"


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
