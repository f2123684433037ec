"""SQLite's index of words (FTS5): of passages, and of whole articles with their titles.

An index of whole articles ranks articles better than its passages do (measured in DESIGN.md), and is small enough to count a
word's articles in. Both hold no text of their own: what is taken out must be said again, word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

#: Words of a question that are searched for: the rarest. More cost time, and no longer move the ranking.
MOST_WORDS = 12
PASSAGES, ARTICLES = "passage_words", "article_words"


def create(connection: Connection) -> None:
    """Make both indexes."""
    for table in (PASSAGES, ARTICLES):
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {table} USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')"
        )


def add(connection: Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts under these numbers."""
    connection.exec_driver_sql(f"INSERT INTO {table} (rowid, text) VALUES (?, ?)", list(texts))


def remove(connection: Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    """Take texts out; they must be those that were put in."""
    connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rowid, text) VALUES ('delete', ?, ?)", list(texts))


def any_of(connection: Connection, words: Sequence[str]) -> str | None:
    """Return the FTS5 query for the rarest of these words, by how many articles have them; None where no article has any."""
    terms = dict.fromkeys(_quoted(word) for word in words if any(character.isalnum() for character in word))
    counts = {term: _articles_with(connection, term) for term in terms}
    rarest = sorted((term for term in terms if counts[term]), key=counts.__getitem__)[:MOST_WORDS]
    return " OR ".join(rarest) or None


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
