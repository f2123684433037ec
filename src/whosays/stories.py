"""Which story an article belongs to: decided once, as it comes, from what it has in common with the stories there are.

A story is compared as what its articles are on average: the weights of their words (tf-idf) and the vectors of their leads. Two
stories are looked at, the nearest and the next: in a week of many reports on one conflict, near to both is no sign of either.
A story keeps its number and its articles: an alert that was sent for it grows, and is never another one's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from whosays.types import Block
from whosays.words import terms

#: An article is compared by its title, each word of which counts so many times over, and so many terms of what follows.
_TITLE, _TERMS = 2, 100
#: … of which those with the most weight are kept.
KEPT_TERMS = 64
#: Code points behind the title that are embedded with it. Fewer and it is the title, more and it is the background.
_LEAD = 600

#: The decision, a logistic regression: fitted by `./run bench stories fit` on the events of one half of two public sets, and
#: reported on the other half. Words and meaning are of the nearest story, those behind of the next one.
_BIAS, _WORDS, _MEANING, _NEXT_WORDS, _NEXT_MEANING = -3.48, 5.93, 8.5, -3.37, -5.18
#: What a next story usually has in common with an article, for a store of so few articles that there may be none.
_USUAL_NEXT, _FEW_ARTICLES = (0.05, 0.35), 10
#: Not fitted: the one set has no dates, the other one events of months. Per unit of log(1 + days) between article and story.
_GAP, _LONGEST_GAP = -0.2, 60.0
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What an article has in common with a story: of words and of meaning, each -1..1, and how many days lie between (0: none).

    Where one of the two has no date nobody knows: 0 is said of them, too.
    """

    story: int
    words: float
    meaning: float
    days: float = 0.0

    @property
    def nearness(self) -> float:
        """Return what stories are ranked by."""
        return self.words + self.meaning / 2


def lead(title: str | None, text: str, blocks: Iterable[Block]) -> str:
    """Return what of an article is embedded to compare it: its title and how it begins, furniture left out."""
    return f"{title or ''}. {_beginning(title, text, blocks)[:_LEAD]}"


def counts(title: str | None, text: str, blocks: Iterable[Block]) -> Mapping[str, int]:
    """Return how often the terms of an article's title and beginning stand there."""
    # Terms are fewer than words, and a word is rarely longer than a dozen letters.
    counted = Counter(terms(_beginning(title, text, blocks)[: 20 * _TERMS])[:_TERMS])
    for term in terms(title or ""):
        counted[term] += _TITLE
    return counted


def weights(counted: Mapping[str, int], held: Mapping[str, int], articles: int) -> Mapping[str, float]:
    """Return the terms of most weight, as a vector of length 1. `held` says how many of so many articles have a term."""
    weighed = {
        term: (1 + math.log(count)) * math.log((articles + 1) / (min(held.get(term, 0), articles) + 0.5))
        for term, count in counted.items()
    }
    kept = sorted(weighed, key=lambda term: (-weighed[term], term))[:KEPT_TERMS]
    length = math.sqrt(sum(weighed[term] ** 2 for term in kept))
    return {term: weighed[term] / length for term in kept}


def days_between(published: datetime | None, first: datetime | None, last: datetime | None) -> float:
    """Return how many days lie between an article and the articles of a story; 0 where that is not known."""
    if published is None or first is None or last is None:
        return 0.0
    return max((first - published).total_seconds(), (published - last).total_seconds(), 0.0) / _DAY


def chosen(near: Iterable[Likeness], articles: int) -> int | None:
    """Return the story that an article belongs to, of those that are near; None where it begins one of its own.

    `articles` is how many the store has seen.
    """
    ranked = sorted(near, key=lambda likeness: (-likeness.nearness, likeness.story))
    return ranked[0].story if ranked and belongs(ranked[0], ranked[1] if len(ranked) > 1 else None, articles) else None


def belongs(nearest: Likeness, following: Likeness | None, articles: int) -> bool:
    """Say whether an article belongs to the story nearest to it; `following` is the next one that shares a rare word, if any."""
    nothing = _USUAL_NEXT if articles < _FEW_ARTICLES else (0.0, 0.0)
    next_words, next_meaning = (following.words, following.meaning) if following else nothing
    score = _BIAS + _WORDS * nearest.words + _MEANING * nearest.meaning
    score += _NEXT_WORDS * next_words + _NEXT_MEANING * next_meaning
    return score + _GAP * math.log1p(min(nearest.days, _LONGEST_GAP)) > 0


def _beginning(title: str | None, text: str, blocks: Iterable[Block]) -> str:
    """Return the paragraphs that an article begins with, without a headline that is its title again."""
    parts: list[str] = []
    for block in blocks:
        part = text[slice(*block.span)]
        if block.furniture or part.strip() == (title or "").strip():
            continue
        parts.append(part)
        if sum(map(len, parts)) > 20 * _TERMS:
            break
    return " ".join(parts)
