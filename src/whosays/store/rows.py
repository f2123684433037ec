"""Values ↔ rows of the tables: pure functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from whosays.types import Article, Attribution, Claim, Paragraph, Span, Speaker, Stance

RowOf = Row[Any]


def digest(article: Article) -> str:
    """Return what tells an article (its text, and what is known of it) from any other version."""
    published = article.published.isoformat() if article.published else None
    known = [article.url, article.outlet, article.title, article.author, published, article.language, article.text]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def from_article(article: Article) -> dict[str, Any]:
    """Return the row of an article."""
    return {
        "key": article.id,
        "digest": digest(article),
        "outlet": article.outlet,
        "published": article.published,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "language": article.language,
        "text": article.text,
    }


def to_article(row: RowOf) -> Article:
    """Return the article of a row of `articles`."""
    return Article(
        id=row.key,
        text=row.text,
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        author=row.author,
        published=row.published,
        language=row.language,
    )


def to_paragraph(row: tuple[int, str, int, int, int]) -> Paragraph:
    """Return the paragraph of a row of its id, its article's key, its position, its start and its end."""
    number, article, position, start, end = row
    return Paragraph(id=number, article=article, position=position, span=Span(start, end))


def from_claim(claim: Claim) -> dict[str, Any]:
    """Return the row of a claim, but for what ties it to others."""
    attribution, speaker = claim.attribution, claim.speaker
    return {
        "paragraphs": list(claim.paragraphs),
        "source": attribution.source,
        "cue": attribution.cue,
        "content": attribution.content,
        "attribution_confidence": attribution.confidence,
        "speaker": speaker.name,
        "role": speaker.role,
        "party": speaker.party,
        "side": claim.side,
        "stance": claim.stance.value,
        "confidence": claim.confidence,
    }


def to_claim(row: RowOf) -> Claim:
    """Return the claim of a row of `claims` with its article's `key`."""
    return claim_of(row, row.key)


def claim_of(row: RowOf, article: str) -> Claim:
    """Return the claim of a row of `claims`, which is of this article."""
    attribution = Attribution(
        source=spans(row.source),
        cue=spans(row.cue),
        content=spans(row.content),
        confidence=row.attribution_confidence,
    )
    return Claim(
        article=article,
        paragraphs=tuple(row.paragraphs),
        attribution=attribution,
        speaker=Speaker(name=row.speaker, role=row.role, party=row.party),
        side=row.side,
        stance=Stance(row.stance),
        confidence=row.confidence,
    )


def beginning(claim: Claim) -> Span:
    """Return where a claim's words begin in its article: what claims are put in text order by."""
    attribution = claim.attribution
    return min(attribution.content or attribution.cue or attribution.source, default=Span(0, 0))


def spans(pairs: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Return the spans of a JSON list of [start, end]."""
    return tuple(Span(start, end) for start, end in pairs)
