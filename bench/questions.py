"""Measure what a question costs over a store, in process, beside the bare encode of the same question, and where its time goes.

    ./run bench questions sqlite:///path/to/whosays.db [--json]

Each question is asked once: nothing that was kept of it can answer. A few others are asked before, to warm up. Each is encoded
alone right after it was asked, on the same cores; the ratio is that of the two medians.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from bench.table import Row, say
from whosays.config import Settings
from whosays.engine import Engine
from whosays.observe.trace import Stage, Trace, following
from whosays.parts import load_encoder

WARM_UP = (
    "what did Merkel say about sanctions?",
    "who won the election in Cairo?",
    "did the ceasefire in Donetsk hold?",
    "how many refugees came to Lesbos?",
)
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
    "does North Korea have a hydrogen bomb?",
    "who controls Aleppo?",
    "did Israel strike a school?",
    "what do the Kurds want?",
    "was the vote in Crimea fair?",
    "why did the talks in Geneva fail?",
    "who funds Hezbollah?",
    "is Assad winning the war?",
    "what does Beijing say about the South China Sea?",
    "did Russia meddle in the American election?",
    "how many civilians died in Mosul?",
    "who killed the journalist?",
    "will Turkey leave Idlib?",
    "what did the inspectors find?",
    "are there Russian soldiers in Ukraine?",
    "who leads the Islamic State?",
    "why was the ambassador recalled?",
    "what did Netanyahu tell Congress?",
    "did the drone strike hit a wedding?",
    "how do Saudi officials explain the blockade of Qatar?",
    "is the nuclear deal dead?",
    "what happened to the girls of Chibok?",
    "who is arming the rebels in Yemen?",
    "did Pakistan know where bin Laden was?",
    "what caused the explosion in Beirut?",
    "does the Pentagon want to stay in Syria?",
    "who is behind the coup in Ankara?",
    "was the airliner hit by a missile?",
)
#: What issue 6 asks for: a question's median at most so many times the encode's.
_AT_MOST = 2.5


def rows(store: str) -> list[Row]:
    """Ask the questions over an indexed store: what one costs beside its encode, and each stage."""
    settings = replace(Settings.from_environment(os.environ), store=store)
    encoder, now = load_encoder(settings), datetime.now(UTC)
    asked, encoded = list[float](), list[float]()
    stages: dict[Stage, list[float]] = {}
    with Engine.open(settings) as engine:
        engine.prepare()  # as `serve` does
        for question in WARM_UP:
            engine.ask(question, now)
            encoder.encode([question])
        for question in QUESTIONS:
            trace = Trace(names={})
            with following(trace):
                asked.append(_milliseconds(lambda question=question: engine.ask(question, now)))
            encoded.append(_milliseconds(lambda question=question: encoder.encode([question])))
            for stage, seconds in trace.stages.items():
                stages.setdefault(stage, []).append(1000 * seconds)
    ratio = median(asked) / median(encoded)
    whole = Row(
        what=f"a question, in process ({len(QUESTIONS)} different ones)",
        ours=f"p50 {median(asked):.1f} ms, p95 {_late(asked):.1f} ms",
        against=f"its encode alone: p50 {median(encoded):.1f} ms, p95 {_late(encoded):.1f} ms",
        ratio=1 / ratio,
        wanted=f"p50 at most {_AT_MOST} times the encode (it is {ratio:.1f} times)",
        met=ratio <= _AT_MOST,
    )
    return [whole, *(_of_stage(stage, took) for stage, took in stages.items())]


def _of_stage(stage: Stage, took: Sequence[float]) -> Row:
    ours = f"p50 {median(took):.1f} ms, p95 {_late(took):.1f} ms"
    return Row(what=f"… of which {stage.value}", ours=ours, against="", ratio=None, wanted="", met=None)


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def _late(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--json"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    say(rows(arguments[0]), as_json="--json" in sys.argv)
