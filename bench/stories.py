"""Stories: what an article costs as the store grows; simple ways to group, for comparison; and the fit of the decision.

`./run bench stories [cost [ARTICLES]]`  CPU milliseconds an article, with so many (100,000) there, and the store's size
`./run bench stories baselines FOLDER`   B-cubed of simple ways over the halves that `whosays eval --only stories` reports
`./run bench stories orders FOLDER`      B-cubed of whosays over those halves in ten other orders
`./run bench stories fit FOLDER`         the weights of `whosays.stories`, fitted on the other halves

FOLDER is the folder of measuring data. The articles of `cost` are drawn: stories of one to some forty articles in a year of news,
words by Zipf's law, names of their own, a copy of another outlet's text now and then.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select

from whosays import config, stories
from whosays.encode import Encoder
from whosays.evaluate.bcubed import bcubed
from whosays.evaluate.stories import SETS, Half, Labelled, grouped, leads, read
from whosays.store import rows
from whosays.store import stories as store
from whosays.store.corpus import Indexed
from whosays.store.schema import articles as articles_table
from whosays.store.schema import paragraphs
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.sqlite_database import SqliteDatabase
from whosays.types import Article, Block, Span, Vectors

DIMENSION = 384
#: Articles whose cost is measured.
_MEASURED = 1_000


class Drawn:
    """What a store is told of vectors that are drawn."""

    name, dimension, digest = "drawn", DIMENSION, "drawn"


def drawn(articles: int) -> Iterator[Indexed]:
    """Yield articles of 12 paragraphs; a tenth of them are copies."""
    draw = np.random.default_rng(1)
    share = 1 / (np.arange(30_000) + 3)
    share /= share.sum()
    rank = np.cumsum(share)[:-1]
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
        common, own = vocabulary[np.searchsorted(rank, draw.random((12, 40)))], draw.choice(names, (12, 5))
        lines = [" ".join([*line, *said]) for line, said in zip(common.tolist(), own.tolist(), strict=True)]
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
    """Print what stories and copies cost in stores of a tenth of so many articles, and of all; storing the rest is left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        SqlCorpus.open(config.sqlite_address(path), Drawn()).close()
        connections, coming, before = SqliteDatabase(path), drawn(articles), articles // 10 - _MEASURED
        print("articles   median ms   95 % ms   max ms   memory MB   database MB (of it the texts)")
        with connections.writing() as connection:
            for indexed in islice(coming, before):
                store.place(connection, insert_bare(connection, indexed), indexed)
        for times in (1, 10):
            with connections.writing() as connection:
                if times > 1:
                    multiply(connection, times)
            taken = []
            for indexed in islice(coming, _MEASURED):
                with connections.writing() as connection:
                    row = insert_bare(connection, indexed)
                    started = time.process_time()
                    store.place(connection, row, indexed)
                    taken.append(1000 * (time.process_time() - started))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            with connections.reading() as connection:
                held, texts = connection.execute(select(func.count(), func.sum(func.length(articles_table.c.text)))).one()
            print(f"{held:8d} {np.median(taken):11.2f} {np.quantile(taken, 0.95):9.2f} {max(taken):8.1f}", end="")
            print(f" {memory:11.0f} {path.stat().st_size / 1e6:13.0f} ({texts / 1e6:.0f})", flush=True)
        connections.close()


def multiply(connection: Connection, times: int) -> None:
    """Put each story there so many times, with other names in it each time and the same common words: a larger store at once."""
    article, story = connection.exec_driver_sql("SELECT (SELECT max(id) FROM articles), (SELECT max(id) FROM stories)").one()
    renamed = "CASE WHEN term LIKE 'name%' THEN term || 'z{n}' ELSE term END"
    for n in range(1, times):
        more, further = n * article, n * story
        for statement in (
            "INSERT INTO stories SELECT id + {further}, articles, first, last, vector FROM stories WHERE id <= {story}",
            f"INSERT INTO story_terms SELECT {renamed}, story + {{further}}, weight FROM story_terms WHERE story <= {{story}}",
            "INSERT INTO articles SELECT id + {more}, key || 'z{n}', digest, outlet, published, url, title, author, language, "
            "text FROM articles WHERE id <= {article}",
            "INSERT INTO paragraphs (article, position, start, end) "
            "SELECT article + {more}, position, start, end FROM paragraphs WHERE article <= {article}",
            "INSERT INTO placements SELECT article + {more}, story + {further}, original + {more} "
            "FROM placements WHERE article <= {article}",
            "INSERT INTO text_runs SELECT run - {n}, article + {more} FROM text_runs WHERE article <= {article}",
            f"INSERT INTO term_counts SELECT {renamed}, articles FROM term_counts "
            "WHERE term LIKE 'name%' AND term NOT LIKE '%z%'",
        ):
            connection.exec_driver_sql(statement.format(n=n, more=more, further=further, article=article, story=story))
    connection.exec_driver_sql(f"UPDATE term_counts SET articles = articles * {times} WHERE term NOT LIKE 'name%'")


def insert_bare(connection: Connection, indexed: Indexed) -> int:
    """Insert an article and its paragraphs, without vectors and words, and return its row."""
    key = connection.execute(insert(articles_table).values(**rows.from_article(indexed.article))).inserted_primary_key
    assert key is not None
    spans = [
        {"article": key[0], "position": position, "start": block.span.start, "end": block.span.end}
        for position, block in enumerate(indexed.blocks)
    ]
    connection.execute(insert(paragraphs), spans)
    return int(key[0])


def baselines(folder: Path) -> None:
    """Print B-cubed of each article alone, of all in one, and of titles by their vectors.

    The threshold is the best one on the other halves: of the set itself, and of both sets, as whosays has it.
    """
    encoder, limits = _encoder(), np.arange(0.2, 0.9, 0.02)
    wanted, titles = {}, {}
    for name in SETS:
        for half in Half:
            stream = read(folder / "data/stories", name, half)
            wanted[name, half] = [one.event for one in stream]
            titles[name, half] = encoder.encode([one.article.title or "" for one in stream])

    def fitted(name: str, limit: float) -> float:
        return bcubed(wanted[name, Half.FITTED], by_title(titles[name, Half.FITTED], limit))[2]

    scores = {name: [fitted(name, limit) for limit in limits] for name in SETS}
    of_both = limits[np.argmax(np.sum(list(scores.values()), axis=0))]
    for name in SETS:
        own, events = limits[np.argmax(scores[name])], wanted[name, Half.REPORTED]
        print(f"{name}: {len(events)} articles, {len(set(events))} events")
        for way, found in {
            "each alone": list(range(len(events))),
            "all in one": [0] * len(events),
            f"titles, cosine {own:.2f}, of this set": by_title(titles[name, Half.REPORTED], own),
            f"titles, cosine {of_both:.2f}, of both": by_title(titles[name, Half.REPORTED], of_both),
        }.items():
            print(f"  {way:34s} P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*bcubed(events, found)))


def by_title(titles: Vectors, limit: float) -> list[int]:
    """Put each article into the group of the nearest one before it, if that is so near."""
    groups: list[int] = []
    for number, title in enumerate(titles):
        cosines = titles[:number] @ title
        near = number > 0 and float(cosines.max()) >= limit
        groups.append(groups[int(cosines.argmax())] if near else number)
    return groups


def orders(folder: Path) -> None:
    """Print B-cubed over the reported halves in the order of dates, and in ten orders by chance."""
    encoder = _encoder()
    for name in SETS:
        stream = read(folder / "data/stories", name, Half.REPORTED)
        vectors, draw, scores = leads(stream, encoder), np.random.default_rng(1), []
        for number in range(11):
            order = list(range(len(stream))) if number == 0 else draw.permutation(len(stream)).tolist()
            shuffled = [stream[i] for i in order]
            with tempfile.TemporaryDirectory() as scratch:
                found = grouped(shuffled, vectors[order], encoder, Path(scratch) / "store.db")
            scores.append(bcubed([one.event for one in shuffled], found)[2])
        print(f"{name}: F1 {scores[0]:.3f}; in other orders {min(scores[1:]):.3f} to {max(scores[1:]):.3f}")


def fit(folder: Path) -> None:
    """Print the weights, and B-cubed on the halves that they were fitted on for some values of the bias."""
    encoder = _encoder()
    streams = {name: read(folder / "data/stories", name, Half.FITTED) for name in SETS}
    vectors = {name: leads(stream, encoder) for name, stream in streams.items()}
    rows, joins, share = [], [], []
    for name, stream in streams.items():
        seen = list(_decisions(stream, vectors[name], encoder))
        rows += [row for row, _ in seen]
        joins += [join for _, join in seen]
        share += [1000 / len(seen)] * len(seen)
    features, wanted, weight = np.array(rows), np.array(joins, dtype=float), np.array(share)
    fitted, ridge = np.zeros(5), np.diag([1e-6, 1, 1, 1, 1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-features @ fitted))
        slope = features.T @ (weight * (likely - wanted)) + ridge @ fitted
        bend = (features.T * (weight * likely * (1 - likely))) @ features + ridge
        fitted -= np.linalg.solve(bend, slope)
    names = ("_BIAS", "_WORDS", "_MEANING", "_NEXT_WORDS", "_NEXT_MEANING")
    for shift in np.arange(-1.0, 1.01, 0.25):
        values = dict(zip(names, (fitted + shift * np.eye(5)[0]).round(2).tolist(), strict=True))
        for weight_of, value in values.items():
            setattr(stories, weight_of, value)
        scores = []
        for name, stream in streams.items():
            with tempfile.TemporaryDirectory() as scratch:
                found = grouped(stream, vectors[name], encoder, Path(scratch) / "store.db")
            scores.append(bcubed([one.event for one in stream], found))
        print(" ".join(f"{name} {value:.2f}" for name, value in values.items()), end="")
        print("".join(f"   P {p:.3f} R {r:.3f} F1 {f1:.3f}" for p, r, f1 in scores), flush=True)


def _decisions(stream: Sequence[Labelled], vectors: Vectors, encoder: Encoder) -> Iterator[tuple[list[float], bool]]:
    """Yield what is known of the nearest story and the next one, and whether the nearest is right; all before were put right."""
    events: dict[str, str] = {}
    seen: list[tuple[list[float], bool]] = []
    coming = iter(stream)

    def decide(connection: Connection, sketch: Any, before: int | None) -> int | None:
        known = events.get(current[0].event)
        right = int(known) if known is not None else None
        near = store._likenesses(connection, sketch, list(store._candidates(connection, sketch)))
        near.sort(key=lambda likeness: -likeness.nearness)
        if near:
            following = near[1] if len(near) > 1 else stories.Likeness(story=0, words=0.0, meaning=0.0)
            row = [1.0, near[0].words, near[0].meaning, following.words, following.meaning]
            seen.append((row, near[0].story == right))
        return right

    current = [next(coming)]
    own, store._nearest = store._nearest, decide
    try:
        with tempfile.TemporaryDirectory() as scratch:

            def placed(article: str, story: str) -> None:
                events.setdefault(current[0].event, story)
                current[0] = next(coming, current[0])

            grouped(stream, vectors, encoder, Path(scratch) / "store.db", placed)
    finally:
        store._nearest = own
    yield from seen


def _encoder() -> Encoder:
    settings = config.Settings.from_environment(os.environ)
    return Encoder.load(settings.encoder, settings.cache_folder, settings.threads)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [] | ["cost"]:
            cost(100_000)
        case ["cost", articles] if articles.isdecimal():
            cost(int(articles))
        case ["baselines", folder]:
            baselines(Path(folder))
        case ["orders", folder]:
            orders(Path(folder))
        case ["fit", folder]:
            fit(Path(folder))
        case _:
            sys.exit(__doc__)
