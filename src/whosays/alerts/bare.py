"""A topic that asks nothing, a name or a few words: which claims are said under its words.

The cross-encoder was trained on questions: it takes no claim for an answer to "Orsel". What decides is as in a survey: the names
and words of the topic, by weight, in a claim's paragraph, the one before it and the title above, and how near both are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from whosays.material import Material
from whosays.relevance import Relevance, Scored, named
from whosays.words import alike, terms

#: A claim is taken if it scores as much …
_SCORE = 0.65
#: … or as little as this where its own paragraph has all of the topic's words. Chosen, as the next two are, on the bare words of
#: the labelled questions and on 27 names of what their articles are about; `bench matching` prints the figures of the words.
_SCORE_AMONG_ITS_WORDS = 0.4
#: The share, by weight, of a topic's words around a claim, and that of its names.
_OF_ITS_WORDS, _OF_ITS_NAMES = 0.6, 0.6
#: What any dispute is called: "the war in Orsel" is told of by who says what of Orsel, whether he calls it a war or not.
_ANY_DISPUTE = frozenset(terms("war fighting conflict crisis situation clashes dispute unrest violence battle"))
_NAME_OF_TWO = re.compile(r"\W*[A-Z][\w’'-]*\s+[A-Z]")
_CAPITAL = re.compile(r"\W*[A-Z]")


def relevance_to(material: Material) -> Relevance:
    """Return what scores claims by those words of the topic that tell it from any other dispute; by all, if there are no such."""
    query = material.query
    telling = " ".join(word for word in query.topic.split() if set(terms(word)) - _ANY_DISPUTE)
    return Relevance(replace(material, query=replace(query, topic=telling or query.topic)))


def said_under(topic: str, relevance: Relevance, near: Sequence[Scored]) -> list[Scored]:
    """Return those claims, of some that are near to a topic in meaning, that are said under its words."""
    names = names_in(topic)
    return [scored for scored in near if _is_under(names, relevance, scored)]


def names_in(topic: str) -> set[str]:
    """Return the terms of the names in a bare topic; its first word is one if no other is, or if the next one goes on with it."""
    names = named(topic) - _ANY_DISPUTE
    if _CAPITAL.match(topic) and (not names or _NAME_OF_TWO.match(topic)):
        names |= set(terms(topic.split(maxsplit=1)[0])) - _ANY_DISPUTE
    return names


def _is_under(names: set[str], relevance: Relevance, scored: Scored) -> bool:
    keys = relevance.paragraphs_of(scored.claim)
    around, own = relevance.context(keys), relevance.near(keys)
    if sum(not alike(name).isdisjoint(around) for name in names) < _OF_ITS_NAMES * len(names):
        return False
    if scored.score >= _SCORE_AMONG_ITS_WORDS and all(not alike(term).isdisjoint(own) for term in relevance.asked):
        return True
    return scored.score >= _SCORE and relevance.covered(around) >= _OF_ITS_WORDS
