"""Source → speaker: names and parts of names, pronouns, "the group's leader", bodies, joint speakers, quotations that go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from whosays.attribution.actors import Actor, Actors, Named, words
from whosays.attribution.discourse import NOBODY, Discourse, Resolved, resolved
from whosays.attribution.mentions import Mention
from whosays.attribution.names import Someone
from whosays.attribution.roles import BODIES, DELEGATES, KIN, NEUTRAL_BODIES, NOT_PERSONS, PRODUCTS, words_of
from whosays.attribution.sides import affiliation, head_of, is_named_body, is_observer, is_office, unlisted_body
from whosays.types import OBSERVER, Attribution, Span, Speaker

_HE, _SHE, _IT, _THEY = (frozenset(w.split()) for w in ("he him his", "she her hers", "it its", "they them their both"))
_ME = frozenset(["i", "we", "me", "us", "my", "our", "myself", "you"])
_WHO = frozenset(["who", "which", "that", "whose"])
_STATEMENT = re.compile(
    r"(?:the|this|that|his|her|its|their|a)\s+(?:\w+\s+)?(?:statement|tweet|letter|post|message|speech|interview|communique)$",
    re.IGNORECASE,
)
#: "Kurds, Arabs and Turkmen": a list of names alone; no name in it holds an "and" of its own.
_NAME = r"(?:the )?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,4}"
_LISTED = re.compile(rf"(?:[Bb]oth )?{_NAME}(?:, {_NAME})*,? and {_NAME}(?: (?:each|both|all))?")
_MEMBER = re.compile(_NAME)
#: Before a name within a source, these say that somebody else speaks.
_TELLING_OTHERS = words_of("of for like to with who which that representing near from about against by including")
#: Beside names, a source that is only a list of bodies holds nothing but these.
_LIST = re.compile(
    r"[\s,]*+(?:(?:the|a|an|both|news|agency|agencies|and|or|as|well|newspaper|government|group|of|network|&|!|reports?|from|in)[\s,]*+)*",
    re.IGNORECASE,
)
#: "amid reports that", "reportedly": media say it; which ones, the text does not say.
_REPORTS = Resolved(Speaker(name=""), OBSERVER, 0.5)


class Speakers:
    """Resolves the sources of one article, in text order: who spoke before decides who "he" is."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        self._text = text
        self._actors = actors
        self._so_far = Discourse(text, paragraphs, actors, on)

    def resolve(self, attribution: Attribution) -> tuple[Resolved, ...]:
        """Return the speaker of an attribution, or each of the joint ones."""
        if attribution.source:
            span = Span(attribution.source[0].start, attribution.source[-1].end)
            speakers, position = self._of_source(span, attribution.content), span.start
        elif attribution.cue:
            cue = self._text[attribution.cue[0].start : attribution.cue[-1].end]
            return (_REPORTS if re.search(r"\breport", cue) else NOBODY,)
        else:
            position = attribution.content[0].start
            speakers = (self._so_far.going_on(position),)
        for speaker in speakers:
            self._so_far.heard(position, speaker)
        return speakers

    def _of_source(self, span: Span, said: Sequence[Span]) -> tuple[Resolved, ...]:
        """Try what a source can be, the plainest first."""
        phrase = self._text[span.start : span.end]
        forms = words(self._text, *span)
        if not forms:
            return (NOBODY,)
        pronoun = self._pronoun(forms[0].form.lower(), span, said) if len(forms) == 1 and phrase != "US" else None
        if pronoun:
            return (pronoun,)
        if _STATEMENT.match(phrase):
            return (self._so_far.last(span.start, 0.7),)
        members = [Span(*m.span()) for m in _MEMBER.finditer(self._text, *span)] if _LISTED.fullmatch(phrase) else []
        if len(members) > 1:
            return tuple(one for member in members for one in self._of_source(member, said))
        mentions = self._so_far.names.within(span)
        speaking = [(m, person) for m, person in mentions if not m.possessive or _is_product(self._text[m.span.end : span.end])]
        if speaking and self._is_head(speaking[0][0], span):
            return self._people(speaking)
        if mentions and head_of(phrase) in DELEGATES:
            return (_spokesman(phrase, self._so_far.party(mentions[0][1])[0], 0.8),)
        if speaking:
            # "Critics of Ulla Brandt": whoever speaks here, it is not she.
            return (resolved(_plainly(phrase), "", _OBSERVER if is_observer(phrase) else None, 0.6),)
        # A name's last word may go on: with ’s, with the dot of its sentence.
        named = [n for n in self._so_far.named if span.start <= n.start < span.end and n.end <= span.end + 2]
        return self._bodies(phrase, span, named) if named else (self._described(phrase, span),)

    def _pronoun(self, word: str, span: Span, said: Sequence[Span]) -> Resolved | None:
        if word in _HE | _SHE:
            return self._so_far.he("he" if word in _HE else "she", span.start)
        if word in _IT | _THEY:
            return self._so_far.it(span.start, said, plural=word in _THEY)
        if word in _WHO:
            known, phrase = self._so_far.before(span.start)
            if known and (known.person is None or word in ("who", "whose")):
                return known
            return self._of_source(phrase, said)[0] if phrase else NOBODY
        if word in _ME:
            # Outside of quotation marks it is the writer who says "I".
            return self._so_far.last(span.start, 0.6) if self._so_far.is_quoted(span.start) else NOBODY
        return None

    def _is_head(self, mention: Mention, span: Span) -> bool:
        """Say whether a source is this person, not somebody described by the name ("critics of", "the firm representing")."""
        start = min((*(r.start for r in mention.roles), mention.span.start))
        # An apposition in front ends in a comma: "one of her critics, Oren Tassik".
        before = self._text[span.start : max(start, span.start)].rsplit(",", 1)[-1]
        forms = [w.form.lower() for w in words(before)]
        return not any(form in _TELLING_OTHERS or form.endswith("ing") for form in forms)

    def _people(self, mentions: Sequence[tuple[Mention, Someone]]) -> tuple[Resolved, ...]:
        people = [mentions[0][1]]
        for (before, _), (mention, person) in pairwise(mentions):
            start = min((role.start for role in mention.roles if role.end <= mention.span.start), default=mention.span.start)
            # "Mujahid, the son of Akhundzada": only a plain list of names is a list of speakers.
            if not re.fullmatch(r"[\s,]*(?:and|&|,)[\s,]*(?:the\s)?", self._text[before.span.end : max(start, before.span.end)]):
                break
            people.append(person)
        return tuple(self._so_far.somebody(person, 1.0) for person in dict.fromkeys(people))

    def _bodies(self, phrase: str, span: Span, named: Sequence[Named]) -> tuple[Resolved, ...]:
        """Resolve a phrase that names parties or observers: they themselves, or somebody who speaks for one."""
        # "Palestinians said": a demonym with nothing behind it is the people itself.
        heads = [n for n in named if not n.possessive and (not n.adjective or not self._text[n.end : span.end].strip(" ,’'"))]
        if heads and _LIST.fullmatch(self._without(span, named)):
            return tuple({n.actor: self._so_far.body(n, 1.0) for n in heads}.values())
        actor = affiliation(self._text, span, self._actors)
        office = is_office(phrase)
        if (
            len({n.actor for n in named if not n.actor.observer}) > 1
            and office
            and not (named[0].possessive or named[0].adjective)
        ):
            # "the leaders of France and Germany": no one party's.
            return (resolved(_plainly(phrase), "", None, 0.5, plural=True),)
        if is_observer(phrase):
            return (resolved(_plainly(phrase), "", _OBSERVER, 0.8),)
        if re.search(r"\b(?:former|ex-)", phrase, re.IGNORECASE):
            return (resolved(_plainly(phrase), "", None, 0.6),)
        if actor and not actor.observer and office:
            person = self._so_far.known_as(phrase, span.start, actor)
            return (self._so_far.somebody(person, 0.85) if person else _spokesman(phrase, actor, 0.9),)
        if actor and actor.observer:
            return (resolved(_plainly(phrase), "", actor, 0.8),)
        plain = re.sub(r"\W+$", "", phrase)
        before = words(self._text, span.start, heads[-1].start) if heads else []
        if (
            before
            and before[-1].form.lower() in BODIES
            and plain.endswith(self._text[heads[-1].start : heads[-1].end].rstrip("."))
        ):
            return (_spokesman(phrase, heads[-1].actor, 0.7),)
        owner = next((n for n in named if n.possessive), None)
        if owner and (_is_product(phrase) or owner.end >= span.end):
            return (self._so_far.body(owner, 0.8),)
        return (resolved(_plainly(phrase), "", None, 0.5),)

    def _described(self, phrase: str, span: Span) -> Resolved:
        """Resolve a phrase that names nobody that is known: "the group", "the prince", "officials", "the Mill Owners' League"."""
        if is_observer(phrase) and not re.match(r"(?:the|that|this)\b", phrase, re.IGNORECASE):
            return resolved(_plainly(phrase), "", _OBSERVER, 0.8)
        if re.match(r"(?:the|that|this|his|her|its|their|these|those)\b", phrase, re.IGNORECASE):
            known = self._taken_up(phrase, span.start)
            if known:
                return known
        if is_observer(phrase):
            return resolved(_plainly(phrase), "", _OBSERVER, 0.8)
        described = self._so_far.described(phrase) if is_office(phrase) else None
        if described:
            return _spokesman(phrase, described, 0.75)
        own = [w.form for w in words(phrase) if w.form not in ("the", "The")]
        if len(own) == 1 and own[0][0].isupper() and not own[0].isupper():
            short = self._so_far.short_form(own[0], span.start)
            return short or resolved(_plainly(phrase), "", None, 0.5)
        small = ("of", "and", "for", "the")
        bodily = any(form in NOT_PERSONS for form in own) and all(form[0].isupper() or form in small for form in own)
        if bodily and is_named_body(own):
            # A body that no list knows speaks for itself.
            body = Actor(_plainly(phrase), "body", observer=bool(NEUTRAL_BODIES & set(own)))
            return resolved(body.name, "", body, 0.6)
        of = re.search(r"\b(?:of|for|from) the ([A-Z]\w+)$", phrase)
        short = self._so_far.short_form(of[1], span.start) if of else None
        if short:
            return _spokesman(phrase, short.actor, 0.75)
        unlisted = unlisted_body(phrase)
        return _spokesman(phrase, unlisted, 0.6 if unlisted else 0.5)

    def _taken_up(self, phrase: str, position: int) -> Resolved | None:
        """Return who was spoken of before as "the prince", "the group", "the newspaper"."""
        head = head_of(phrase)
        person = self._so_far.known_as(phrase, position, None) if head not in BODIES else None
        if person:
            return self._so_far.somebody(person, 0.75)
        described = self._so_far.described(phrase) if head in BODIES else None
        if described:
            return resolved(described.name, "", described, 0.75)
        again = self._so_far.same_again(head, position)
        if again:
            return again
        caring = any(w.form.lower() in ("rights", "aid", "relief", "monitoring", "advocacy", "charity") for w in words(phrase))
        kinds = ("ngo", "monitor", "un", "think-tank") if caring else KIN.get(head)
        return self._so_far.last_named(position, kinds) if kinds else None

    def _without(self, span: Span, named: Sequence[Named]) -> str:
        kept, at = [], span.start
        for n in named:
            kept.append(self._text[at : n.start])
            at = n.end
        return re.sub(r"\s+", " ", " ".join([*kept, self._text[at : span.end]])).strip(" ’'")


_OBSERVER = Actor("observer", "description", observer=True)


def _spokesman(phrase: str, actor: Actor | None, sure: float) -> Resolved:
    """Return somebody without a name who speaks for an actor: "a Taliban official"."""
    return resolved(_plainly(phrase), "", actor, sure, plural=head_of(phrase).endswith("s"))


def _is_product(phrase: str) -> bool:
    """Say whether a phrase is what somebody issues: "Kerry's proposal" speaks as Kerry."""
    return head_of(phrase) in PRODUCTS or not head_of(phrase).strip("s")


def _plainly(phrase: str) -> str:
    """Return a description without its article and what is no word at its ends."""
    return re.sub(r"^(?:the|The)\s+|^\W+|\W+$", "", re.sub(r"\s+", " ", phrase))
