"""`whosays sides` and `whosays timeline`: a survey of a topic as JSON; the form stands in their help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.listing import speakers_of
from whosays.answer_json import to_json
from whosays.types import OBSERVER, Answer, Quotation


def sides_json(answer: Answer) -> dict[str, Any]:
    """Return who speaks, the side with the most claims first; observers, then those whose side is open, come last."""
    told = {source.n: source.outlet for source in answer.sources}
    speakers = []
    for side, quotations in sorted(_by_side(answer), key=lambda item: (_rank(item[0]), -_claims(item[1]))):
        for speaking in speakers_of(quotations):
            outlets = {told[n] for quotation in speaking.said for n in (quotation.source, *quotation.also)}
            speakers.append(
                {
                    "side": side,
                    "speaker": speaking.speaker.name,
                    "role": speaking.speaker.role,
                    "claims": speaking.claims,
                    "outlets": sorted(outlet for outlet in outlets if outlet),
                }
            )
    return _head(answer) | {"speakers": speakers, "sources": to_json(answer)["sources"]}


def timeline_json(answer: Answer) -> dict[str, Any]:
    """Return the claims by date, the undated last."""
    card = to_json(answer)
    dates = {source.n: source.published for source in answer.sources}
    sides = [(side["name"], claim) for side in card["sides"] for claim in side["claims"]]
    sides += [(OBSERVER, claim) for claim in card["observers"]] + [(None, claim) for claim in card["open"]]
    sides.sort(key=lambda item: _when(dates[item[1]["source"]]))
    claims = [{"date": _day(dates[claim["source"]]), "side": side, **claim} for side, claim in sides]
    return _head(answer) | {"claims": claims, "sources": card["sources"]}


def _head(answer: Answer) -> dict[str, Any]:
    return {"topic": answer.query.text, "status": answer.status.value, "as_of": _day(answer.as_of)}


def _by_side(answer: Answer) -> Iterator[tuple[str | None, tuple[Quotation, ...]]]:
    yield from ((side.name, side.quotations) for side in answer.sides)
    yield OBSERVER, answer.observers
    yield None, answer.open


def _rank(side: str | None) -> int:
    return 2 if side is None else int(side == OBSERVER)


def _claims(quotations: tuple[Quotation, ...]) -> int:
    return sum(1 + len(quotation.also) for quotation in quotations)


def _when(date: datetime | None) -> tuple[bool, str]:
    return date is None, date.isoformat() if date else ""


def _day(date: datetime | None) -> str | None:
    return date.date().isoformat() if date else None
