"""A store is moved between any two kinds: all that is in it is there afterwards, and the same, under the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from tests import full_store
from tests.encoders import Hashing
from tests.postgres import Server
from tests.stored import Model, article, indexed, unit
from whosays.chats import Chat
from whosays.errors import StoreError
from whosays.parts import open_chats
from whosays.reindex import reindex
from whosays.store import moving, opening, placing
from whosays.store.chats_schema import chats, followings
from whosays.store.corpus import Filter, Outcome
from whosays.store.feeds_schema import feeds
from whosays.store.index import Index
from whosays.store.reindexing import Reindexing
from whosays.store.schema import articles, claims, meta, metadata
from whosays.store.sql_corpus import SqlCorpus

THERE, BACK = ("sqlite", "postgres"), ("postgres", "sqlite")
MOVES = [THERE, BACK, ("sqlite", "sqlite"), ("postgres", "postgres")]
#: Where the kinds make no difference, or not in this direction.
ONE_OF_THEM = pytest.mark.parametrize("stores", [THERE], indirect=True, ids="-to-".join)
BOTH_WAYS = pytest.mark.parametrize("stores", [THERE, BACK], indirect=True, ids="-to-".join)
Stores = tuple[str, str]


@pytest.fixture(params=MOVES, ids="-to-".join)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The addresses of two stores that do not exist yet."""
    with ExitStack() as made:

        def address(kind: str, name: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path}/{name}/store.db"
            server: Server = request.getfixturevalue("postgres_server")
            return made.enter_context(server.database())

        source, target = request.param
        yield address(source, "from"), address(target, "to")


def move(stores: Stores, report: Callable[[moving.MoveStep], None] = lambda step: None) -> moving.Moved:
    return moving.move_store(*stores, report)


def rows(address: str) -> dict[str, list[str]]:
    """Return all rows of a store, spelt out, but for what it says of itself."""
    database = opening.connect(address)
    with database.reading() as connection:
        held = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table is not meta
        }
    database.close()
    return held


def test_all_of_a_store_is_moved_and_nothing_of_it_is_changed(stores: Stores) -> None:
    full_store.fill(stores[0])
    before = rows(stores[0])
    assert all(before.values())
    moved = move(stores)
    assert rows(stores[1]) == before == rows(stores[0])
    assert {table.table: table.rows for table in moved.tables} == {name: len(held) for name, held in before.items()}
    assert moved.vectors == len(before["passages"]) + len(before["claims"])
    assert (moved.articles, moved.late) == (len(before["articles"]), 0)


@BOTH_WAYS
def test_both_answer_alike_and_what_comes_next_has_a_number_of_its_own(stores: Stores) -> None:
    full_store.fill(stores[0])
    database = opening.connect(stores[0])
    with database.writing() as connection:
        # The last topic is gone, and its number with it: a button may still name it.
        last = connection.execute(select(func.max(followings.c.id))).scalar_one()
        connection.execute(delete(followings).where(followings.c.id == last))
        newest = connection.execute(select(func.max(articles.c.id))).scalar_one()
    database.close()
    corpus = SqlCorpus.open(stores[0], Model())
    assert corpus.remove("a1")  # the article of the highest number
    corpus.close()
    move(stores)
    both = [SqlCorpus.open(address, Model()) for address in stores]
    for question in (0, 1, 2):
        found = [corpus.nearest(unit(1, question)[0], 8, Filter()) for corpus in both]
        assert [one.paragraph for one in found[0]] == [one.paragraph for one in found[1]]
        assert [one.score for one in found[0]] == pytest.approx([one.score for one in found[1]], abs=1e-5)
    assert both[0].matching(["ferry", "Calder"], 9, Filter()) == both[1].matching(["ferry", "Calder"], 9, Filter())
    assert both[0].matching_articles(["waits"], 9, Filter()) == both[1].matching_articles(["waits"], 9, Filter())
    assert both[0].revision() == both[1].revision()
    new = article("new", "The ferry of Calder sails again.")
    assert both[1].put(indexed(new, seed=99)) is Outcome.ADDED
    assert both[1].remove("a3")
    for corpus in both:
        corpus.close()
    target = opening.connect(stores[1])
    with target.writing() as connection:
        assert connection.execute(select(articles.c.id).where(articles.c.key == "new")).scalar_one() > newest
        row = connection.execute(select(followings).limit(1)).one()._asdict()
        del row["id"]
        key = connection.execute(insert(followings).values(**row | {"folded": "another"})).inserted_primary_key
        assert key is not None
        assert key[0] > last
    target.close()


@BOTH_WAYS
def test_it_goes_on_after_any_batch_and_until_then_there_is_no_store(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whosays.store.table_rows.BATCH", 7)
    full_store.fill(stores[0])
    steps: list[moving.MoveStep] = []
    calls = 0

    def enough(begun: int) -> bool:
        return len(steps) > begun + 9

    while True:
        calls += 1
        try:
            moving.move_store(*stores, steps.append, stopping=partial(enough, len(steps)))
        except moving.StoppedError:
            with pytest.raises(StoreError, match=r"is being moved into .* run the same `whosays migrate` again"):
                open_chats(stores[1])
            if calls > 20:
                # What is left is compared in one go.
                monkeypatch.undo()
                move(stores)
                break
        else:
            break
    copied = [(step.table, step.rows) for step in steps if step.doing == "copying"]
    assert len(copied) == len(set(copied)) > 60
    assert rows(stores[1]) == rows(stores[0])


@BOTH_WAYS
def test_what_is_written_into_the_old_store_meanwhile_is_moved_too(stores: Stores) -> None:
    full_store.fill(stores[0], 9)
    done: set[str] = set()

    def write(step: moving.MoveStep) -> None:
        if step.doing == "copying" and step.table == "paragraphs" and "articles" not in done:
            done.add("articles")
            corpus = SqlCorpus.open(stores[0], Model())
            corpus.put(indexed(article("late", "A late ferry.", "It came at night."), seed=50))
            corpus.put(indexed(article("a4", "Quite another text."), seed=51))
            corpus.remove("a0")
            corpus.close()
        if step.doing == "comparing" and step.table == "placements" and "rows" not in done:
            done.add("rows")
            database = opening.connect(stores[0])
            with database.writing() as connection:
                connection.execute(update(chats).values(open=True, zone="Europe/Orsel"))
                connection.execute(delete(feeds).where(feeds.c.url == connection.execute(select(func.min(feeds.c.url))).scalar()))
            database.close()

    moved = moving.move_store(*stores, write)
    assert done == {"articles", "rows"}
    assert moved.late > 0
    assert rows(stores[1]) == rows(stores[0])


@BOTH_WAYS
def test_a_store_that_changed_between_two_calls_is_mended(stores: Stores) -> None:
    full_store.fill(stores[0], 9)
    steps: list[moving.MoveStep] = []
    with pytest.raises(moving.StoppedError):
        moving.move_store(*stores, steps.append, stopping=lambda: bool(steps) and steps[-1].table == "claims")
    corpus = SqlCorpus.open(stores[0], Model())
    corpus.remove("a1")
    corpus.put(indexed(article("late", "A late ferry.", "It came at night."), seed=50))
    corpus.close()
    assert move(stores).late > 0
    assert rows(stores[1]) == rows(stores[0])


@BOTH_WAYS
def test_a_vector_that_is_not_the_same_is_noticed_and_mended(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    full_store.fill(stores[0])
    wrong = True
    copy = placing.copy

    def damage(table: Table, some: Sequence[Any], read: tuple[Index, Connection], write: tuple[Index, Connection]) -> None:
        nonlocal wrong
        if table is claims and wrong:
            wrong = False
            index, connection = write
            slots = sorted(row.slot for row in some)
            index.place_claims(connection, slots, unit(len(slots), 5))
            return
        copy(table, some, read, write)

    monkeypatch.setattr(placing, "copy", damage)
    moved = move(stores)
    assert not wrong
    assert moved.vectors > 0


@BOTH_WAYS
def test_a_store_without_articles_is_moved(stores: Stores) -> None:
    opened = open_chats(stores[0])
    opened.keep_chat(Chat(id=-(10**12), kind="group"))
    opened.close()
    assert move(stores).vectors == 0
    opened = open_chats(stores[1])
    assert opened.chat(-(10**12)) == Chat(id=-(10**12), kind="group")
    opened.close()
    SqlCorpus.open(stores[1], Model()).close()


@ONE_OF_THEM
def test_what_holds_something_is_not_moved_into(stores: Stores) -> None:
    full_store.fill(stores[0], 6)
    move(stores)
    before = rows(stores[1])
    with pytest.raises(StoreError, match="is a store already, and holds something"):
        move(stores)
    with pytest.raises(StoreError, match="is the same store"):
        move((stores[0], stores[0]))
    assert rows(stores[1]) == before


@ONE_OF_THEM
def test_another_store_is_not_moved_into_one_that_is_being_moved_into(stores: Stores, tmp_path: Path) -> None:
    full_store.fill(stores[0], 6)
    with pytest.raises(moving.StoppedError):
        moving.move_store(*stores, lambda step: None, stopping=lambda: True)
    other = f"sqlite:///{tmp_path}/other.db"
    full_store.fill(other, 6)
    with pytest.raises(StoreError, match=r"another store than .* is being moved into"):
        move((other, stores[1]))
    with pytest.raises(StoreError, match="is no store yet"):
        move((stores[1], f"sqlite:///{tmp_path}/third.db"))
    move(stores)


def test_a_store_that_has_gone_over_to_another_model_is_not_moved_on(tmp_path: Path) -> None:
    addresses = f"sqlite:///{tmp_path}/from.db", f"sqlite:///{tmp_path}/to.db"
    full_store.fill(addresses[0], 6)
    with pytest.raises(moving.StoppedError):
        moving.move_store(*addresses, lambda step: None, stopping=lambda: True)
    other = Hashing("another", dimension=16)
    begun = Reindexing.begin(addresses[0], other)
    assert begun is not None
    assert reindex(begun, other, lambda progress: None)
    begun.clean()
    begun.close()
    with pytest.raises(StoreError, match="has been indexed anew since"):
        move(addresses)
    moved = moving.move_store(addresses[0], f"sqlite:///{tmp_path}/third.db", lambda step: None)
    assert moved.vectors == 16
    SqlCorpus.open(f"sqlite:///{tmp_path}/third.db", other).close()


def test_what_is_no_store_or_of_an_earlier_version_is_not_moved(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        move((f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/to.db"))
    assert not list(tmp_path.iterdir())
    old = f"sqlite:///{tmp_path}/old.db"
    open_chats(old).close()
    database = opening.at(old)
    with database.writing() as connection:
        connection.execute(update(meta).where(meta.c.key == "schema").values(value="2"))
    database.close()
    with pytest.raises(StoreError, match=r"is of schema 2, .*`whosays sources` .* brings"):
        move((old, f"sqlite:///{tmp_path}/to.db"))
