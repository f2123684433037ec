"""What only the SQLite store of chats has: rows of other versions, and bytes that must be gone when somebody is forgotten."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cards import answer
from tests.kept import ADA, BEN, GROUP, NOW, card, following, report
from whosays.chats import Card, Chat
from whosays.errors import StoreError
from whosays.store.chats import SqlChats

#: Words of Ada's that stand nowhere else.
SECRET = "where did Quillon hide his barges"


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[SqlChats]:
    opened = SqlChats.open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


def execute(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "store.db")) as database, database:
        return list(database.execute(statement))


@pytest.mark.parametrize("change", ["answer = '{}'", "kind = 'map'"])
def test_a_card_that_another_version_kept_is_not_there_and_goes(chats: SqlChats, tmp_path: Path, change: str) -> None:
    chats.keep_card(card("a", message=101))
    chats.keep_card(card("b", chat=GROUP))
    finds: list[Callable[[], Card | None]] = [
        lambda: chats.card("a"),
        lambda: chats.card_shown_in(ADA, 101),
        lambda: chats.card_asked_by(ADA, 100),
        lambda: chats.last_card(ADA, None, ADA, NOW),
    ]
    for find in finds:
        chats.keep_card(card("a", message=101))
        execute(tmp_path, f"UPDATE cards SET {change} WHERE id = 'a'")
        assert find() is None
        assert execute(tmp_path, "SELECT id FROM cards") == [("b",)]


def test_a_card_that_another_version_kept_unsent_is_no_hindrance(chats: SqlChats, tmp_path: Path) -> None:
    chats.keep_card(card("a"))
    execute(tmp_path, "UPDATE cards SET answer = '{}' WHERE id = 'a'")
    chats.keep_card(card("b"))
    assert execute(tmp_path, "SELECT id FROM cards") == [("b",)]


def test_a_report_that_another_version_kept_is_left_out_and_said_so(
    chats: SqlChats, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = chats.report(report()), chats.report(report(BEN))
    execute(tmp_path, f"UPDATE reports SET answer = '{{}}' WHERE id = {first}")
    with caplog.at_level(logging.WARNING):
        assert [of.id for of in chats.reports()] == [second]
    assert f"report {first} is left out" in caplog.text


def test_nothing_of_who_is_forgotten_stands_in_any_table_or_in_the_files(chats: SqlChats, tmp_path: Path) -> None:
    chats.keep_chat(Chat(id=ADA, kind="private", language="uk"))
    for number in range(20):
        # So many, and so long, that rows share pages, run over several, and pages are let go and used again.
        asked = replace(
            card(f"a{number}", message=number, question_message=number), answer=answer(f"{SECRET}? " * (1 + number * 20))
        )
        chats.keep_card(replace(asked, chat=GROUP if number % 2 else ADA))
        chats.keep_card(replace(card(f"b{number}", asker=BEN, chat=GROUP, question_message=number)))
        chats.receive(number, ADA, ADA, f'{{"text": "{SECRET}"}}')
        chats.follow(following(f"{SECRET} {number}", ADA))
        chats.report(report(question=f"{SECRET} {number}?"))
    chats.follow(following("Orsel", GROUP))
    chats.done(3)
    chats.keep_card(card("a5", question="something else"))
    assert SECRET.encode() in content(tmp_path)
    chats.forget_person(ADA)
    tables = [str(name) for (name,) in execute(tmp_path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = [str(value) for table in tables for row in execute(tmp_path, f"SELECT * FROM {table}") for value in row]
    assert not [value for value in values if str(ADA) in value or SECRET in value]
    assert SECRET.encode() not in content(tmp_path)
    assert chats.card("b7") is not None
    assert len(chats.followed_in(GROUP)) == 1


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_an_error_of_the_store_says_nothing_of_what_people_write_not_even_in_its_traceback(
    chats: SqlChats, tmp_path: Path
) -> None:
    execute(tmp_path, "DROP TABLE followings")
    with pytest.raises(StoreError) as failed:
        chats.follow(following(SECRET))
    told = "".join(traceback.format_exception(failed.value))
    assert "no such table" in told
    assert "quillon" not in told.casefold()
