"""What only the SQLite store has: its files, other versions and models, and what a crash may leave behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from tests.stored import DIMENSION, Model, article, claim, indexed, unit
from whosays.errors import StoreError
from whosays.store.corpus import Filter
from whosays.store.slots import slot_rows
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.vector_files import VectorFiles
from whosays.types import Window

HARBOUR = article("harbour", "The harbour is shut.", "Ferries lie idle.")
BUDGET = article("budget", "The council passed its budget.")


def opened(folder: Path, model: Model | None = None) -> SqlCorpus:
    return SqlCorpus.open(f"sqlite:///{folder}/deep/store.db", model or Model())


def filled(folder: Path) -> None:
    corpus = opened(folder)
    corpus.put(indexed(HARBOUR, claim(HARBOUR, "harbour is", 0), seed=1))
    corpus.close()


def test_another_model_is_refused_and_how_to_index_again_is_said(tmp_path: Path) -> None:
    filled(tmp_path)
    for other in (Model(digest="1" * 64), Model(dimension=32)):
        with pytest.raises(
            StoreError, match=r"indexed with a-model \(96 dimensions.*leave WHOSAYS_ENCODER out, or.*reindex --encoder"
        ):
            opened(tmp_path, other)
    opened(tmp_path, Model(name="the-same-weights-in-another-folder")).close()


def test_another_schema_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    engine = sa.create_engine(f"sqlite:///{tmp_path}/deep/store.db")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE meta SET value = '99' WHERE key = 'schema'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"schema 99.*new store"):
        opened(tmp_path)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "store.db").write_text("not a database, but long enough to be looked at" * 30)
    with pytest.raises(StoreError, match="not a database"):
        opened(tmp_path)


def test_another_programs_database_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/deep/store.db")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE recipes (id INTEGER)"))
    with pytest.raises(StoreError, match="not one of whosays"):
        opened(tmp_path)
    assert sa.inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


@pytest.mark.parametrize("suffix", ["passages.f32", "claims.f32"])
def test_a_vector_file_that_is_missing_or_cut_short_is_named_when_the_store_is_opened(tmp_path: Path, suffix: str) -> None:
    filled(tmp_path)
    file = tmp_path / "deep" / f"store.db.{suffix}"
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(StoreError, match=f"{suffix} does not fit.*whosays ingest"):
        opened(tmp_path)
    file.unlink()
    with pytest.raises(StoreError, match=f"{suffix} does not fit"):
        opened(tmp_path)


def test_a_store_without_its_file_of_slots_makes_it_anew(tmp_path: Path) -> None:
    corpus = opened(tmp_path)
    old = article("council", "The council met.", "It rose at noon.", "Nobody spoke.", outlet="Harbour Post")
    corpus.put(indexed(old, seed=3))
    corpus.put(indexed(HARBOUR, seed=1))
    corpus.put(indexed(article("budget", "The budget passed.", outlet="Orsel Gazette", day=9), seed=2))
    corpus.put(indexed(article("ferry", "The ferry sank.", outlet="orsel gazette"), seed=4))
    corpus.remove("harbour")
    filters = [
        Filter(),
        Filter(outlets=("ORSEL GAZETTE",)),
        Filter(window=Window(start=datetime(2031, 1, 9, tzinfo=UTC), end=datetime(2031, 1, 10, tzinfo=UTC))),
    ]
    asked = [(unit(1, seed)[0], where) for seed in range(1, 5) for where in filters]
    before = [corpus.nearest(vector, 10, where) for vector, where in asked]
    assert [len(found) for found in before[:3]] == [5, 2, 1]
    corpus.close()
    file = tmp_path / "deep" / "store.db.passages.slots"
    as_schema_2_left_it = file.with_suffix(".bits")
    as_schema_2_left_it.write_bytes(b"codes")
    for harm in (file.unlink, lambda: file.write_bytes(file.read_bytes()[:-8]), lambda: file.write_bytes(b"another's")):
        harm()
        corpus = opened(tmp_path)
        assert [corpus.nearest(vector, 10, where) for vector, where in asked] == before
        corpus.close()
    assert not as_schema_2_left_it.exists()
    # A store that was brought up, put back as it was before, and read into there: it has given the same slots out anew.
    as_schema_2_left_it.write_bytes(b"codes")
    file.write_bytes(file.read_bytes()[:64] + bytes(file.stat().st_size - 64))
    corpus = opened(tmp_path)
    assert [corpus.nearest(vector, 10, where) for vector, where in asked] == before
    corpus.put(indexed(BUDGET, seed=5))
    assert len(corpus.nearest(unit(1, 5)[0], 10, Filter())) == 5
    corpus.close()


def test_rows_that_were_written_but_never_committed_are_overwritten(tmp_path: Path) -> None:
    filled(tmp_path)
    corpus = opened(tmp_path)
    engine = sa.create_engine(f"sqlite:///{tmp_path}/deep/store.db")
    with engine.connect() as connection:
        store = connection.execute(sa.text("SELECT value FROM meta WHERE key = 'store'")).scalar_one()
    engine.dispose()
    # What a writer that is killed just before its commit leaves behind: whole rows, and half a row.
    files = VectorFiles(tmp_path / "deep" / "store.db", store, DIMENSION)
    files.passages.write(2, unit(7, 50))
    files.slots.write(2, slot_rows(unit(7, 50), [99] * 7, None, None))
    files.claims.write(1, unit(3, 51))
    for file in (tmp_path / "deep").glob("store.db.*.*"):
        with file.open("ab") as stream:
            stream.write(b"abc")
    assert len(corpus.nearest(unit(1, 50)[0], 10, Filter())) == 2
    again = opened(tmp_path)
    again.put(indexed(BUDGET, claim(BUDGET, "budget.", 0), seed=2))
    for each in (again, corpus):
        [best, *_] = each.nearest(unit(1, 2)[0], 10, Filter())
        assert best.score == pytest.approx(1.0, abs=1e-5)
        assert each.paragraphs([best.paragraph])[best.paragraph].article == "budget"
        [stored] = each.claims([best.paragraph])
        assert np.array_equal(stored.vector, unit(2, 2)[1])
        each.close()


def test_a_put_that_fails_half_way_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    corpus = opened(tmp_path)
    monkeypatch.setattr("whosays.store.writing._add_claims", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
    changed = article("harbour", "The harbour is open.")
    with pytest.raises(StoreError, match="no space left"):
        corpus.put(indexed(changed, seed=8))
    monkeypatch.undo()
    assert corpus.unchanged(HARBOUR)
    assert len(corpus.nearest(unit(1, 8)[0], 10, Filter())) == 2
    assert corpus.matching(["open"], 10, Filter()) == []
    corpus.put(indexed(changed, seed=8))
    assert [c.score for c in corpus.nearest(unit(1, 8)[0], 10, Filter())] == pytest.approx([1.0], abs=1e-5)
    corpus.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.stored import Model, article, indexed
from whosays.store.sql_corpus import SqlCorpus
import whosays.store.fulltext as module
calls = 0
real = module._write
def write(*arguments):
    global calls
    real(*arguments)
    calls += 1
    if calls == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
module._write = write
corpus = SqlCorpus.open(f"sqlite:///{sys.argv[1]}/deep/store.db", Model())
for number in range(9):
    corpus.put(indexed(article(f"a{number}", "One paragraph.", "Another one."), seed=number))
"""


# Of the eighth article the words are written twice: its own, and those of eight articles merged.
@pytest.mark.parametrize(("call", "left"), [(1, 0), (2, 1), (6, 5), (9, 7)])
def test_a_writer_killed_in_the_midst_loses_what_was_not_committed_and_nothing_else(tmp_path: Path, call: int, left: int) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(call)], check=False, env=_environment())
    assert ended.returncode == -9
    corpus = opened(tmp_path)
    assert set(corpus.articles(f"a{number}" for number in range(9))) == {f"a{number}" for number in range(left)}
    assert len(corpus.matching(["another"], 100, Filter())) == left
    for number in range(9):
        corpus.put(indexed(article(f"a{number}", "One paragraph.", "Another one."), seed=number))
    assert len(corpus.matching(["another"], 100, Filter())) == 9
    for number in range(9):
        best = corpus.nearest(unit(1, number)[0], 1, Filter())[0]
        assert best.score == pytest.approx(1.0, abs=1e-5)
        assert corpus.paragraphs([best.paragraph])[best.paragraph].article == f"a{number}"
    corpus.close()


def _environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {"PYTHONPATH": f"{root}/src:{root}"}
