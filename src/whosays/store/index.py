"""What one kind of database finds vectors with: written in the article's transaction, asked for candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from whosays.store.corpus import Candidate, Filter
from whosays.types import Article, Vector, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassage:
    """A passage that comes: its number (never used before) and its paragraph's row."""

    slot: int
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A passage whose row and words are there already: its number, its paragraph's row, its article's date and outlet."""

    slot: int
    paragraph: int
    published: datetime | None
    outlet: str | None


class Index(Protocol):
    """Vectors of passages and claims. Safe to use from several threads. Words are indexed by `fulltext` in every database.

    What is written within a transaction is found once that has been committed, and never else. Every method may raise StoreError.
    """

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def check(self, connection: Connection) -> None:
        """Make sure at the start that all is there which the store's rows name. Raises StoreError."""

    def add_passages(self, connection: Connection, article: Article, new: Sequence[NewPassage], vectors: Vectors) -> None:
        """Index an article's passages, numbered one after the other, and their vectors (n, d)."""

    def add_claims(self, connection: Connection, first: int, vectors: Vectors) -> None:
        """Keep the vectors (n, d) of new claims, numbered from `first` on."""

    def place_passages(self, connection: Connection, placed: Sequence[Placed], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of passages that are there already, by rising number; what was kept of them goes."""

    def place_claims(self, connection: Connection, slots: Sequence[int], vectors: Vectors) -> None:
        """Keep the vectors (n, d) of claims that are there already, by rising number; what was kept of them goes."""

    def complete(self, connection: Connection) -> None:
        """Make the index ready to be asked, once all vectors were placed: of numbers that are gone there are none."""

    def remove_passages(self, connection: Connection, gone: Sequence[int]) -> None:
        """Take passages out, by their numbers. Their rows are still there, and go within the same transaction."""

    def passage_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these passages."""

    def claim_vectors(self, connection: Connection, slots: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these claims."""

    def article_vectors(
        self, connection: Connection, articles: Sequence[tuple[Sequence[int], Sequence[int]]]
    ) -> list[tuple[Vectors, Vectors]]:
        """Return the vectors of several articles' passages and claims, given by their numbers. They are not to be written to."""

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is `fulltext`'s, higher is better."""


def best(ranked: Sequence[tuple[int, float]], limit: int) -> list[Candidate]:
    """Return the first `limit` paragraphs of (paragraph, score), best first, each at its best."""
    found: dict[int, float] = {}
    for paragraph, score in ranked:
        if paragraph not in found:
            if len(found) == limit:
                break
            found[paragraph] = score
    return [Candidate(paragraph=paragraph, score=score) for paragraph, score in found.items()]
