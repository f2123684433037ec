"""Help, and faults of usage, settings and environment: one line, exit code 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import QUESTION, ROOT, Whosays
from whosays.cli.arguments import parser


def test_every_command_has_help(whosays: Whosays) -> None:
    assert "examples:" in whosays("--help").out
    (commands,) = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]
    documented = "ingest claims explain search ask summary sides timeline sources eval serve chat train models"
    operators = "settings feedback correct feeds poll remove migrate reindex"
    assert set(commands) == {*documented.split(), *operators.split()}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`./run {command}" in readme for command in commands if command != "models")
    for command in commands:
        ran = whosays(command, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"whosays {command}" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["ask"],
        ["ask", "one?", "--questions", "file"],
        ["ask", " "],
        ["ask", "--questions", "/no/such/file"],
        ["ask", "--store", "mysql://host/x", "who?"],
        ["ask", "--store", "sqlite:///", "who?"],
        ["ask", "--store", "sqlite:////dev/null/x.db", "who?"],
        ["search"],
        ["search", "--limit", "0", "x"],
        ["search", "--queries", "/no/such/file"],
        ["ingest"],
        ["ingest", "x.txt", "--map", "text"],
        ["ingest", "x.txt", "--map", "words=text"],
        ["ingest", "x.txt", "--published", "yesterday"],
        ["claims", "x.txt", "--keep", "1.5"],
        ["claims", "x.txt", "--keep", "nan"],
        ["serve"],
    ],
    ids=" ".join,
)
def test_a_fault_of_usage_or_environment_is_exit_code_2_in_one_line(whosays: Whosays, arguments: list[str]) -> None:
    ran = whosays(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("whosays")


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "text": 5}', '{"id": 1, "text": " "}'])
def test_a_broken_line_of_queries_is_named(whosays: Whosays, tmp_path: Path, line: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": 1, "text": "a"}\n' + line + "\n", "utf-8")
    ran = whosays("search", "--queries", file)
    assert (ran.code, ran.out) == (2, "")
    assert "line 2" in ran.err


def test_a_wrong_setting_is_named(whosays: Whosays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSAYS_THREADS", "none")
    ran = whosays("sources")
    assert ran.code == 2
    assert "WHOSAYS_THREADS" in ran.err


def test_the_settings_in_force_are_shown_with_where_they_come_from_and_no_secret(
    whosays: Whosays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.toml"
    file.write_text('queue = 7\ntelegram_bot_token = "1:s3cret"\nwebhook_listen = "[::1]:9000"', "utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("WHOSAYS_ADMINS", "8,7")
    for arguments in (["settings", "--config", file], ["--config", file, "settings"]):
        ran = whosays(*arguments)
        assert (ran.code, ran.err) == (0, "")
        assert re.search(r"(?m)^admins +7, 8  \(WHOSAYS_ADMINS\)$", ran.out)
        assert re.search(rf"(?m)^telegram_bot_token +set  \(telegram_bot_token in {file}\)$", ran.out)
        assert re.search(r"(?m)^webhook_secret +not set  \(default\)$", ran.out)
        assert "s3cret" not in ran.out
    (row,) = whosays("settings", "--config", file, "--json").rows
    assert row["file"] == str(file)
    assert row["settings"]["queue"] == {"value": 7, "from": f"queue in {file}"}
    assert row["settings"]["webhook_listen"]["value"] == "[::1]:9000"


@pytest.mark.parametrize(
    ("key", "given", "shown"),
    [
        ("webhook_url", "https://tolk:hush@bot.example:8443/s3cret/way?k=hush", "https://bot.example:8443/…?…"),
        ("webhook_url", "https://bot.example/", "https://bot.example/"),
        ("webhook_url", "https://bot.example", "https://bot.example"),
        ("telegram_api_url", "http://tolk:hush@api.example:8081/own", "http://api.example:8081/own"),
        ("store", "postgresql://tolk:a#hush@db.example/news", "postgresql://db.example/news"),
        ("store", "postgresql://tolk:a/hush@db.example:5433/news?sslmode=require", "postgresql://db.example:5433/news?…"),
        ("store", "postgresql://tolk:a?hush@db.example/news", "postgresql://db.example/news"),
        ("store", "postgresql:///news?host=/run/hush&password=hush", "postgresql:///news?…"),
    ],
)
def test_of_an_address_neither_who_logs_in_there_is_shown_nor_the_path_that_telegram_posts_to(
    whosays: Whosays, monkeypatch: pytest.MonkeyPatch, key: str, given: str, shown: str
) -> None:
    monkeypatch.setenv(key.upper() if key.startswith("telegram") else f"WHOSAYS_{key.upper()}", given)
    (row,) = whosays("settings", "--json").rows
    assert row["settings"][key]["value"] == shown
    ran = whosays("settings")
    assert f"  {shown}  (" in ran.out
    assert not any(secret in ran.out for secret in ("tolk", "hush", "s3cret"))


def test_all_settings_that_are_wrong_are_named_a_line_each(
    whosays: Whosays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.toml"
    file.write_text("quue = 7", "utf-8")
    monkeypatch.setenv("WHOSAYS_ADMINS", "ann")
    ran = whosays("settings", "--config", file)
    assert (ran.code, ran.out) == (2, "")
    assert [line.startswith("whosays: ") for line in ran.err.splitlines()] == [True, True]


def test_a_file_that_is_no_store_is_exit_code_2(whosays: Whosays, tmp_path: Path) -> None:
    (tmp_path / "own.db").write_bytes(b"no database at all" * 100)
    ran = whosays("ask", QUESTION)
    assert ran.code == 2
    assert "own.db" in ran.err
    assert "--store" in ran.err


def test_a_store_that_cannot_be_opened_is_said_with_what_helps(whosays: Whosays, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "away.db").symlink_to(tmp_path / "no" / "such.db")
    for name, helps in (("folder.db", "name a file in it"), ("away.db", "writable")):
        ran = whosays("ask", "--store", f"sqlite:///{tmp_path}/{name}", QUESTION)
        assert ran.code == 2
        assert helps in ran.err
