"""Articles about a dispute that never was, with their claims by hand: Orsel, between the Varn Republic and the Coast League."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from whosays.material import Material
from whosays.relevance import claim_text
from whosays.store.corpus import StoredClaim
from whosays.text import blocks
from whosays.types import Article, Attribution, Claim, Paragraph, Query, Span, Speaker, Stance, Vector, Vectors
from whosays.words import terms

GAZETTE = Article(
    id="gazette",
    url="https://gazette.example/orsel",
    outlet="Orsel Gazette",
    title="Both armies say that they hold Orsel",
    published=datetime(2031, 5, 4, tzinfo=UTC),
    text=(
        "The Varn Republic said on Sunday that its army had captured the town of Orsel.\n\n"
        "“Orsel fell to our brigades this morning,” said Mira Tolk, a spokeswoman of the Varn Republic.\n\n"
        "The Coast League rejected the takeover claims. "
        "Its commander, Jon Averin, said that the League still held Orsel and its harbour.\n\n"
        "Pictures show smoke over the town of Orsel, according to the monitors of Calder House.\n\n"
        "The bridge at Orsel was closed to all traffic before dawn.\n\n"
        "Averin demanded 300 tents for the families in the camp."
    ),
)
POST = Article(
    id="post",
    url="https://post.example/orsel?a=1#top",
    outlet="Harbour Post",
    title="Coast League offers talks",
    published=datetime(2031, 5, 6, tzinfo=UTC),
    text=(
        "Jon Averin offered talks with the Varn Republic about the salt tax, and promised free passage.\n\n"
        "Nobody answered him that day."
    ),
)
VARN, LEAGUE = "Varn Republic", "Coast League"


def claim(article: Article, content: str, cue: str, speaker: str, side: str | None, stance: Stance = Stance.CLAIMS) -> Claim:
    """Return a claim whose words are found in the article; a content in parts has them parted by a bar."""

    def find(words: str) -> Span:
        start = article.text.index(words)
        return Span(start, start + len(words))

    spans = tuple(find(part) for part in content.split("|"))
    found = enumerate(blocks(article.text))
    inside = [i for i, block in found if any(s.start < block.span.end and s.end > block.span.start for s in spans)]
    return Claim(
        article=article.id,
        paragraphs=tuple(inside),
        attribution=Attribution(source=(), cue=(find(cue),), content=spans),
        speaker=Speaker(name=speaker),
        side=side,
        stance=stance,
        confidence=0.9,
    )


CLAIMS = (
    claim(GAZETTE, "its army had captured the town of Orsel", "said on Sunday", "Varn Republic", VARN),
    claim(GAZETTE, "Orsel fell to our brigades this morning", "said Mira", "Mira Tolk", VARN),
    claim(GAZETTE, "the takeover claims", "rejected", "Coast League", LEAGUE, Stance.DENIES),
    claim(GAZETTE, "the League still held Orsel and its harbour", "said that", "Jon Averin", LEAGUE),
    claim(GAZETTE, "Pictures show smoke over the town of Orsel", "according to", "Calder House", "observer"),
    claim(GAZETTE, "300 tents for the families in the camp", "demanded", "Jon Averin", LEAGUE, Stance.DEMANDS),
    claim(POST, "talks with the Varn Republic about the salt tax", "offered", "Jon Averin", LEAGUE, Stance.PROMISES),
)


def embed(text: str) -> Vector:
    """Return a vector of the words alone: each adds a direction of its own, so that texts with common words are near."""
    vector = np.zeros(256, dtype=np.float32)
    for term in terms(text):
        seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:4], "big")
        vector += np.random.default_rng(seed).standard_normal(256).astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


class WordEncoder:
    """An encoder that needs no weights."""

    name, dimension, digest = "words", 256, "words"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, 256) float32."""
        return np.array([embed(text) for text in texts], dtype=np.float32).reshape(-1, 256)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the same."""
        return self.encode(texts)


class WordReader:
    """A cross-encoder that needs no weights: the cosine of the words."""

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        """Return a share a claim."""
        return [max(0.0, float(embed(question) @ embed(claim))) for claim in claims]


def material(query: Query, articles: Sequence[Article] = (GAZETTE, POST), claims: Sequence[Claim] = CLAIMS) -> Material:
    """Return what a store with these articles would hold for a query."""
    by_id = {article.id: article for article in articles}
    paragraphs: dict[tuple[str, int], Paragraph] = {}
    vectors: dict[int, Vector] = {}
    for article in articles:
        for position, block in enumerate(blocks(article.text)):
            number = len(paragraphs) + 1
            paragraphs[article.id, position] = Paragraph(id=number, article=article.id, position=position, span=block.span)
            vectors[number] = embed(article.text[block.span.start : block.span.end])
    likely = WordReader().likelihoods(query.topic, [claim_text(by_id[c.article], c) for c in claims if c.article in by_id])
    return Material(
        query=query,
        vector=embed(query.topic),
        articles=by_id,
        paragraphs=paragraphs,
        vectors=vectors,
        claims=[StoredClaim(claim=c, vector=embed(claim_text(by_id[c.article], c))) for c in claims if c.article in by_id],
        likely=dict(zip((c for c in claims if c.article in by_id), likely, strict=True)),
    )
