"""Stories: what an article costs as the store grows; the baselines; and the fit of the decision.

`python -m bench.stories [cost [ARTICLES]]`  milliseconds an article, up to so many (100,000), and the store's size
`python -m bench.stories baselines FOLDER`   B-cubed of simple ways over the same halves that `whosays eval --only stories` reports
`python -m bench.stories fit FOLDER`         the weights of `whosays.stories`, fitted on the other halves

FOLDER is the folder of measuring data. The articles of `cost` are drawn: stories of one to some forty articles in a year of news,
words by Zipf's law, names of their own, a copy of another outlet's text now and then.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from whosays import config
from whosays.store.corpus import Indexed
from whosays.store.sqlite import SqliteCorpus
from whosays.store.stories import place
from whosays.types import Article, Block, Span

DIMENSION = 384


class Drawn:
    """What a store is told of vectors that are drawn."""

    name, dimension, digest = "drawn", DIMENSION, "drawn"


def drawn(articles: int) -> Iterator[Indexed]:
    """Yield articles of 12 paragraphs; a tenth of them are copies."""
    draw = np.random.default_rng(1)
    share = 1 / (np.arange(30_000) + 3)
    share /= share.sum()
    vocabulary = np.array([f"w{number:x}q" for number in range(len(share))])
    start, open_stories = datetime(2031, 1, 1, tzinfo=UTC), []
    previous: Indexed | None = None
    nothing = np.empty((0, DIMENSION), dtype=np.float32)
    for number in range(articles):
        published = start + timedelta(days=365 * number / articles)
        if previous is not None and draw.random() < 0.1:
            article = replace(previous.article, id=str(number), outlet=f"Outlet {number % 20}", published=published)
            yield replace(previous, article=article)
            continue
        if not open_stories or draw.random() < 0.4:
            middle = draw.standard_normal(DIMENSION, dtype=np.float32)
            open_stories.append((middle, [*(f"name{number}x{i}" for i in range(4)), *draw.choice(vocabulary, 12, p=share)]))
            open_stories = open_stories[-60:]
        middle, names = open_stories[int(draw.integers(len(open_stories)))]
        lines = [" ".join([*draw.choice(vocabulary, 40, p=share), *draw.choice(names, 5)]) for _ in range(12)]
        ends = np.cumsum([len(line) + 2 for line in lines]) - 2
        blocks = tuple(Block(Span(int(end) - len(line), int(end))) for end, line in zip(ends, lines, strict=True))
        lead = middle + 0.7 * draw.standard_normal(DIMENSION, dtype=np.float32)
        lead /= np.linalg.norm(lead)
        title = " ".join(draw.choice(names, 6))
        article = Article(
            id=str(number), text="\n\n".join(lines), title=title, outlet=f"Outlet {number % 17}", published=published
        )
        vectors = np.repeat(lead[np.newaxis], len(lines), axis=0)
        previous = Indexed(article=article, blocks=blocks, vectors=vectors, claims=(), claim_vectors=nothing, lead=lead)
        yield previous


def cost(articles: int) -> None:
    """Print what stories and copies cost, of each tenth of so many articles."""
    taken: list[float] = []

    def timed(*arguments: object) -> object:
        started = time.process_time()
        placed = place(*arguments)  # type: ignore[arg-type]
        taken.append(1000 * (time.process_time() - started))
        return placed

    from whosays.store import stories  # noqa: PLC0415 - to be measured in its place, within the transaction

    stories.place = timed  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        corpus = SqliteCorpus.open(config.sqlite_address(path), Drawn())
        print("articles   median ms   95 % ms   max ms   stories   memory MB   database MB")
        for number, indexed in enumerate(drawn(articles), 1):
            corpus.put(indexed)
            if number % max(articles // 10, 1) == 0:
                part = np.array(taken[-max(articles // 10, 1) :])
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                stands = (np.median(part), np.quantile(part, 0.95), part.max())
                print(f"{number:8d} {stands[0]:11.2f} {stands[1]:9.2f} {stands[2]:8.1f}", end="")
                print(f" {corpus.story_of(indexed.article.id):>9} {memory:11.0f} {path.stat().st_size / 1e6:13.0f}", flush=True)
        corpus.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [] | ["cost"]:
            cost(100_000)
        case ["cost", articles] if articles.isdecimal():
            cost(int(articles))
        case _:
            sys.exit(__doc__)
