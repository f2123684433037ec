"""A model's folder: its digest, which is that of its files however often and wherever it is asked for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from whosays.encode.folder import digest


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"\1" * (1 << 20))
    _settle(folder / "model.safetensors")
    return folder


def _settle(file: Path) -> None:
    hour_ago = time.time() - 3600
    os.utime(file, (hour_ago, hour_ago))


def test_the_digest_is_the_same_with_and_without_a_cache_and_when_it_is_kept(model: Path, tmp_path: Path) -> None:
    plain = digest(model)
    cache = tmp_path / "cache"
    assert digest(model, cache=cache) == plain
    [kept] = (cache / "digests").iterdir()
    # A process that comes later reads what is kept, not the file: it is another folder of the same cache here.
    assert len(kept.read_bytes()) == 32
    assert digest(model, cache=cache) == plain


def test_what_is_kept_is_used_and_only_while_the_file_is_the_same(model: Path, tmp_path: Path) -> None:
    cache, again = tmp_path / "cache", tmp_path / "again"
    before = digest(model, cache=cache)
    again.symlink_to(cache)  # for the memory of this process another cache
    [kept] = (cache / "digests").iterdir()
    kept.write_bytes(b"\2" * 32)
    assert digest(model, cache=again) != before
    (model / "model.safetensors").write_bytes(b"\3" * (1 << 20))
    _settle(model / "model.safetensors")
    assert digest(model, cache=cache) == digest(model) != before


def test_a_file_that_was_just_changed_is_not_kept(model: Path, tmp_path: Path) -> None:
    (model / "model.safetensors").write_bytes(b"\4" * (1 << 20))
    assert digest(model, cache=tmp_path / "cache") == digest(model)
    assert not (tmp_path / "cache").exists()


def test_half_of_what_was_kept_is_no_digest(model: Path, tmp_path: Path) -> None:
    cache, again = tmp_path / "cache", tmp_path / "again"
    before = digest(model, cache=cache)
    again.symlink_to(cache)
    [kept] = (cache / "digests").iterdir()
    kept.write_bytes(kept.read_bytes()[:7])
    assert digest(model, cache=again) == before
    assert len(kept.read_bytes()) == 32


def test_a_cache_that_cannot_be_written_changes_nothing(model: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be")
    assert digest(model, cache=tmp_path / "cache") == digest(model)
