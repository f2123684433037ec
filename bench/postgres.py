"""A store in PostgreSQL, on a server of its own: by meaning with filters, by words, and how fast articles go in.

    ./run bench postgres [ROWS] [--around FILE.passages.f32]

The rows are those of `bench/search.py`, with dates of three years and forty outlets. Recall@10 counts rows as near as the ten
nearest that pass the filter. Beside it stands the same server's exact scan. The server writes to the disk as it would in earnest.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.search import DIMENSION, Case, cases
from bench.table import Row, say
from tests.postgres import OwnServer, Server, running
from whosays.config import sqlite_address
from whosays.store import opening
from whosays.store import rows as rows_of
from whosays.store.corpus import Filter, Indexed
from whosays.store.database import Database
from whosays.store.index import Placed
from whosays.store.inserting import insert_all
from whosays.store.moving import move_store
from whosays.store.postgres_index import PostgresIndex
from whosays.store.schema import articles, counters, paragraphs, passages
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.writing import PASSAGES
from whosays.types import Article, Block, Span, Vector, Vectors, Window

PARAGRAPHS = 100_000
_ARTICLE, _OUTLETS, _DAYS = 28, 40, 1096
_BEGIN = datetime(2029, 1, 1, tzinfo=UTC)
#: Proposals asked for, as a question asks for them.
_ASKED = 100
#: Articles that are put, into a store that holds so many paragraphs already.
_PUT = 150
_VOCABULARY = 30_000
_AT_ONCE = 2_000
_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The model that a store is told its vectors are from."""

    name: str = "drawn"
    dimension: int = DIMENSION
    digest: str = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filtered:
    """A filter, and which rows pass it."""

    name: str
    where: Filter
    passing: NDArray[np.bool_]


def rows(size: int = PARAGRAPHS, around: Path | None = None) -> list[Row]:
    """Return what searches cost, and what they find, for each kind of vectors and filter; then words, and putting articles."""
    found = []
    with running() as server:
        _in_earnest(server)
        for case in cases(size, around):
            with server.store() as address:
                found += _by_meaning(address, case)
        with server.database() as address, tempfile.TemporaryDirectory() as folder:
            found += _articles(address, sqlite_address(Path(folder) / "whosays.db"), size)
    return found


def _in_earnest(server: Server) -> None:
    """Have our own server write to the disk, and hold what is searched in memory, as one that is used is set to."""
    if not isinstance(server, OwnServer):
        return
    with psycopg.connect(server.address, autocommit=True) as connection:
        for name, value in _SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
    server.stop("fast")
    server.start()


# --- By meaning ------------------------------------------------------------------------------------------------------------


def _by_meaning(address: str, case: Case) -> Iterator[Row]:
    size = len(case.vectors)
    draw = np.random.default_rng(20310105)
    days, outlets = draw.integers(_DAYS, size=size), draw.integers(_OUTLETS, size=size)
    SqlCorpus.open(address, _Drawn()).close()
    with closing(opening.connect(address)) as database, psycopg.connect(address) as exact:
        started = time.perf_counter()
        index = _filled(database, case.vectors, days, outlets)
        built = time.perf_counter() - started
        # As autovacuum does within minutes.
        exact.autocommit = True
        exact.execute("VACUUM ANALYZE")
        bytes_ = exact.execute(
            "SELECT pg_table_size('passage_vectors_1'), pg_relation_size('passage_vectors_1_graph')"
        ).fetchone()
        assert bytes_ is not None
        yield Row(
            what=f"PostgreSQL, {size:,} {case.name}: vectors placed, graph made",
            ours=f"{built:.0f} s; {bytes_[0] / size:,.0f} bytes a row, graph {bytes_[1] / size:,.0f}",
            against="",
            ratio=None,
            wanted="",
            met=None,
        )
        for filtered in _filters(days, outlets):
            yield _asked(index, exact, case, filtered)


def _filled(database: Database, vectors: Vectors, days: NDArray[np.int64], outlets: NDArray[np.int64]) -> PostgresIndex:
    """Place vectors as those of passages, each of a paragraph of its own, with the same number."""
    index = PostgresIndex(database, DIMENSION)
    with database.writing() as connection:
        article = rows_of.from_article(Article(id="all", text=""))
        connection.execute(articles.insert().values(id=1, **article))
    for first in range(0, len(vectors), _AT_ONCE):
        last = min(first + _AT_ONCE, len(vectors))
        placed = [
            Placed(slot=slot, paragraph=slot, published=_day(int(days[slot])), outlet=f"Post {outlets[slot]}")
            for slot in range(first, last)
        ]
        span = {"start": 0, "end": 0}
        with database.writing() as connection:
            own = [{"id": one.slot, "article": 1, "position": one.slot, **span} for one in placed]
            insert_all(connection, paragraphs, own)
            insert_all(connection, passages, [{"slot": one.slot, "paragraph": one.paragraph, **span} for one in placed])
            index.place_passages(connection, placed, vectors[first:last])
    with database.writing() as connection:
        index.complete(connection)
        connection.execute(counters.update().where(counters.c.name == PASSAGES).values(value=len(vectors)))
    return index


def _day(day: int) -> datetime:
    return _BEGIN + timedelta(days=day)


def _filters(days: NDArray[np.int64], outlets: NDArray[np.int64]) -> list[_Filtered]:
    every = _Filtered(name="no filter", where=Filter(), passing=np.ones(len(days), dtype=np.bool_))
    windows = [
        _Filtered(name=f"the last {name}", where=Filter(window=Window(start=_day(_DAYS - last))), passing=days >= _DAYS - last)
        for name, last in (("year", 365), ("quarter", 91), ("month", 30), ("week", 7), ("day", 1))
    ]
    outlet = Filter(outlets=("post 7",))
    return [every, *windows, _Filtered(name=f"an outlet of {_OUTLETS}", where=outlet, passing=outlets == 7)]


def _asked(index: PostgresIndex, exact: psycopg.Connection, case: Case, filtered: _Filtered) -> Row:
    kept = np.flatnonzero(filtered.passing)
    own, other, recall = [], [], []
    ten = min(10, len(kept))
    for question in case.questions:
        started = time.perf_counter()
        found = index.nearest(question, _ASKED, filtered.where)
        own.append(time.perf_counter() - started)
        started = time.perf_counter()
        _exact(exact, question, filtered)
        other.append(time.perf_counter() - started)
        least = np.sort(case.vectors[kept] @ question)[-ten] - 1e-6
        recall.append(sum(case.vectors[one.paragraph] @ question >= least for one in found[:ten]) / ten)
    reached, p95 = float(np.mean(recall)), _milliseconds(own, 0.95)
    dated = filtered.where.window.start is not None
    return Row(
        what=f"PostgreSQL, {len(case.vectors):,} {case.name}, {filtered.name} ({len(kept) / len(case.vectors):.1%})",
        ours=f"p50 {_milliseconds(own, 0.5):.1f}, p95 {p95:.1f} ms, recall@10 {reached:.3f}",
        against=f"all of them scored by the server: p50 {_milliseconds(other, 0.5):.1f} ms",
        ratio=_milliseconds(other, 0.5) / _milliseconds(own, 0.5),
        wanted="p95 under 25 ms, recall 0.98" if dated else "",
        met=p95 < 25 and reached >= 0.98 if dated else None,
    )


def _exact(connection: psycopg.Connection, question: Vector, filtered: _Filtered) -> None:
    where = filtered.where
    condition = "true"
    if where.window.start is not None:
        condition = f"published >= '{where.window.start.isoformat()}'"
    elif where.outlets:
        condition = f"outlet = '{where.outlets[0]}'"
    text = "[" + ",".join(map(str, question.tolist())) + "]"
    statement = f"SELECT slot FROM passage_vectors_1 WHERE {condition} ORDER BY vector <#> %s LIMIT 10"
    connection.execute(statement.encode(), (text,)).fetchall()


def _milliseconds(seconds: Sequence[float], share: float) -> float:
    return 1000 * float(np.quantile(seconds, share))


# --- Words, and putting articles -------------------------------------------------------------------------------------------


def _articles(address: str, beside: str, size: int) -> Iterator[Row]:
    """Move articles of drawn words from a store of the one kind to the other, put some more into both, and ask both for words."""
    draw = np.random.default_rng(20310106)
    # Word frequencies of a language fall with the rank (Zipf); the words are invented.
    share = 1 / (np.arange(_VOCABULARY) + 3)
    share /= share.sum()
    words = np.array([f"w{number:x}q" for number in range(_VOCABULARY)])
    questions = [draw.choice(words, size=8, p=share).tolist() for _ in range(60)]
    number = max(size // _ARTICLE - _PUT, 1)
    made = [_article(i, draw.choice(words, size=(_ARTICLE, 45), p=share), draw) for i in range(number + _PUT)]
    with closing(SqlCorpus.open(beside, _Drawn())) as other:
        for one in made[:number]:
            other.put(one)
    moving = _took(move_store, beside, address, lambda step: None)
    yield Row(
        what=f"PostgreSQL, a store of {number * _ARTICLE:,} paragraphs moved there and compared",
        ours=f"{moving:.0f} s",
        against="",
        ratio=None,
        wanted="",
        met=None,
    )
    with closing(SqlCorpus.open(address, _Drawn())) as ours, closing(SqlCorpus.open(beside, _Drawn())) as other:
        times = [[_took(corpus.put, one) for one in made[number:]] for corpus in (ours, other)]
        rates = [len(own) / sum(own) for own in times]
        yield Row(
            what=f"PostgreSQL, an article of {_ARTICLE} paragraphs put into {number * _ARTICLE:,}",
            ours=f"{rates[0]:.1f} articles/s, {rates[0] * _ARTICLE:.0f} paragraphs/s",
            against=f"SQLite {rates[1]:.1f} articles/s",
            ratio=rates[0] / rates[1],
            wanted="",
            met=None,
        )
        last_year = Filter(window=Window(start=_day(_DAYS - 365)))
        for name, where in (("no filter", Filter()), ("the last year", last_year)):
            same = all(
                [one.score for one in ours.matching(question, _ASKED, where)]
                == [one.score for one in other.matching(question, _ASKED, where)]
                for question in questions
            )
            asked = [[_took(corpus.matching, question, _ASKED, where) for question in questions] for corpus in (ours, other)]
            p50, p95 = _milliseconds(asked[0], 0.5), _milliseconds(asked[0], 0.95)
            yield Row(
                what=f"PostgreSQL, words, {len(made) * _ARTICLE:,} paragraphs, {name}",
                ours=f"p50 {p50:.1f}, p95 {p95:.1f} ms, " + ("scores as SQLite's" if same else "scores unlike SQLite's"),
                against=f"SQLite p50 {_milliseconds(asked[1], 0.5):.1f} ms",
                ratio=_milliseconds(asked[1], 0.5) / p50,
                wanted="p95 under 25 ms, the same",
                met=p95 < 25 and same,
            )


def _took(do: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    do(*arguments)
    return time.perf_counter() - started


def _article(number: int, words: NDArray[np.str_], draw: np.random.Generator) -> Indexed:
    lines = [" ".join(line) for line in words]
    ends = np.cumsum([len(line) + 2 for line in lines]) - 2
    blocks = tuple(Block(Span(int(end) - len(line), int(end))) for line, end in zip(lines, ends, strict=True))
    vectors = draw.standard_normal((len(lines), DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    published = _day(int(draw.integers(_DAYS)))
    article = Article(id=f"{number}", text="\n\n".join(lines), outlet=f"Post {number % _OUTLETS}", published=published)
    nothing = np.empty((0, DIMENSION), dtype=np.float32)
    return Indexed(article=article, blocks=blocks, vectors=vectors, claims=(), claim_vectors=nothing)


if __name__ == "__main__":
    options = [argument for argument in sys.argv[1:] if argument != "--json"]
    file = None
    if "--around" in options:
        at = options.index("--around")
        file = Path(options[at + 1])
        del options[at : at + 2]
    say(rows(*(int(option) for option in options), around=file), as_json="--json" in sys.argv)
