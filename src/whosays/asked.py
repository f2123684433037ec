"""What kind of thing a question asks for, and whether a passage holds one: "how many …" wants a number of just that."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from whosays.text import sentences
from whosays.types import Span
from whosays.words import new_terms, terms


class Kind(Enum):
    """What would answer."""

    WHETHER = auto()  #: yes, no, or a reason: any position on the matter
    THING = auto()  #: who, which, what: somebody or something that the words asked for are said of
    NUMBER = auto()
    PLACE = auto()
    TIME = auto()


_HOW_MANY = re.compile(r"\bhow\s+(?:many|much)\s+(?P<what>\w+(?:\s+\w+)?)", re.I)
_KINDS = (
    (Kind.NUMBER, _HOW_MANY),
    (Kind.PLACE, re.compile(r"^\W*(?:\w+\s+)?where\b", re.I)),
    (Kind.TIME, re.compile(r"^\W*(?:when|(?:on|in|at)?\s*(?:what|which)\s+(?:day|date|year|month|time))\b", re.I)),
    (
        Kind.THING,
        re.compile(
            r"^\W*(?:(?:by|to|for|with|from|of)\s+)?(?:who|whom|whose|which|what|how\s+(?!did|do|does|has|have|will|can|could|should|is|are|was|were)\w+)\b",
            re.I,
        ),
    ),
)

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|scores|half|no|nobody|none|several)\b",
    re.I,
)
#: How far before the thing counted its number may stand: "killed 828, mostly unarmed, Palestinians".
_NUMBER_WITHIN = 40
_PLACE = re.compile(r"\b(?:in|at|near|inside|outside|from|to|on|around|into|across|under|behind)\s+(?:\w+\s+){0,3}?[A-Z]\w+")
_TIME = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|today|yesterday|tomorrow|tonight|spring|summer|autumn|fall|winter|weeks?|days?|months?|years?|hours?|\d{1,2}(?::\d\d)?\s?[ap]\.?m"
    r"|(?:19|20)\d\d)\b",
    re.I,
)

#: How a question begins: asking, perhaps after a preposition or what it is about ("Orsel: who …"), or with its verb. The WHO is a
#: body, May a month, and "Will Osk" has too few words to ask anything.
_BEGINS = re.compile(
    r"\W*(?:[^:?]{1,60}:\s+)?(?:(?i:and|so|by|to|for|with|from|of|in|on|at|about|since|until)\s+)?"
    r"(?!WHO\b)(?i:who|whom|whose|which|what|how|where|when|why|whether)(?:[’']s)?\b"
    r"|\W*(?!May\b)(?i:is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|must|may|might|shall)(?:n[’']t)?\s+\w+\W+\w"
)


@lru_cache(maxsize=256)
def kind_of(question: str) -> Kind:
    """Return what kind of thing a question asks for; a topic in a few words counts as WHETHER."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.WHETHER)


def is_question(text: str) -> bool:
    """Say whether words ask something, by their mark or as they begin. A name or a phrase ("the war in Orsel") does not."""
    return "?" in text or bool(_BEGINS.match(text))


def holds(passage: str, question: str) -> bool:
    """Say whether a passage holds the number, place or time asked for, in one sentence with at least half of what it is asked of.

    True for questions of the other kinds.
    """
    kind = kind_of(question)
    if kind in (Kind.WHETHER, Kind.THING):
        return True
    asked = set(terms(question))
    for span in sentences(passage, Span(0, len(passage))):
        sentence = passage[span.start : span.end]
        found = set(new_terms(sentence))
        if kind is Kind.NUMBER:
            counted = set(terms(match["what"])) if (match := _HOW_MANY.search(question)) else set()
            others = asked - counted
            if 2 * len(others & found) >= len(others) and _counts(sentence, counted):
                return True
        elif 2 * len(asked & found) > len(asked):
            if kind is Kind.TIME and _TIME.search(sentence):
                return True
            if kind is Kind.PLACE and {t for m in _PLACE.finditer(sentence) for t in terms(m.group())} - asked:
                return True
    return False


def _counts(sentence: str, counted: set[str]) -> bool:
    """Say whether a number stands before a word for what is counted; money is counted by its sign."""
    if counted & _MONEY and re.search(r"[$£€¥]\s?\d", sentence):
        return True
    for match in re.finditer(r"\w+", sentence):
        if counted.intersection(terms(match.group())) and _NUMBER.search(
            sentence[max(0, match.start() - _NUMBER_WITHIN) : match.start()]
        ):
            return True
    return False


_MONEY = frozenset(terms("money dollars cash cost pay paid"))
