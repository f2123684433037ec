"""A question, answered out of a store: understand → retrieve → gather what stands around the hits → answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from whosays import retrieve
from whosays.answer import answer
from whosays.question import understand
from whosays.relevance import Material
from whosays.store.corpus import Corpus
from whosays.types import Answer, Hit, Query, Status, Vectors, Window

#: So many articles are read whole for a question, those with the best hits: a side may answer in a paragraph of other words.
_ARTICLES = 12


class Encoder(Protocol):
    """What turns texts into vectors."""

    def encode(self, texts: Sequence[str], /) -> Vectors:
        """Return (n, d) float32, rows of length 1."""


def respond(corpus: Corpus, encoder: Encoder, question: str, now: datetime) -> Answer:
    """Answer a question as it was asked. Raises LanguageError, StoreError, and QuotationError, which is a bug."""
    outlets = [record.outlet for record in corpus.outlets() if record.outlet]
    return respond_to(corpus, encoder, understand(question, now, outlets))


def respond_to(corpus: Corpus, encoder: Encoder, query: Query) -> Answer:
    """Answer a question that was understood already."""
    card = answer(gather(corpus, encoder, query))
    if card.status is Status.NOTHING and query.window != Window():
        # The time that was named holds nothing: say how old the newest evidence is, but show none of it.
        any_time = answer(gather(corpus, encoder, replace(query, window=Window())))
        if any_time.status is not Status.NOTHING:
            titles = tuple(dict.fromkeys(source.title for source in any_time.sources if source.title))
            return Answer(query=query, status=Status.OLD, as_of=any_time.as_of, nearest=titles[:3])
    return card


def gather(corpus: Corpus, encoder: Encoder, query: Query) -> Material:
    """Return the articles with the best hits, with all their paragraphs and claims."""
    hits = retrieve.search(corpus, encoder, query)
    vector = encoder.encode([query.topic])[0]
    ids = _best_articles(hits)
    articles = corpus.articles(ids)
    paragraphs = [p for id_ in ids if id_ in articles for p in corpus.paragraphs_of(id_)]
    numbers = [p.id for p in paragraphs]
    return Material(
        query=query,
        vector=vector,
        articles={id_: articles[id_] for id_ in ids if id_ in articles},
        paragraphs={(p.article, p.position): p for p in paragraphs},
        vectors=dict(zip(numbers, corpus.paragraph_vectors(numbers), strict=True)),
        claims=corpus.claims(numbers),
    )


def _best_articles(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.paragraph.article for hit in sorted(hits, key=lambda hit: -hit.score)))[:_ARTICLES]


