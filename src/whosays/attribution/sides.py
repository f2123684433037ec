"""For whom somebody speaks: the party that a phrase names ("the Taliban's spokesman", "X of the Y"), never the outlet's.

Where nothing says it, the side stays open: a wrong side is far worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from whosays.attribution.actors import Actor, Actors, Named, Word, words
from whosays.attribution.certainty import Why
from whosays.attribution.names import Someone
from whosays.attribution.roles import (
    CIVIC,
    CIVIL,
    CONTRARY,
    FACTION,
    NEUTRAL_BODIES,
    NOT_PERSONS,
    OBSERVERS,
    OFFICIALS,
    PARTYLIKE,
    PERSONAL,
    STATE,
    TITLES,
    words_of,
)
from whosays.types import Span

#: Behind these a party is whom one speaks to or about, not for whom: "ambassador to Syria", "talks with Iran".
_ABOUT = words_of("to with on against about toward towards from visiting over into near across inside")
#: Behind these it is whom one speaks for only if the words before say so: "spokesman for", "leader of" …
_OF = words_of("for of")
#: … and behind these only for those whom a state seats there: "prosecutors in Ankara", not "the rebel leader in Ukraine".
_WITHIN = words_of("in at")
_SEATED = words_of("prosecutors prosecutor official officials authorities police government army military ministry")
_FOR = words_of(
    """
    spokesman spokeswoman spokesperson lawyer lawyers attorney representative representatives advocate negotiator campaigner
    candidate speaking officials official authorities prosecutors government leader leaders head chief member members
    minister ministers president king emir ruler commander commanders prince embassy police army foreign republic emirate
    fighters rebels people ministry department parliament bank embassy director directors officer founder chair chairman
    chairwoman expert professor fellow researcher analyst executive secretary adviser advisor aide deputy envoy manager
    """
)
_FORMER = re.compile(r"\b(?:former|ex-?|late|one-time|onetime|then-|ousted|deposed)\b", re.IGNORECASE)


#: They look after a state for the public, not for it.
_OVERSEER = re.compile(r"\b(?:inspectors?[ -]general|watchdogs?|ombuds\w+|auditors?)\b", re.IGNORECASE)
#: A body of a state's, by words of which neither says it alone: "the general staff", but not "the staff".
_ARM = re.compile(
    r"\b(?:(?:general|joint|army|military|naval|navy|air|defen[cs]e) staff|(?:joint|army|military) chiefs|"
    r"(?:army|military|naval|navy|police|defen[cs]e) headquarters|"
    r"(?:security|intelligence|secret|emergency|border|guard|police|customs|tax|prison) (?:services?|directorate|bureau))$",
    re.IGNORECASE,
)
#: A lawyer with a practice of his own and no client in the matter: "an attorney in Norvale".
_PRACTISING = re.compile(
    r"\b(?:lawyer|attorney|barrister|solicitor)\b (?:(?:based )?in|at|not involved|unconnected|"
    r"who (?:is(?:n['’]t| not)|has (?:no|argued)|had argued|argued|speciali|practi))"
)
#: Held once, such an office makes somebody who comments.
_HELD_ONCE = words_of("attorney prosecutor official officials ambassador diplomat diplomats officer agent investigator")


def affiliation(text: str, span: Span, actors: Actors) -> Actor | None:
    """Return the party or observer that a phrase says somebody belongs to; None where it names none or only a former one."""
    found = words(text, *span)
    former = _FORMER.search(text, *span)
    for named in actors.find(found):
        if former and former.start() < named.end:
            return None
        if _speaks_for(found, named):
            return named.actor if named.actor.kind != "country" or _is_of_state(text, span, named) else None
    return None


def _speaks_for(found: Sequence[Word], named: Named) -> bool:
    before = [word.form.lower() for word in found if word.end <= named.start]
    if before and before[-1] == "the":
        before.pop()
    if not before:
        return True
    if before[-1] in _ABOUT:
        return False
    if before[-1] in _WITHIN:
        return named.actor.observer or any(word in _SEATED for word in before)
    if before[-1] in _OF:
        # "the navy of Lowmark" as well as "the leader of"
        office = before[-1] == "of" and ((before[-2:-1] and before[-2] in STATE) or is_arm(" ".join(before[:-1])))
        return (office or any(word in _FOR for word in before)) and "ambassador" not in before and "envoy" not in before
    return True


def _is_of_state(text: str, span: Span, named: Named) -> bool:
    """Say whether a phrase that names a country is about those who govern it: not its rebels, nor any student of it."""
    phrase = text[span.start : span.end]
    forms = [word.form for word in words(phrase)]
    lower = {form.lower() for form in forms}
    if lower & (CONTRARY | CIVIC) or any(form.startswith("anti-") for form in lower):
        return False
    if not named.adjective and not text[span.start : named.start].strip(" ,") and not text[named.end : span.end].strip(" ,.’'s"):
        return True
    return (
        head_of(phrase) in STATE
        or is_arm(phrase)
        or bool(lower & STATE and head_of(phrase) in FACTION)
        or any(word.form in TITLES - CIVIL for word in words(_core(phrase)))
    )


_BODY = r"(?<![\w-])(?:[A-Z][\w&'’.-]*)(?:\s+(?:(?:of|for|and|the|&)\s+(?:the\s+)?)?[A-Z][\w&'’.-]*)*"
_UNLISTED = (
    re.compile(
        rf"({_BODY})\s+(?:[a-z-]+\s+)?"
        r"(?:spokes\w+|leader|chief|commander|official|chairman|chief executive|president|director|founder|owner|CEO)\b"
    ),
    re.compile(
        r"\b(?:spokes\w+|leader|head|chief|commander|member|chairman|publisher|CEO|president|director|lawyer|official|"
        rf"chief executive|executive|owner|founder|manager)s? (?:of|for|at|with) (?:the )?({_BODY})"
    ),
    re.compile(rf"^(?:the )?({_BODY})$"),
)


#: Every state has one.
_GENERIC_BODIES = words_of("Ministry Department Committee Office Army Navy Force Forces Senate House Police")


def is_named_body(forms: Sequence[str]) -> bool:
    """Say whether capitalised words name one body of many: neither a title, nor any "Foreign Ministry", nor a person's one name.

    One word alone is as likely a person ("a spokesman for Scott"), unless it is an abbreviation.
    """
    if set(forms) & (PERSONAL | {"Secretary", "Minister", "President"}):
        return False  # "Under Secretary for War David Colm"
    if forms[-1] in _GENERIC_BODIES:
        return False
    telling = [form for form in forms if form[0].isupper() and form not in TITLES | NOT_PERSONS]
    if len(forms) > 1 and forms[-1] in PARTYLIKE:
        return True
    return bool(telling) and (len(forms) > 1 or (len(forms[0]) > 1 and forms[0].isupper()))


def unlisted_body(phrase: str) -> Actor | None:
    """Return the body that a phrase says somebody speaks for, though no list has it: "a spokesman for the Mill Owners"."""
    if _FORMER.search(phrase):
        return None
    for pattern in _UNLISTED:
        match = pattern.search(phrase)
        if match:
            name = re.sub(r"^(?:The|An?)\s|['’]s$|,? (?:Co|Inc|Corp|Ltd|LLC)\.?$", "", match[1])
            forms = [word.form for word in words(name)]
            # A name alone may be a place: "of New Norvale", but not "of the Mill Owners League".
            if is_named_body(forms) and (pattern is not _UNLISTED[-1] or {forms[-1]} & (PARTYLIKE | NEUTRAL_BODIES)):
                return Actor(name, "body", observer=bool(NEUTRAL_BODIES & set(forms)))
    return None


def party_of(person: Someone, text: str, actors: Actors, on: date | None) -> tuple[Actor | None, Why]:
    """Return for whom a person speaks, and what tells it: what the text says beside the name, then the list."""
    listed = actors.person(person.name, on)
    former = False
    for role in person.roles():
        actor = affiliation(text, role, actors)
        expert = actor is not None and actor.kind == "country" and is_observer(text[role.start : role.end])
        if actor and not expert and not (actor.observer and listed):
            return actor, Why.SAID
        former = former or is_former(text[role.start : role.end])
    if listed and (on or not former):
        return listed.party, Why.LISTED if on else Why.UNDATED
    if any(_observes(text, role) for role in person.roles()):
        return Actor("observer", "person", observer=True), Why.OBSERVER
    unlisted = next(filter(None, (unlisted_body(text[s:e]) for s, e in person.roles())), None)
    return unlisted, Why.UNLISTED if unlisted else Why.NOTHING


def is_former(phrase: str) -> bool:
    """Say whether a phrase tells of an office that is over."""
    return bool(_FORMER.search(phrase))


def _observes(text: str, role: Span) -> bool:
    forms = [word.form.lower() for word in words(text, *role)]
    phrase = text[role.start : role.end]
    if is_onlooker(phrase) or _OVERSEER.search(phrase):
        return True
    return any(form in OBSERVERS for form in forms) and not any(form in OFFICIALS for form in forms)


def is_onlooker(phrase: str) -> bool:
    """Say whether somebody comments on what others do: a former official, a lawyer without a client in the matter."""
    core = {word.form.lower() for word in words(_core(phrase))}
    return bool((is_former(phrase) and core & _HELD_ONCE and not core & CONTRARY) or _PRACTISING.search(phrase))


#: Several without an ending that tells it, and one with such an ending.
_SEVERAL = words_of("police media some many others")
_SINGULAR = words_of("yemen specimen")

_COMPLEMENT = re.compile(
    r"\s+(?:of|for|in|who|from|at|to|with|on|close|familiar|by|near|that|working|based|inside|outside|under)\b|,|\(|:"
)


def head_of(phrase: str) -> str:
    """Return the noun that a phrase is about, in lower case: "a lawyer for the Turkish government" → "lawyer"."""
    forms = [word.form for word in words(_core(phrase))]
    return forms[-1].lower() if forms else ""


def _core(phrase: str) -> str:
    """Return a phrase without what comes behind its head: "a lawyer for the government" → "a lawyer"."""
    return _COMPLEMENT.split(re.sub(r"\s*\([^)]*\)", "", phrase), maxsplit=1)[0]


def is_office(phrase: str) -> bool:
    """Say whether a phrase's head speaks for a party: an official, a ministry, an army."""
    head = head_of(phrase)
    return head in OFFICIALS or is_arm(phrase) or any(word.form in TITLES for word in words(phrase)[-1:])


def is_arm(phrase: str) -> bool:
    """Say whether a phrase's head is a body that states have: "Lowmark's general staff", "the border service of Lowmark"."""
    return bool(_ARM.search(" ".join(word.form for word in words(_core(phrase)))))


def is_observer(phrase: str) -> bool:
    """Say whether a phrase's head is somebody of no side: doctors, witnesses, media."""
    return head_of(phrase) in OBSERVERS or bool(_OVERSEER.search(_core(phrase)))


def is_plural(phrase: str) -> bool:
    """Say whether a phrase's head means several: "officials", "spokeswomen", "people"."""
    head = head_of(phrase)
    return head in _SEVERAL or (bool(re.search(r"(?:[^s]s|men|people)$", head)) and head not in _SINGULAR)
