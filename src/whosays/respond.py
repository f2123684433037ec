"""A question, answered out of a store: understand → retrieve → answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from whosays.answer import answer
from whosays.crossencoder import Reads
from whosays.gather import gather
from whosays.question import understand
from whosays.retrieve import Encodes
from whosays.store.corpus import Corpus
from whosays.types import Answer, Query, Status, Window

_NEAREST_MOST = 3


def respond(corpus: Corpus, encoder: Encodes, reader: Reads, question: str, now: datetime) -> Answer:
    """Answer a question. `now` is aware. Raises LanguageError, StoreError, and QuotationError, which is a bug."""
    outlets = [record.outlet for record in corpus.outlets() if record.outlet]
    return respond_to(corpus, encoder, reader, understand(question, now, outlets))


def respond_to(corpus: Corpus, encoder: Encodes, reader: Reads, query: Query) -> Answer:
    """Answer a question that was understood already. Raises StoreError, and QuotationError, which is a bug."""
    card = answer(gather(corpus, encoder, reader, query))
    if card.status is Status.NOTHING and query.window != Window():
        # The time that was named holds nothing: say how old the newest evidence is, but show none of it.
        whenever = answer(gather(corpus, encoder, reader, replace(query, window=Window())))
        if whenever.status is not Status.NOTHING:
            titles = dict.fromkeys(source.title for source in whenever.sources if source.title)
            return Answer(query=query, status=Status.OLD, as_of=whenever.as_of, nearest=tuple(titles)[:_NEAREST_MOST])
    return card
