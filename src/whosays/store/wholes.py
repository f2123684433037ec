"""Articles read whole, by one statement, however many they are, and one each for the vectors of their paragraphs and claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from whosays.store import rows
from whosays.store.corpus import StoredClaim, Whole
from whosays.store.index import Index
from whosays.store.prepared import unpacked, worked_out
from whosays.store.schema import articles, prepared, resolutions


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


# Made once: to put a statement together costs more than to run it.
_ROWS = select(articles.c.key, articles.c.id).where(articles.c.key.in_(_any("keys")))
_ARTICLES = (
    select(articles, resolutions.c.digest.label("resolved_with"), prepared.c.version, prepared.c.data)
    .outerjoin(resolutions, resolutions.c.article == articles.c.id)
    .outerjoin(prepared, prepared.c.article == articles.c.id)
    .where(articles.c.id.in_(_any("rows")))
)


def rows_of(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Return the rows of those of these articles that are stored."""
    return dict(connection.execute(_ROWS, {"keys": keys}).all())


def load(connection: Connection, index: Index, of: Sequence[int]) -> list[Whole]:
    """Return the articles of these rows."""
    if not of:
        return []
    found = [(row, rows.to_article(row)) for row in connection.execute(_ARTICLES, {"rows": of})]
    known = {row.id: unpacked(row.version, row.data) for row, _ in found}
    behind = [(row.id, article) for row, article in found if known[row.id] is None]
    own = {number: one for number, one in known.items() if one} | (worked_out(connection, behind) if behind else {})
    parts = [own[row.id] for row, _ in found]
    vectors = index.article_vectors(connection, [(one.slots, one.claim_slots) for one in parts])
    return [
        Whole(
            row=row.id,
            digest=row.digest,
            resolved_with=row.resolved_with,
            article=article,
            paragraphs=one.paragraphs,
            vectors=of_parts,
            claims=tuple(StoredClaim(claim=claim, vector=vector) for claim, vector in zip(one.claims, of_said, strict=True)),
            of_text=one.of_text,
            of_claims=one.of_claims,
        )
        for (row, article), one, (of_parts, of_said) in zip(found, parts, vectors, strict=True)
    ]
