"""What was retrieved for a question: articles with their paragraphs and claims, before anything of them is chosen."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from whosays.article_words import claim_words, text_words
from whosays.citations import cut_out, in_order
from whosays.store.corpus import StoredClaim, Whole
from whosays.types import Article, Claim, Paragraph, Query, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was retrieved for a question. `vector` is the topic's; `paragraphs` go by article and position, `vectors` by their id.

    All quotable paragraphs of each article are there, and all claims in them; `likely` has those that a cross-encoder has read.
    `read` are the same articles whole, where they were read so, and then have the vectors: what was worked out of them for one
    question serves the next.
    `worked_out` is what `Relevance` keeps by topic, for the same material with other likelihoods.
    """

    query: Query
    vector: Vector
    articles: Mapping[str, Article] = field(default_factory=dict)
    paragraphs: Mapping[tuple[str, int], Paragraph] = field(default_factory=dict)
    vectors: Mapping[int, Vector] = field(default_factory=dict)
    claims: Sequence[StoredClaim] = ()
    likely: Mapping[Claim, float] = field(default_factory=dict)
    read: Sequence[Whole] = ()
    worked_out: dict[str, object] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, query: Query, vector: Vector, read: Sequence[Whole]) -> Material:
        """Return the material of articles that were read whole, the best one first. Claims come as the store has them."""
        as_stored = sorted(read, key=lambda whole: whole.row)
        return cls(
            query=query,
            vector=vector,
            articles={whole.article.id: whole.article for whole in read},
            paragraphs=_Paragraphs(read),
            claims=[stored for whole in as_stored for stored in whole.claims],
            read=read,
        )

    def wholes(self) -> Sequence[Whole]:
        """Return the articles whole, as they were read or put together of the parts."""
        return self.read or [self._whole(id_) for id_ in self.articles]

    def _whole(self, article: str) -> Whole:
        paragraphs = sorted((p for p in self.paragraphs.values() if p.article == article), key=lambda p: p.position)
        claims = tuple(stored for stored in self.claims if stored.claim.article == article)
        return Whole(
            row=0,
            digest="",
            resolved_with=None,
            article=self.articles[article],
            paragraphs=tuple(paragraphs),
            vectors=np.array([self.vectors.get(p.id, np.zeros_like(self.vector)) for p in paragraphs], dtype=np.float32),
            claims=claims,
            of_text=text_words(self.articles[article], paragraphs),
            of_claims=claim_words(self.articles[article], paragraphs, [stored.claim for stored in claims]),
        )

    def quotable_in(self, articles: Container[str]) -> list[Paragraph]:
        """Return the paragraphs of these articles."""
        if self.read:
            return [paragraph for whole in self.read if whole.article.id in articles for paragraph in whole.paragraphs]
        return [paragraph for paragraph in self.paragraphs.values() if paragraph.article in articles]

    def text(self, paragraph: Paragraph) -> str:
        """Return the words of a paragraph."""
        return self.articles[paragraph.article].text[paragraph.span.start : paragraph.span.end]

    def words(self, claim: Claim) -> str:
        """Return the words of a claim's content."""
        return cut_out(self.articles[claim.article].text, in_order(claim.attribution.content))


class _Paragraphs(Mapping[tuple[str, int], Paragraph]):
    """The paragraphs of articles by article and position: looked up in the few of them that are asked for."""

    def __init__(self, read: Sequence[Whole]) -> None:
        self._read = {whole.article.id: whole for whole in read}
        self._found: dict[str, dict[int, Paragraph]] = {}

    def __getitem__(self, key: tuple[str, int]) -> Paragraph:
        article, position = key
        found = self._found.get(article)
        if found is None:
            found = self._found[article] = {p.position: p for p in self._read[article].paragraphs}
        return found[position]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((p.article, p.position) for whole in self._read.values() for p in whole.paragraphs)

    def __len__(self) -> int:
        return sum(len(whole.paragraphs) for whole in self._read.values())
