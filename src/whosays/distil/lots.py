"""Questions made from articles, claims that a store finds for them, and what the teacher says of each: `train --only pairs`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from whosays.crossencoder import CrossEncoder
from whosays.distil.questions import questions
from whosays.errors import InputError, LanguageError
from whosays.gather import read_best, same_words, worth_reading
from whosays.question import understand
from whosays.relevance import Relevance, claim_text
from whosays.retrieve import Encodes
from whosays.store.corpus import Corpus
from whosays.types import Article, Query

#: Questions made from an article that the store holds, and from one that it does not hold: these have no answer there, mostly.
_OWN, _OTHER = 4, 3
#: Every so many articles one that the store does not hold is asked about.
_EVERY = 4
#: Claims that a question would not have read with it, and that are read all the same: most of them answer nothing.
_FURTHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A claim's text, and the teacher's log-odds that it answers the question."""

    text: str
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A question as it is searched for, and claims."""

    question: str
    claims: tuple[Scored, ...]


def write(path: Path, lots: Iterator[Lot], most: int, report: Callable[[str], None]) -> None:
    """Add at most `most` lots to a file, a line each, as they come: what was scored is kept if it is stopped."""
    with path.open("a", encoding="utf-8") as file:
        for n, lot in enumerate(islice(lots, most), 1):
            claims = [{"text": c.text, "margin": round(c.margin, 4)} for c in lot.claims]
            file.write(json.dumps({"question": lot.question, "claims": claims}, ensure_ascii=False) + "\n")
            file.flush()
            if n % 50 == 0:
                report(f"{path.name}: {n} of {most} questions")


def read(path: Path) -> list[Lot]:
    """Return the lots in a file. Raises InputError where a line holds none."""
    lots = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            claims = [Scored(text=c["text"], margin=float(c["margin"])) for c in row["claims"]]
            lots.append(Lot(question=str(row["question"]), claims=tuple(claims)))
        except (ValueError, KeyError, TypeError) as error:
            wanted = '{"question": …, "claims": [{"text": …, "margin": 1.5}]}'
            raise InputError(f"{path}, line {number}: {wanted} is wanted ({error})") from error
    return lots


def lots(corpus: Corpus, encoder: Encodes, teacher: CrossEncoder, articles: Sequence[Article], draw: Random) -> Iterator[Lot]:
    """Yield lots without end, about the `articles`; claims of other articles in the store are left out.

    Raises InputError where the store holds none of them, and StoreError.
    """
    stored = corpus.articles([article.id for article in articles])
    own = [article for article in articles if article.id in stored]
    if not own:
        raise InputError("the store holds none of the articles that questions are to be made from: ingest them first")
    other = [article for article in articles if article.id not in stored]
    draw.shuffle(own)
    for question in _asked(own, other, draw):
        try:
            query = understand(question, datetime.now(UTC))
        except LanguageError:
            continue
        if query.topic.strip() and (lot := _lot(corpus, encoder, teacher, query, stored, draw)):
            yield lot


def _asked(own: Sequence[Article], other: Sequence[Article], draw: Random) -> Iterator[str]:
    while True:
        for n, article in enumerate(own, 1):
            yield from questions(article, _OWN, draw)
            if other and n % _EVERY == 0:
                yield from questions(draw.choice(other), _OTHER, draw)


def _lot(
    corpus: Corpus, encoder: Encodes, teacher: CrossEncoder, query: Query, known: Mapping[str, Article], draw: Random
) -> Lot | None:
    material = read_best(corpus, encoder, query)
    relevance = Relevance(material)
    ranked = sorted((relevance.of_claim(s) for s in material.claims if s.claim.article in known), key=lambda s: -s.score)
    groups = same_words(material, ranked)
    read = worth_reading(groups)
    rest = [group for group in groups if group not in read]
    read += draw.sample(rest, min(_FURTHER, len(rest)))
    texts = [claim_text(material.articles[group[0].claim.article], group[0].claim) for group in read]
    margins = teacher.margins(query.topic, texts).tolist()
    claims = tuple(Scored(text=text, margin=margin) for text, margin in zip(texts, margins, strict=True))
    return Lot(question=query.topic, claims=claims) if texts else None
