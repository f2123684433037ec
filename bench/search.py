"""The two-pass search beside a float32 matrix product, in one run: `python bench/search.py [ROWS …]` (100,000 and 1,000,000).

The vectors are drawn around middles, in dimensions of unequal weight, as sentence vectors of news are: some 3,000 rows lie about
as near to a question as its best ten. Then a store of 100,000 paragraphs is asked whole questions, words and all.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from whosays import config, retrieve
from whosays.store.corpus import Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.vectors import RESCORED, nearest, sign_bits
from whosays.types import Article, Block, Query, Span, Vectors

DIMENSION = 384
QUESTIONS = 30


def clustered(rows: int, seed: int) -> Vectors:
    """Return (rows, 384) unit vectors in clusters of some 3,000."""
    draw = np.random.default_rng(seed)
    spectrum = (1.0 / np.sqrt(1 + np.arange(DIMENSION) / 40)).astype(np.float32)
    mix = np.linalg.qr(draw.normal(size=(DIMENSION, DIMENSION)))[0].astype(np.float32)
    middles = draw.standard_normal((max(rows // 3_000, 1), DIMENSION), dtype=np.float32)
    vectors = np.empty((rows, DIMENSION), dtype=np.float32)
    for first in range(0, rows, 50_000):
        part = vectors[first : first + 50_000]
        part[:] = middles[draw.integers(len(middles), size=len(part))] + draw.standard_normal(part.shape, dtype=np.float32)
        part[:] = (part * spectrum) @ mix
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def timed(ask: Callable[[int], object]) -> float:
    """Return the median milliseconds of a question."""
    taken = []
    for number in range(QUESTIONS):
        started = time.perf_counter()
        ask(number)
        taken.append(time.perf_counter() - started)
    return 1000 * float(np.median(taken))


def beside_the_product(rows: int) -> None:
    """Print times and recall of the two passes over so many rows."""
    questions, vectors = np.split(clustered(rows + QUESTIONS, 1), [QUESTIONS])
    codes, free = np.ascontiguousarray(sign_bits(vectors).T), np.zeros(rows, dtype=np.bool_)

    def product(number: int) -> list[int]:
        cosines = vectors @ questions[number]
        best = np.argpartition(-cosines, 10)[:10]
        return [int(slot) for slot in best]

    def two_passes(number: int) -> list[int]:
        return [int(slot) for slot in nearest(questions[number], codes, vectors, free, RESCORED)[0][:10]]

    recall = np.mean([len(set(product(i)) & set(two_passes(i))) / 10 for i in range(QUESTIONS)])
    print(f"{rows} rows: two passes {timed(two_passes):.2f} ms, float32 product {timed(product):.2f} ms, recall@10 {recall:.3f}")


def whole_store(articles: int, paragraphs: int) -> None:
    """Print what a question costs in a store with words, without encoding it."""
    vectors = clustered(articles * paragraphs + QUESTIONS, 2)
    draw = np.random.default_rng(3)
    # Word frequencies of a language fall with the rank (Zipf); the words are invented.
    share = 1 / (np.arange(30_000) + 3)
    vocabulary = np.array([f"w{number:x}q" for number in range(len(share))])
    words = draw.choice(vocabulary, size=(articles, paragraphs, 45), p=share / share.sum())
    nothing = np.empty((0, DIMENSION), dtype=np.float32)

    class Drawn:
        name, dimension, digest = "drawn", DIMENSION, "drawn"

    with tempfile.TemporaryDirectory() as folder:
        corpus = SqlCorpus.open(config.sqlite_address(Path(folder) / "bench.db"), Drawn())
        started = time.perf_counter()
        for number in range(articles):
            lines = [" ".join(line) for line in words[number]]
            ends = np.cumsum([len(line) + 2 for line in lines]) - 2
            blocks = tuple(Block(Span(int(end) - len(line), int(end))) for end, line in zip(ends, lines, strict=True))
            rows = vectors[number * paragraphs : (number + 1) * paragraphs]
            article = Article(id=str(number), text="\n\n".join(lines), outlet=f"Outlet {number % 20}")
            corpus.put(Indexed(article=article, blocks=blocks, vectors=rows, claims=(), claim_vectors=nothing))
        print(f"put: {1000 * (time.perf_counter() - started) / articles:.2f} ms an article of {paragraphs} paragraphs")
        corpus.close()
        started = time.perf_counter()
        corpus = SqlCorpus.open(config.sqlite_address(Path(folder) / "bench.db"), Drawn())
        print(f"open: {1000 * (time.perf_counter() - started):.0f} ms")
        topics = [" ".join(draw.choice(vocabulary, size=6, p=share / share.sum())) for _ in range(QUESTIONS)]

        def ask(number: int, outlets: tuple[str, ...] = ()) -> object:
            return retrieve.search(corpus, Query(text="", topic=topics[number], outlets=outlets), vectors[-1 - number])

        ask(0)
        print(f"a question over {articles * paragraphs} paragraphs: {timed(ask):.1f} ms, of one outlet in twenty:", end=" ")
        print(f"{timed(lambda number: ask(number, ('outlet 7',))):.1f} ms")
        corpus.close()


if __name__ == "__main__":
    if not all(argument.isdecimal() for argument in sys.argv[1:]):
        sys.exit(__doc__)
    for size in [int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000]:
        beside_the_product(size)
    whole_store(3572, 28)
