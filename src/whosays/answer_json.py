"""Answer → the JSON of `whosays ask --json`: public interface, documented in the README."""

from __future__ import annotations

from typing import Any

from whosays.types import Answer, Conflict, Quotation


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the card as JSON has it: articles by the id given at ingest, spans as [start, end], dates as ISO 8601."""
    return {
        "question": answer.query.text,
        "status": answer.status.value,
        "as_of": answer.as_of.date().isoformat() if answer.as_of else None,
        "sides": [{"name": side.name, "claims": [_claim(q) for q in side.quotations]} for side in answer.sides],
        "observers": [_claim(q) for q in answer.observers],
        "open": [_claim(q) for q in answer.open],
        "own_voice": [_quotation(q) for q in answer.own_voice],
        "sources": [
            {
                "n": source.n,
                "article": source.article,
                "outlet": source.outlet,
                "title": source.title,
                "published": source.published.isoformat() if source.published else None,
                "url": source.url,
            }
            for source in answer.sources
        ],
        "conflict": _conflict(answer.conflict) if answer.conflict else None,
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    """Return the pair that the dispute rests on, each claim as it stands under its side, with that side's name."""
    claims = [{"side": quotation.claim.side, **_claim(quotation)} for quotation in conflict.pair if quotation.claim]
    return {"kind": conflict.kind.value, "claims": claims}


def _quotation(quotation: Quotation) -> dict[str, Any]:
    return {
        "article": quotation.article,
        "content": [[span.start, span.end] for span in quotation.spans],
        "text": quotation.text,
        "source": quotation.source,
    }


def _claim(quotation: Quotation) -> dict[str, Any]:
    claim = quotation.claim
    if claim is None:
        return _quotation(quotation)
    return _quotation(quotation) | {
        "speaker": claim.speaker.name,
        "role": claim.speaker.role,
        "stance": claim.stance.value,
        "confidence": round(claim.confidence, 4),
        "also": list(quotation.also),
        "concedes": quotation.concedes,
    }
