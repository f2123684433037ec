from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import names

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Do what `./run bench …` does once all is installed."""
    command = [sys.executable, "-m", "bench", *arguments]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=600)


@pytest.mark.parametrize("name", names())
def test_each_bench_tells_what_it_is_and_how_it_is_called(name: str) -> None:
    told = bench(name, "--help")
    assert told.returncode == 0
    assert not told.stderr
    assert any(call in told.stdout for call in (f"./run bench {name}", f"./run bench [{name}]"))


def test_help_is_told_apart_from_what_is_measured() -> None:
    told = bench("startup", "sqlite:///nowhere.db", "--help")
    assert told.stdout.startswith("From starting a process")


def test_the_list_has_a_line_of_each() -> None:
    listed = bench("list").stdout.splitlines()
    assert [line.partition(":")[0] for line in listed] == [f"bench/{name}.py" for name in names()]


def test_a_bench_of_no_such_name_is_said_to_be_none() -> None:
    told = bench("nonesuch")
    assert told.returncode == 2
    assert "there is no bench nonesuch; ./run bench list names each" in told.stderr
