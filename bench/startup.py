"""From starting a process to its first answer, beside one that loads sentence-transformers and encodes the same question.

    ./run bench startup [sqlite:///PATH]

Each is started several times in turn, and the median is taken. Without a store one of 100,000 paragraphs is made, which takes
some minutes, and kept in the folder of prepared models.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench._made_store import QUESTIONS, made
from bench.table import Row, say
from whosays.config import Settings
from whosays.encode.encoder import find

PARAGRAPHS = 100_000
ROUNDS = 5
_QUESTION = QUESTIONS[0]
_PEER = """
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[1], device="cpu").encode([sys.argv[2]])
"""


def rows(store: str | None = None, rounds: int = ROUNDS) -> list[Row]:
    """Return one row: the start to the first answer over a store (its address), beside the peer's to its first vector."""
    settings = Settings.from_environment(os.environ)
    store = store or made(settings, PARAGRAPHS)
    model = find(settings.encoder)
    assert model is not None
    ours = [sys.executable, "-m", "whosays", "ask", "--store", store, _QUESTION]
    peer = [sys.executable, "-c", _PEER, str(model), _QUESTION]
    # The first of each reads files that the others find in memory.
    times = [(_seconds(ours), _seconds(peer)) for _ in range(rounds + 1)][1:]
    own, other = (median(column) for column in zip(*times, strict=True))
    return [
        Row(
            what=f"start to first answer, {_paragraphs(store):,} paragraphs",
            ours=f"{own:.2f} s",
            against=f"sentence-transformers, to its first vector: {other:.2f} s",
            ratio=other / own,
            wanted="under 2 s, 5 times as fast",
            met=own < 2 and other / own >= 5,
        )
    ]


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    return time.perf_counter() - started


def _paragraphs(store: str) -> int:
    with sqlite3.connect(Path(store.removeprefix("sqlite:///"))) as connection:
        [count] = connection.execute("SELECT count(*) FROM paragraphs").fetchone()
    return int(count)


if __name__ == "__main__":
    say(rows(*[argument for argument in sys.argv[1:] if argument != "--json"]), as_json="--json" in sys.argv)
