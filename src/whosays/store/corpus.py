"""What a store of articles can do: one Protocol, two backends (SQLite now, PostgreSQL later), one contract suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from whosays.article_words import ClaimWords, TextWords, claim_words
from whosays.outbox import News
from whosays.types import Article, Block, Claim, OutletRecord, Paragraph, Span, Vector, Vectors, Window


class Outcome(StrEnum):
    """What `Corpus.put` did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Passage:
    """What of a paragraph is embedded and searched for words in one piece: the whole, or a part where it is too long for that.

    `position` is the paragraph's among all blocks of the article; `span` lies within it.
    """

    position: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An article, ready to be stored.

    `vectors` has a row for each passage, `claim_vectors` one for each claim. Without `passages` each block that is not
    furniture is one, in order; with them each such block has at least one. `resolved_with` is the digest of the list of actors
    that the claims were resolved with, where that is known. `lead` is the vector of `stories.lead`; without it the mean of all
    passages' stands for it.
    """

    article: Article
    blocks: tuple[Block, ...]
    vectors: Vectors
    claims: tuple[Claim, ...]
    claim_vectors: Vectors
    passages: tuple[Passage, ...] = ()
    resolved_with: str | None = None
    lead: Vector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paragraph's id that a backend proposes. Scores of one call compare; higher is better."""

    paragraph: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCandidate:
    """An article's id that a backend proposes. Scores of one call compare; higher is better."""

    article: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with its embedding."""

    claim: Claim
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whole:
    """One version of an article as it is stored, with all that hangs on it.

    `row` is the store's number for this version: another one has a higher one. `vectors` (n, d) has a row for each paragraph;
    `claims` are those that stand in these paragraphs, in text order. `resolved_with` is as in `Indexed`. `of_text` and
    `of_claims` are what was worked out of them.
    """

    row: int
    digest: str
    resolved_with: str | None
    article: Article
    paragraphs: tuple[Paragraph, ...]
    vectors: Vectors
    claims: tuple[StoredClaim, ...]
    of_text: TextWords
    of_claims: ClaimWords

    def with_claims(self, claims: Sequence[StoredClaim]) -> Whole:
        """Return the same article with other claims."""
        of_claims = claim_words(self.article, self.paragraphs, [stored.claim for stored in claims])
        return replace(self, claims=tuple(claims), of_claims=of_claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which paragraphs may be proposed: those of articles in the window and (if any is named) of these outlets."""

    window: Window = field(default_factory=Window)
    outlets: tuple[str, ...] = ()


class EmbeddingModel(Protocol):
    """What a store must know of the model whose vectors it holds."""

    @property
    def name(self) -> str:
        """What the model was asked for by."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    @property
    def digest(self) -> str:
        """What tells its weights from all others."""


class Corpus(Protocol):
    """Articles with their paragraphs, claims and vectors. Every method may raise StoreError."""

    def put(self, indexed: Indexed, news: News | None = None) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is.

        Alerts that `news` makes of it are kept in the same transaction. Raises OutdatedError where `news` does not know all
        topics that are followed by now: nothing is stored then.
        """

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it; say whether it was there."""

    def together(self) -> AbstractContextManager[None]:
        """Have all that this thread reads within the block be as one commit left it: that costs less, too."""

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is BM25's, higher is better."""

    def matching_articles(self, words: Sequence[str], limit: int, where: Filter) -> list[ArticleCandidate]:
        """Propose articles whose title or text holds any of the words, best first; the score is BM25's, higher is better."""

    def paragraphs(self, ids: Iterable[int]) -> Mapping[int, Paragraph]:
        """Return the paragraphs of these ids."""

    def paragraphs_of(self, article: str) -> Sequence[Paragraph]:
        """Return all quotable paragraphs of an article, in order."""

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles of these ids."""

    def wholes(self, ids: Iterable[str]) -> Sequence[Whole]:
        """Return those of these articles that are stored, in this order, all as one commit left them.

        A version of an article that was read lately may be the same object again, with what was worked out of it.
        """

    def article_at(self, url: str) -> Article | None:
        """Return the article with this address; of several the one stored last."""

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of at most `limit` articles that were published before a moment, the oldest first."""

    def claims(self, paragraphs: Iterable[int]) -> Sequence[StoredClaim]:
        """Return the claims that stand, in part at least, in these paragraphs (ids), in text order, each once."""

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vector of each of these paragraphs (of its first passage); zeros where it is gone meanwhile."""

    def story_of(self, article: str) -> str | None:
        """Return the story that an article belongs to; None where it is not stored, or was stored before there were stories."""

    def articles_in(self, story: str) -> Sequence[str]:
        """Return the ids of the articles of a story, in the order in which they came."""

    def originals(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return for each of these articles that is a copy of one text the id of the article that had it first."""

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""

    def outlet_names(self) -> Sequence[str]:
        """Return the names of all outlets, however many articles they have at no more cost."""

    def revision(self) -> str:
        """Return what is another text whenever an article that can be quoted came, changed or went. Costs no search."""

    def close(self) -> None:
        """Let go of the files."""
