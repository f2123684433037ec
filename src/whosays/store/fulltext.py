"""The index of words, of passages and of whole articles with their titles: two tables, the same in every kind of database.

An index of whole articles ranks articles better than its passages do (measured in DESIGN.md). Both are kept in segments: an
article comes as a small one, and eight of a level are merged into one of the next, all within the transaction that stores the
article. So the texts that have a word are read in few pieces, and each is written some four times in all (a log-structured
merge: O'Neil et al., 1996). What is taken out leaves no trace: scores depend on the texts that are there, not on how they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from whosays.store import bm25
from whosays.store.inserting import insert_plain
from whosays.store.schema import RowKey, articles, metadata, paragraphs, passages

#: So many segments of a level become one of the next, up to this level: to merge more at a time would hold up other writers.
_MERGED, _LEVELS = 8, 3
#: Stands for a word that all articles of a segment have.
_EVERY = ""
#: Terms of a question that are looked for; no more of them stand in a message.
_MOST_TERMS = 1_000
#: Terms that one statement names.
_AT_ONCE = 10_000
#: Where too few of the best are allowed, so many times as many are looked at.
_WIDER = 8

word_segments = Table(
    "word_segments",
    metadata,
    Column("id", RowKey, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("article_words", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("passage_words", Integer, nullable=False),
    sqlite_autoincrement=True,
)

#: The articles (rows) and passages (slots) of a segment that have a term: `bm25.POSTING`, one after the other.
postings = Table(
    "postings",
    metadata,
    Column("segment", BigInteger, primary_key=True, autoincrement=False),
    Column("term", String, primary_key=True),
    Column("articles", LargeBinary, nullable=False),
    # Last: a row's other columns are then read without it.
    Column("passages", LargeBinary, nullable=False),
)


#: Says of texts, by their numbers (n,), which may be proposed: (n,).
Allowed = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


class Of(StrEnum):
    """What is ranked."""

    ARTICLES = "articles"
    PASSAGES = "passages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is indexed of an article: its row, its title and text, and its passages by their slots."""

    article: int
    title: str | None
    text: str
    passages: Sequence[tuple[int, str]]

    def of_article(self) -> list[str]:
        """Return the terms of the whole article, its title's first."""
        return bm25.terms(f"{self.title}\n\n{self.text}" if self.title else self.text)

    def of_passages(self) -> list[tuple[int, list[str]]]:
        """Return the terms of each passage."""
        return [(slot, bm25.terms(text)) for slot, text in self.passages]


def add(connection: Connection, words: Words) -> None:
    """Index an article. No other transaction may add or remove meanwhile."""
    _store(connection, 0, [words])
    for level in range(_LEVELS):
        if not _merge(connection, level):
            break


def remove(connection: Connection, words: Words) -> None:
    """Take an article out; its words must be those that were put in. No other transaction may add or remove meanwhile."""
    every = select(postings.c.segment, postings.c.articles).where(postings.c.segment.in_(_SEGMENTS), postings.c.term == _EVERY)
    held = ((segment, bm25.postings(data)["id"]) for segment, data in connection.execute(every))
    segment = next((segment for segment, ids in held if words.article in ids), None)
    if segment is None:
        return
    text, parts = words.of_article(), words.of_passages()
    _take_out(connection, segment, words, sorted({_EVERY, *text, *(term for _, terms in parts for term in terms)}))
    fewer = {name: word_segments.c[name] - count for name, count in _counts([(words.article, text)], parts).items()}
    connection.execute(update(word_segments).where(word_segments.c.id == segment).values(fewer))
    connection.execute(delete(word_segments).where(word_segments.c.id == segment, word_segments.c.articles == 0))


def ranked(
    connection: Connection, of: Of, words: Sequence[str], limit: int, allowed: Allowed | None = None
) -> list[tuple[int, float]]:
    """Return the numbers and BM25 scores of the `limit` best texts that have any of the words and are allowed, best first.

    Words that more than half of all texts have are looked for only where the others do not find enough: they tell nothing, and
    are most of what would be read.
    """
    terms = list(dict.fromkeys(term for word in words for term in bm25.terms(word)))[:_MOST_TERMS]
    texts, length = connection.execute(_TOTALS[of]).one()
    having: dict[str, int] = defaultdict(int)
    for term, size in connection.execute(_SIZES[of], {"terms": terms}):
        having[term] += size // bm25.POSTING.itemsize
    every = sorted((term for term in having if having[term]), key=lambda term: (having[term], term))
    telling = [term for term in every if 2 * having[term] <= texts]
    best: list[tuple[int, float]] = []
    for chosen in (telling, every[len(telling) :] and every):
        if chosen and len(best) < limit:
            scores = bm25.scores(_postings(connection, of, chosen), int(texts), int(length))
            best = _best(scores, limit, allowed)
    return best


def index_all(connection: Connection) -> None:
    """Index all articles that are stored, into empty tables."""
    last, size = 0, _MERGED**_LEVELS
    while rows := connection.execute(_STORED, {"last": last, "size": size}).all():
        batch = []
        for row in rows:
            spans = connection.execute(_STORED_PASSAGES, {"article": row.id})
            parts = [(slot, row.text[start:end]) for slot, start, end in spans]
            batch.append(Words(article=row.id, title=row.title, text=row.text, passages=parts))
        _store(connection, _LEVELS, batch)
        last = rows[-1].id


_SEGMENTS = select(word_segments.c.id)
_COUNTS = {
    Of.ARTICLES: (word_segments.c.articles, word_segments.c.article_words),
    Of.PASSAGES: (word_segments.c.passages, word_segments.c.passage_words),
}
# Made once: to put a statement together costs more than to run it.
_TOTALS = {of: select(*(func.coalesce(func.sum(count), 0) for count in counts)) for of, counts in _COUNTS.items()}
_HAVING = (postings.c.segment.in_(_SEGMENTS), postings.c.term.in_(bindparam("terms", expanding=True)))
# Added up by us: SQLite's sum would read all that it adds up the lengths of.
_SIZES = {of: select(postings.c.term, func.length(postings.c[of])).where(*_HAVING) for of in Of}
_POSTINGS = {of: select(postings.c.term, postings.c[of]).where(*_HAVING) for of in Of}
_STORED = (
    select(articles.c.id, articles.c.title, articles.c.text)
    .where(articles.c.id > bindparam("last"))
    .order_by(articles.c.id)
    .limit(bindparam("size"))
)
_STORED_PASSAGES = (
    select(passages.c.slot, passages.c.start, passages.c.end)
    .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
    .where(paragraphs.c.article == bindparam("article"))
    .order_by(passages.c.slot)
)


def _postings(connection: Connection, of: Of, terms: Sequence[str]) -> Mapping[str, bm25.Postings]:
    """Return the postings of terms, in their order."""
    found: dict[str, list[bytes]] = {term: [] for term in terms}
    for term, data in connection.execute(_POSTINGS[of], {"terms": terms}):
        found[term].append(data)
    return {term: bm25.postings(b"".join(data)) for term, data in found.items()}


def _best(scores: NDArray[np.float64], limit: int, allowed: Allowed | None) -> list[tuple[int, float]]:
    """Return the numbers and scores of the best texts that are allowed, best first."""
    looked_at = limit
    while True:
        best = bm25.best(scores, looked_at)
        if allowed is None:
            return best
        passing = allowed(np.array([number for number, _ in best], dtype=np.int64))
        kept = [one for one, passes in zip(best, passing.tolist(), strict=True) if passes]
        if len(kept) >= limit or len(best) < looked_at:
            return kept[:limit]
        looked_at *= _WIDER


def _store(connection: Connection, level: int, batch: Sequence[Words]) -> None:
    """Make a segment of articles."""
    texts = [(words.article, words.of_article()) for words in batch]
    parts = [part for words in batch for part in words.of_passages()]
    by_article, by_passage = bm25.inverted(texts), bm25.inverted(parts)
    by_article[_EVERY] = b"".join(bm25.packed(number, len(terms), 1) for number, terms in texts)
    found = {term: (by_article.get(term, b""), by_passage.get(term, b"")) for term in by_article.keys() | by_passage.keys()}
    _write(connection, {"level": level, **_counts(texts, parts)}, found)


def _merge(connection: Connection, level: int) -> bool:
    """Merge the segments of a level into one of the next, if they are enough; say whether they were."""
    merged = connection.execute(_OF_LEVEL, {"of_level": level}).all()
    if len(merged) < _MERGED:
        return False
    found: dict[str, tuple[list[bytes], list[bytes]]] = {}
    for segment in merged:
        for term, of_articles, of_passages in connection.execute(_ALL, {"of_segment": segment.id}):
            parts = found.setdefault(term, ([], []))
            parts[0].append(of_articles)
            parts[1].append(of_passages)
    gone = [segment.id for segment in merged]
    connection.execute(delete(postings).where(postings.c.segment.in_(gone)))
    connection.execute(delete(word_segments).where(word_segments.c.id.in_(gone)))
    names = [count.name for counts in _COUNTS.values() for count in counts]
    sums = {name: sum(segment._mapping[name] for segment in merged) for name in names}
    together = {term: (b"".join(parts[0]), b"".join(parts[1])) for term, parts in found.items()}
    _write(connection, {"level": level + 1, **sums}, together)
    return True


_OF_LEVEL = select(word_segments).where(word_segments.c.level == bindparam("of_level")).order_by(word_segments.c.id)
_ALL = select(postings.c.term, postings.c.articles, postings.c.passages).where(postings.c.segment == bindparam("of_segment"))


def _write(connection: Connection, values: Mapping[str, int], found: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Write a segment: its row, and of each term which articles and which passages have it."""
    key = connection.execute(insert(word_segments).values(**values)).inserted_primary_key
    assert key is not None
    segment = int(key[0])
    insert_plain(connection, postings, [(segment, term, *parts) for term, parts in sorted(found.items())])


def _take_out(connection: Connection, segment: int, words: Words, terms: Sequence[str]) -> None:
    """Take an article's postings out of those of its terms."""
    slots = [slot for slot, _ in words.passages]
    for first in range(0, len(terms), _AT_ONCE):
        some = (postings.c.segment == segment) & postings.c.term.in_(terms[first : first + _AT_ONCE])
        held = connection.execute(select(postings.c.term, postings.c.articles, postings.c.passages).where(some)).all()
        kept = [
            {"of": term, "kept": bm25.without(of_articles, [words.article]), "kept_parts": bm25.without(of_passages, slots)}
            for term, of_articles, of_passages in held
        ]
        one = (postings.c.segment == segment) & (postings.c.term == bindparam("of"))
        connection.execute(update(postings).where(one).values(articles=bindparam("kept"), passages=bindparam("kept_parts")), kept)
        nothing = (func.length(postings.c.articles) == 0) & (func.length(postings.c.passages) == 0)
        connection.execute(delete(postings).where(some, nothing))


def _counts(texts: Sequence[tuple[int, Sequence[str]]], parts: Sequence[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """Return how many articles and passages there are, and of how many words."""
    return {
        "articles": len(texts),
        "article_words": sum(len(terms) for _, terms in texts),
        "passages": len(parts),
        "passage_words": sum(len(terms) for _, terms in parts),
    }
