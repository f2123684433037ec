"""What a store holds on a query → Material: the articles with the best hits, read whole."""

from __future__ import annotations

from collections.abc import Sequence

from whosays.relevance import Material
from whosays.retrieve import Encodes, search
from whosays.store.corpus import Corpus
from whosays.types import Hit, Query, Vector

#: So many articles are read whole for a question, those with the best hits: a side may answer in a paragraph of other words.
_ARTICLES = 12


def gather(corpus: Corpus, encoder: Encodes, query: Query) -> Material:
    """Return the articles with the best hits, best first, with all their paragraphs and claims. May raise StoreError."""
    hits = search(corpus, encoder, query)
    return read_whole(corpus, _best_articles(hits), query, encoder.encode([query.topic])[0])


def read_whole(corpus: Corpus, ids: Sequence[str], query: Query, vector: Vector) -> Material:
    """Return these articles, those of them that are stored, with all their paragraphs and claims. May raise StoreError."""
    stored = corpus.articles(ids)
    paragraphs = [p for id_ in ids if id_ in stored for p in corpus.paragraphs_of(id_)]
    numbers = [p.id for p in paragraphs]
    claims = corpus.claims(numbers)
    return Material(
        query=query,
        vector=vector,
        articles={id_: stored[id_] for id_ in ids if id_ in stored},
        paragraphs={(p.article, p.position): p for p in paragraphs},
        vectors=dict(zip(numbers, corpus.paragraph_vectors(numbers), strict=True)) if numbers else {},
        # Between two calls an article may be replaced by another process: what no longer fits is left out.
        claims=[s for s in claims if s.claim.article in stored],
    )


def _best_articles(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.paragraph.article for hit in sorted(hits, key=lambda hit: -hit.score)))[:_ARTICLES]
