"""What kind of thing a question asks for, and whether a passage holds one: "how many …" wants a number of just that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whosays.words import terms

_HOW_MANY = re.compile(r"\bhow\s+(?:many|much)\s+(?P<what>(?:\w+\s+)?\w+)", re.I)
_WHERE = re.compile(r"^\W*where\b", re.I)
_WHEN = re.compile(r"^\W*(?:when|on (?:what|which) (?:day|date)|(?:in )?(?:what|which) year)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’]?\s+(?=[A-Z“\"])")
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|scores|half|no|none"
    r"|one|nobody|several|many|few)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|inside|outside|from|to|on|of|around|into|across|under|behind)\s+(?:the\s+)?(?:\w+\s+){0,2}[A-Z]\w+")
_TIME = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|today|yesterday|tomorrow|tonight|(?:last|next|this)\s+(?:week|month|year|night)|weeks?|days?|months?|years?|hours?"
    r"|(?:19|20)\d\d)\b",
    re.I,
)


def answers_kind(question: str, passages: Sequence[str]) -> bool:
    """Say whether one of the passages holds what is asked for, in one sentence with the question's own words about it.

    Questions that ask for no number, place or time are answered by any passage.
    """
    sentences = [sentence for passage in passages for sentence in _SENTENCE.split(passage)]
    if match := _HOW_MANY.search(question):
        counted = set(terms(match["what"]))
        others = set(terms(question)) - counted
        return any(_NUMBER.search(s) and counted & (has := set(terms(s))) and (len(others & has) * 2 >= len(others)) for s in sentences)
    asked = set(terms(question))
    if _WHERE.match(question):
        return any(len(asked & set(terms(s))) * 2 > len(asked) and _places(s) - asked for s in sentences)
    if _WHEN.match(question):
        return any(len(asked & set(terms(s))) * 2 > len(asked) and _TIME.search(s) for s in sentences)
    return True


def _places(sentence: str) -> set[str]:
    """Return the words that may name a place: those with a capital after a preposition of place."""
    return {term for match in _PLACE.finditer(sentence) for term in terms(match.group())}
