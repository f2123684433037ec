"""`whosays migrate` and `whosays reindex` as an operator sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import full_store, tiny_bert
from tests.e2e.cli.conftest import Whosays
from tests.encoders import Hashing
from whosays.store import moving, opening
from whosays.store.reindexing import Reindexing


@pytest.fixture
def store(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/own.db"
    full_store.fill(address, 6)
    return address


def test_a_move_says_what_is_the_same_and_is_done_once(whosays: Whosays, store: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/to/own.db"
    ran = whosays("migrate", store, target)
    assert (ran.code, ran.err) == (0, "")
    assert f" and 16 vectors are the same in {tmp_path}/to/own.db" in ran.out
    again = whosays("migrate", store, target)
    assert (again.code, again.out) == (2, "")
    assert "is a store already, and holds something" in again.err


def test_a_move_as_json(whosays: Whosays, store: str, tmp_path: Path) -> None:
    [row] = whosays("migrate", "--json", store, f"sqlite:///{tmp_path}/to.db").rows
    assert (row["from"], row["to"]) == (f"{tmp_path}/own.db", f"{tmp_path}/to.db")
    assert (row["vectors"], row["articles"], row["late"]) == (16, 4, 0)
    assert all(table["rows"] and len(table["digest"]) == 32 for table in row["tables"])


def test_a_store_that_is_being_moved_into_is_not_asked(whosays: Whosays, store: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/to.db"
    with pytest.raises(moving.StoppedError):
        moving.move_store(store, target, lambda step: None, stopping=lambda: True)
    ran = whosays("feedback", "--store", target)
    assert (ran.code, ran.out) == (2, "")
    assert "run the same `whosays migrate` again" in ran.err
    assert whosays("migrate", store, target).code == 0
    opening.connect(target).close()


@pytest.mark.parametrize("address", ["mysql://host/x", "postgresql:///none?host=/no/such/folder"])
def test_a_place_that_nothing_can_be_moved_to_is_named(whosays: Whosays, store: str, address: str) -> None:
    ran = whosays("migrate", store, address)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("whosays: ")


def test_a_store_goes_over_to_another_model_and_says_so(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    whosays("ingest", articles)
    [same] = whosays("reindex", "--json").rows
    assert same == {"model": "sentence-transformers/all-MiniLM-L6-v2", "texts": None}
    tiny = tiny_bert.write(tmp_path / "tiny")
    ran = whosays("reindex", "--encoder", tiny)
    assert ran.code == 0
    assert ran.out.endswith(f" texts embedded; the store is of {tiny} now\n")
    assert whosays("reindex", "--encoder", tiny).out == f"the store is of {tiny} already\n"
    assert whosays("search", "Orsel").code == 0


def test_a_model_that_was_named_and_is_not_the_stores_is_refused(
    whosays: Whosays, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whosays("ingest", articles)
    monkeypatch.setenv("WHOSAYS_ENCODER", str(tiny_bert.write(tmp_path / "tiny")))
    ran = whosays("search", "Orsel")
    assert (ran.code, ran.out) == (2, "")
    assert "leave WHOSAYS_ENCODER out, or run `whosays reindex --encoder" in ran.err
    assert whosays("reindex").code == 0
    assert whosays("search", "Orsel").code == 0


def test_while_one_process_indexes_anew_another_one_does_not(whosays: Whosays, store: str) -> None:
    begun = Reindexing.begin(store, Hashing("another"))
    assert begun is not None
    ran = whosays("reindex", "--store", store)
    assert (ran.code, ran.out) == (2, "")
    assert "another process is indexing" in ran.err
    begun.close()
