"""Readers' reports → evaluation cases: lines of labels as `whosays eval --sides` reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whosays.chats import Fault, Report
from whosays.types import OBSERVER, Claim, Quotation, Span, Status

#: What labels call a side that stays open.
_UNKNOWN = "unknown"


def cases(reports: Sequence[Report], claims: Mapping[str, Sequence[Claim]]) -> Iterator[dict[str, Any]]:
    """Yield a line for each article that reported cards quote; `claims` has those of each as they are now, corrected.

    Of an article those claims are there that a reported card shows, labelled as corrected; a card's question has as relevant
    those that it shows, but for those reported as not relevant. Each question has besides the reports on its card: their number,
    fault, whether they are settled, and the claim's place in the line (null: the card, or what is no claim). What an open report
    is about is labelled as it was shown, wrongly perhaps: correct it first, or look at it before it is scored with.
    """
    cards: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        asked = report.answer.query
        # A follow-up cannot be asked alone.
        cards[asked.topic if asked.follows else asked.text].append(report)
    lines: dict[str, dict[str, Any]] = {}
    places: dict[Claim, int] = {}
    for question, those in cards.items():
        shown = {q.claim.article: None for report in those for q in report.answer.quotations if q.claim}
        for article in shown:
            known = claims.get(article)
            if known is None:
                continue
            line = lines.setdefault(article, {"id": article, "claims": [], "sides": {}, "questions": [], "unanswerable": []})
            line["questions"].append(_question(question, those, article, known, line, places))
    yield from lines.values()


def _question(
    question: str,
    reports: Sequence[Report],
    article: str,
    known: Sequence[Claim],
    line: dict[str, Any],
    places: dict[Claim, int],
) -> dict[str, Any]:
    """Return a question of an article's line; the claims that it needs are added to the line."""
    here = [q for report in reports for q in report.answer.quotations if q.article == article]
    shown = {place for quotation in here for place in _places(quotation, known, line, places)}
    about: list[dict[str, Any]] = []
    for report in reports:
        quotation = reported(report)
        those = _places(quotation, known, line, places) if quotation and quotation.article == article else []
        claim = those[0] if those else None
        about.append({"report": report.id, "fault": report.fault.value, "settled": report.settled, "claim": claim})
        if report.fault is Fault.RELEVANCE:
            shown -= set(those)
    disputed = reports[-1].answer.status is Status.DISPUTED
    return {"question": question, "relevant": sorted(shown), "disputed": disputed, "reports": about}


def reported(report: Report) -> Quotation | None:
    """Return what a report is about; None for the card as a whole."""
    quotations = report.answer.quotations
    if report.quotation is None or not 0 <= report.quotation < len(quotations):
        return None
    return quotations[report.quotation]


def _places(quotation: Quotation, known: Sequence[Claim], line: dict[str, Any], places: dict[Claim, int]) -> list[int]:
    """Return the places in the line of the claims in a quotation's words, as they are now: joint speakers have one each."""
    if quotation.claim is None:
        return []
    result = []
    for claim in known:
        if claim.attribution.content == quotation.claim.attribution.content:
            if claim not in places:
                places[claim] = len(line["claims"])
                line["claims"].append(_label(claim))
                if claim.side not in (None, OBSERVER):
                    line["sides"].setdefault(claim.side, [])
            result.append(places[claim])
    return result


def _label(claim: Claim) -> dict[str, Any]:
    attribution = claim.attribution
    return {
        "content": attribution.content,
        "source": _extent(attribution.source),
        "cue": _extent(attribution.cue),
        "speaker": claim.speaker.name,
        "role": claim.speaker.role,
        "side": claim.side or _UNKNOWN,
        "stance": claim.stance.value,
    }


def _extent(spans: Sequence[Span]) -> Span | None:
    return Span(min(spans).start, max(span.end for span in spans)) if spans else None
