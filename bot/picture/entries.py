"""Which claims of a survey a picture shows, in which lane, and in which order: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle

from whosays.types import Answer, Quotation, Source

#: Claims in a picture. Telegram scales a photo down to 1,280 pixels of its longer side, so a taller one is too small to be read.
MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Those whose claims stand in one lane: a side, or those who are none, with all their claims on the topic."""

    name: str
    quotations: tuple[Quotation, ...]
    is_side: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A claim in a picture. `lane` counts from 0."""

    lane: int
    quotation: Quotation
    source: Source

    @property
    def day(self) -> date | None:
        """The day of the article, in UTC."""
        return self.source.published.astimezone(UTC).date() if self.source.published else None


def lanes_of(answer: Answer, *, observers: str, unclear: str) -> tuple[Lane, ...]:
    """Return the lanes of a survey: its sides, then those who are none, under the names given."""
    sides = [Lane(name=side.name, quotations=side.quotations, is_side=True) for side in answer.sides]
    others = [
        Lane(name=observers, quotations=answer.observers, is_side=False),
        Lane(name=unclear, quotations=answer.open, is_side=False),
    ]
    return tuple(lane for lane in (*sides, *others) if lane.quotations)


def chosen(answer: Answer, lanes: Sequence[Lane], most: int = MOST) -> tuple[Entry, ...]:
    """Return the claims to show, oldest first, undated last.

    The lanes take turns, sides twice as often as those who are none. Each gives what a dispute rests on, then its best claim of
    each further day, days far apart first, then the rest. So no side is crowded out, nor a day.
    """
    sources = {source.n: source for source in answer.sources}
    pair = answer.conflict.pair if answer.conflict else ()
    waiting = {
        number: list(_spread([quotation for quotation in lane.quotations if quotation.source in sources], pair, sources))
        for number, lane in enumerate(lanes)
    }
    entries: list[Entry] = []
    room = min(most, sum(map(len, waiting.values())))
    for number in _turns(lanes):
        if len(entries) >= room:
            break
        if waiting[number]:
            quotation = waiting[number].pop(0)
            entries.append(Entry(lane=number, quotation=quotation, source=sources[quotation.source]))
    return tuple(sorted(entries, key=_order))


def _turns(lanes: Sequence[Lane]) -> Iterator[int]:
    sides = [number for number, lane in enumerate(lanes) if lane.is_side]
    others = [number for number, lane in enumerate(lanes) if not lane.is_side]
    return cycle([*sides, *others, *sides])


def _spread(quotations: Sequence[Quotation], first: Sequence[Quotation], sources: dict[int, Source]) -> Iterator[Quotation]:
    """Yield those that come first, then the best one of each further day, then the others, in their order.

    The day farthest from those shown is next, so that few claims already reach from the beginning to the end.
    """
    leading = [quotation for quotation in quotations if quotation in first]
    shown = [_day(quotation, sources) for quotation in leading]
    yield from leading
    best: dict[date | None, Quotation] = {}
    later = []
    for quotation in quotations:
        if quotation in first:
            continue
        day = _day(quotation, sources)
        if day in best or day in shown:
            later.append(quotation)
        else:
            best[day] = quotation
    while best:
        day = max(best, key=lambda day: _distance(day, shown))
        shown.append(day)
        yield best.pop(day)
    yield from later


def _distance(day: date | None, days: Sequence[date | None]) -> int:
    """Return how many days a day is away from the nearest of some; -1 for what has none, so that it comes last."""
    if day is None:
        return -1
    return min((abs((day - other).days) for other in days if other), default=0)


def _day(quotation: Quotation, sources: dict[int, Source]) -> date | None:
    published = sources[quotation.source].published
    return published.astimezone(UTC).date() if published else None


def _order(entry: Entry) -> tuple[bool, datetime, int, int]:
    published = entry.source.published
    return published is None, published or datetime.min.replace(tzinfo=UTC), entry.source.n, entry.lane
