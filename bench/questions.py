"""Measure what a question costs over a store, in process, beside the bare encode of the same question.

    ./run bench questions sqlite:///path/to/whosays.db

It asks each of its questions once to warm up and then three times, and prints the median and the 95th percentile in
milliseconds, the encode's median and the ratio of the two medians.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from whosays.config import Settings
from whosays.engine import Engine, load_encoder

QUESTIONS = (
    "was sarin dropped on Khan Sheikhoun?",
    "who shot down MH17?",
    "why did Trump turn against the accord with Tehran?",
    "how many rockets were fired from Gaza?",
    "what does Baghdad want from Washington?",
    "how did people in Simferopol vote?",
    "who sent Novichok to Salisbury?",
    "what did Obama say about Guantanamo?",
    "how many troops are in Afghanistan?",
    "what happened in the consulate in Istanbul?",
    "what is the price of bread in Kabul?",
    "who is to blame for the attack in Benghazi?",
)
ROUNDS = 3


def main(store: str) -> None:
    """Run the measurement over an indexed store."""
    settings = replace(Settings.from_environment(os.environ), store=store)
    engine, encoder = Engine.open(settings), load_encoder(settings)
    now = datetime.now(UTC)
    asked = measure(lambda question: engine.ask(question, now))
    encoded = measure(lambda question: encoder.encode([question]))
    engine.close()
    middle, late = len(asked) // 2, int(len(asked) * 0.95)
    print(f"ask_ms_p50 {asked[middle]:.1f}\nask_ms_p95 {asked[late]:.1f}\nencode_ms_p50 {encoded[middle]:.1f}")
    print(f"ratio_p50 {asked[middle] / encoded[middle]:.1f}")


def measure(run: Callable[[str], object]) -> list[float]:
    """Return the times in milliseconds, sorted."""
    for question in QUESTIONS:
        run(question)
    took = []
    for question in QUESTIONS * ROUNDS:
        start = time.perf_counter()
        run(question)
        took.append(1000 * (time.perf_counter() - start))
    return sorted(took)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
