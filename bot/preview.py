"""What following a topic would have told in the last days, by what was said on it then. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whosays.heard import mark
from whosays.types import Answer, Quotation, Status

#: The days that a preview looks back.
LOOKS_BACK = timedelta(days=7)
_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How many alerts there would have been, and what the last ones would have told: an answer of a few quotations."""

    alerts: int
    shown: Answer


def preview(answer: Answer, now: datetime) -> Preview:
    """Return what alerts there would have been of all that is known on a topic (`Engine.survey`).

    Claims that came with one article are one alert; what was said before, in whichever outlet, is no news.
    """
    dates = {source.n: source.published for source in answer.sources}
    claims = [one for one in answer.quotations if one.claim is not None and dates.get(one.source) is not None]
    claims.sort(key=lambda one: dates[one.source] or now)
    first = {mark(one): one for one in reversed(claims)}
    recent = [one for one in claims if first[mark(one)] is one and now - LOOKS_BACK < (dates[one.source] or now) <= now]
    newest = recent[: -_SHOWN - 1 : -1]
    return Preview(alerts=len({one.article for one in recent}), shown=only(answer, newest))


def only(answer: Answer, quotations: Collection[Quotation]) -> Answer:
    """Return an answer with these of its quotations alone, each in its place."""
    sides = (replace(side, quotations=tuple(one for one in side.quotations if one in quotations)) for side in answer.sides)
    return replace(
        answer,
        status=Status.SEVERAL_SIDES,
        sides=tuple(side for side in sides if side.quotations),
        observers=tuple(one for one in answer.observers if one in quotations),
        open=tuple(one for one in answer.open if one in quotations),
        own_voice=tuple(one for one in answer.own_voice if one in quotations),
        missing=(),
        conflict=None,
    )
