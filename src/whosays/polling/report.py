"""What came of reading feeds: counts, and a line for each thing that an operator may want to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Came(StrEnum):
    """What is counted."""

    FEEDS_READ = "feeds read"
    FEEDS_UNCHANGED = "feeds unchanged"
    FEEDS_FAILED = "feeds failed"
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    #: Of those added or changed: only the feed's own text could be had.
    FEED_TEXT = "feed text"
    #: Of those added or changed: nobody says when they were published.
    UNDATED = "undated"
    REFUSED = "refused"
    DEAD = "dead links"
    LATER = "tried again later"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


#: What is counted of feeds; the rest is of what they tell of.
FEEDS = frozenset({Came.FEEDS_READ, Came.FEEDS_UNCHANGED, Came.FEEDS_FAILED})


@dataclass(slots=True)
class PollReport:
    """What came so far."""

    counts: Counter[Came] = field(default_factory=Counter)
    #: A feed or page, and what is to be said of it.
    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, came: Came, where: str = "", why: str = "") -> None:
        """Count one; with `why` it gets a line."""
        self.counts[came] += 1
        if why:
            self.lines.append((where, f"{came.value}: {why}" if came is not Came.REFUSED else f"refused: {why}"))

    def words(self) -> str:
        """Return the counts in a line; those of articles always, others where there are any."""
        always = (Came.FEEDS_READ, Came.ADDED, Came.CHANGED)
        return ", ".join(f"{self.counts[came]:,} {came.value}" for came in Came if self.counts[came] or came in always)
