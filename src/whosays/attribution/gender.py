"""Whether somebody is a "he" or a "she": by title, office, the list, first name, the pronouns of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from whosays.attribution.actors import Actors, words
from whosays.attribution.firstnames import MEN, WOMEN
from whosays.attribution.names import Someone
from whosays.attribution.roles import HONORIFICS, words_of

_SHE = words_of(
    """
    spokeswoman congresswoman chairwoman businesswoman councilwoman queen princess mother wife widow daughter sister woman girl
    actress grandmother aunt niece mrs policewoman herself
    """
)
_HE = words_of(
    """
    congressman chairman businessman councilman king prince father husband son brother man boy actor grandfather uncle
    nephew policeman clergyman imam ayatollah emir sheikh pope
    """
)
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
#: A sentence, roughly: to the mark that ends it.
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![”\"\s]|$)[^.!?\n]*)*[.!?]?")
_QUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")


def gender_of_words(phrase: str) -> str | None:
    """Return "he" or "she" where a description tells: "a spokeswoman", "the widow"."""
    forms = {word.form.lower() for word in words(phrase)}
    return "she" if forms & _SHE and not forms & _HE else "he" if forms & _HE and not forms & _SHE else None


def genders(text: str, people: Sequence[Someone], actors: Actors) -> dict[str, str]:
    """Return "he" or "she" by name, for whom it is known. Who is listed and by nothing shown to be a woman is a "he"."""
    told = _pronouns(text, people)
    known = {}
    for person in people:
        gender = (
            _by_title(text, person)
            or actors.gender(person.name)
            or _by_first_name(person.name)
            or told.get(person.name)
            or ("he" if actors.knows(person.name) else None)
        )
        if gender:
            known[person.name] = gender
    return known


def _by_title(text: str, person: Someone) -> str | None:
    for mention in person.mentions:
        if mention.honorific:
            return HONORIFICS[mention.honorific]
    for start, end in person.roles():
        # "the son of Anna Belk" tells of him, "Ana Belk, wife of the president" of her: the first noun counts.
        found = next((w.form.lower() for w in words(text, start, end) if w.form.lower() in _SHE | _HE), None)
        if found:
            return "she" if found in _SHE else "he"
    return None


def _by_first_name(name: str) -> str | None:
    first = name.split(maxsplit=1)[0]
    if len(name.split()) == 1:
        return None
    return "she" if first in WOMEN else "he" if first in MEN else None


def _pronouns(text: str, people: Sequence[Someone]) -> dict[str, str]:
    """Return what the pronouns behind a name say, where it is the only one of its sentence, outside of quotation marks."""
    plain = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    at = sorted((mention.span, person.name) for person in people for mention in person.mentions)
    votes: dict[str, Counter[str]] = {}
    i = 0
    for sentence in _SENTENCE.finditer(plain):
        here = []
        while i < len(at) and at[i][0].start < sentence.end():
            here.append(at[i])
            i += 1
        if len({name for _, name in here}) != 1:
            continue
        span, name = here[0]
        found = {"he" if match[1] else "she" for match in _PRONOUN.finditer(plain, span.end, sentence.end())}
        if len(found) == 1:
            votes.setdefault(name, Counter())[found.pop()] += 1
    return {
        name: counted.most_common(1)[0][0]
        for name, counted in votes.items()
        if len(counted) == 1 or counted.most_common(2)[0][1] > 3 * counted.most_common(2)[1][1]
    }
