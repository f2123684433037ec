"""Articles read whole: a statement each for their texts, their paragraphs and their claims, however many articles they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from whosays.store import rows
from whosays.store.corpus import StoredClaim, Whole
from whosays.store.index import Index
from whosays.store.schema import articles, claims, paragraphs, passages, resolutions
from whosays.types import Paragraph, Span


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


# Made once: to put a statement together costs more than to run it.
_ROWS = select(articles.c.key, articles.c.id).where(articles.c.key.in_(_any("keys")))
_ARTICLES = (
    select(articles, resolutions.c.digest.label("resolved_with"))
    .outerjoin(resolutions, resolutions.c.article == articles.c.id)
    .where(articles.c.id.in_(_any("rows")))
)
#: With the first passage of each: its vector stands for the paragraph's.
_PARAGRAPHS = (
    select(paragraphs, func.min(passages.c.slot).label("slot"))
    .join(passages, passages.c.paragraph == paragraphs.c.id)
    .where(paragraphs.c.article.in_(_any("rows")))
    .group_by(paragraphs.c.id)
    .order_by(paragraphs.c.article, paragraphs.c.position)
)
_CLAIMS = select(claims).where(claims.c.article.in_(_any("rows"))).order_by(claims.c.article, claims.c.position)


def rows_of(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Return the rows of those of these articles that are stored."""
    return dict(connection.execute(_ROWS, {"keys": keys}).all())


def load(connection: Connection, index: Index, of: Sequence[int]) -> list[Whole]:
    """Return the articles of these rows."""
    if not of:
        return []
    parts = _Parts(connection.execute(_PARAGRAPHS, {"rows": of}).all())
    said = _Parts(connection.execute(_CLAIMS, {"rows": of}).all())
    of_parts = index.passage_vectors(connection, parts.slots)
    of_said = index.claim_vectors(connection, said.slots)
    found = []
    for row in connection.execute(_ARTICLES, {"rows": of}).all():
        its, own = parts.of(row.id), said.of(row.id)
        places = {part.position for part in parts.rows[its]}
        whole = Whole(
            row=row.id,
            digest=row.digest,
            resolved_with=row.resolved_with,
            article=rows.to_article(row),
            paragraphs=tuple(
                Paragraph(id=part.id, article=row.key, position=part.position, span=Span(part.start, part.end))
                for part in parts.rows[its]
            ),
            vectors=of_parts[its],
            # Of a claim none of whose paragraphs may be quoted nothing is shown.
            claims=tuple(
                StoredClaim(claim=rows.claim_of(claim, row.key), vector=vector)
                for claim, vector in zip(said.rows[own], of_said[own], strict=True)
                if not places.isdisjoint(claim.paragraphs)
            ),
        )
        found.append(whole)
    return found


class _Parts:
    """Rows of several articles, those of one after the other."""

    def __init__(self, found: Sequence[rows.RowOf]) -> None:
        self.rows = found
        self.slots = [row.slot for row in found]
        self._of: dict[int, slice] = {}
        first = 0
        for article, those in groupby(row.article for row in found):
            last = first + sum(1 for _ in those)
            self._of[article] = slice(first, last)
            first = last

    def of(self, article: int) -> slice:
        """Return where the rows of an article are."""
        return self._of.get(article, slice(0, 0))
