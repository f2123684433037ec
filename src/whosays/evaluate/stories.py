"""How well articles are grouped into stories as they come: B-cubed over two public sets of news, through a store as it is.

Events are halved by a digest of their names; what decides (`whosays.stories`) was fitted on one half, and figures are of the
other. Each set is a stream of its own. AllSides dates an event, not an article, which would give it away: there articles come
undated and in any order.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from whosays import stories, text
from whosays.config import sqlite_address
from whosays.encode import Encoder
from whosays.errors import ConfigError
from whosays.evaluate.bcubed import bcubed
from whosays.parts import open_corpus
from whosays.store.corpus import Indexed
from whosays.types import Article, Block, Vectors

#: The folders that are read, beside each other.
SETS = ("giveme5w1h", "allsides-2021")


class Half(Enum):
    """A half of the events of a set."""

    FITTED = 0
    REPORTED = 1


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with the event that it reports."""

    article: Article
    event: str


def score_stories(folder: Path, encoder: Encoder, scratch: Path) -> dict[str, float]:
    """Group the reported half of each set in a new store in `scratch`. Raises ConfigError, StoreError."""
    figures: dict[str, float] = {"articles": 0}
    for name in SETS:
        stream = read(folder, name, Half.REPORTED)
        (scratch / name).mkdir()
        found = grouped(stream, leads(stream, encoder), encoder, scratch / name / "store.db")
        precision, recall, f1 = bcubed([labelled.event for labelled in stream], found)
        figures["articles"] += len(stream)
        short = name.split("-", maxsplit=1)[0]
        figures |= {f"{short}_f1": f1, f"{short}_precision": precision, f"{short}_recall": recall}
    return figures


def leads(stream: Sequence[Labelled], encoder: Encoder) -> Vectors:
    """Return the vectors of the articles' leads, a row each."""
    return encoder.encode([stories.lead(one.article.title, one.article.text, _blocks(one.article)) for one in stream])


def grouped(
    stream: Sequence[Labelled],
    vectors: Vectors,
    encoder: Encoder,
    path: Path,
    placed: Callable[[str, str], None] = lambda article, story: None,
) -> list[str]:
    """Store articles one by one in a new store at `path`, tell of each with its story, and return the stories."""
    nothing = np.empty((0, encoder.dimension), dtype=np.float32)
    corpus = open_corpus(sqlite_address(path), encoder)
    found: list[str] = []
    try:
        for one, vector in zip(stream, vectors, strict=True):
            blocks = _blocks(one.article)
            # Stories are told by leads: the paragraphs need no vectors of their own here.
            rows = np.repeat(vector[np.newaxis], sum(not block.furniture for block in blocks), axis=0)
            corpus.put(Indexed(article=one.article, blocks=blocks, vectors=rows, claims=(), claim_vectors=nothing, lead=vector))
            found.append(str(corpus.story_of(one.article.id)))
            placed(one.article.id, found[-1])
        return found
    finally:
        corpus.close()


def _blocks(article: Article) -> tuple[Block, ...]:
    return text.blocks(article.text, outlet=article.outlet, title=article.title)


def read(folder: Path, name: str, half: Half) -> list[Labelled]:
    """Return the articles of a half of the events in the order in which they come. Raises ConfigError."""
    try:
        every = list(_giveme5w1h(folder / name) if name == SETS[0] else _allsides(folder / name))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise ConfigError(f"{folder / name} is no set of stories: {error!r}") from error
    kept = [one for one in every if _half(f"{name} {one.event}") is half]
    return sorted(kept, key=lambda one: (one.article.published or datetime.min.replace(tzinfo=UTC), _digest(one.article.id)))


def _giveme5w1h(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("*.json")):
        row = json.loads(file.read_text("utf-8"))
        published = datetime.fromisoformat(row["date_publish"]).replace(tzinfo=UTC) if row["date_publish"] else None
        article = Article(id=file.stem, text=row["text"], title=row["title"], outlet=row["source_domain"], published=published)
        yield Labelled(article, str(row["newsCluster"]["EventId"]))


def _allsides(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").split("\n"):
            if line.strip():
                row = json.loads(line)
                yield from _of_event(str(row["id"]), row["news"])


def _of_event(event: str, news: Any) -> Iterator[Labelled]:
    # One row holds an object, the others its Python spelling.
    sides = ast.literal_eval(news) if isinstance(news, str) else news
    for side, row in sides.items():
        article = Article(
            id=f"{event} {side}", text="\n\n".join(row["newBody"]), title=row["newsTitle"], outlet=row["newsSource"]
        )
        yield Labelled(article, event)


def _half(event: str) -> Half:
    return Half(_digest(event)[0] % 2)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
