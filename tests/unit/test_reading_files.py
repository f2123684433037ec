"""Files and folders of every kind, and every reason to refuse one. All news here is invented."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from whosays.errors import ConfigError
from whosays.reading import Defaults, article, files, read
from whosays.types import Article, Reading, Refused

NEWS = (
    "The bridge at Orlo fell on Monday, the ministry of the interior said.\n\n"
    "“Nobody had warned us of it,” said Omar Dar, the mayor of Orlo, who denied that he had been told of the cracks.\n"
)
PAGE = f"""<html lang="en"><head><title>The bridge at Orlo falls</title>
<meta property="og:site_name" content="Evening Herald"><meta name="author" content="Ana Blum">
<meta property="article:published_time" content="2021-09-06T10:00:00Z">
<link rel="canonical" href="https://herald.example/orlo"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>The bridge at Orlo falls</h1>
{"".join(f"<p>{part.strip()}</p>" for part in NEWS.split(chr(10)) if part.strip())}
<p>The ministry promised an inquiry, which is to begin in October and to be led by a judge from the capital.</p>
</article><footer>All rights reserved</footer></body></html>"""


def read_all(*paths: Path, defaults: Defaults | None = None, mapping: Mapping[str, str] | None = None) -> list[Reading]:
    return list(read([str(path) for path in paths], defaults, mapping))


def article_of(path: Path, defaults: Defaults | None = None, mapping: Mapping[str, str] | None = None) -> Article:
    (reading,) = read_all(path, defaults=defaults, mapping=mapping)
    assert isinstance(reading, Article), reading
    return reading


def reason_of(path: Path) -> str:
    (reading,) = read_all(path)
    assert isinstance(reading, Refused), reading
    assert reading.where.startswith(str(path))
    return reading.reason


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def line(**fields: object) -> str:
    return json.dumps({"text": NEWS, **fields}) + "\n"


def test_a_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    given = "\n " + NEWS.replace("\n", "\r\n") + "\t"
    found = article_of(put(tmp_path, "a.txt", given))
    assert found.text == given
    assert (found.published, found.outlet, found.url) == (None, None, None)


def test_what_a_text_cannot_say_is_taken_from_the_defaults(tmp_path: Path) -> None:
    defaults = Defaults(
        id="orlo", url="https://herald.example/o", outlet="Evening Herald", title="Bridge falls", published="2021-09-06"
    )
    found = article_of(put(tmp_path, "a.txt", NEWS), defaults)
    assert (found.id, found.url, found.outlet, found.title) == (
        "orlo",
        "https://herald.example/o",
        "Evening Herald",
        "Bridge falls",
    )
    assert found.published == datetime(2021, 9, 6, tzinfo=UTC)


def test_an_article_is_named_by_its_id_else_its_address_else_its_text(tmp_path: Path) -> None:
    lines = line(id=7, url="https://a.example/1") + line(url="https://a.example/2") + line()
    ids = [reading.id for reading in read_all(put(tmp_path, "a.jsonl", lines)) if isinstance(reading, Article)]
    assert ids[:2] == ["7", "https://a.example/2"]
    assert ids[2].startswith("sha256:")
    assert len(ids[2]) == len("sha256:") + 16


def test_a_text_is_named_by_its_file_so_that_a_changed_one_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "north").mkdir()
    put(tmp_path, "orlo.txt", NEWS)
    put(tmp_path / "north", "orlo.md", NEWS)
    assert [reading.id for reading in read_all(tmp_path) if isinstance(reading, Article)] == ["orlo", "north/orlo"]
    assert article_of(tmp_path / "orlo.txt").id == "orlo"
    assert article_of(tmp_path / "orlo.txt", Defaults(url="https://a.example/1")).id == "https://a.example/1"


def test_a_line_of_json_says_what_it_knows(tmp_path: Path) -> None:
    given = line(
        id="a",
        url="https://a.example/1",
        outlet=" Evening\n Herald",
        title="T",
        published="2021-09-06T12:30:00+04:30",
        authors=["Ana Blum", "Omar Dar"],
    )
    found = article_of(put(tmp_path, "a.jsonl", given))
    assert found == Article(
        id="a",
        text=NEWS,
        url="https://a.example/1",
        outlet="Evening Herald",
        title="T",
        author="Ana Blum, Omar Dar",
        published=datetime(2021, 9, 6, 8, tzinfo=UTC),
    )


def test_other_names_are_mapped(tmp_path: Path) -> None:
    given = json.dumps({"body": NEWS, "source": "Herald", "ID": "x", "date": "", "outlet": "not this"})
    found = article_of(
        put(tmp_path, "a.jsonl.gz", given), mapping={"text": "body", "outlet": "source", "id": "ID", "published": "date"}
    )
    assert (found.id, found.outlet, found.published) == ("x", "Herald", None)


def test_a_broken_line_is_refused_by_its_number_and_the_others_go_in(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", line(id="1") + "\n{broken\n" + line(id="2") + '["a"]\n{"body": "x"}\n{"text": 5.5}\n')
    readings = read_all(path)
    assert [reading.id for reading in readings if isinstance(reading, Article)] == ["1", "2"]
    refused = {reading.where: reading.reason for reading in readings if isinstance(reading, Refused)}
    assert list(refused) == [f"{path} line {n}" for n in (3, 5, 6, 7)]
    reasons = list(refused.values())
    assert "not JSON" in reasons[0]
    assert "no JSON object" in reasons[1]
    assert "--map text=NAME" in reasons[2]
    assert "neither a string nor" in reasons[3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"text": "\xff"}\n', "not UTF-8"),
        (b"[" * 100_000, "not JSON|beyond all measure"),
        (b'{"text": "The mayor denied it on \\ud800 Monday."}', "lone surrogate"),
        (b'{"text": "The mayor denied \\u0000 it on Monday."}', "binary"),
        (b'{"text": null}', "empty"),
        (b'{"text": "The mayor denied it on Monday.", "title": "\\ud800"}', "title"),
        (b'{"text": "The mayor denied it on Monday.", "url": "javascript:alert(1)"}', "no web address"),
        (b'{"text": "The mayor denied it on Monday.", "published": "31/31/2021"}', "cannot be read: write it as 2021-09-06"),
        (b'{"text": "The mayor denied it on Monday.", "published": "0001-01-01T00:00:00+10:00"}', "beyond the calendar"),
        (b'{"text": "The mayor denied it on Monday.", "authors": [1]}', "neither a string nor"),
    ],
)
def test_a_line_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = put(tmp_path, "a.jsonl", content)
    (refused,) = read_all(path)
    assert isinstance(refused, Refused)
    assert refused.where == f"{path} line 1"
    assert any(part in refused.reason for part in reason.split("|"))


def test_an_oversized_line_is_skipped_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whosays.reading.records.MAX_BYTES", 1_000)
    path = put(tmp_path, "a.jsonl", line(id="1") + "x" * 5_000 + "\n" + line(id="3"))
    first, second, third = read_all(path)
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, Refused)
    assert second.where.endswith("line 2")
    assert "longer than" in second.reason


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021-09-06", datetime(2021, 9, 6, tzinfo=UTC)),
        ("2021-09-06T14:30:00Z", datetime(2021, 9, 6, 14, 30, tzinfo=UTC)),
        ("2021-09-06 14:30", datetime(2021, 9, 6, 14, 30, tzinfo=UTC)),
        ("Mon, 06 Sep 2021 14:30:00 +0200", datetime(2021, 9, 6, 12, 30, tzinfo=UTC)),
        ("September 6, 2021", datetime(2021, 9, 6, tzinfo=UTC)),
        ("6 Sep 2021", datetime(2021, 9, 6, tzinfo=UTC)),
        ("  ", None),
    ],
)
def test_dates_are_read_as_utc(written: str, meant: datetime | None) -> None:
    assert article.read_date(written) == meant


@pytest.mark.parametrize(
    "written", ["soon", "Mon, 01 Jan 2021 00:00:00 +99999999999999999999", "Tue, 1 Sep 99999999999999999999 00:00:00 +0000"]
)
def test_what_is_no_date_is_said_to_be_none(written: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        article.read_date(written)


def test_markdown_says_in_its_front_matter_what_it_knows(tmp_path: Path) -> None:
    head = (
        '---\nurl: https://a.example/1\noutlet: Evening Herald\ntitle: "Orlo: the bridge falls"\npublished: 2021-09-06\n'
        "authors: [Ana Blum, Omar Dar]\nid: orlo\nrecord: none\n---\n"
    )
    found = article_of(put(tmp_path, "a.md", head + "\n" + NEWS))
    assert found.text == "\n" + NEWS
    assert (found.id, found.url, found.outlet, found.title) == (
        "orlo",
        "https://a.example/1",
        "Evening Herald",
        "Orlo: the bridge falls",
    )
    assert found.author == "Ana Blum, Omar Dar"
    assert found.published == datetime(2021, 9, 6, tzinfo=UTC)


def test_markdown_needs_no_front_matter(tmp_path: Path) -> None:
    assert article_of(put(tmp_path, "a.md", NEWS), Defaults(outlet="Herald")).outlet == "Herald"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("---\ntitle: Orlo: the bridge\n---\n", "line 2: put a value that holds a colon into quotation marks"),
        ("---\ntitle: Orlo\n", "not closed"),
        ("---\n- a\n---\n", "no lines such as"),
        ("---\ntitle: {a: b}\n---\n", "no plain text"),
        ("---\npublished: soon\n---\n", "cannot be read"),
    ],
)
def test_broken_front_matter_is_refused(tmp_path: Path, head: str, reason: str) -> None:
    assert reason in reason_of(put(tmp_path, "a.md", head + NEWS))


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.html.gz"])
def test_a_saved_page_becomes_its_article(tmp_path: Path, name: str) -> None:
    found = article_of(put(tmp_path, name, PAGE))
    assert found.text.split("\n\n")[-3:-1] == [part for part in NEWS.strip().split("\n") if part]
    assert "Sport" not in found.text
    assert (found.id, found.url, found.outlet) == ("https://herald.example/orlo", "https://herald.example/orlo", "Evening Herald")
    assert (found.title, found.author) == ("The bridge at Orlo falls", "Ana Blum")
    assert found.published == datetime(2021, 9, 6, tzinfo=UTC)


def test_the_address_that_is_given_for_a_page_is_its_address(tmp_path: Path) -> None:
    found = article_of(put(tmp_path, "a.html", PAGE), Defaults(url="https://other.example/b", outlet="Other"))
    assert (found.url, found.outlet) == ("https://other.example/b", "Evening Herald")


def test_a_page_that_names_no_outlet_is_of_the_one_that_is_given_else_of_its_host(tmp_path: Path) -> None:
    path = put(tmp_path, "a.html", PAGE.replace('property="og:site_name"', 'name="nothing"'))
    assert article_of(path).outlet == "herald.example"
    address = "https://www.other.example/b"
    assert article_of(path, Defaults(url=address)).outlet == "other.example"
    assert article_of(path, Defaults(url=address, outlet="Harbour Post")).outlet == "Harbour Post"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", "", "empty"),
        ("a.txt", " \n\t", "empty"),
        ("a.txt", "Bridge falls.", "no article: fewer than 5 words"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        ("a.txt", b"The mayor\0 denied it on Monday.", "binary"),
        ("a.txt", "Der Bürgermeister".encode("utf-16"), "binary"),
        ("a.txt", "word " * 250_000, "1,250,000 characters"),
        ("a.md", "", "empty"),
        ("a.html", "", "no article"),
        ("a.html", "<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
        ("a.html", "<html><body><p>Please log in to read this.</p></body></html>", "no article: fewer than 25 words"),
        ("a.html", b"\0\1\2" * 100, "binary"),
        ("a.xml", "<html><body>no feed</body></html>", "no RSS or Atom feed"),
        ("a.xml", "not xml at all", "no RSS or Atom feed"),
        ("a.xml", '<rss version="2.0"><channel><title>Herald</title></channel></rss>', "no entries"),
        ("a.pdf", b"%PDF-1.7", "none of .jsonl .txt"),
        ("a", NEWS, "none of .jsonl .txt"),
    ],
)
def test_a_file_is_refused_with_its_reason(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    assert reason in reason_of(put(tmp_path, name, content))


def test_a_file_that_is_too_large_is_refused_unpacked_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10_000)
    assert "larger than" in reason_of(put(tmp_path, "a.txt", "word " * 3_000))
    bomb = put(tmp_path, "b.html.gz", "word " * 3_000)
    assert bomb.stat().st_size < 1_000
    assert "larger than" in reason_of(bomb)


def test_a_bomb_of_json_lines_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10_000)
    monkeypatch.setattr(files, "MAX_RATIO", 100)
    path = put(tmp_path, "a.jsonl.gz", line() + (" " * 1_000 + "\n") * 5_000)
    first, last = read_all(path)
    assert isinstance(first, Article)
    assert isinstance(last, Refused)
    assert "100 times" in last.reason


def test_an_archive_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    lines = "".join(line(id=f"{n:x}", note=os.urandom(200).hex()) for n in range(300))
    path = put(tmp_path, "a.jsonl.gz", lines)
    path.write_bytes(path.read_bytes()[:-20_000])
    *articles, last = read_all(path)
    assert len(articles) > 50
    assert all(isinstance(reading, Article) for reading in articles)
    assert isinstance(last, Refused)
    assert "damaged or cut off" in last.reason


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_text(NEWS)
    assert "damaged" in reason_of(path)


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    assert "no such file" in reason_of(tmp_path / "none.txt")
    assert "no such file" in reason_of(tmp_path / "none")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "no regular file" in reason_of(tmp_path / "a.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", NEWS)
    path.chmod(0)
    assert "cannot be read" in reason_of(path)


def test_a_folder_is_read_through_in_order(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    put(tmp_path, "z.txt", NEWS + "z")
    put(tmp_path / "b", "a.txt", NEWS + "a")
    put(tmp_path / "b" / "c", "a.jsonl", line() + "{")
    put(tmp_path / ".hidden", "a.txt", NEWS)
    put(tmp_path, "photo.jpg", b"\xff\xd8")
    readings = read_all(tmp_path)
    assert [reading.text[-1] for reading in readings if isinstance(reading, Article)] == ["z", "a", "\n"]
    assert [Path(reading.where).name for reading in readings if isinstance(reading, Refused)] == ["photo.jpg", "a.jsonl line 2"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no file" in reason_of(tmp_path)


def test_one_bad_input_stops_none_of_the_others(tmp_path: Path) -> None:
    good, bad = put(tmp_path, "a.txt", NEWS), put(tmp_path, "b.txt", b"\xff\xfe")
    assert [type(reading) for reading in read_all(bad, good, tmp_path / "none")] == [Refused, Article, Refused]


def test_of_two_files_of_one_name_the_second_replaces_nothing(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
    first, second = put(tmp_path / "a", "news.txt", NEWS), put(tmp_path / "b", "news.md", NEWS + "More.")
    article, refused, again = read_all(first, second, first)
    assert isinstance(article, Article)
    assert isinstance(refused, Refused)
    assert "--id" in refused.reason
    assert again == article


def test_an_address_of_another_kind_is_refused_as_it_was_given() -> None:
    (refused,) = read(["ftp://news.example/a"])
    assert isinstance(refused, Refused)
    assert refused.where == "ftp://news.example/a"
    assert "http://" in refused.reason


def test_an_id_names_one_article_alone(tmp_path: Path) -> None:
    first, second = put(tmp_path, "a.txt", NEWS), put(tmp_path, "b.txt", NEWS + "More.")
    readings = read_all(first, second, defaults=Defaults(id="orlo"))
    assert isinstance(readings[0], Article)
    assert isinstance(readings[1], Refused)
    assert "--id" in readings[1].reason


@pytest.mark.parametrize(
    ("defaults", "mapping", "reason"),
    [
        (Defaults(published="soon"), {}, "--published"),
        (Defaults(url="herald.example"), {}, "--url"),
        (Defaults(), {"body": "text"}, "--map"),
    ],
)
def test_what_cannot_be_meant_is_said_at_once(defaults: Defaults, mapping: dict[str, str], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read([], defaults, mapping)


def test_a_file_is_read_as_it_is_asked_for(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", line(id="1") + line(id="2"))
    readings = read([str(path), str(tmp_path / "later.txt")])
    assert isinstance(next(readings), Article)
    put(tmp_path, "later.txt", NEWS)
    assert [isinstance(reading, Article) for reading in readings] == [True, True]
