"""What the commands are told of their inputs before they read them."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

from whosays.cli.inputs import count


def test_inputs_are_counted_by_line_by_file_and_through_folders(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"text": "two"}')
    (tmp_path / "below" / "b.txt").write_text("three")
    assert count([str(tmp_path)]) == 3
    assert count([str(tmp_path), "https://orsel.example/feed"]) is None


def test_a_line_longer_than_memory_is_counted_without_being_held(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.jsonl.gz"
    with gzip.open(bomb, "wb") as file:
        for _ in range(64):
            file.write(b" " * (1 << 20))
    tracemalloc.start()
    assert count([str(bomb)]) == 1
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert held < 16 << 20


def test_an_archive_that_is_damaged_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"no archive")
    assert count([str(tmp_path / "a.jsonl.gz")]) is None
