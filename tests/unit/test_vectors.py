"""The search for vectors: what it finds beside an exact search, and its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.stored import unit
from whosays.errors import StoreError
from whosays.store.vectors import RowFile, nearest, sign_bits, words
from whosays.types import Vectors


def clustered(rows: int, dimension: int, seed: int) -> Vectors:
    """Return unit vectors around a hundred middles, as news is: many texts on one event."""
    draw = np.random.default_rng(seed)
    middles = draw.normal(size=(100, dimension))
    vectors = middles[draw.integers(100, size=rows)] + 0.7 * draw.normal(size=(rows, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def exact(vector: np.ndarray, vectors: Vectors, blocked: np.ndarray, limit: int) -> list[int]:
    cosines = np.where(blocked, -2, vectors @ vector)
    return [int(slot) for slot in np.argsort(-cosines, kind="stable")[:limit]]


def test_two_passes_find_nearly_all_that_an_exact_search_finds() -> None:
    questions, vectors = np.split(clustered(40_030, 384, 1), [30])
    codes, free = sign_bits(vectors).T.copy(), np.zeros(len(vectors), dtype=np.bool_)
    found = 0
    for vector in questions:
        slots, cosines = nearest(vector, codes, vectors, free, 10)
        assert 10 <= len(slots) <= 2_000
        assert np.allclose(cosines, vectors[slots] @ vector, atol=1e-6)
        assert (np.diff(cosines) <= 0).all()
        found += len(set(slots[:10].tolist()) & set(exact(vector, vectors, free, 10)))
    assert found / 300 > 0.99


@pytest.mark.parametrize("dimension", [1, 63, 64, 65, 384, 1000])
def test_a_code_has_a_bit_for_each_dimension_whatever_their_number(dimension: int) -> None:
    vectors = unit(20, 3, dimension)
    codes = sign_bits(vectors)
    assert codes.shape == (20, words(dimension))
    differing = np.bitwise_count(codes[:, None] ^ codes[None]).sum(axis=2)
    assert np.array_equal(differing, ((vectors > 0)[:, None] != (vectors > 0)[None]).sum(axis=2))


def test_blocked_rows_are_never_proposed() -> None:
    vectors = clustered(5_000, 128, 4)
    codes = sign_bits(vectors).T.copy()
    blocked = np.random.default_rng(5).random(len(vectors)) < 0.6
    slots, _ = nearest(vectors[np.flatnonzero(blocked)[0]], codes, vectors, blocked, 500)
    assert len(slots) >= 500
    assert not blocked[slots].any()


def test_with_few_rows_left_nothing_is_missed() -> None:
    vectors = unit(5_000, 6)
    codes, blocked = sign_bits(vectors).T.copy(), np.ones(5_000, dtype=np.bool_)
    blocked[::50] = False
    question = unit(1, 7)[0]
    slots, _ = nearest(question, codes, vectors, blocked, 500)
    assert slots.tolist() == exact(question, vectors, blocked, 100)


def test_a_hundred_copies_of_each_text_push_no_other_text_out_for_good() -> None:
    vectors = np.repeat(clustered(300, 256, 8), 100, axis=0)
    codes, free = sign_bits(vectors).T.copy(), np.zeros(len(vectors), dtype=np.bool_)
    slots, cosines = nearest(vectors[4321], codes, vectors, free, 1000)
    assert set(slots[:100].tolist()) == set(range(4300, 4400))
    assert len(slots) >= 1000
    assert cosines[0] == pytest.approx(1.0, abs=1e-5)


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "rows", "store", np.float32, 5)
    file.create()
    assert file.rows(0).shape == (0, 5)
    first, second = unit(3, 1, 5), unit(2, 2, 5)
    file.write(0, first)
    file.write(3, second)
    assert np.array_equal(file.rows(5), np.concatenate([first, second]))


def test_what_a_crash_left_behind_is_overwritten(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "rows", "store", np.float32, 5)
    file.create()
    file.write(0, unit(2, 1, 5))
    file.write(2, unit(9, 2, 5))
    with (tmp_path / "rows").open("ab") as stream:
        stream.write(b"half a row")
    file.write(2, unit(1, 3, 5))
    assert np.array_equal(file.rows(3), np.concatenate([unit(2, 1, 5), unit(1, 3, 5)]))


def test_a_file_that_is_missing_short_or_of_another_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    file = RowFile(path, "store", np.float32, 5)
    with pytest.raises(StoreError, match="whosays ingest"):
        file.rows(1)
    file.create()
    file.write(0, unit(2, 1, 5))
    with pytest.raises(StoreError, match="3 rows are needed, 2 are there"):
        file.rows(3)
    for other in (RowFile(path, "other", np.float32, 5), RowFile(path, "store", np.float32, 6)):
        with pytest.raises(StoreError, match="another store or model"):
            other.rows(1)


def test_a_file_of_which_no_row_is_wanted_yet_must_be_there_and_this_stores(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    file = RowFile(path, "store", np.float32, 5)
    with pytest.raises(StoreError, match="No such file"):
        file.rows(0)
    file.create()
    assert file.rows(0).shape == (0, 5)
    with pytest.raises(StoreError, match="another store"):
        RowFile(path, "other", np.float32, 5).rows(0)


def test_rows_are_not_written_behind_a_gap(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "rows", "store", np.float32, 5)
    file.create()
    file.write(0, unit(2, 1, 5))
    with pytest.raises(StoreError, match="3 rows are needed before new ones"):
        file.write(3, unit(1, 2, 5))


def test_a_file_is_written_anew_whole_or_not_at_all(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "rows", "store", np.float32, 5)
    file.create()
    file.write(0, unit(2, 1, 5))
    with pytest.raises(ZeroDivisionError):
        file.replace(np.asarray(unit(1, 2, 5) / (1 // (1 - number)), dtype=np.float32) for number in range(2))
    assert np.array_equal(file.rows(2), unit(2, 1, 5))
    file.replace([unit(3, 3, 5), unit(1, 4, 5)])
    assert np.array_equal(file.rows(4), np.concatenate([unit(3, 3, 5), unit(1, 4, 5)]))
