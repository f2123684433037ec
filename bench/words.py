"""Measure the index of words on real articles, beside SQLite's own (FTS5) in the same run: what finding and what indexing costs.

    ./run bench words SHARED [PARAGRAPHS] [--json]

SHARED holds `data/conflict-news`, whose articles are indexed, some 100,000 paragraphs of them if no other number is given, and
the questions: those of `data/sides` and `data/retrieval-time`, and those of `bench questions`. Of each all words are looked
for, "the" and "of" among them, and once more those that a question is searched for with. FTS5 has the same stemmer and ranks by
the same formula; both are asked for the best 200 passages.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from bench.questions import QUESTIONS
from bench.table import Row, say
from whosays import text as texts
from whosays.retrieve import passages, question_words
from whosays.store.fulltext import Of, Words, add, ranked
from whosays.store.migrations import bring_up
from whosays.store.sqlite_database import SqliteDatabase

PARAGRAPHS = 100_000
#: As many passages as a question asks a store for.
BEST = 200
#: What issue 6 asks for: 95 of 100 questions, with all their words, in at most so many milliseconds.
_AT_MOST = 10.0


def rows(shared: Path, paragraphs: int = PARAGRAPHS) -> list[Row]:
    """Index the articles in both ways, then ask all questions of both."""
    asked = questions(shared)
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "words.db")
        bring_up(database)
        with database.writing() as connection:
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE fts USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')"
            )
        own, peer, indexed = [], [], 0
        for words in articles(shared, paragraphs):
            own.append(_writing(database, lambda connection, words=words: add(connection, words)))
            peer.append(_writing(database, lambda connection, words=words: _add_to_fts(connection, words)))
            indexed += len(words.passages)
        found = [
            _found(database, f"words, {indexed:,} paragraphs, all words of {len(asked)} questions, p95", asked, _every, _AT_MOST),
            _found(database, f"words, {indexed:,} paragraphs, the words searched for, p95", asked, question_words, None),
        ]
        database.close()
    ratio = float(np.mean(peer) / np.mean(own))
    ours, theirs = (f"{np.mean(taken):.1f} ms, longest {max(taken):.0f} ms" for taken in (own, peer))
    return [
        *found,
        Row(what="words of an article indexed", ours=ours, against=f"FTS5 {theirs}", ratio=ratio, wanted="", met=None),
    ]


def questions(shared: Path) -> list[str]:
    """Return the questions of the labelled articles, of the collection of 1963, and our own."""
    found: list[str] = []
    for line in (shared / "data" / "sides" / "dev.jsonl").read_text("utf-8").splitlines():
        labelled = json.loads(line)
        found += [one if isinstance(one, str) else one["question"] for one in labelled["questions"] + labelled["unanswerable"]]
    for line in (shared / "data" / "retrieval-time" / "queries.jsonl").read_text("utf-8").splitlines():
        found.append(json.loads(line)["text"])
    return [*found, *QUESTIONS]


def articles(shared: Path, paragraphs: int) -> Iterator[Words]:
    """Yield real articles with their passages, until these are as many as wanted."""
    slot = 0
    with gzip.open(shared / "data" / "conflict-news" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row, line in enumerate(lines, 1):
            if slot >= paragraphs:
                return
            article = json.loads(line)
            text = article["content_original"]
            parts = [text[slice(*passage.span)] for passage in passages(text, texts.blocks(text))]
            yield Words(article=row, title=article["title"], text=text, passages=list(enumerate(parts, slot)))
            slot += len(parts)


def _every(question: str) -> list[str]:
    return list(dict.fromkeys(texts.words(question)))


def _found(
    database: SqliteDatabase, what: str, asked: Sequence[str], words_of: Callable[[str], list[str]], wanted: float | None
) -> Row:
    """Return the times of all questions, ours and FTS5's one after the other for each."""
    own, peer = [], []
    for question in [*asked[:5], *asked]:
        words = words_of(question)
        own.append(_reading(database, lambda connection, words=words: ranked(connection, Of.PASSAGES, words, BEST)))
        peer.append(_reading(database, lambda connection, words=words: _ask_fts(connection, words)))
    ours, theirs = np.percentile(own[5:], [50, 95]), np.percentile(peer[5:], [50, 95])
    return Row(
        what=what,
        ours=f"{ours[1]:.1f} ms (p50 {ours[0]:.1f})",
        against=f"FTS5 {theirs[1]:.1f} ms (p50 {theirs[0]:.1f})",
        ratio=float(theirs[1] / ours[1]),
        wanted=f"under {wanted:.0f} ms" if wanted else "",
        met=bool(ours[1] < wanted) if wanted else None,
    )


def _writing(database: SqliteDatabase, work: Callable[[Connection], object]) -> float:
    """Return how many milliseconds of processor time a transaction took."""
    started = time.process_time()
    with database.writing() as connection:
        work(connection)
    return 1000 * (time.process_time() - started)


def _reading(database: SqliteDatabase, work: Callable[[Connection], object]) -> float:
    """Return how many milliseconds it took at the best of three times: what else the machine does is not measured here."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        with database.reading() as connection:
            work(connection)
        taken.append(1000 * (time.perf_counter() - started))
    return min(taken)


def _add_to_fts(connection: Connection, words: Words) -> None:
    if words.passages:
        connection.exec_driver_sql("INSERT INTO fts (rowid, text) VALUES (?, ?)", list(words.passages))


def _ask_fts(connection: Connection, words: Sequence[str]) -> object:
    query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
    return connection.exec_driver_sql("SELECT rowid, -rank FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?", (query, BEST)).all()


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--json"]
    if not given or not all(argument.isdecimal() for argument in given[1:]):
        sys.exit(__doc__)
    say(rows(Path(given[0]), *map(int, given[1:])), as_json="--json" in sys.argv)
