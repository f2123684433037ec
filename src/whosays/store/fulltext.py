"""SQLite's index of words (FTS5): of passages, and of whole articles with their titles.

An index of whole articles ranks articles better than its passages do (measured in DESIGN.md), and is small enough to count a
word's articles in. Both hold no text of their own: what is taken out must be said again, word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from sqlalchemy import Connection

PASSAGES, ARTICLES = "passage_words", "article_words"

#: Words of a question that are searched for: the rarest. More no longer move the ranking.
_MOST_WORDS = 12
#: How many articles those words may be in, all together: what is scored costs time, and common words hardly count. A passage
#: is scored for each time that an article has the word, so fewer articles are allowed for.
_MOST_ARTICLES = {PASSAGES: 3_000, ARTICLES: 20_000}


def create(connection: Connection) -> None:
    """Make both indexes."""
    for table in (PASSAGES, ARTICLES):
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {table} USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')"
        )


def add(connection: Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts under these numbers."""
    if rows := list(texts):
        connection.exec_driver_sql(f"INSERT INTO {table} (rowid, text) VALUES (?, ?)", rows)


def remove(connection: Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    """Take texts out; they must be those that were put in."""
    if rows := list(texts):
        connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rowid, text) VALUES ('delete', ?, ?)", rows)


def any_of(connection: Connection, table: str, words: Sequence[str]) -> str | None:
    """Return the FTS5 query for the rarest of these words, one at least; None where no article has any of them."""
    terms = dict.fromkeys(_quoted(word) for word in words if any(character.isalnum() for character in word))
    counts = {term: _articles_with(connection, term) for term in terms}
    rarest = sorted((term for term in terms if counts[term]), key=counts.__getitem__)[:_MOST_WORDS]
    total = accumulate(counts[term] for term in rarest)
    chosen = [term for i, (term, sum_) in enumerate(zip(rarest, total, strict=True)) if i == 0 or sum_ <= _MOST_ARTICLES[table]]
    return " OR ".join(chosen) or None


def ranked(connection: Connection, table: str, query: str, limit: int | None) -> Iterator[tuple[int, float]]:
    """Yield numbers and BM25 scores (higher is better) of the texts that match, best first."""
    statement = f"SELECT rowid, -rank FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?"
    for number, score in connection.exec_driver_sql(statement, (query, -1 if limit is None else limit)):
        yield int(number), float(score)


def _articles_with(connection: Connection, term: str) -> int:
    count = connection.exec_driver_sql(f"SELECT count(*) FROM {ARTICLES} WHERE {ARTICLES} MATCH ?", (term,)).scalar_one()
    return int(count)


def _quoted(word: str) -> str:
    """Return a word as an FTS5 string, in which no character has a meaning of its own; a NUL would end the query."""
    return '"' + word.replace("\0", " ").replace('"', '""') + '"'
