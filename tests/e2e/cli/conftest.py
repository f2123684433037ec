"""The command `whosays`, with the real models over a real store."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.orsel import GAZETTE, POST
from whosays.cli import main

ROOT = Path(__file__).parents[3]
QUESTION = "who holds Orsel?"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Whosays = Callable[..., Ran]


@pytest.fixture
def environment(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    values = {"WHOSAYS_STORE": f"sqlite:///{tmp_path}/own.db", "WHOSAYS_CACHE": str(model_cache), "WHOSAYS_THREADS": "1"}
    values["WHOSAYS_CONFIG"] = os.devnull  # whoever runs the tests may have settings of his own
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "WHOSAYS_ENCODER", "WHOSAYS_DATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def whosays(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Whosays:
    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        before = list(logging.getLogger().handlers)
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 2
        finally:
            # A command's log ends with its process, which here goes on: the next test has another stderr.
            for handler in [one for one in logging.getLogger().handlers if one not in before]:
                logging.getLogger().removeHandler(handler)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "articles.jsonl", [given(GAZETTE), given(POST)])


def given(article: Any, **others: Any) -> dict[str, Any]:
    names = ("id", "url", "outlet", "title", "text")
    return {name: getattr(article, name) for name in names} | {"published": article.published.isoformat()} | others


def jsonl(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def subprocess_of(environment: dict[str, str], *arguments: str) -> list[Any]:
    return [[sys.executable, *arguments], {**os.environ, **environment, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}]
