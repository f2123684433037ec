from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from whosays.config import DEFAULT_ENCODER, TELEGRAM_API_URL, Settings, data_folder, sqlite_address
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
        }
    )
    assert settings == Settings(
        store="sqlite:///here.db",
        encoder="/models/other",
        data_folder=tmp_path,
        cache_folder=tmp_path / "cache",
        threads=3,
        workers=4,
        queue=5,
        benchmarks=tmp_path / "benchmarks",
        telegram_bot_token="12345:abc-DEF_6",
        telegram_api_url="http://127.0.0.1:8081",
    )


def test_every_fault_is_named_at_once() -> None:
    faulty = {
        "WHOSAYS_DATA": "/no/such/folder",
        "WHOSAYS_THREADS": "0",
        "WHOSAYS_WORKERS": "many",
        "WHOSAYS_QUEUE": "-1",
        "TELEGRAM_BOT_TOKEN": "no token",
        "TELEGRAM_API_URL": "localhost:8081",
    }
    with pytest.raises(ConfigError) as raised:
        Settings.from_environment(faulty)
    assert all(name in str(raised.value) for name in faulty)


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


def test_an_address_of_a_relative_path_is_absolute() -> None:
    assert sqlite_address(Path("x.db")) == f"sqlite:///{Path.cwd() / 'x.db'}"


def test_settings_cannot_be_changed() -> None:
    settings = Settings.from_environment({})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.store = "other"  # type: ignore[misc]
