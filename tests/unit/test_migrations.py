"""An older store becomes one of this version and loses nothing; one file serves articles and chats, whichever is first."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from sqlalchemy import Connection, text

from tests import full_store, older_stores
from tests.kept import ADA, NOW, SUPERGROUP, card, following
from tests.stored import Model, article, indexed
from whosays.chats import Chat
from whosays.errors import ConfigError, StoreError
from whosays.feeds import Feed
from whosays.parts import open_chats, open_corrections, open_feeds, open_outbox
from whosays.store import migrations, opening, postgres_database, sqlite_database
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus, Filter, Outcome
from whosays.store.schema import SCHEMA_VERSION
from whosays.store.sql_corpus import SqlCorpus

FEED = Feed(url="https://gazette.example/another", added=datetime(2031, 1, 5, tzinfo=UTC))


def address(folder: Path) -> str:
    return f"sqlite:///{folder}/store.db"


def open_corpus(folder: Path, model: Model | None = None) -> SqlCorpus:
    return SqlCorpus.open(address(folder), model or Model())


def tables(folder: Path) -> list[str]:
    """Return how tables and indexes were made, in one spelling, without those that SQLite's index of words makes for itself."""
    statement = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%_words%' AND name != 'sqlite_sequence'"
    with closing(sqlite3.connect(folder / "store.db")) as database:
        return sorted(" ".join(sql.split()) for (sql,) in database.execute(statement))


def schema_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "store.db")) as database:
        [(version,)] = database.execute("SELECT value FROM meta WHERE key = 'schema'")
    return str(version)


def said(corpus: Corpus, id: str) -> list[object]:
    """Return all that a corpus says of an article."""
    ids = [paragraph.id for paragraph in corpus.paragraphs_of(id)]
    return [
        corpus.articles([id]),
        corpus.paragraphs(ids),
        [(stored.claim, stored.vector.tolist()) for stored in corpus.claims(ids)],
        corpus.paragraph_vectors(ids).tolist(),
    ]


def check_holds_all(folder: Path) -> None:
    """Check that an old store says what a new one of the same articles says, finds them, and takes another one."""
    (folder / "same").mkdir()
    corpus, same = open_corpus(folder), open_corpus(folder / "same")
    older_stores.read(same)
    for id in ("harbour", "budget", "wire", "gone"):
        assert said(corpus, id) == said(same, id)
        for paragraph, vector in zip(same.paragraphs_of(id), np.array(said(same, id)[3], dtype=np.float32), strict=True):
            alike = {candidate.paragraph for candidate in corpus.nearest(vector, 1, Filter())}
            assert alike == {paragraph.id}
    for words in (["ferries"], ["budget", "night"], ["Tolk"]):
        found = [[candidate.paragraph for candidate in one.matching(words, 10, Filter())] for one in (corpus, same)]
        assert found[0] == found[1] != []
    assert [one.article for one in corpus.matching_articles(["quays", "storm"], 2, Filter())] == ["harbour", "wire"]
    assert corpus.matching(["reads"], 10, Filter()) == []
    assert corpus.put(indexed(article("new", "Ferries sail again."), seed=2)) is Outcome.ADDED
    assert corpus.remove("harbour")
    assert len(corpus.matching(["ferries"], 10, Filter())) == 3
    corpus.close()
    same.close()


def open_a_corpus(folder: Path) -> None:
    open_corpus(folder).close()


def open_the_chats(folder: Path) -> None:
    open_chats(address(folder)).close()


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of each kind."""
    return str(request.getfixturevalue("postgres")) if request.param == "postgres" else address(tmp_path)


EITHER = pytest.mark.parametrize("open_first", [open_a_corpus, open_the_chats])
Opens = Callable[[Path], None]


OLD = pytest.mark.parametrize("schema", older_stores.RELEASED)


def test_of_every_earlier_schema_a_released_store_is_kept() -> None:
    """CONTRIBUTING.md says how one is written."""
    assert tuple(range(1, SCHEMA_VERSION)) == older_stores.RELEASED


@OLD
@EITHER
def test_a_store_of_a_released_version_becomes_one_of_this_version_and_loses_nothing(
    tmp_path: Path, open_first: Opens, schema: int
) -> None:
    older_stores.restore(tmp_path, schema)
    before = older_stores.rows(tmp_path)
    assert all(before.values())
    open_first(tmp_path)
    assert schema_of(tmp_path) == str(SCHEMA_VERSION)
    after = older_stores.rows(tmp_path, list(before))
    del before["meta"], after["meta"]
    for table, rows in before.items():
        # A table may have columns that are new.
        assert [{name: row[name] for name in rows[0]} for row in after[table]] == rows
    check_holds_all(tmp_path)
    feeds = open_feeds(address(tmp_path))
    assert feeds.add(FEED)
    assert FEED in feeds.feeds()
    feeds.close()


@OLD
def test_a_store_that_was_brought_up_has_the_tables_of_a_new_one(tmp_path: Path, schema: int) -> None:
    for folder in (tmp_path / "old", tmp_path / "new"):
        folder.mkdir()
    older_stores.restore(tmp_path / "old", schema)
    open_the_chats(tmp_path / "old")
    open_the_chats(tmp_path / "new")
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def test_what_a_store_of_schema_2_kept_of_chats_topics_alerts_and_feeds_is_read_as_it_was(tmp_path: Path) -> None:
    older_stores.restore(tmp_path, 2)
    chats, outbox, feeds = open_chats(address(tmp_path)), open_outbox(address(tmp_path)), open_feeds(address(tmp_path))
    corrections = open_corrections(address(tmp_path))
    assert chats.chat(ADA) == Chat(id=ADA, kind="private", language="en")
    assert chats.chat(SUPERGROUP) is not None
    assert chats.card("c1") == replace(card("c1"), message=101)
    assert [one.topic for one in chats.followed()] == ["the harbour", "who holds Orsel?", "the budget"]
    assert [one.settled for one in chats.reports(settled=True)] == [False, True]
    assert [text for _, text in chats.unanswered()] == ["who holds Orsel?"]
    assert [len(parcel.alerts) for parcel in outbox.take("one", NOW + timedelta(days=1))] == [1, 1]
    assert [alert.topic for alert in outbox.told_in(SUPERGROUP, 500)] == ["who holds Orsel?"]
    assert outbox.to_answer() == [3]
    assert [one.side for one in corrections.corrections()] == ["Coast League"]
    assert [feed.title for feed in feeds.feeds()] == ["Orsel Gazette", "Harbour Post"]
    assert feeds.page_of("harbour") is not None
    new = chats.follow(following("another topic", ADA))
    assert new is not None
    assert new.id == 5  # the fourth one is gone, its number with it
    for one in (chats, outbox, feeds, corrections):
        one.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older_stores.restore(tmp_path, 1)
    before = tables(tmp_path)

    def break_off(connection: Connection) -> None:
        migrations._to_2(connection)
        raise OSError("no space left")

    monkeypatch.setattr(migrations, "_STEPS", {1: break_off})
    with pytest.raises(StoreError, match="no space left"):
        open_a_corpus(tmp_path)
    monkeypatch.undo()
    assert (tables(tmp_path), schema_of(tmp_path)) == (before, "1")
    check_holds_all(tmp_path)


@EITHER
def test_a_store_of_a_later_version_is_refused_and_left_alone(tmp_path: Path, open_first: Opens) -> None:
    open_a_corpus(tmp_path)
    with closing(sqlite3.connect(tmp_path / "store.db")) as database, database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    before = tables(tmp_path)
    with pytest.raises(StoreError, match=r"later version of whosays \(schema 99, this one has \d+\); update whosays, or"):
        open_first(tmp_path)
    assert (tables(tmp_path), schema_of(tmp_path)) == (before, "99")


@EITHER
def test_a_new_file_serves_articles_and_chats(tmp_path: Path, open_first: Opens) -> None:
    open_first(tmp_path)
    corpus, chats = open_corpus(tmp_path), open_chats(address(tmp_path))
    older_stores.read(corpus)
    chats.keep_chat(Chat(id=7, kind="private"))
    corpus.close()
    chats.close()
    again = open_chats(address(tmp_path))
    assert again.chat(7) == Chat(id=7, kind="private")
    again.close()
    check_holds_all(tmp_path)


def test_a_step_after_schema_3_is_one_for_both_kinds_of_database_and_taken_once(
    either: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the next release will have it: what is made here is only made in this test."""
    full_store.fill(either, 6)
    taken = []

    def to_4(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE chats ADD COLUMN motto VARCHAR")
        connection.exec_driver_sql("UPDATE chats SET motto = 'none'")
        taken.append(connection.dialect.name)
        if len(taken) == 1:
            raise OSError("no space left")

    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 4)
    monkeypatch.setattr(migrations, "_STEPS", {**migrations._STEPS, 3: to_4})
    with pytest.raises((StoreError, OSError), match="no space left"):
        open_chats(either)
    for _ in range(2):
        open_chats(either).close()
    assert len(taken) == 2
    database = opening.at(either)
    with database.reading() as connection:
        assert connection.execute(text("SELECT DISTINCT motto FROM chats")).scalars().all() == ["none"]
        assert connection.execute(text("SELECT value FROM meta WHERE key = 'schema'")).scalar_one() == "4"
    database.close()


def test_who_comes_while_a_store_is_brought_up_waits_however_long_that_takes(
    either: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_chats(either).close()
    begun, go_on, taken = Event(), Event(), []

    def to_4(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE chats ADD COLUMN motto VARCHAR")
        taken.append(1)
        begun.set()
        assert go_on.wait(60)

    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 4)
    monkeypatch.setattr(migrations, "_STEPS", {**migrations._STEPS, 3: to_4})
    # No lock on a table or file is waited for longer than this.
    monkeypatch.setattr(sqlite_database, "_PATIENCE", 0.2)
    monkeypatch.setattr(postgres_database, "_OPTIONS", ("-c lock_timeout=200ms",))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(open_chats, either)
        assert begun.wait(60)
        second = threads.submit(open_chats, either)
        with pytest.raises(TimeoutError):
            second.result(3 * migrations._PAUSE)
        go_on.set()
        for opened in (first, second):
            opened.result(60).close()
    assert len(taken) == 1
    said = [record.getMessage().partition(" ")[0] for record in caplog.records if record.name == migrations.__name__]
    assert said == ["bringing", "waiting"]


BRINGS_UP_AND_HANGS = """
import sys, time
from whosays.store import migrations, opening
def hang(connection):
    print("begun", flush=True)
    time.sleep(600)
migrations._STEPS = {**migrations._STEPS, 2: hang}
opening.connect(sys.argv[1])
"""


def test_who_waits_for_one_that_is_killed_brings_the_store_up_himself(tmp_path: Path) -> None:
    older_stores.restore(tmp_path, 2)
    command = [sys.executable, "-c", BRINGS_UP_AND_HANGS, address(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": "src:."}) as hangs:
        assert hangs.stdout is not None
        assert hangs.stdout.readline() == "begun\n"
        with ThreadPoolExecutor(1) as thread:
            waits = thread.submit(open_chats, address(tmp_path))
            with pytest.raises(TimeoutError):
                waits.result(2 * migrations._PAUSE)
            hangs.kill()
            waits.result(60).close()
    assert schema_of(tmp_path) == str(SCHEMA_VERSION)
    check_holds_all(tmp_path)


def test_a_file_that_chats_have_made_belongs_to_the_first_model_that_comes(tmp_path: Path) -> None:
    open_the_chats(tmp_path)
    open_corpus(tmp_path, Model(name="first", digest="1" * 64)).close()
    with pytest.raises(StoreError, match="indexed with first"):
        open_corpus(tmp_path, Model(name="second", digest="2" * 64))


def test_another_programs_database_is_no_store_of_chats(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as database, database:
        database.execute("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(StoreError, match="not one of whosays"):
        open_the_chats(tmp_path)
    assert tables(tmp_path) == ["CREATE TABLE recipes (id INTEGER)"]


def test_a_store_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"sqlite:///PATH"):
        open_chats("mysql://localhost/orsel")


OPENS_BOTH = """
import sys
from tests.stored import Model, article, indexed
from whosays.chats import Chat
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.chats import SqlChats
address, number = sys.argv[1], int(sys.argv[2])
def corpus():
    opened = SqlCorpus.open(address, Model())
    opened.put(indexed(article(f"a{number}", "One paragraph."), seed=number))
def chats():
    SqlChats.open(address).keep_chat(Chat(id=number, kind="private"))
for work in (corpus, chats) if number % 2 else (chats, corpus):
    work()
"""


@pytest.mark.parametrize("older", [False, True])
def test_several_processes_may_open_a_store_at_once(tmp_path: Path, older: bool) -> None:
    if older:
        older_stores.restore(tmp_path, 2)
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS_BOTH, address(tmp_path), str(number)],
            env={"PYTHONPATH": f"{root}/src:{root}"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(1, 6)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in running]
    assert [status for _, status in ends] == [0] * len(running)
    lines = [line for said, _ in ends for line in said.splitlines()]
    assert sum(line.startswith("bringing") for line in lines) == older
    assert all(line.startswith(("bringing", "waiting for another process")) for line in lines)
    corpus, chats = open_corpus(tmp_path), SqlChats.open(address(tmp_path))
    assert set(corpus.articles(f"a{number}" for number in range(1, 6))) == {f"a{number}" for number in range(1, 6)}
    assert all(chats.chat(number) for number in range(1, 6))
    corpus.close()
    chats.close()
    if older:
        check_holds_all(tmp_path)
