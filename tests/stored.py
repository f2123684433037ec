"""Articles with vectors drawn by chance, for tests of the store: same seed, same vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from whosays.store.corpus import Corpus, Indexed
from whosays.text import blocks
from whosays.types import Article, Attribution, Claim, Span, Speaker, Stance, Vectors

DIMENSION = 96


@dataclass(frozen=True)
class Model:
    """What a store is told of the model that its vectors come from."""

    name: str = "a-model"
    dimension: int = DIMENSION
    digest: str = "0" * 64


#: Opens the same store again: another connection to it, as another process would have.
Open = Callable[[], Corpus]


def unit(rows: int, seed: int, dimension: int = DIMENSION) -> Vectors:
    """Return rows of length 1 in all directions."""
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def article(id: str, *paragraphs: str, outlet: str | None = None, day: int | None = None, title: str | None = None) -> Article:
    """Return an article of January 2031."""
    published = datetime(2031, 1, day, tzinfo=UTC) if day else None
    return Article(id=id, text="\n\n".join(paragraphs), outlet=outlet, title=title, published=published)


def claim(of: Article, content: str, *paragraphs: int, speaker: str = "Mira Tolk") -> Claim:
    """Return a claim whose words stand in the article."""
    start = of.text.index(content)
    return Claim(
        article=of.id,
        paragraphs=paragraphs,
        attribution=Attribution(
            source=(Span(0, 1),), cue=(), content=(Span(start, start + 3), Span(start + 4, start + len(content))), confidence=0.75
        ),
        speaker=Speaker(name=speaker, role="spokeswoman", party="Varn Republic"),
        side="Varn Republic",
        stance=Stance.DENIES,
        confidence=0.5,
    )


def indexed(of: Article, *claims: Claim, seed: int = 0) -> Indexed:
    """Return an article ready to be stored; one seed, one set of vectors."""
    parts = blocks(of.text)
    quotable = sum(not block.furniture for block in parts)
    vectors = unit(quotable + len(claims), seed)
    return Indexed(article=of, blocks=parts, vectors=vectors[:quotable], claims=claims, claim_vectors=vectors[quotable:])
