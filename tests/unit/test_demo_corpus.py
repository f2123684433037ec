"""The demo articles are what data/README.md promises: readable, dated, recorded, and free of quotations."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from whosays.reading import read
from whosays.text import blocks
from whosays.types import Article, Status

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "data" / "demo").glob("*.md"))
ACTORS = tomllib.loads((ROOT / "data" / "actors.toml").read_text("utf-8"))
QUESTIONS = tomllib.loads((ROOT / "tests" / "golden" / "demo_questions.toml").read_text("utf-8"))["question"]
NEAR_COPY = "2021-09-07-panjshir-wire-copy"


def read_one(path: Path) -> Article:
    (reading,) = read([str(path)])
    assert isinstance(reading, Article), reading
    return reading


def front_matter(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
    return found


def parties() -> set[str]:
    return {entry["name"] for entry in ACTORS["party"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_names_its_demo_outlet_its_address_and_the_record_it_rests_on(path: Path) -> None:
    given = front_matter(path)
    assert set(given) - {"published"} == {"url", "outlet", "title", "record"}
    assert given["outlet"] in {"Demo Wire", "Demo Courier", "Demo Herald", "Demo Monitor"}
    assert given["url"].startswith(f"https://demo.example/{given['outlet'].removeprefix('Demo ').lower()}/")
    assert len(given["record"]) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_is_read_with_all_that_its_front_matter_says(path: Path) -> None:
    article, given = read_one(path), front_matter(path)
    assert (article.id, article.url) == (given["url"], given["url"])
    assert (article.outlet, article.title) == (given["outlet"], given["title"])
    if path.stem.startswith("undated-"):
        assert article.published is None
    else:
        assert article.published is not None
        assert article.published.utcoffset() == UTC.utcoffset(None)
        assert article.published < datetime(2026, 1, 1, tzinfo=UTC)
        assert path.name.startswith(article.published.date().isoformat())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_speaks_indirectly_so_that_no_invented_quotation_stands_in_it(path: Path) -> None:
    body = path.read_text("utf-8").split("---\n", 2)[2]
    assert not re.search(r"[\"“”„«»‘’`]", body)
    # An apostrophe stands within a word, or ends a plural possessive.
    assert not re.search(r"(?<!\w)'|'(?!\w)(?<!s')", body)
    assert 150 <= len(body.split()) <= 350


def test_there_are_some_fifteen_articles_with_addresses_of_their_own_from_several_outlets() -> None:
    articles = [read_one(path) for path in FILES]
    assert len(articles) >= 15
    assert len({article.id for article in articles}) == len(articles)
    assert min(Counter(article.outlet for article in articles).values()) >= 3
    assert sum(article.published is None for article in articles) == 1


def test_one_article_is_a_near_copy_of_another_outlets_with_furniture_around_it() -> None:
    copy = read_one(ROOT / "data" / "demo" / f"{NEAR_COPY}.md")
    original = next(read_one(path) for path in FILES if path.name.startswith("2021-09-06"))
    assert copy.outlet != original.outlet
    shown = [copy.text[slice(*block.span)] for block in blocks(copy.text) if not block.furniture]
    hidden = [copy.text[slice(*block.span)] for block in blocks(copy.text) if block.furniture]
    assert sum(paragraph in original.text for paragraph in shown) >= len(shown) - 1
    assert any("Comments are closed" in text for text in hidden)
    assert any("cookies" in text for text in hidden)
    assert any("Send a tip" in text for text in hidden)
    assert not any(paragraph in original.text for paragraph in hidden)


def test_the_golden_questions_expect_what_a_card_can_show() -> None:
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS) >= 25
    assert sum(question["status"] == [Status.NOTHING.value] for question in QUESTIONS) >= 8
    outlets = {read_one(path).outlet for path in FILES}
    for question in QUESTIONS:
        assert set(question["status"]) <= set(Status)
        assert set(question) <= {"question", "status", "sides", "never", "observers", "outlets", "latest", "not_yet"}
        assert {*question.get("sides", []), *question.get("never", [])} <= parties(), question["question"]
        assert not {*question.get("sides", [])} & {*question.get("never", [])}
        assert {*question.get("outlets", [])} <= outlets
