"""The operator's list of actors, edited while the program runs."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from whosays.attribution.actors import words
from whosays.attribution.listed import ActorsFile
from whosays.errors import ConfigError

ORSEL = '[[party]]\nname = "Coast League"\nkind = "group"\n'
HARBOUR = ORSEL + 'aliases = ["Harbour Committee"]\n'


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def saved(path: Path, text: str, at: int) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))


def names(file: ActorsFile) -> list[str]:
    return [named.actor.name for named in file.now().actors().find(words("Harbour Committee"))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    saved(tmp_path / "actors.toml", ORSEL, 1)
    return tmp_path / "actors.toml"


def test_an_edit_is_seen_a_second_later(path: Path) -> None:
    clock = Clock()
    file = ActorsFile(path, clock)
    before = file.now()
    assert names(file) == []
    saved(path, HARBOUR, 2)
    clock.now += 0.5
    assert file.now() is before
    clock.now += 0.6
    assert names(file) == ["Coast League"]
    assert file.now().digest != before.digest


def test_a_file_that_was_only_touched_is_the_same_list(path: Path) -> None:
    clock = Clock()
    file = ActorsFile(path, clock)
    before = file.now()
    saved(path, ORSEL, 2)
    clock.now += 2
    assert file.now() is before


def test_a_change_of_equal_length_within_one_tick_of_the_files_clock_is_seen(path: Path) -> None:
    clock = Clock()
    path.write_text(HARBOUR, "utf-8")
    stamp = path.stat().st_mtime_ns
    file = ActorsFile(path, clock)
    assert names(file) == ["Coast League"]
    path.write_text(HARBOUR.replace("Coast", "Shore"), "utf-8")
    os.utime(path, ns=(stamp, stamp))
    clock.now += 2
    assert names(file) == ["Shore League"]


@pytest.mark.parametrize("broken", ["[[party]]\nname = ", '[[party]]\nname = "X"\n', "\udcff"])
def test_a_broken_file_keeps_the_list_as_it_was_and_is_told_of_once(
    path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    saved(path, HARBOUR, 1)
    file = ActorsFile(path, clock)
    before = file.now()
    path.write_bytes(broken.encode("utf-8", "surrogateescape"))
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            clock.now += 2
            assert file.now() is before
    (record,) = caplog.records
    assert str(path) in record.getMessage()
    saved(path, ORSEL, 3)
    clock.now += 2
    assert names(file) == []


def test_a_file_that_is_gone_keeps_the_list_as_it_was(path: Path) -> None:
    clock = Clock()
    file = ActorsFile(path, clock)
    before = file.now()
    path.unlink()
    clock.now += 2
    assert file.now() is before


def test_a_list_that_could_never_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"actors\.toml"):
        ActorsFile(tmp_path / "actors.toml").now()
    saved(tmp_path / "actors.toml", "[[party]]\n", 1)
    with pytest.raises(ConfigError, match="party"):
        ActorsFile(tmp_path / "actors.toml").now().actors()
