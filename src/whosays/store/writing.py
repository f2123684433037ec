"""What changes a corpus, in a transaction that no other one that changes articles runs beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, Table, delete, insert, select, update

from whosays.errors import StoreError
from whosays.store import fulltext, prepared, rows, stories, waiting_alerts
from whosays.store.corpus import Indexed, Outcome, Passage
from whosays.store.fulltext import Words
from whosays.store.index import Index, NewPassage
from whosays.store.inserting import insert_all
from whosays.store.schema import articles, claim_paragraphs, claims, counters, meta, paragraphs, passages, removals, resolutions
from whosays.types import Article, Block, Claim, Paragraph, Vectors

#: Names of counters: rows ever given out in the vector files, and removals.
PASSAGES, CLAIMS, REMOVALS = "passages", "claims", "removals"


def adopt(connection: Connection, model: Mapping[str, str]) -> None:
    """Note whose vectors a store without a model is to hold."""
    insert_all(connection, meta, [{"key": key, "value": value} for key, value in model.items()])


def put(connection: Connection, index: Index, indexed: Indexed) -> Outcome:
    """Store an article, or replace its old version; an equal one is left as it is. Raises StoreError, OSError."""
    article, parts = indexed.article, _passages(indexed)
    _refuse_nul(article)
    _check_shape(indexed.vectors, len(parts), index.dimension, "passages")
    _check_shape(indexed.claim_vectors, len(indexed.claims), index.dimension, "claims")
    old = connection.execute(select(articles.c.id, articles.c.digest).where(articles.c.key == article.id)).first()
    if old is not None and old.digest == rows.digest(article):
        return Outcome.UNCHANGED
    before = _remove(connection, index, old.id) if old is not None else None
    key = connection.execute(insert(articles).values(rows.from_article(article))).inserted_primary_key
    assert key is not None
    row = int(key[0])
    ids = _add_paragraphs(connection, row, indexed.blocks)
    slots = _add_passages(connection, index, article, parts, ids, indexed.vectors)
    texts = [article.text[slice(*part.span)] for part in parts]
    words = Words(article=row, title=article.title, text=article.text, passages=list(zip(slots, texts, strict=True)))
    fulltext.add(connection, words)
    said = _add_claims(connection, index, row, indexed, ids)
    prepared.keep(connection, [(row, prepared.prepare(article, _own(article, indexed.blocks, parts, ids, slots), said))])
    if indexed.resolved_with is not None:
        insert_all(connection, resolutions, [{"article": row, "digest": indexed.resolved_with}])
    stories.place(connection, row, indexed, before)
    return Outcome.ADDED if old is None else Outcome.CHANGED


def remove(connection: Connection, index: Index, key: str) -> bool:
    """Remove an article with all that hangs on it; say whether it was there."""
    row = connection.execute(select(articles.c.id).where(articles.c.key == key)).scalar()
    if row is not None and (story := _remove(connection, index, row)) is not None:
        stories.drop_if_empty(connection, story)
    waiting_alerts.withdraw(connection, key)
    return row is not None


def counter(connection: Connection, name: str) -> int:
    """Return where a counter stands."""
    value: int = connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar_one()
    return value


def _passages(indexed: Indexed) -> Sequence[Passage]:
    """Return the passages of an article. Raises StoreError where they are not those of its blocks."""
    quotable = {position for position, block in enumerate(indexed.blocks) if not block.furniture}
    if not indexed.passages:
        return [Passage(position, indexed.blocks[position].span) for position in sorted(quotable)]
    if {passage.position for passage in indexed.passages} != quotable:
        raise StoreError(f"{indexed.article.id}: each paragraph needs a passage, and each passage a paragraph")
    return indexed.passages


def _refuse_nul(article: Article) -> None:
    """Raise StoreError where a text holds the character NUL, which PostgreSQL cannot keep: what is read never does."""
    known = (article.id, article.url, article.outlet, article.title, article.author, article.language, article.text)
    if any("\0" in value for value in known if value):
        raise StoreError(f"{article.id!r}: the character NUL stands in it; read it anew without that")


def _check_shape(vectors: Vectors, count: int, dimension: int, of: str) -> None:
    if vectors.shape != (count, dimension) or not np.isfinite(vectors).all():
        raise StoreError(f"{count} {of} need as many finite vectors of {dimension} numbers, not {vectors.shape}")


def _add_paragraphs(connection: Connection, article: int, blocks: Sequence[Block]) -> Mapping[int, int]:
    """Store the paragraphs of an article; return their ids by position."""
    values = [
        {"article": article, "position": position, "start": block.span.start, "end": block.span.end}
        for position, block in enumerate(blocks)
        if not block.furniture
    ]
    insert_all(connection, paragraphs, values)
    return _by_position(connection, paragraphs, article)


def _add_passages(
    connection: Connection, index: Index, article: Article, parts: Sequence[Passage], ids: Mapping[int, int], vectors: Vectors
) -> range:
    """Store the passages of an article; return their slots."""
    if not parts:
        return range(0)
    first = _counted(connection, PASSAGES, len(parts))
    values = [
        {"slot": slot, "paragraph": ids[part.position], "start": part.span.start, "end": part.span.end}
        for slot, part in enumerate(parts, first)
    ]
    insert_all(connection, passages, values)
    new = [NewPassage(slot=slot, paragraph=ids[part.position]) for slot, part in enumerate(parts, first)]
    index.add_passages(connection, article, new, vectors)
    return range(first, first + len(parts))


def _own(
    article: Article, blocks: Sequence[Block], parts: Sequence[Passage], ids: Mapping[int, int], slots: range
) -> list[tuple[Paragraph, int]]:
    """Return the paragraphs of an article in order, each with the slot of its first passage."""
    first: dict[int, int] = {}
    for part, slot in zip(parts, slots, strict=True):
        first.setdefault(part.position, slot)
    return [
        (Paragraph(id=ids[position], article=article.id, position=position, span=blocks[position].span), slot)
        for position, slot in sorted(first.items())
    ]


def _add_claims(
    connection: Connection, index: Index, article: int, indexed: Indexed, ids: Mapping[int, int]
) -> list[tuple[Claim, int]]:
    """Store the claims of an article; return them in text order, each with its slot."""
    order = sorted(range(len(indexed.claims)), key=lambda i: rows.beginning(indexed.claims[i]))
    first = _counted(connection, CLAIMS, len(order))
    index.add_claims(connection, first, indexed.claim_vectors[order])
    in_order = [indexed.claims[i] for i in order]
    values = [
        {"article": article, "position": position, "slot": first + position, **rows.from_claim(claim)}
        for position, claim in enumerate(in_order)
    ]
    insert_all(connection, claims, values)
    numbers = _by_position(connection, claims, article)
    places = [
        {"claim": numbers[position], "paragraph": ids[at]}
        for position, claim in enumerate(in_order)
        for at in sorted(set(claim.paragraphs))
        if at in ids
    ]
    insert_all(connection, claim_paragraphs, places)
    return [(claim, first + position) for position, claim in enumerate(in_order)]


def _remove(connection: Connection, index: Index, article: int) -> int | None:
    """Remove an article's rows, take it out of the index and remember its slots as gone; return its story."""
    story = stories.leave(connection, article)
    text = connection.execute(select(articles.c.title, articles.c.text).where(articles.c.id == article)).one()
    of_article = (
        select(passages.c.slot, passages.c.start, passages.c.end)
        .join(paragraphs, paragraphs.c.id == passages.c.paragraph)
        .where(paragraphs.c.article == article)
    )
    old = connection.execute(of_article).all()
    parts = [(row.slot, text.text[row.start : row.end]) for row in old]
    fulltext.remove(connection, Words(article=article, title=text.title, text=text.text, passages=parts))
    index.remove_passages(connection, [row.slot for row in old])
    first = _counted(connection, REMOVALS, len(old))
    insert_all(connection, removals, [{"id": first + i, "slot": row.slot} for i, row in enumerate(old)])
    connection.execute(delete(articles).where(articles.c.id == article))
    return story


def _counted(connection: Connection, name: str, more: int) -> int:
    """Count on by `more`, and return where the counter stood."""
    before = counter(connection, name)
    connection.execute(update(counters).where(counters.c.name == name).values(value=before + more))
    return before


def _by_position(connection: Connection, table: Table, article: int) -> dict[int, int]:
    """Return the ids of an article's paragraphs or claims by position."""
    return dict(connection.execute(select(table.c.position, table.c.id).where(table.c.article == article)).all())
