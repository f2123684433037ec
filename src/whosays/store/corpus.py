"""What a store of articles can do: one Protocol, two backends (SQLite now, PostgreSQL later), one contract suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from whosays.types import Article, Block, Claim, OutletRecord, Paragraph, Vector, Vectors, Window


class Outcome(StrEnum):
    """What `Corpus.put` did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An article, ready to be stored.

    `vectors` has a row for each block that is not furniture, in order; `claim_vectors` one for each claim.
    """

    article: Article
    blocks: tuple[Block, ...]
    vectors: Vectors
    claims: tuple[Claim, ...]
    claim_vectors: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paragraph's id that a backend proposes. Scores of one call compare; higher is better."""

    paragraph: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with its embedding."""

    claim: Claim
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which paragraphs may be proposed: those of articles in the window and (if any is named) of these outlets."""

    window: Window = Window()
    outlets: tuple[str, ...] = ()


class Corpus(Protocol):
    """Articles with their paragraphs, claims and vectors. Every method may raise StoreError."""

    def put(self, indexed: Indexed) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is."""

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is BM25's, higher is better."""

    def paragraphs(self, ids: Iterable[int]) -> Mapping[int, Paragraph]:
        """Return the paragraphs of these ids."""

    def paragraphs_of(self, article: str) -> Sequence[Paragraph]:
        """Return all quotable paragraphs of an article, in order."""

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles of these ids."""

    def claims(self, paragraphs: Iterable[int]) -> Sequence[StoredClaim]:
        """Return the claims that stand, in part at least, in these paragraphs (ids), in text order, each once."""

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vectors of these paragraphs."""

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""

    def close(self) -> None:
        """Let go of the files."""
