"""What answering reads of an article, in one piece beside its rows: written in the transaction that stores the article.

To read the paragraphs and claims of a dozen articles row by row, and to work out which words stand where in them, takes most of
a question's time; to decode them takes a tenth of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, func, select

from whosays.article_words import VERSION, ClaimWords, TextWords, claim_words, text_words
from whosays.store import rows
from whosays.store.inserting import insert_all
from whosays.store.schema import articles, claims, paragraphs, passages, prepared
from whosays.types import Article, Claim, Paragraph, Span

#: Articles that are prepared at a time where a store has none prepared.
_BATCH = 100


class Prepared(msgspec.Struct, array_like=True, frozen=True, gc=False, eq=False):
    """The quotable paragraphs of an article and the claims that stand in them, in order, and what was worked out of both.

    `slots` are those of the paragraphs' first passages, whose vectors stand for theirs, and of the claims.
    """

    paragraphs: tuple[Paragraph, ...]
    slots: tuple[int, ...]
    claims: tuple[Claim, ...]
    claim_slots: tuple[int, ...]
    of_text: TextWords
    of_claims: ClaimWords


# In one order, so that equal articles are kept alike.
_pack = msgspec.msgpack.Encoder(order="deterministic").encode
_unpack = msgspec.msgpack.Decoder(Prepared).decode


def prepare(article: Article, own: Sequence[tuple[Paragraph, int]], said: Sequence[tuple[Claim, int]]) -> Prepared:
    """Return an article prepared, of its paragraphs and its claims in order, each with its slot."""
    parts, places = [paragraph for paragraph, _ in own], {paragraph.position for paragraph, _ in own}
    # Of a claim none of whose paragraphs may be quoted nothing is shown.
    shown = [(claim, slot) for claim, slot in said if not places.isdisjoint(claim.paragraphs)]
    of = [claim for claim, _ in shown]
    return Prepared(
        paragraphs=tuple(parts),
        slots=tuple(slot for _, slot in own),
        claims=tuple(of),
        claim_slots=tuple(slot for _, slot in shown),
        of_text=text_words(article, parts),
        of_claims=claim_words(article, parts, of),
    )


def keep(connection: Connection, kept: Sequence[tuple[int, Prepared]]) -> None:
    """Keep articles, by their rows, prepared as they are."""
    insert_all(connection, prepared, [{"article": row, "version": VERSION, "data": packed(one)} for row, one in kept])


def packed(one: Prepared) -> bytes:
    """Return what is kept of an article."""
    return _pack(one)


def unpacked(version: int | None, data: bytes | None) -> Prepared | None:
    """Return what was kept; None where nothing was, or what another version worked out."""
    return _unpack(data) if version == VERSION and data is not None else None


def worked_out(connection: Connection, of: Sequence[tuple[int, Article]]) -> dict[int, Prepared]:
    """Return articles, by their rows, prepared anew out of all other tables."""
    numbers = [row for row, _ in of]
    own = _by_article(connection.execute(_PARAGRAPHS, {"rows": numbers}).all())
    said = _by_article(connection.execute(_CLAIMS, {"rows": numbers}).all())
    return {
        row: prepare(
            article,
            [
                (Paragraph(id=one.id, article=article.id, position=one.position, span=Span(one.start, one.end)), one.slot)
                for one in own.get(row, ())
            ],
            [(rows.claim_of(one, article.id), one.slot) for one in said.get(row, ())],
        )
        for row, article in of
    }


def keep_all(connection: Connection) -> None:
    """Prepare all articles of a store that has none prepared."""
    last = 0
    while found := connection.execute(_STORED, {"last": last}).all():
        keep(connection, list(worked_out(connection, [(row.id, rows.to_article(row)) for row in found]).items()))
        last = found[-1].id


def _by_article(found: Sequence[rows.RowOf]) -> dict[int, list[rows.RowOf]]:
    return {article: list(those) for article, those in groupby(found, lambda row: row.article)}


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


#: With the first passage of each: its vector stands for the paragraph's.
_PARAGRAPHS = (
    select(paragraphs, func.min(passages.c.slot).label("slot"))
    .join(passages, passages.c.paragraph == paragraphs.c.id)
    .where(paragraphs.c.article.in_(_any("rows")))
    .group_by(paragraphs.c.id)
    .order_by(paragraphs.c.article, paragraphs.c.position)
)
_CLAIMS = select(claims).where(claims.c.article.in_(_any("rows"))).order_by(claims.c.article, claims.c.position)
_STORED = select(articles).where(articles.c.id > bindparam("last")).order_by(articles.c.id).limit(_BATCH)
