"""`whosays ingest`: what goes in, and the report."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.conftest import Whosays, given, jsonl
from tests.orsel import GAZETTE, POST


def test_ingest_reports_what_became_of_each_input(whosays: Whosays, articles: Path) -> None:
    first = whosays("ingest", articles, "--json")
    assert first.code == 0
    assert first.rows == [{"added": ["gazette", "post"], "changed": [], "unchanged": [], "refused": [], "paragraphs": 8}]
    jsonl(articles, [given(GAZETTE), given(POST, title="Another title"), {"id": "x", "text": ""}, {"id": "y"}])
    second = whosays("ingest", articles, "--json")
    assert second.code == 1
    (report,) = second.rows
    assert (report["added"], report["changed"], report["unchanged"]) == ([], ["post"], ["gazette"])
    assert [refused["where"] for refused in report["refused"]] == [f"{articles} line 3", f"{articles} line 4"]
    assert all(refused["reason"] for refused in report["refused"])


def test_ingest_says_for_people_what_it_did(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    ran = whosays("ingest", articles, tmp_path / "missing.txt")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "2 added, 0 changed, 0 unchanged, 1 refused; 8 paragraphs",
        f"refused {tmp_path}/missing.txt: there is no such file or folder",
    ]


def test_ingest_takes_other_names_of_fields(whosays: Whosays, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "other.jsonl", [{"content": GAZETTE.text, "source": "Orsel Gazette", "key": 7}])
    assert whosays("ingest", file, "--map", "text=content,outlet=source,id=key", "--json").rows[0]["added"] == ["7"]
    assert whosays("sources", "--json").rows == [[{"outlet": "Orsel Gazette", "articles": 1, "oldest": None, "newest": None}]]


def test_ingest_takes_what_a_file_cannot_say_from_the_command_line(whosays: Whosays, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(GAZETTE.text, "utf-8")
    details = [
        "--id",
        "one",
        "--url",
        "https://gazette.example/1",
        "--outlet",
        "Gazette",
        "--title",
        "T",
        "--published",
        "2031-05-04",
    ]
    assert whosays("ingest", file, *details, "--json").rows[0]["added"] == ["one"]
    day = "2031-05-04T00:00:00+00:00"
    assert whosays("sources", "--json").rows == [[{"outlet": "Gazette", "articles": 1, "oldest": day, "newest": day}]]
