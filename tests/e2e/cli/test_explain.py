"""`whosays explain`: an article with who says what marked in it, stored or read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.cli.conftest import Whosays, given, jsonl
from tests.e2e.test_reading_http import PAGE, answers, served
from tests.orsel import GAZETTE, POST


def test_a_file_is_read_and_marked_without_a_store(whosays: Whosays, tmp_path: Path) -> None:
    file = tmp_path / "gazette.txt"
    file.write_text(GAZETTE.text, "utf-8")
    ran = whosays("explain", file, "--outlet", "Orsel Gazette")
    assert (ran.code, ran.err) == (0, "")
    assert "as read just now" in ran.out
    assert "Orsel Gazette" in ran.out
    shown = " ".join(ran.out.split())
    assert "Orsel fell to our brigades this morning" in shown
    assert "Mira Tolk, spokeswoman of the Varn Republic" in shown
    assert "\x1b" not in ran.out, "nobody looks on, so there are no colours"
    assert not (tmp_path / "own.db").exists()


@pytest.mark.parametrize("name", [GAZETTE.id, GAZETTE.url])
def test_a_stored_article_is_explained_from_its_stored_claims(whosays: Whosays, articles: Path, name: str) -> None:
    whosays("ingest", articles)
    ran = whosays("explain", name)
    assert (ran.code, ran.err) == (0, "")
    assert "as stored" in ran.out
    assert "Both armies say that they hold Orsel" in ran.out
    assert "Harbour Post" not in ran.out


def test_a_stored_article_shows_what_its_file_showed(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    whosays("ingest", articles)
    stored = whosays("explain", "gazette").out
    alone = jsonl(tmp_path / "alone.jsonl", [given(GAZETTE)])
    assert whosays("explain", alone).out.replace("as read just now", "as stored") == stored


def test_a_page_is_written_for_a_browser(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    whosays("ingest", articles)
    page = tmp_path / "page.html"
    ran = whosays("explain", "gazette", "--html", page)
    assert (ran.code, ran.out) == (0, "")
    assert str(page) in ran.err
    assert "Both armies say that they hold Orsel" in page.read_text("utf-8")


def test_the_demo_articles_can_be_explained(whosays: Whosays) -> None:
    ran = whosays("explain", "--demo", "https://demo.example/wire/2021/09/06/panjshir-fall-claimed-and-denied")
    assert ran.code == 0
    assert "Zabihullah Mujahid, Taliban's chief spokesman" in ran.out


def test_several_articles_are_shown_one_after_the_other_but_not_on_one_page(
    whosays: Whosays, articles: Path, tmp_path: Path
) -> None:
    ran = whosays("explain", articles)
    assert ran.out.index(str(GAZETTE.title)) < ran.out.index(str(POST.title))
    page = tmp_path / "page.html"
    refused = whosays("explain", articles, "--html", page)
    assert (refused.code, refused.out) == (2, "")
    assert "several articles" in refused.err
    assert not page.exists()


def test_what_is_neither_file_nor_stored_is_refused_in_one_line(whosays: Whosays) -> None:
    ran = whosays("explain", "no-such-article")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "no-such-article is no file" in ran.err


def test_an_address_that_is_not_stored_is_read_from_the_web(whosays: Whosays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSAYS_FETCH_LOCAL", "1")
    with served(page=answers(PAGE.format(title="The bridge at Orlo falls"))) as base:
        ran = whosays("explain", f"{base}/page?{'x' * 300}")
    assert (ran.code, ran.err) == (0, "")
    assert "as read just now" in ran.out
    assert "Omar Dar" in ran.out


def test_a_file_that_holds_no_article_is_refused_with_the_reason(whosays: Whosays, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("Too short.", "utf-8")
    ran = whosays("explain", tmp_path / "short.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "refused" in ran.err


def test_a_page_that_cannot_be_written_is_exit_code_2(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("explain", "gazette", "--html", "/no/such/folder/page.html")
    assert ran.code == 2
    assert "/no/such/folder" in ran.err
