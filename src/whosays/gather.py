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
    vector = encoder.encode([query.topic])[0]
    return read_whole(corpus, _best_articles(search(corpus, query, vector)), query, vector)


def read_whole(corpus: Corpus, ids: Sequence[str], query: Query, vector: Vector) -> Material:
    """Return these articles, those of them that are stored, with all their paragraphs and claims. May raise StoreError.

    Between two calls another process may replace an article, and spans into the one version are other words in the other. A new
    version has new paragraphs: where those read first are still there at the end, all that was read between belongs to them. An
    article that is replaced meanwhile is left out.
    """
    first = [p for id_ in ids for p in corpus.paragraphs_of(id_)]
    stored, claims = corpus.articles(ids), corpus.claims(p.id for p in first)
    vectors = corpus.paragraph_vectors([p.id for p in first])
    lasting = corpus.paragraphs(p.id for p in first)
    replaced = {p.article for p in first if p.id not in lasting}
    whole = [id_ for id_ in dict.fromkeys(p.article for p in first) if id_ in stored and id_ not in replaced]
    return Material(
        query=query,
        vector=vector,
        articles={id_: stored[id_] for id_ in whole},
        paragraphs={(p.article, p.position): p for p in first if p.article in whole},
        vectors={p.id: own for p, own in zip(first, vectors, strict=True) if p.article in whole},
        claims=[s for s in claims if s.claim.article in whole],
    )


def _best_articles(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.paragraph.article for hit in sorted(hits, key=lambda hit: -hit.score)))[:_ARTICLES]
