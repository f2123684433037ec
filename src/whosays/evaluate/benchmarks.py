"""The benchmarks: what each reads, runs and is scored by. A further one is a function and its entry in `BENCHMARKS`.

Each makes what the public command of the same job prints (`claims`, `ask --json`, `search --queries`) and gives it to the scorer
that lies beside the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from whosays import answer_json, claims_json
from whosays.engine import Engine
from whosays.errors import InputError
from whosays.evaluate.folder import Folder
from whosays.evaluate.labelled import Labelled, gather, gather_news
from whosays.evaluate.models import Models
from whosays.evaluate.pages import score_pages
from whosays.evaluate.stories import SETS, score_stories
from whosays.reading import read
from whosays.types import Answer, Article, Query, Reading, Refused, Status

#: The share of attributions that `attribution-kept` keeps, as `claims --keep` does.
_KEPT = 0.8
_RANKED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a benchmark works with: `scratch` is an empty folder of its own, `note` takes what somebody should be told."""

    models: Models
    folder: Folder
    scratch: Path
    note: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came out: `size` says over how much, such as "84 articles"."""

    size: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A benchmark by name; `needs` are paths in the folder of measuring data. `run` may raise WhosaysError."""

    name: str
    about: str
    needs: tuple[str, ...]
    run: Callable[[Bench], Measured]


#: From labels to the texts that belong to them: writes a .jsonl and returns its path.
Gather = Callable[[Bench, Labelled, Path], Path]


def _attribution(bench: Bench, *, keep: float | None = None) -> Measured:
    data = bench.folder.root / "data/polnear/dev"
    articles = _articles(read([str(data / "text")]), bench)
    rows = [(article, claims_json.found_in(bench.models.finder, article, polnear=True)) for article in articles]
    lines = (claims_json.to_json(*row, polnear=True) for row in (rows if keep is None else claims_json.kept(rows, keep)))
    return _measured(bench.folder.score("attribution_score.py", data, _file(bench, lines)), "articles")


def _claims(bench: Bench, labelled: Labelled, texts: Gather) -> Measured:
    articles = _articles(read([str(texts(bench, labelled, bench.scratch / "texts.jsonl"))]), bench)
    lines = (claims_json.to_json(a, claims_json.found_in(bench.models.finder, a, polnear=False), polnear=False) for a in articles)
    figures = bench.folder.score("sides_score.py", "claims", labelled.gold, _file(bench, lines))
    return Measured(size=f"{len(labelled.articles)} articles", figures=figures)


def _answers(bench: Bench, labelled: Labelled, texts: Gather) -> Measured:
    readings = read([str(texts(bench, labelled, bench.scratch / "texts.jsonl"))])
    with bench.models.reading(readings, bench.scratch, bench.models.finder.find_in) as (engine, report):
        _tell(report.refused, bench)
        answers = [answer_json.to_json(_answer(engine, question)) for question in labelled.questions]
    figures = bench.folder.score("sides_score.py", "answers", labelled.gold, _file(bench, answers))
    return Measured(size=f"{len(labelled.questions)} questions over {len(labelled.articles)} articles", figures=figures)


def _answer(engine: Engine, question: str) -> Answer:
    try:
        return engine.ask(question, datetime.now(UTC))
    except InputError:
        # As `ask` prints it: a question that cannot be read is answered with nothing.
        return Answer(query=Query(text=question, topic=question), status=Status.NOTHING)


def _retrieval(bench: Bench) -> Measured:
    data = bench.folder.root / "data/retrieval-time"
    lines = (data / "queries.jsonl").read_text("utf-8").split("\n")
    queries = [json.loads(line) for line in lines if line.strip()]
    # Who says what is of no use to ranking, and takes longest.
    with bench.models.reading(read([str(data / "documents.jsonl")]), bench.scratch, lambda articles: [()] * len(articles)) as (
        engine,
        report,
    ):
        _tell(report.refused, bench)
        ranked = [(query["id"], *found) for query in queries for found in engine.search(query["text"], _RANKED)]
    run = bench.scratch / "run.tsv"
    run.write_text("".join(f"{query}\t{article}\t{score:.6f}\n" for query, article, score in ranked), "utf-8")
    return _measured(bench.folder.score("retrieval_score.py", data / "qrels.tsv", run), "queries")


def _pages(bench: Bench) -> Measured:
    return _measured(score_pages(bench.folder.root / "data/pages"), "pages")


def _stories(bench: Bench) -> Measured:
    return _measured(score_stories(bench.folder.root / "data/stories", bench.models.encoder, bench.scratch), "articles")


def _articles(readings: Iterable[Reading], bench: Bench) -> Iterator[Article]:
    for reading in readings:
        if isinstance(reading, Article):
            yield reading
        else:
            _tell([reading], bench)


def _tell(refused: Iterable[Refused], bench: Bench) -> None:
    for one in refused:
        bench.note(f"refused {one.where}: {one.reason}")


def _file(bench: Bench, rows: Iterable[Mapping[str, Any]]) -> Path:
    path = bench.scratch / "scored.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def _measured(figures: dict[str, float], counted: str) -> Measured:
    """Part the number of things measured from the figures."""
    return Measured(size=f"{figures.pop(counted):.0f} {counted}", figures=figures)


_DEV = "data/sides/dev.jsonl"
_SIDES_NEED = (_DEV, "data/conflict-news/articles.jsonl.gz", "data/seed", "eval/sides_score.py")


def _on_dev(run: Callable[[Bench, Labelled, Gather], Measured], bench: Bench) -> Measured:
    def texts(bench: Bench, labelled: Labelled, to: Path) -> Path:
        return gather_news(bench.folder.root / "data", labelled, to)

    return run(bench, Labelled.read(bench.folder.root / _DEV), texts)


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        name="attribution",
        about="who says what",
        needs=("data/polnear/dev/text", "data/polnear/dev/attributions", "eval/attribution_score.py"),
        run=_attribution,
    ),
    Benchmark(
        name="attribution-kept",
        about="who says what, the most certain four fifths",
        needs=("data/polnear/dev/text", "data/polnear/dev/attributions", "eval/attribution_score.py"),
        run=partial(_attribution, keep=_KEPT),
    ),
    Benchmark(name="claims", about="for whom they speak", needs=_SIDES_NEED, run=partial(_on_dev, _claims)),
    Benchmark(name="answers", about="the answer", needs=_SIDES_NEED, run=partial(_on_dev, _answers)),
    Benchmark(name="retrieval", about="retrieval", needs=("data/retrieval-time", "eval/retrieval_score.py"), run=_retrieval),
    Benchmark(name="pages", about="page to article", needs=("data/pages/ground-truth.json", "data/pages/html"), run=_pages),
    Benchmark(
        name="stories",
        about="one story, many outlets",
        needs=tuple(f"data/stories/{name}" for name in SETS),
        run=_stories,
    ),
)


def over(labelled: Labelled, texts: Path) -> tuple[Benchmark, ...]:
    """Return the benchmarks of sides and answers over other labels than the usual ones: `texts` is a .jsonl of the articles."""

    def gathered(bench: Bench, labelled: Labelled, to: Path) -> Path:
        return gather(texts, labelled, to)

    def on(run: Callable[[Bench, Labelled, Gather], Measured]) -> Callable[[Bench], Measured]:
        return lambda bench: run(bench, labelled, gathered)

    return tuple(
        Benchmark(name=known.name, about=known.about, needs=("eval/sides_score.py",), run=on(run))
        for known, run in ((_named("claims"), _claims), (_named("answers"), _answers))
        if known.name == "claims" or labelled.questions
    )


def _named(name: str) -> Benchmark:
    return next(benchmark for benchmark in BENCHMARKS if benchmark.name == name)
