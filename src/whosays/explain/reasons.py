"""Why a claim stands under its side, as far as that can be read off the text or the list of actors. What cannot is not guessed.

Sides are found with more than this (who was spoken of before, who "he" is): a claim without a reason here has one all the same.
"""

from __future__ import annotations

import re

from whosays.attribution.actors import Actors, words
from whosays.types import OBSERVER, Article, Claim

_POSSESSIVE = re.compile(r"['’]s?$")


def reason(article: Article, claim: Claim, actors: Actors) -> str:
    """Return a phrase, or nothing: for an open claim, and where no name in source, speaker or role says it."""
    if claim.side is None:
        return ""
    source = " ".join(article.text[start:end] for start, end in claim.attribution.source)
    for where, phrase in (("source", source), ("role", claim.speaker.role), ("speaker's name", claim.speaker.name)):
        for named in actors.find(words(phrase)):
            if named.actor.name == claim.side or (claim.side == OBSERVER and named.actor.observer):
                form = _POSSESSIVE.sub("", phrase[named.start : named.end])
                listed = "" if form == named.actor.name else f", listed as {named.actor.name}"
                return f"“{form}” in the {where}{listed}"
    person = actors.person(claim.speaker.name, article.published.date() if article.published else None)
    if person and (person.party.name == claim.side or (claim.side == OBSERVER and person.party.observer)):
        return f"listed as {', '.join(filter(None, (person.role, person.party.name)))}"
    return "speaks for itself" if claim.speaker.name == claim.side else ""
