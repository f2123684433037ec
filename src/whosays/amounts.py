"""Numbers in words, and whether two texts give numbers for one thing that exclude each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

from whosays.words import terms

_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
#: "One" and "zero" are more often pronoun and figure of speech than a count.
_COUNTS = "|".join(word for word in _WORDS if word not in ("zero", "one"))
_AMOUNT = re.compile(
    r"(?:\b(?P<bound>at least|more than|over|no (?:fewer|less) than|some|about|around|nearly|almost"
    r"|up to|(?:fewer|less) than|at most)\s+)?"
    rf"[$£€]?(?:(?P<digits>(?<![\w.])\d[\d,]*(?:\.\d+)?)(?![\w.]*\d)|\b(?P<word>{_COUNTS})\b)"
    rf"(?:\s+(?P<scale>{'|'.join(_SCALES)})\b)?",
    re.I,
)
#: How far behind its number a thing may stand, in code points.
_NOUN_WITHIN = 40
#: Numbers that are said roughly agree where they differ by less than this share of the larger one.
_ROUGHLY = 0.1
#: "12 May" counts nothing, and shares of other wholes exclude nothing.
_NOT_COUNTED = re.compile(
    r"\s*(?:%|per ?cent\b|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b)", re.I
)


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float

    def excludes(self, other: _Range) -> bool:
        return self.low > other.high or other.low > self.high


def differ(a: str, b: str, wanted: frozenset[str] | None = None) -> bool:
    """Say whether the texts count one thing and come to other numbers: "12 soldiers" and "40 soldiers".

    "At least 12" does not exclude 40. `wanted`, if given, are the terms of which one must be what is counted.
    """
    first, second = _counted(a), _counted(b)
    shared = first.keys() & second.keys()
    if wanted is not None:
        shared &= wanted
    return any(all(one.excludes(other) for one in first[noun] for other in second[noun]) for noun in shared)


def _counted(text: str) -> dict[str, list[_Range]]:
    """Return the ranges that are said of each thing counted: the first content word behind a number."""
    result: dict[str, list[_Range]] = {}
    for match in _AMOUNT.finditer(text):
        nouns = [t for t in terms(text[match.end() : match.end() + _NOUN_WITHIN]) if t.isalpha()][:1]
        if nouns and not _NOT_COUNTED.match(text, match.end()):
            result.setdefault(nouns[0], []).append(_range(match))
    return result


def _range(match: re.Match[str]) -> _Range:
    value = float(match["digits"].replace(",", "")) if match["digits"] else float(_WORDS[match["word"].lower()])
    value *= _SCALES.get((match["scale"] or "").lower(), 1.0)
    match (match["bound"] or "").lower().split():
        case ["at", "least"] | ["more", "than"] | ["over"] | ["no", _, "than"]:
            return _Range(value, inf)
        case ["up", "to"] | ["fewer" | "less", "than"] | ["at", "most"]:
            return _Range(-inf, value)
        case ["some" | "about" | "around" | "nearly" | "almost"]:
            return _Range(value * (1 - _ROUGHLY), value * (1 + _ROUGHLY))
        case _:
            return _Range(value, value)
