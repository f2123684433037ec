"""The demo articles: asked from a store of their own, and in no other one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import Whosays
from whosays.config import Settings, data_folder
from whosays.engine import Engine
from whosays.reading import read


def test_the_demo_articles_answer_from_a_store_of_their_own(whosays: Whosays, tmp_path: Path) -> None:
    (answer,) = whosays("ask", "--demo", "--json", "who holds Panjshir?").rows
    assert answer["status"] == "disputed"
    assert {"Taliban", "National Resistance Front"} <= {side["name"] for side in answer["sides"]}
    assert not (tmp_path / "own.db").exists()
    again = whosays("ask", "--demo", "--json", "who holds Panjshir?")
    assert again.err == "", "they are indexed once"


def test_a_demo_article_goes_into_no_store_of_the_user(whosays: Whosays) -> None:
    demo = next((data_folder() / "demo").glob("*.md"))
    ran = whosays("ingest", demo, "--json")
    assert ran.code == 1
    assert ran.rows[0]["added"] == []
    assert "demo" in ran.rows[0]["refused"][0]["reason"]


def test_no_bot_serves_a_store_that_holds_demo_articles(whosays: Whosays, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = next((data_folder() / "demo").glob("*.md"))
    with Engine.open(Settings.from_environment(os.environ)) as engine:
        engine.ingest(read([str(demo)]))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:token")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    ran = whosays("serve")
    assert ran.code == 2
    assert "demo articles" in ran.err
