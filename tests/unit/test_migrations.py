"""An older store becomes one of this version and loses nothing; one file serves articles and chats, whichever is first."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from tests.stored import Model, article, claim, indexed, unit
from whosays.chats import Chat
from whosays.engine import open_chats, open_feeds
from whosays.errors import ConfigError, StoreError
from whosays.feeds import Feed
from whosays.store import migrations
from whosays.store.chats import SqlChats
from whosays.store.corpus import Filter, Outcome
from whosays.store.schema import SCHEMA_VERSION
from whosays.store.sql_corpus import SqlCorpus

HARBOUR = article("harbour", "The harbour is shut.", "Ferries lie idle.", outlet="Orsel Gazette", day=3)
BUDGET = article("budget", "The council passed its budget.")
CLAIM = claim(HARBOUR, "harbour is", 0)
FEED = Feed(url="https://gazette.example/feed", added=datetime(2031, 1, 5, tzinfo=UTC))

#: The tables of schema 1 as SQLite was told to make them; its own and those of the index of words are not among them.
SCHEMA_1 = [
    'CREATE TABLE articles ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "key" VARCHAR NOT NULL, digest VARCHAR NOT NULL, '
    "outlet VARCHAR, published DATETIME, url VARCHAR, title VARCHAR, author VARCHAR, language VARCHAR NOT NULL, "
    'text TEXT NOT NULL, UNIQUE ("key") )',
    "CREATE TABLE claim_paragraphs ( paragraph INTEGER NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (paragraph, claim), "
    "FOREIGN KEY(paragraph) REFERENCES paragraphs (id) ON DELETE CASCADE, "
    "FOREIGN KEY(claim) REFERENCES claims (id) ON DELETE CASCADE )",
    "CREATE TABLE claims ( id INTEGER NOT NULL, article INTEGER NOT NULL, position INTEGER NOT NULL, paragraphs JSON NOT NULL, "
    "source JSON NOT NULL, cue JSON NOT NULL, content JSON NOT NULL, attribution_confidence FLOAT NOT NULL, "
    "speaker VARCHAR NOT NULL, role VARCHAR NOT NULL, party VARCHAR, side VARCHAR, stance VARCHAR NOT NULL, "
    "confidence FLOAT NOT NULL, slot BIGINT NOT NULL, PRIMARY KEY (id), "
    "FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE )",
    "CREATE TABLE counters ( name VARCHAR NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name) )",
    'CREATE TABLE meta ( "key" VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY ("key") )',
    "CREATE TABLE paragraphs ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL, "
    'position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, '
    "FOREIGN KEY(article) REFERENCES articles (id) ON DELETE CASCADE )",
    'CREATE TABLE passages ( slot INTEGER NOT NULL, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, '
    "PRIMARY KEY (slot), FOREIGN KEY(paragraph) REFERENCES paragraphs (id) ON DELETE CASCADE )",
    "CREATE TABLE removals ( id INTEGER NOT NULL, slot BIGINT NOT NULL, PRIMARY KEY (id) )",
]
NEW_IN_2 = [
    "to_answer", "alerts", "heard", "said_vectors", "topic_vectors", "placements", "text_runs", "story_terms", "stories",
    "term_counts", "corrections", "resolutions", "chats", "cards", "followings", "reports", "entries", "pages", "feeds",
    "held", "waiting", "updates", "hosts", "word_segments", "postings",
]  # fmt: skip


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


def of_schema_1(folder: Path) -> None:
    """Make a store of schema 1, with an article in it: its tables are those of SCHEMA_1, and there are no others."""
    corpus = open_corpus(folder)
    corpus.put(indexed(HARBOUR, CLAIM, seed=1))
    corpus.close()
    with closing(sqlite3.connect(folder / "store.db")) as database, database:
        for table in NEW_IN_2:
            database.execute(f"DROP TABLE {table}")
        database.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    assert [sql for sql in tables(folder) if sql.startswith("CREATE TABLE")] == SCHEMA_1


def check_holds_all(folder: Path) -> None:
    """Check that the article of schema 1 is there with its claim, vectors and words, and that another one can be added."""
    corpus = open_corpus(folder)
    assert corpus.articles(["harbour"]) == {"harbour": HARBOUR}
    ids = [paragraph.id for paragraph in corpus.paragraphs_of("harbour")]
    [stored] = corpus.claims(ids)
    assert stored.claim == CLAIM
    assert np.array_equal(stored.vector, unit(3, 1)[2])
    assert np.array_equal(corpus.paragraph_vectors(ids), unit(3, 1)[:2])
    assert [candidate.paragraph for candidate in corpus.matching(["ferries"], 10, Filter())] == ids[1:]
    assert corpus.put(indexed(BUDGET, seed=2)) is Outcome.ADDED
    assert corpus.remove("harbour")
    corpus.close()


def open_a_corpus(folder: Path) -> None:
    open_corpus(folder).close()


def open_the_chats(folder: Path) -> None:
    open_chats(address(folder)).close()


EITHER = pytest.mark.parametrize("open_first", [open_a_corpus, open_the_chats])
Opens = Callable[[Path], None]


@EITHER
def test_a_store_of_schema_1_becomes_one_of_this_version_and_loses_nothing(tmp_path: Path, open_first: Opens) -> None:
    of_schema_1(tmp_path)
    open_first(tmp_path)
    assert schema_of(tmp_path) == str(SCHEMA_VERSION)
    check_holds_all(tmp_path)
    chats = open_chats(address(tmp_path))
    feeds = open_feeds(address(tmp_path))
    assert feeds.add(FEED)
    assert feeds.feeds() == [FEED]
    feeds.close()
    chats.close()


def test_a_store_that_was_brought_up_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    for folder in (tmp_path / "old", tmp_path / "new"):
        folder.mkdir()
    of_schema_1(tmp_path / "old")
    open_the_chats(tmp_path / "old")
    open_the_chats(tmp_path / "new")
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_schema_1(tmp_path)
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
    corpus.put(indexed(HARBOUR, CLAIM, seed=1))
    chats.keep_chat(Chat(id=7, kind="private"))
    corpus.close()
    chats.close()
    again = open_chats(address(tmp_path))
    assert again.chat(7) == Chat(id=7, kind="private")
    again.close()
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
        of_schema_1(tmp_path)
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
    assert ends == [("", 0)] * len(running)
    corpus, chats = open_corpus(tmp_path), SqlChats.open(address(tmp_path))
    assert set(corpus.articles(f"a{number}" for number in range(1, 6))) == {f"a{number}" for number in range(1, 6)}
    assert all(chats.chat(number) for number in range(1, 6))
    corpus.close()
    chats.close()
    if older:
        check_holds_all(tmp_path)
