"""Where the articles' stories and copies are kept: each a few statements within the transaction that stores the article.

What a story is about is a sum over its articles, so that joining costs the same whatever its size. Candidates are found by the
rarest words; how many articles have a word is counted as they come. The whole state is in the database: processes that take turns
in writing decide as one would, and nothing grows in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from whosays import copies
from whosays.store.corpus import Indexed
from whosays.store.inserting import insert_all
from whosays.store.schema import articles, paragraphs, placements, stories, story_terms, term_counts, text_runs
from whosays.stories import Likeness, belongs, chosen, counts, days_between, weights
from whosays.types import Vector

#: Rows of the index of words that are read to find stories that may be near: those of the article's rarest words.
_ROWS = 400
#: Stories that are then compared with the article exactly.
_COMPARED = 8
#: Terms kept of a story, those with the most weight.
_KEPT_TERMS = 128
#: A run of words that stands in so many texts is boilerplate; no more of them are noted.
_RUN_ARTICLES = 32
#: Texts that are compared run by run, of those that have the most sampled runs in common.
_TEXTS = 3
#: The row of `term_counts` that counts all articles.
_ALL = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article stands: its story, and the row of the article whose text it is a copy of, if of any."""

    story: int
    original: int | None


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


# Made once: to put a statement of a hundred values together costs more than to run it.
_COUNTS = select(term_counts.c.term, term_counts.c.articles).where(term_counts.c.term.in_(_any("terms")))
_COUNT = update(term_counts).where(term_counts.c.term.in_(_any("terms"))).values(articles=term_counts.c.articles + 1)
#: Newer stories first: a word that stands everywhere is no help to find old ones.
_WITH_TERMS = (
    select(story_terms.c.term, story_terms.c.story, story_terms.c.weight / stories.c.articles)
    .join(stories, stories.c.id == story_terms.c.story)
    .where(story_terms.c.term.in_(_any("terms")))
    .order_by(story_terms.c.story.desc())
    .limit(_ROWS)
)
_IN_COMMON = select(story_terms.c.story, story_terms.c.term, story_terms.c.weight).where(
    story_terms.c.story.in_(_any("stories")), story_terms.c.term.in_(_any("terms"))
)
_STORIES = select(stories).where(stories.c.id.in_(_any("stories")))
_WITH_RUNS = select(text_runs.c.article).where(text_runs.c.run.in_(_any("runs")))
_OFTEN = (
    select(text_runs.c.run)
    .where(text_runs.c.run.in_(_any("runs")))
    .group_by(text_runs.c.run)
    .having(func.count() >= _RUN_ARTICLES)
)


def place(connection: Connection, article: int, indexed: Indexed, before: int | None = None) -> Placed:
    """Give an article that was just inserted its story, and note whose copy it is.

    `before` is the story of the version that it replaces: it stays there while it is anything like it.
    """
    text = _quotable(indexed.article.text, [block.span for block in indexed.blocks if not block.furniture])
    runs = copies.shingles(text)
    original = _original(connection, runs, indexed.article.outlet)
    sketch = _sketch(connection, indexed, count=before is None)
    story = _story_of(connection, original) if original is not None else None
    if story is None:
        story = _nearest(connection, sketch, before)
    if story is None:
        story = _founded(connection, sketch)
    elif story != before:
        _join(connection, story, sketch)
    connection.execute(insert(placements).values(article=article, story=story, original=original))
    if original is None:
        _note_runs(connection, article, copies.sample(runs))
    if before is not None and before != story:
        drop_if_empty(connection, before)
    return Placed(story, original)


def leave(connection: Connection, article: int) -> int | None:
    """Make ready for the removal of an article: the first of its copies takes its place. Return its story, to be looked after."""
    story = _story_of(connection, article)
    heir = connection.execute(select(func.min(placements.c.article)).where(placements.c.original == article)).scalar()
    if heir is not None:
        connection.execute(update(placements).where(placements.c.original == article).values(original=heir))
        connection.execute(update(placements).where(placements.c.article == heir).values(original=None))
        _note_runs(connection, heir, copies.sample(_runs_of(connection, heir)))
    return story


def drop_if_empty(connection: Connection, story: int) -> None:
    """Delete a story that has no articles any more."""
    if connection.execute(select(placements.c.article).where(placements.c.story == story).limit(1)).first() is None:
        connection.execute(delete(stories).where(stories.c.id == story))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    """What of an article is compared; `rarest` are its terms with the number of articles that have them, the fewest first.

    `seen` is how many articles came before it.
    """

    terms: Mapping[str, float]
    rarest: Sequence[tuple[str, int]]
    vector: Vector
    published: datetime | None
    seen: int


def _sketch(connection: Connection, indexed: Indexed, *, count: bool) -> _Sketch:
    article = indexed.article
    counted = counts(article.title, article.text, indexed.blocks)
    held: dict[str, int] = dict(connection.execute(_COUNTS, {"terms": [*counted, _ALL]}).all())
    if count:
        connection.execute(_COUNT, {"terms": list(held)})
        new = [term for term in [*counted, _ALL] if term not in held]
        insert_all(connection, term_counts, [{"term": term, "articles": 1} for term in new])
    weighed = weights(counted, held, held.get(_ALL, 0))
    return _Sketch(
        terms=weighed,
        rarest=sorted(((term, held.get(term, 0)) for term in weighed), key=lambda pair: (pair[1], pair[0])),
        vector=_lead_vector(indexed),
        published=article.published,
        seen=held.get(_ALL, 0),
    )


def _lead_vector(indexed: Indexed) -> Vector:
    if indexed.lead is not None:
        return indexed.lead
    mean = indexed.vectors.mean(axis=0) if len(indexed.vectors) else np.zeros(indexed.vectors.shape[1], dtype=np.float32)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-6), dtype=np.float32)


# --- Stories ---------------------------------------------------------------------------------------------------------------


def _nearest(connection: Connection, sketch: _Sketch, before: int | None) -> int | None:
    near = _likenesses(connection, sketch, [*_candidates(connection, sketch), *([before] if before is not None else [])])
    own = next((likeness for likeness in near if likeness.story == before), None)
    if own is not None and belongs(own, None, sketch.seen):
        return before
    return chosen(near, sketch.seen)


def _candidates(connection: Connection, sketch: _Sketch) -> Iterable[int]:
    """Return the stories that have the most in common with an article, judged by its rarest words."""
    looked_up: list[str] = []
    rows = 0
    for term, held in sketch.rarest:
        if looked_up and rows + held > _ROWS:
            break
        looked_up.append(term)
        rows += held
    common: Counter[int] = Counter()
    for term, story, weight in connection.execute(_WITH_TERMS, {"terms": looked_up}):
        common[story] += sketch.terms[term] * weight
    return [story for story, _ in sorted(common.items(), key=lambda pair: (-pair[1], pair[0]))[:_COMPARED]]


def _likenesses(connection: Connection, sketch: _Sketch, candidates: Collection[int]) -> list[Likeness]:
    words: dict[int, float] = defaultdict(float)
    for story, term, weight in connection.execute(_IN_COMMON, {"stories": candidates, "terms": list(sketch.terms)}):
        words[story] += sketch.terms[term] * weight
    return [
        Likeness(
            story=row.id,
            words=words[row.id] / row.articles,
            meaning=float(np.einsum("d,d->", np.frombuffer(row.vector, dtype=np.float32), sketch.vector)) / row.articles,
            days=days_between(sketch.published, row.first, row.last),
        )
        for row in connection.execute(_STORIES, {"stories": candidates})
    ]


def _founded(connection: Connection, sketch: _Sketch) -> int:
    values = {"articles": 1, "first": sketch.published, "last": sketch.published, "vector": sketch.vector.tobytes()}
    key = connection.execute(insert(stories).values(**values)).inserted_primary_key
    assert key is not None
    story = int(key[0])
    _add_terms(connection, story, sketch.terms)
    return story


def _join(connection: Connection, story: int, sketch: _Sketch) -> None:
    row = connection.execute(select(stories).where(stories.c.id == story)).one()
    dates = [date for date in (row.first, row.last, sketch.published) if date is not None]
    connection.execute(
        update(stories)
        .where(stories.c.id == story)
        .values(
            articles=row.articles + 1,
            first=min(dates, default=None),
            last=max(dates, default=None),
            vector=(np.frombuffer(row.vector, dtype=np.float32) + sketch.vector).tobytes(),
        )
    )
    known = select(story_terms.c.term, story_terms.c.weight).where(story_terms.c.story == story)
    before: dict[str, float] = dict(connection.execute(known).all())
    after = {term: before.get(term, 0.0) + sketch.terms.get(term, 0.0) for term in {**before, **sketch.terms}}
    kept = set(sorted(after, key=lambda term: (-after[term], term))[:_KEPT_TERMS])
    if gone := before.keys() - kept:
        connection.execute(delete(story_terms).where(story_terms.c.story == story, story_terms.c.term.in_(gone)))
    if changed := [{"of": term, "to": after[term]} for term in sketch.terms if term in before and term in kept]:
        of = (story_terms.c.term == bindparam("of"), story_terms.c.story == story)
        connection.execute(update(story_terms).where(*of).values(weight=bindparam("to")), changed)
    _add_terms(connection, story, {term: after[term] for term in sketch.terms if term not in before and term in kept})


def _add_terms(connection: Connection, story: int, terms: Mapping[str, float]) -> None:
    insert_all(connection, story_terms, [{"term": term, "story": story, "weight": weight} for term, weight in terms.items()])


def _story_of(connection: Connection, article: int) -> int | None:
    story: int | None = connection.execute(select(placements.c.story).where(placements.c.article == article)).scalar()
    return story


# --- Copies ----------------------------------------------------------------------------------------------------------------


def _original(connection: Connection, runs: copies.Shingles, outlet: str | None) -> int | None:
    """Return the row of the article whose text this is; only those that are nobody's copy are looked at."""
    sampled = copies.sample(runs).tolist()
    found = connection.execute(_WITH_RUNS, {"runs": sampled}).scalars()
    likely = sorted(Counter(found).items(), key=lambda pair: (-pair[1], pair[0]))[:_TEXTS]
    for article, _ in likely:
        of = connection.execute(select(articles.c.outlet).where(articles.c.id == article)).scalar()
        if copies.are_copies(runs, _runs_of(connection, article), one_outlet=of is not None and of == outlet):
            return int(article)
    return None


def _runs_of(connection: Connection, article: int) -> copies.Shingles:
    text: str = connection.execute(select(articles.c.text).where(articles.c.id == article)).scalar_one()
    spans = select(paragraphs.c.start, paragraphs.c.end).where(paragraphs.c.article == article).order_by(paragraphs.c.position)
    return copies.shingles(_quotable(text, ((start, end) for start, end in connection.execute(spans))))


def _quotable(text: str, spans: Iterable[tuple[int, int]]) -> str:
    return "\n".join(text[start:end] for start, end in spans)


def _note_runs(connection: Connection, article: int, sampled: copies.Shingles) -> None:
    runs = [int(run) for run in sampled]
    boilerplate = set(connection.execute(_OFTEN, {"runs": runs}).scalars())
    insert_all(connection, text_runs, [{"run": run, "article": article} for run in runs if run not in boilerplate])
