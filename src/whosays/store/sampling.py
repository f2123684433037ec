"""Two stores that hold the same are asked the same: some of their articles, what is said in them, and searches."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import select

from whosays.errors import StoreError
from whosays.store.corpus import Candidate, Corpus, Filter
from whosays.store.database import Database
from whosays.store.schema import articles
from whosays.words import terms

#: Articles that are asked for, and paragraphs that each search may propose.
ARTICLES, _PROPOSED = 200, 20
#: Words of a paragraph that are searched for.
_WORDS = 12
#: Scores are sums in an order that two databases need not share.
_CLOSE = 1e-4
#: An index of vectors on a server finds nearly all, not all: so many of the searches may miss what the vector is of.
_MISSED = 0.05


def keys(database: Database, seed: int = 0) -> Sequence[str]:
    """Return the ids of some articles, drawn by chance; the same of the same store."""
    with database.reading() as connection:
        every = connection.execute(select(articles.c.key).order_by(articles.c.id)).scalars().all()
    return random.Random(seed).sample(every, min(ARTICLES, len(every)))


def check_same(first: Corpus, second: Corpus, ids: Sequence[str], report: Callable[[int], None] = lambda done: None) -> None:
    """Raise StoreError where two corpora differ in what they say of these articles, or find by their words and vectors."""
    missed = 0
    for done, id in enumerate(ids):
        report(done)
        found = first.paragraphs_of(id)
        paragraphs = [paragraph.id for paragraph in found]
        for name, ask in _QUESTIONS.items():
            if ask(first, id, paragraphs) != ask(second, id, paragraphs):
                raise StoreError(f"{name} of {id} differ")
        if paragraphs:
            words = terms(first.articles([id])[id].text[slice(*found[0].span)])[:_WORDS]
            pairs = [corpus.matching(words, _PROPOSED, Filter()) for corpus in (first, second)]
            if not _alike(*pairs):
                raise StoreError(f"a search for words of {id} finds something else")
            vector = first.paragraph_vectors(paragraphs[:1])[0]
            scores = [
                max((candidate.score for candidate in corpus.nearest(vector, _PROPOSED, Filter())), default=0.0)
                for corpus in (first, second)
            ]
            missed += abs(scores[0] - scores[1]) > _CLOSE
    if missed > _MISSED * len(ids):
        raise StoreError(f"of {len(ids):,} searches for a paragraph's own vector {missed:,} do not find it")


def _alike(first: Sequence[Candidate], second: Sequence[Candidate]) -> bool:
    """Say whether two rankings have the same scores; of equal ones either may come first."""
    scores, others = ([found.score for found in ranking] for ranking in (first, second))
    return len(scores) == len(others) and bool(np.allclose(scores, others, atol=_CLOSE, rtol=_CLOSE))


_Asks = Callable[[Corpus, str, Sequence[int]], object]
_QUESTIONS: dict[str, _Asks] = {
    "the text": lambda corpus, id, paragraphs: corpus.articles([id]),
    "the paragraphs": lambda corpus, id, paragraphs: list(corpus.paragraphs_of(id)),
    "the claims": lambda corpus, id, paragraphs: [(one.claim, one.vector.tolist()) for one in corpus.claims(paragraphs)],
    "the vectors": lambda corpus, id, paragraphs: corpus.paragraph_vectors(paragraphs).tolist(),
    "the story": lambda corpus, id, paragraphs: corpus.story_of(id),
    "the original": lambda corpus, id, paragraphs: corpus.originals([id]),
}
