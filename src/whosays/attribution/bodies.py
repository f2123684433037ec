"""Sources that name no person: parties and observers, those who speak for one, "the group", "officials", bodies of no list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whosays.attribution.actors import Actor, Named, words
from whosays.attribution.certainty import How, Why
from whosays.attribution.discourse import Discourse
from whosays.attribution.parties import CONGRESS
from whosays.attribution.resolved import Resolved, resolved
from whosays.attribution.roles import BODIES, KIN, NEUTRAL_BODIES, NOT_PERSONS, PARTYLIKE, PRODUCTS, SEATED, words_of
from whosays.attribution.sides import (
    affiliation,
    head_of,
    is_arm,
    is_former,
    is_named_body,
    is_observer,
    is_office,
    is_onlooker,
    is_plural,
    unlisted_body,
)
from whosays.types import Span

#: Beside names, a source that is only a list of bodies holds nothing but these.
_LIST = re.compile(
    r"[\s,]*+(?:(?:the|a|an|both|news|agency|agencies|and|or|as|well|newspaper|government|group|network|&|!|reports?)[\s,]*+)*",
    re.IGNORECASE,
)
#: … and a list of observers these, too: "reports from Meridian".
_LIST_OF_OBSERVERS = re.compile(_LIST.pattern.replace("|reports?)", "|reports?|of|from|in)"), re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|that|this|his|her|its|their|these|those)\b", re.IGNORECASE)
_SOURCES = words_of("source sources")
_CARING = words_of("rights aid relief monitoring advocacy charity")
#: Not the one of before: "the latest poll".
_OTHER = words_of("latest new another other second third next different separate")
_SOME_OF = words_of("some many most several top senior leading other fellow all longtime the of these those both")
_SMALL = words_of("of and for the in at")
_CONGRESSIONAL = re.compile(
    r"(?:the )?(?:US )?(?:Congress|Senate|House|lawmakers|senators|congressional \w+|House \w+ Committee)"
)
#: "the Norvale Front, the opposition group": a body, and what is told of it. A capital after the comma would go on with a list.
_APPOSED = re.compile(
    r"((?:[Tt]he )?[A-Z][^,]*),\s+(?=(?:(?:the|an?|one of|part of|formerly|once)\s+[a-z]|(?:which|who|whose|based|led|known)\s))"
)
OBSERVER_ACTOR = Actor("observer", "description", observer=True)


class Bodies:
    """Resolves the sources of one article that name no person."""

    def __init__(self, so_far: Discourse) -> None:
        self._text = so_far.text
        self._so_far = so_far

    def of(self, phrase: str, span: Span) -> tuple[Resolved, ...]:
        """Resolve a source that names no person."""
        apposed = _APPOSED.match(phrase)
        if apposed and apposed.end() < len(phrase):
            return self.of(apposed[1], Span(span.start, span.start + apposed.end(1)))
        # A name's last word may go on: with ’s, with the dot of its sentence.
        named = [n for n in self._so_far.named if span.start <= n.start < span.end and n.end <= span.end + 2]
        if not named:
            alone = self._so_far.parties.alone(phrase)
            return (self._alone(phrase, alone) if alone else self._described(phrase, span),)
        # "Palestinians said": a demonym with nothing behind it is the people itself.
        heads = [n for n in named if not n.possessive and (not n.adjective or not self._text[n.end : span.end].strip(" ,’'"))]
        between = self._without(span, named)
        observers = all(n.actor.observer for n in heads)
        if heads and (_LIST.fullmatch(between) or (observers and _LIST_OF_OBSERVERS.fullmatch(between))):
            if len(named) > len(heads) == 1:
                # "the Palestinian Red Crescent"
                return (resolved(plainly(phrase), "", heads[0].actor, Why.ITSELF, how=How.NAMED),)
            return tuple({n.actor: self._so_far.body(n) for n in heads}.values())
        return (self._named(phrase, span, named, heads),)

    def _named(self, phrase: str, span: Span, named: Sequence[Named], heads: Sequence[Named]) -> Resolved:
        """Resolve a phrase in which parties are named: somebody who speaks for one, or who has nothing to do with it."""
        american = re.match(r"(?:[A-Z]?[a-z ]+ )?(?:US|U\.S\.|American) (?:lawmakers?|senators?|congress\w+)\b", phrase)
        if american:
            return spokesman(phrase, CONGRESS, Why.CONGRESS)
        actor = affiliation(self._text, span, self._so_far.actors)
        office = is_office(phrase)
        parties = {n.actor for n in named if not n.actor.observer}
        if len(parties) > 1 and office and not (named[0].possessive or named[0].adjective):
            # "the leaders of France and Germany": no one party's.
            return resolved(plainly(phrase), "", None, plural=True)
        if is_observer(phrase):
            return resolved(plainly(phrase), "", OBSERVER_ACTOR, plural=is_plural(phrase))
        if is_former(phrase):
            return resolved(plainly(phrase), "", OBSERVER_ACTOR if is_onlooker(phrase) else None)
        if actor and not actor.observer and office:
            person = self._so_far.known_as(phrase, span.start, actor)
            return self._so_far.somebody(person, How.DESCRIBED) if person else spokesman(phrase, actor, Why.OFFICIAL)
        if actor and actor.observer:
            return resolved(plainly(phrase), "", actor)
        if heads and self._is_apposition(phrase, span, heads[-1]):
            return spokesman(phrase, heads[-1].actor, Why.OFFICIAL)
        leading = heads[0] if heads and words(self._text, span.start, heads[0].start) == [] else None
        if leading and leading.actor.kind in ("alliance", "party") and re.match(r" (?:from|in|of)\b", self._text[leading.end :]):
            return spokesman(phrase, leading.actor, Why.OFFICIAL)  # "Republicans in Norvale"
        rest = {w.form.lower() for w in words(self._without(span, named))}
        if heads and heads[-1].actor.kind == "party" and rest <= _SOME_OF:
            return spokesman(phrase, heads[-1].actor, Why.OFFICIAL)  # "many Republicans"
        last = named[-1]
        if last.adjective and last.actor.kind == "party" and not self._text[last.end : span.end].strip(" ,’'s"):
            return spokesman(phrase, last.actor, Why.OFFICIAL)  # "the South Carolina Republican"
        owner = next((n for n in named if n.possessive), None)
        if owner and (is_product(phrase) or owner.end >= span.end):
            return self._so_far.body(owner, How.DESCRIBED)
        return self._unlisted(phrase, naming=True) or resolved(plainly(phrase), "", None, plural=is_plural(phrase))

    def _alone(self, phrase: str, actor: Actor) -> Resolved:
        """Return a seat as its state, a body under its own name."""
        seat = len(words(phrase)) == 1
        return resolved(actor.name if seat else plainly(phrase), "", actor, Why.ITSELF, how=How.NAMED)

    def _is_apposition(self, phrase: str, span: Span, head: Named) -> bool:
        """Say whether a phrase is a body with its kind in front: "the militant group Hamas"."""
        before = words(self._text, span.start, head.start)
        ends = re.sub(r"\W+$", "", phrase).endswith(self._text[head.start : head.end].rstrip("."))
        return bool(before) and before[-1].form.lower() in BODIES and ends

    def _described(self, phrase: str, span: Span) -> Resolved:
        """Resolve a phrase that names nobody that is known: "the group", "the prince", "officials", "the Mill Owners' League"."""
        definite = bool(_DEFINITE.match(phrase))
        caring = head_of(phrase) in ("group", "groups") and {w.form.lower() for w in words(phrase)} & _CARING
        observes = is_observer(phrase) or caring
        observing = resolved(plainly(phrase), "", OBSERVER_ACTOR, plural=is_plural(phrase)) if observes else None
        if observing and not definite:
            return observing
        known = self._taken_up(phrase, span.start) if definite else None
        if known or observing:
            return known or observing or resolved(plainly(phrase), "", None)
        described = self._so_far.parties.described(phrase) if is_office(phrase) else None
        if described:
            return spokesman(phrase, described, Why.TELLING)
        short = self._short_form(phrase, span.start)
        if short:
            return short
        unlisted = self._unlisted(phrase, naming=False)
        if unlisted:
            return unlisted
        state = self._state(phrase)
        if state:
            return state
        return spokesman(phrase, unlisted_body(phrase), Why.UNLISTED)

    def _short_form(self, phrase: str, position: int) -> Resolved | None:
        """Return the body that a word of its name takes up: "the Front", "a spokesman for the Front"."""
        own = [w.form for w in words(phrase) if w.form not in ("the", "The")]
        if len(own) == 1 and own[0][0].isupper() and not own[0].isupper():
            return self._so_far.short_form(own[0], position)
        of = re.search(r"\b(?:of|for|from) the ([A-Z]\w+)$", phrase)
        short = self._so_far.short_form(of[1], position) if of else None
        return spokesman(phrase, short.actor, Why.OFFICIAL) if short else None

    def _unlisted(self, phrase: str, *, naming: bool) -> Resolved | None:
        """Return the body that no list knows whose name this is; it speaks for itself."""
        own = [w.form for w in words(phrase) if w.form not in ("the", "The")]
        if not any(form in NOT_PERSONS for form in own) or not all(form[0].isupper() or form in _SMALL for form in own):
            return None
        # With somebody's name in it: "Grand Mosque of Norvale", not "Lowmarkian Navy Command".
        before_of = re.split(r"\s(?:of|for|in)\s", phrase)[0].rsplit(None, 1)[-1]
        plain = not naming or {own[-1], before_of} & (PARTYLIKE | NEUTRAL_BODIES)
        if not is_named_body(own) or not plain:
            return None
        body = Actor(plainly(phrase), "body", observer=bool(NEUTRAL_BODIES & set(own)))
        return resolved(body.name, "", body, Why.UNLISTED)

    def _state(self, phrase: str) -> Resolved | None:
        """Return the state that a ministry, an army, officials speak for where no country is named with them."""
        american = any(n.actor.name == "United States" for n in self._so_far.named)
        if american and _CONGRESSIONAL.fullmatch(phrase):
            return spokesman(phrase, CONGRESS, Why.CONGRESS)
        head = head_of(phrase)
        lower = {w.form.lower() for w in words(phrase)}
        if american and "administration" in lower and is_office(phrase):
            state = next(n.actor for n in self._so_far.named if n.actor.name == "United States")
            return spokesman(phrase, state, Why.HOME)
        seated = head in SEATED or "ministry" in lower or is_arm(phrase) or (head in _SOURCES and lower & SEATED)
        state_or_none = self._so_far.parties.home() if seated else None
        return spokesman(phrase, state_or_none, Why.HOME) if state_or_none else None

    def _taken_up(self, phrase: str, position: int) -> Resolved | None:
        """Return who was spoken of before as "the prince", "the group", "the newspaper"."""
        head = head_of(phrase)
        forms = {w.form.lower() for w in words(phrase)}
        if forms & _OTHER:
            return None
        person = self._so_far.known_as(phrase, position, None) if head not in BODIES else None
        if person:
            return self._so_far.somebody(person, How.AGAIN)
        described = self._so_far.parties.described(phrase) if head in BODIES else None
        if described:
            return resolved(described.name, "", described, Why.TELLING, how=How.AGAIN)
        if any(w.form[0].isupper() for w in words(phrase)[1:]):
            return None  # "the police union Alliance" is no union of before
        again = self._so_far.same_again(head, position)
        if again:
            return again
        kinds = ("ngo", "monitor", "un", "think-tank") if forms & _CARING else KIN.get(head)
        named = self._so_far.last_named(position, kinds) if kinds else None
        if named and named.actor and named.actor.kind == "country":
            return spokesman(phrase, named.actor, Why.HOME)  # "the ministry" is not the country, but its
        return named

    def _without(self, span: Span, named: Sequence[Named]) -> str:
        kept, at = [], span.start
        for n in named:
            kept.append(self._text[at : n.start])
            at = n.end
        return re.sub(r"\s+", " ", " ".join([*kept, self._text[at : span.end]])).strip(" ’'")


def spokesman(phrase: str, actor: Actor | None, why: Why) -> Resolved:
    """Return somebody without a name who speaks for an actor: "a Taliban official"."""
    return resolved(plainly(phrase), "", actor, why, plural=is_plural(phrase))


def is_product(phrase: str) -> bool:
    """Say whether a phrase is what somebody issues: "Kerry's proposal" speaks as Kerry."""
    return head_of(phrase) in PRODUCTS or not head_of(phrase).strip("s")


def plainly(phrase: str) -> str:
    """Return a description without its article and what is no word at its ends."""
    return re.sub(r"^(?:the|The)\s+|^\W+|\W+$", "", re.sub(r"\s+", " ", phrase))
