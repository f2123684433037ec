"""Vector search on one core, beside the float32 matrix product and faiss, in one run.

    ./run bench search [ROWS …] [--around FILE.passages.f32] [--asked QUERIES.jsonl]

Rows and questions are 384 numbers each, of three kinds: *drawn* around middles in dimensions of unequal weight, so that some
3,000 rows lie about as near to a question as its best ten; *copies*, a hundred jittered a little around each drawn text, as wires
send them; *real* ones, jittered around vectors of encoded sentences (of a store, with --around), and asked by encoded questions
(by the "text" of each line of a file, with --asked).
Recall@10 counts rows as near as the ten nearest by the exact product.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# One core for all: ours uses no BLAS, and the product is told here, before numpy is there.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import faiss
import numpy as np
from numpy.typing import NDArray

from bench._made_store import encoded, jittered
from bench.table import Row, say
from whosays.config import Settings
from whosays.parts import load_encoder
from whosays.store.vectors import nearest, sign_bits
from whosays.types import Vector, Vectors

DIMENSION = 384
QUESTIONS = 60
SIZES = (100_000, 1_000_000)
#: Lists of the inverted file, and how many of them are looked into: the fewest that find as much as ours, of these.
_LISTS, _PROBES = 1024, (4, 8, 16, 32, 64, 128)
_HEADER = 64
_PRODUCT = "float32 product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Rows (n, 384) and questions (m, 384), unit vectors."""

    name: str
    vectors: Vectors
    questions: Vectors


def rows(sizes: tuple[int, ...] = SIZES, around: Path | None = None, asked: Path | None = None) -> list[Row]:
    """Return a row for each kind of vectors, size and peer; `around` is a store's file of vectors, `asked` one of questions."""
    faiss.omp_set_num_threads(1)
    found = []
    for size in sizes:
        for case in cases(size, around, asked):
            # The peers that build something are shown on the hardest kind alone.
            found += _compared(case, every=case.name == "real")
    return found


def _compared(case: Case, *, every: bool) -> list[Row]:
    vectors, questions = case.vectors, case.questions
    codes, free = np.ascontiguousarray(sign_bits(vectors).T), np.zeros(len(vectors), dtype=np.bool_)
    least = [np.partition(vectors @ question, -10)[-10] - 1e-6 for question in questions]

    def recall(ask: Callable[[Vector], NDArray[np.int64]]) -> float:
        slots = (ask(question)[:10] for question in questions)
        return float(np.mean([(vectors[own] @ q >= bar).sum() / 10 for own, q, bar in zip(slots, questions, least, strict=True)]))

    def ours(question: Vector) -> NDArray[np.int64]:
        return nearest(question, codes, vectors, free, 10)[0]

    peers: dict[str, Callable[[Vector], object]] = {_PRODUCT: lambda question: vectors @ question}
    if every:
        peers |= _peers(vectors, recall, recall(ours))
    times = _times([ours, *peers.values()], questions)
    own = times.pop(0)
    reached = recall(ours)
    return [
        Row(
            what=f"vector search, {len(vectors):,} {case.name}, one core",
            ours=f"{own:.1f} ms, recall@10 {reached:.3f}",
            against=f"{name} {took:.1f} ms",
            ratio=took / own,
            wanted="8 times, recall 0.99" if name == _PRODUCT and len(vectors) == max(SIZES) else "",
            met=took / own >= 8 and reached >= 0.99 if name == _PRODUCT and len(vectors) == max(SIZES) else None,
        )
        for name, took in zip(peers, times, strict=True)
    ]


def _peers(
    vectors: Vectors, recall: Callable[[Callable[[Vector], NDArray[np.int64]]], float], wanted: float
) -> dict[str, Callable[[Vector], object]]:
    """Return faiss's indexes by what they are and what they reach: exact, in bytes, and an inverted file as good as ours."""
    peers: dict[str, Callable[[Vector], object]] = {}
    for kind, spec in (("Flat", "Flat"), ("SQ8", "SQ8"), ("IVF", f"IVF{_LISTS},Flat")):
        index = faiss.index_factory(DIMENSION, spec, faiss.METRIC_INNER_PRODUCT)
        started = time.perf_counter()
        index.train(vectors[:: max(1, len(vectors) // (64 * _LISTS))])
        index.add(vectors)
        built = time.perf_counter() - started

        def ask(question: Vector, index: faiss.Index = index) -> NDArray[np.int64]:
            slots: NDArray[np.int64] = index.search(question[np.newaxis], 10)[1][0]
            return slots

        reached = recall(ask)
        if kind == "IVF":
            for probes in _PROBES:
                index.nprobe = probes
                if (reached := recall(ask)) >= wanted:
                    break
        looked_into = f" ({index.nprobe} of {_LISTS} lists)" if kind == "IVF" else ""
        peers[f"faiss {kind}{looked_into}, recall {reached:.3f}, built in {built:.0f} s:"] = ask
    return peers


def _times(asked: list[Callable[[Vector], object]], questions: Vectors) -> list[float]:
    """Return the median milliseconds of each, asked in turn."""
    took: list[list[float]] = [[] for _ in asked]
    for question in questions:
        for ask, own in zip(asked, took, strict=True):
            started = time.perf_counter()
            ask(question)
            own.append(time.perf_counter() - started)
    return [1000 * float(np.median(own)) for own in took]


def cases(size: int, around: Path | None = None, file: Path | None = None) -> Iterator[Case]:
    """Yield the three kinds of so many rows, and what is asked of them."""
    draw = np.random.default_rng(20310103)
    questions, vectors = np.split(_clustered(size + QUESTIONS, draw), [QUESTIONS])
    yield Case(name="drawn", vectors=vectors, questions=questions)
    texts, copies = vectors[: size // 100], np.empty_like(vectors)
    for first in range(100):
        noise = draw.standard_normal(texts.shape, dtype=np.float32) * (0.1 / np.sqrt(DIMENSION))
        copies[first::100][: len(texts)] = _unit(texts + noise)
    yield Case(name="copies", vectors=copies[: 100 * len(texts)], questions=questions)
    del vectors, copies
    encoder = load_encoder(Settings.from_environment(os.environ))
    sentences, asked = encoded(encoder, QUESTIONS)
    if file is not None:
        asked = encoder.encode([json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()])
    if around is not None:
        sentences = np.fromfile(around, np.float32, offset=_HEADER)
        sentences = sentences[: len(sentences) // DIMENSION * DIMENSION].reshape(-1, DIMENSION)
        sentences = sentences[np.linalg.norm(sentences, axis=1) > 0.9]  # what was removed may be empty
    near = np.empty((size, DIMENSION), dtype=np.float32)
    for first in range(0, size, 50_000):
        part = near[first : first + 50_000]
        part[:] = jittered(sentences[draw.integers(len(sentences), size=len(part))], sentences, draw)
    yield Case(name="real", vectors=near, questions=asked)


def _clustered(size: int, draw: np.random.Generator) -> Vectors:
    """Return (size, 384) unit vectors in clusters of some 3,000."""
    spectrum = (1.0 / np.sqrt(1 + np.arange(DIMENSION) / 40)).astype(np.float32)
    mix = np.linalg.qr(draw.normal(size=(DIMENSION, DIMENSION)))[0].astype(np.float32)
    middles = draw.standard_normal((max(size // 3_000, 1), DIMENSION), dtype=np.float32)
    vectors = np.empty((size, DIMENSION), dtype=np.float32)
    for first in range(0, size, 50_000):
        part = vectors[first : first + 50_000]
        part[:] = middles[draw.integers(len(middles), size=len(part))] + draw.standard_normal(part.shape, dtype=np.float32)
        part[:] = _unit((part * spectrum) @ mix)
    return vectors


def _unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--around", type=Path)
    parser.add_argument("--asked", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    say(rows(tuple(options.rows), options.around, options.asked), as_json=options.json)
