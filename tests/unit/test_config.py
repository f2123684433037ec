from __future__ import annotations

import dataclasses
import os
from datetime import timedelta
from pathlib import Path

import pytest

from whosays.config import DEFAULT_ENCODER, KEYS, TELEGRAM_API_URL, Settings, configured, data_folder, sqlite_address
from whosays.errors import ConfigError


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings.store.startswith("sqlite:////")
    assert settings.store.endswith("/whosays.db")
    assert settings.encoder == DEFAULT_ENCODER
    assert settings.data_folder == data_folder()
    assert settings.telegram_bot_token is None
    assert settings.telegram_api_url == TELEGRAM_API_URL
    assert settings.threads >= 1


def test_an_empty_variable_counts_as_unset() -> None:
    settings = Settings.from_environment({"WHOSAYS_STORE": "", "TELEGRAM_BOT_TOKEN": " ", "WHOSAYS_THREADS": ""})
    assert settings == Settings.from_environment({})


def test_every_variable_is_taken(tmp_path: Path) -> None:
    (tmp_path / "benchmarks").mkdir()
    settings = Settings.from_environment(
        {
            "WHOSAYS_STORE": "sqlite:///here.db",
            "WHOSAYS_ENCODER": "/models/other",
            "WHOSAYS_DATA": str(tmp_path),
            "WHOSAYS_CACHE": str(tmp_path / "cache"),
            "WHOSAYS_THREADS": "3",
            "WHOSAYS_WORKERS": "4",
            "WHOSAYS_QUEUE": "5",
            "WHOSAYS_BENCHMARKS": str(tmp_path / "benchmarks"),
            "TELEGRAM_BOT_TOKEN": "12345:abc-DEF_6",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "WHOSAYS_ADMINS": "7, 8",
            "WHOSAYS_ALLOWED_CHATS": "7,-1009",
            "WHOSAYS_QUOTA_PERSON": "2",
            "WHOSAYS_QUOTA_CHAT": "9",
            "WHOSAYS_ALERTS_EVERY": "60",
            "WHOSAYS_CONTACT": "https://bot.orsel.example/about",
            "WHOSAYS_FETCH_LOCAL": "1",
            "WHOSAYS_RETENTION_DAYS": "90",
            "WHOSAYS_WEBHOOK_URL": "https://bot.orsel.example/hook",
            "WHOSAYS_WEBHOOK_LISTEN": "[::1]:9000",
            "WHOSAYS_WEBHOOK_SECRET": "a-b_C",
            "WHOSAYS_METRICS_LISTEN": "127.0.0.1:9464",
            "WHOSAYS_LOG": "JSON",
            "WHOSAYS_LOG_LEVEL": "debug",
        }
    )
    assert settings == Settings(
        store="sqlite:///here.db",
        encoder="/models/other",
        encoder_given=True,
        data_folder=tmp_path,
        cache_folder=tmp_path / "cache",
        threads=3,
        workers=4,
        queue=5,
        benchmarks=tmp_path / "benchmarks",
        telegram_bot_token="12345:abc-DEF_6",
        telegram_api_url="http://127.0.0.1:8081",
        admins=frozenset([7, 8]),
        allowed_chats=frozenset([7, -1009]),
        quota_person=2,
        quota_chat=9,
        alerts_every=timedelta(minutes=1),
        contact="https://bot.orsel.example/about",
        fetch_local=True,
        retention_days=90,
        webhook_url="https://bot.orsel.example/hook",
        webhook_listen=("::1", 9000),
        webhook_secret="a-b_C",
        metrics_listen=("127.0.0.1", 9464),
        log="json",
        log_level="debug",
    )


def test_every_fault_is_named_at_once() -> None:
    faulty = {
        "WHOSAYS_DATA": "/no/such/folder",
        "WHOSAYS_THREADS": "0",
        "WHOSAYS_WORKERS": "many",
        "WHOSAYS_QUEUE": "-1",
        "TELEGRAM_BOT_TOKEN": "no token",
        "TELEGRAM_API_URL": "localhost:8081",
        "WHOSAYS_ADMINS": "ann",
        "WHOSAYS_ALLOWED_CHATS": "0",
        "WHOSAYS_QUOTA_PERSON": "0",
        "WHOSAYS_QUOTA_CHAT": "1.5",
        "WHOSAYS_ALERTS_EVERY": "0",
        "WHOSAYS_CONTACT": "ann",
        "WHOSAYS_FETCH_LOCAL": "yes",
        "WHOSAYS_RETENTION_DAYS": "0",
        "WHOSAYS_WEBHOOK_URL": "http://bot.orsel.example",
        "WHOSAYS_WEBHOOK_LISTEN": "8443",
        "WHOSAYS_WEBHOOK_SECRET": "no secret",
    }
    with pytest.raises(ConfigError) as raised:
        Settings.from_environment(faulty)
    lines = str(raised.value).splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(faulty)


@pytest.mark.parametrize("address", ["http://[::1", "http://host:port", "ftp://host", "http://", "https://host/?a=b"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_API_URL"):
        Settings.from_environment({"TELEGRAM_API_URL": address})


def test_the_token_is_never_shown() -> None:
    settings = Settings.from_environment({"TELEGRAM_BOT_TOKEN": "12345:secret"})
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)
    with pytest.raises(ConfigError) as raised:
        Settings.from_environment({"TELEGRAM_BOT_TOKEN": "12345:secret but broken"})
    assert "secret" not in str(raised.value)


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "whosays.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def faults(environment: dict[str, str], file: Path | None = None) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        configured(environment, file)
    return str(raised.value).splitlines()


def test_a_file_holds_every_setting_and_its_paths_are_counted_from_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    file = written(
        tmp_path,
        """
        store = "sqlite:///news.db"
        encoder = "/models/other"
        data = "mine"
        cache = "/cache"
        threads = 3
        workers = 4
        queue = 5
        benchmarks = "mine"
        telegram_bot_token = "12345:abc"
        telegram_api_url = "http://127.0.0.1:8081"
        admins = [7]
        allowed_chats = [7, -1009]
        quota_person = 2
        quota_chat = 9
        alerts_every = 60
        contact = "https://bot.orsel.example/about"
        fetch_local = true
        retention_days = 90
        webhook_url = "http://127.0.0.1:9000/hook"
        webhook_listen = "127.0.0.1:9000"
        webhook_secret = "abc"
        metrics_listen = "127.0.0.1:9464"
        log = "json"
        log_level = "debug"
        """,
    )
    configuration = configured({}, file)
    settings = configuration.settings
    assert configuration.origins.keys() == KEYS.keys()
    assert configuration.warnings == ()
    assert settings.store == f"sqlite:///{tmp_path}/news.db"
    assert settings.data_folder == settings.benchmarks == tmp_path / "mine"
    assert (settings.threads, settings.quota_chat, settings.webhook_listen) == (3, 9, ("127.0.0.1", 9000))
    assert (settings.admins, settings.allowed_chats) == (frozenset([7]), frozenset([7, -1009]))
    assert Settings.from_environment({"WHOSAYS_CONFIG": str(file)}) == settings


def test_a_variable_goes_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'threads = 3\nqueue = 7\nencoder = ""')
    configuration = configured({"WHOSAYS_THREADS": "2"}, file)
    assert (configuration.settings.threads, configuration.settings.queue) == (2, 7)
    assert configuration.settings.encoder == DEFAULT_ENCODER
    assert configuration.origins == {"threads": "WHOSAYS_THREADS", "queue": f"queue in {file}"}


def test_the_file_named_goes_before_the_variable_and_that_before_the_users_own(tmp_path: Path) -> None:
    files = []
    for i in (1, 2, 3):
        (tmp_path / str(i)).mkdir()
        files.append(written(tmp_path / str(i), f"threads = {i}"))
    named, variable, own = files
    assert configured({"WHOSAYS_CONFIG": str(variable)}, named, own).settings.threads == 1
    assert configured({"WHOSAYS_CONFIG": str(variable)}, None, own).settings.threads == 2
    assert configured({}, None, own).settings.threads == 3
    assert configured({}, None, tmp_path / "none.toml").file is None


@pytest.mark.parametrize(
    ("name", "value"), [("WHOSAYS_LOG", "xml"), ("WHOSAYS_LOG_LEVEL", "loud"), ("WHOSAYS_METRICS_LISTEN", "9464")]
)
def test_a_log_or_a_port_of_no_known_kind_is_a_fault(name: str, value: str) -> None:
    assert [line.split()[0] for line in faults({name: value})] == [name]


def test_every_fault_of_the_file_and_of_the_environment_is_named_at_once_with_where_it_is(tmp_path: Path) -> None:
    file = written(
        tmp_path, 'thread = 3\nqueue = "7"\nworkers = true\nadmins = [-5]\nstore = 1\nquota_chat = 0\nwebhook_listen = "x:0"'
    )
    found = faults({"WHOSAYS_QUOTA_CHAT": "3", "WHOSAYS_STORE": "mysql://host/x"}, file)
    assert f"'thread' in {file} is no setting: is threads meant?" in found
    for key in ("queue", "workers", "admins", "store", "quota_chat", "webhook_listen"):
        assert any(line.startswith(f"{key} in {file} ") for line in found)
    assert any(line.startswith("WHOSAYS_STORE is of no known kind") for line in found)
    assert len(found) == 8


@pytest.mark.parametrize("content", ["threads = ", "threads = 1\nthreads = 2", None])
def test_a_file_that_cannot_be_read_is_a_fault_beside_the_others(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "none.toml" if content is None else written(tmp_path, content)
    found = faults({"WHOSAYS_THREADS": "0"}, file)
    assert [str(file) in line or "WHOSAYS_THREADS" in line for line in found] == [True, True]


def test_a_secret_in_a_file_that_others_may_read_is_warned_of(tmp_path: Path) -> None:
    file = written(tmp_path, 'telegram_bot_token = "1:secret"', 0o640)
    (warning,) = configured({}, file).warnings
    assert f"chmod 600 {file}" in warning
    assert configured({}, written(tmp_path, "threads = 1", 0o644)).warnings == ()


def test_a_secret_is_never_shown_wherever_it_comes_from(tmp_path: Path) -> None:
    held = tmp_path / "token"
    held.write_text("s3cret token", "utf-8")
    file = written(tmp_path, 'telegram_bot_token = "s3cret"\nwebhook_secret = "s3cret !"\nthreads = "x"', 0o644)
    found = faults({"TELEGRAM_BOT_TOKEN_FILE": str(held), "WHOSAYS_WEBHOOK_SECRET": "s3cret ?"}, file)
    assert len(found) == 5
    assert "s3cret" not in "".join(found)
    held.write_bytes(b"\xffs3cret")
    assert "s3cret" not in "".join(faults({"TELEGRAM_BOT_TOKEN_FILE": str(held)}, file))
    assert "s3cret" not in "".join(faults({}, written(tmp_path, "telegram_bot_token = s3cret")))
    # The secret itself, where the name of its file should be.
    misplaced = written(tmp_path, 'webhook_secret_file = "s3cret"')
    found = faults({"TELEGRAM_BOT_TOKEN_FILE": "1:s3cret"}, misplaced)
    assert ["cannot be read" in fault for fault in found] == [True, True]
    assert "s3cret" not in "".join(found)
    settings = configured({"WHOSAYS_WEBHOOK_SECRET": "s3cret"}).settings
    assert "s3cret" not in repr(settings)


def test_the_token_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    held = tmp_path / "token"
    held.write_text("12345:abc\n", "utf-8")
    assert Settings.from_environment({"TELEGRAM_BOT_TOKEN_FILE": str(held)}).telegram_bot_token == "12345:abc"
    file = written(tmp_path, 'telegram_bot_token_file = "token"')
    assert configured({}, file).settings.telegram_bot_token == "12345:abc"
    assert configured({"TELEGRAM_BOT_TOKEN": "6:x"}, file).settings.telegram_bot_token == "6:x"
    assert "leave one out" in faults({"TELEGRAM_BOT_TOKEN": "6:x", "TELEGRAM_BOT_TOKEN_FILE": str(held)})[0]
    assert "cannot be read" in faults({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "none")})[0]
    assert "is empty" in faults({"TELEGRAM_BOT_TOKEN_FILE": os.devnull})[0]


def test_the_stores_address_may_stand_in_a_file_of_its_own_and_is_a_secret_where_it_has_a_password(tmp_path: Path) -> None:
    held = tmp_path / "store"
    held.write_text("postgresql://whosays:s3cret@db/whosays\n", "utf-8")
    configuration = configured({"WHOSAYS_STORE_FILE": str(held)})
    assert configuration.settings.store == "postgresql://whosays:s3cret@db/whosays"
    assert configuration.origins["store"] == "WHOSAYS_STORE_FILE"
    assert "s3cret" not in repr(configuration.settings)
    assert "leave one out" in faults({"WHOSAYS_STORE": "sqlite:///x.db", "WHOSAYS_STORE_FILE": str(held)})[0]
    for address, warned in (("postgresql://u:s3cret@db/x", True), ("postgresql://u@db/x", False), ("sqlite:///a@b.db", False)):
        assert bool(configured({}, written(tmp_path, f'store = "{address}"', 0o640)).warnings) is warned
    held.write_text("mysql://u:s3cret@db/x", "utf-8")
    assert "s3cret" not in "".join(faults({"WHOSAYS_STORE_FILE": str(held)}))


def test_a_variable_that_is_nearly_a_settings_name_is_warned_of() -> None:
    (warning,) = configured({"WHOSAYS_ALOWED_CHATS": "1", "WHOSAYS_SERVICE_HOST": "h", "WHOSAYS_PORT_80_TCP": "x"}).warnings
    assert "is WHOSAYS_ALLOWED_CHATS meant?" in warning


@pytest.mark.parametrize("url", ["https://bot.orsel.example/a", "http://127.0.0.1:1/a", "http://localhost:1", "http://[::1]:1/"])
def test_a_webhook_may_be_https_or_on_this_machine(url: str) -> None:
    assert Settings.from_environment({"WHOSAYS_WEBHOOK_URL": url}).webhook_url == url


@pytest.mark.parametrize("listen", ["8443", "h:0", "h:65536", "h:x", ":1", "http://h:1", "u@h:1", "h:1/a", "::1:9000"])
def test_a_place_to_listen_at_that_is_none_is_refused(listen: str) -> None:
    assert "HOST:PORT" in faults({"WHOSAYS_WEBHOOK_LISTEN": listen})[0]


def test_nobody_is_another_allow_list_than_none() -> None:
    assert Settings.from_environment({}).allowed_chats is None
    assert Settings.from_environment({"WHOSAYS_ALLOWED_CHATS": " "}).allowed_chats is None


def test_an_address_of_a_relative_path_is_absolute() -> None:
    assert sqlite_address(Path("x.db")) == f"sqlite:///{Path.cwd() / 'x.db'}"


def test_settings_cannot_be_changed() -> None:
    settings = Settings.from_environment({})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.store = "other"  # type: ignore[misc]
