"""What is said of an address that is no store's: with what to write instead, and never with a password."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from whosays.errors import ConfigError, StoreError
from whosays.parts import is_there, open_chats


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sqlite://",
        "sqlite://news.db",
        "sqlite:news.db",
        "news.db",
        "/srv/news.db",
        "mysql://u:secret@h/x",
        "postgresql:/u:secret@h/x",
        "postgresql+psycopg://u:secret@h/x",
        "u:secret@h/x",
    ],
)
def test_an_address_of_no_known_kind_is_not_shown_but_what_to_write_is(address: str) -> None:
    for use in (open_chats, is_there):
        with pytest.raises(
            ConfigError, match=r"it is sqlite:///PATH .*fourth slash.* or postgresql://USER:PASSWORD@HOST"
        ) as raised:
            use(address)
        assert "secret" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("address", ["sqlite:///", "sqlite:////", "sqlite:///.", "sqlite:///./", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_told_what_it_lacks(address: str) -> None:
    with pytest.raises(ConfigError, match=r"names no file: it is sqlite:///PATH, such as sqlite:///news\.db"):
        open_chats(address)


def test_a_folder_is_no_store_but_a_file_in_it_may_be(tmp_path: Path) -> None:
    for address in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/", f"sqlite:///{tmp_path}/.."):
        with pytest.raises(ConfigError, match=r"is a folder: name a file in it, such as sqlite:////.*/whosays\.db"):
            open_chats(address)
    assert not list(tmp_path.iterdir())


def test_a_file_where_a_folder_must_be_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("none")
    for below in ("text/news.db", "text/deep/news.db"):
        with pytest.raises(StoreError, match="a file stands where its folder should"):
            open_chats(f"sqlite:///{tmp_path}/{below}")


def test_the_users_folder_may_be_written_as_in_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not is_there("sqlite:///~/news.db")
    open_chats("sqlite:///~/news.db").close()
    assert (tmp_path / "news.db").is_file()
    assert is_there("sqlite:///~/news.db")
