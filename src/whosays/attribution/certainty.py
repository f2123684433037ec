"""How sure a speaker and his side are, by the evidence for them.

Both tables are shares of right answers on labelled articles, shrunk towards a cautious guess where there are few
(`bench/sides.py` prints them; DESIGN.md says on which articles). "who" and the only country were counted by hand on articles
without labels; for observers nothing was measured.
"""

from __future__ import annotations

from enum import StrEnum


class How(StrEnum):
    """How a source was resolved to its speaker."""

    NAMED = "named"
    DESCRIBED = "described"
    AGAIN = "description again"
    HE = "he, who spoke"
    HE_NAMED = "he, only named"
    IT = "it"
    THEY = "they"
    WHO = "who"
    ME = "I"
    STATEMENT = "the statement"
    GOES_ON = "goes on"
    NOBODY = "nobody"


class Why(StrEnum):
    """What tells for whom the speaker speaks."""

    ITSELF = "the party itself"
    SAID = "said beside the name"
    LISTED = "listed office"
    UNDATED = "listed office, undated article"
    FORMER = "listed, not in office"
    OFFICIAL = "an official of"
    OF_PERSON = "speaks for a person"
    TELLING = "a word of its name"
    CONGRESS = "a member of Congress"
    HOME = "the only country"
    UNLISTED = "an unlisted body"
    OBSERVER = "observer"
    NOTHING = "nothing"


#: Each share is mixed with this many claims that are right so often: what a kind is taken for that no label has shown.
SHRINK, PRIOR = 5, 0.75
_HOW = dict.fromkeys(How, PRIOR) | {
    How.NAMED: 0.99,
    How.HE: 0.94,
    How.AGAIN: 0.93,
    How.DESCRIBED: 0.92,
    How.IT: 0.88,
    How.GOES_ON: 0.90,
    How.THEY: 0.84,
    How.WHO: 0.80,
    How.HE_NAMED: 0.79,
    How.STATEMENT: 0.79,
}
_WHY = dict.fromkeys(Why, PRIOR) | {
    Why.SAID: 0.97,
    Why.OFFICIAL: 0.96,
    Why.LISTED: 0.95,
    Why.FORMER: 0.93,
    Why.UNLISTED: 0.92,
    Why.ITSELF: 0.91,
    Why.CONGRESS: 0.90,
    Why.UNDATED: 0.86,
    Why.OF_PERSON: 0.83,
    Why.TELLING: 0.79,
    Why.HOME: 0.88,
    Why.OBSERVER: 0.90,
}


#: A party less sure than this stays open: below it lies only evidence that rests on evidence, of which no label has shown that it
#: holds. Higher ones open sides that are right and no more that are wrong (DESIGN.md).
OPEN_BELOW = 0.7


def speaker_found(how: How) -> float:
    """Return how often a speaker found this way is right, 0..1."""
    return _HOW[how]


def side_known(why: Why) -> float:
    """Return how often the side is right where the speaker is, 0..1."""
    return _WHY[why]
