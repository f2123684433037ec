"""A whole store is embedded anew by another model, while it is asked and read into as before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whosays import stories, text
from whosays.relevance import claim_text
from whosays.retrieve import Embeds
from whosays.store.reindexing import Reindexing
from whosays.types import Article, Vectors

#: Texts that are embedded, and kept, together.
_BATCH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexProgress:
    """How far it is: texts (passages, claims, beginnings of articles) embedded by this call, of how many, and seconds."""

    texts: int
    of: int
    seconds: float


Report = Callable[[ReindexProgress], None]
#: What gives so many texts that are still to be embedded …
_Take = Callable[[int], Sequence[Any]]
#: … and what takes their vectors.
_Keep = Callable[[Sequence[Any], Vectors], None]


def reindex(store: Reindexing, encoder: Embeds, report: Report, stopping: Callable[[], bool] = lambda: False) -> int | None:
    """Embed all of a store, have it go over to the new vectors, and return how many texts this call has embedded.

    Return None where `stopping` has become true: called again it goes on. Raises StoreError.
    """
    texts, of, began = 0, store.left(), time.monotonic()
    while True:
        for count in _caught_up(store, encoder):
            texts += count
            report(ReindexProgress(texts=texts, of=max(of, texts), seconds=time.monotonic() - began))
            if stopping():
                return None
        store.complete()
        # Whatever came while the index was made ready is a matter of seconds.
        for count in _caught_up(store, encoder):
            texts += count
        if store.switch():
            return texts


def _caught_up(store: Reindexing, encoder: Embeds) -> Iterator[int]:
    """Embed what the new generation lacks, some texts at a time, and yield how many."""
    kinds: Sequence[tuple[_Take, Callable[[Any], str], Callable[[Sequence[str]], Vectors], _Keep]] = (
        (store.passages, lambda passage: str(passage[1]), encoder.embed, store.keep_passages),
        (store.claims, lambda found: claim_text(found[1], found[2]), encoder.encode, store.keep_claims),
        (store.articles, lambda found: _lead(found[1]), encoder.encode, store.keep_leads),
    )
    for take, words, encode, keep in kinds:
        while some := take(_BATCH):
            keep([one[0] for one in some], encode([words(one) for one in some]))
            yield len(some)


def _lead(article: Article) -> str:
    return stories.lead(article.title, article.text, text.blocks(article.text, outlet=article.outlet, title=article.title))
