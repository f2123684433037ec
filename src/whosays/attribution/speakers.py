"""Source → speaker: names and parts of names, joint speakers; pronouns and descriptions stand in modules of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from whosays.attribution.actors import Actors, words
from whosays.attribution.bodies import OBSERVER_ACTOR, Bodies, is_product, plainly, spokesman
from whosays.attribution.certainty import OPEN_BELOW, How, Why
from whosays.attribution.discourse import Discourse
from whosays.attribution.mentions import Mention
from whosays.attribution.names import Someone
from whosays.attribution.pronouns import going_on, pronoun, relative, statement
from whosays.attribution.resolved import NOBODY, Resolved, resolved
from whosays.attribution.roles import DELEGATES, words_of
from whosays.attribution.sides import head_of, is_observer
from whosays.types import OBSERVER, Attribution, Span, Speaker

_WHO = frozenset(["who", "which", "that", "whose"])
#: "Kurds, Arabs and Turkmen": a list of names alone; no name in it holds an "and" of its own.
_NAME = r"(?:the )?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,4}"
_LISTED = re.compile(rf"(?:[Bb]oth )?{_NAME}(?:, {_NAME})*,? and {_NAME}(?: (?:each|both|all))?")
_MEMBER = re.compile(_NAME)
#: "Brandt officials": they speak for her.
_AIDES = words_of(
    "officials aides advisers advisors lawyers allies spokesman spokeswoman official aide adviser lawyer team campaign"
)
_ALLIES = words_of("ally allies deputy deputies")
_ENVOYS = words_of("envoy envoys emissary emissaries")
_OF_WHOM = re.compile(r"\s(?!and\b|or\b|of\b)[a-z][a-z-]*(?:\s(?!and\b|or\b)[a-z-]+){0,2}\s")
#: "The ministry, as quoted by Meridian", "Meridian, citing the ministry": the ministry says it.
_AS_QUOTED = re.compile(r"(\S.*?),? (?:according to|as (?:quoted|cited|reported) by) .+")
_QUOTING = re.compile(r"[^,]+,? (?:citing|quoting) (\S.*?),?")
_INCLUDING = re.compile(r",?\s+(?:including|among them)\s+(?=\S)")
#: Before a name within a source, these say that somebody else speaks.
_TELLING_OTHERS = words_of("of for like to with who which that representing near from about against by including")
#: "amid reports that", "reportedly": media say it; which ones, the text does not say.
_REPORTS = Resolved(Speaker(name=""), OBSERVER, 0.5, why=Why.OBSERVER)


class Speakers:
    """Resolves the sources of one article, in text order: who spoke before decides who "he" is."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        self._text = text
        self._so_far = Discourse(text, paragraphs, actors, on)
        self._bodies = Bodies(self._so_far)

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
            speakers = (going_on(position, self._so_far),)
        speakers = tuple(speaker if speaker.confidence >= OPEN_BELOW else speaker.opened() for speaker in speakers)
        within = bool(attribution.source) and self._so_far.layout.is_quoted(position)
        self._so_far.heard(position, speakers, within=within)
        return speakers

    def _of_source(self, span: Span, said: Sequence[Span]) -> tuple[Resolved, ...]:
        """Try what a source can be, the plainest first."""
        phrase = self._text[span.start : span.end]
        forms = words(self._text, *span)
        if not forms:
            return (NOBODY,)
        if len(forms) == 1 and phrase != "US":
            word = forms[0].form.lower()
            found = self._relative(word, span, said) if word in _WHO else pronoun(word, span, said, self._so_far)
            if found:
                return found
        issued = statement(phrase, span.start, self._so_far)
        if issued:
            return (issued,)
        including = _INCLUDING.search(phrase)
        if including:
            those = self._of_source(Span(span.start + including.end(), span.end), said)
            if all(one.person or one.why is Why.ITSELF for one in those):
                return those
        members = [Span(*m.span()) for m in _MEMBER.finditer(self._text, *span)] if _LISTED.fullmatch(phrase) else []
        if len(members) > 1:
            return tuple(one for member in members for one in self._of_source(member, said))
        for relayed in (_AS_QUOTED.fullmatch(phrase), _QUOTING.fullmatch(phrase)):
            if relayed:
                return self._of_source(Span(span.start + relayed.start(1), span.start + relayed.end(1)), said)
        return self._introduced(phrase, span) or self._by_name(phrase, span) or self._bodies.of(phrase, span)

    def _introduced(self, phrase: str, span: Span) -> tuple[Resolved, ...]:
        """Return who is named behind a dash right after his description: "one of the negotiators — Ivo Stell — said"."""
        dash = re.match(r"\s*[—–]\s*", self._text[span.start + len(phrase.rstrip(" —–")) :])
        if not dash or not re.match(r"(?:one of|an?|the|his|her|its)\s", phrase, re.IGNORECASE):
            return ()
        start = span.start + len(phrase.rstrip(" —–")) + dash.end()
        named = [person for m, person in self._so_far.names.within(Span(start, start + 60)) if m.span.start == start]
        return tuple(self._so_far.somebody(person) for person in named)

    def _by_name(self, phrase: str, span: Span) -> tuple[Resolved, ...]:
        """Return the people whom a source names, or who speaks for one of them; none where it names nobody."""
        mentions = self._so_far.names.within(span)
        speaking = [(m, person) for m, person in mentions if not m.possessive or is_product(self._text[m.span.end : span.end])]
        while len(speaking) > 1 and _OF_WHOM.fullmatch(self._text[speaking[0][0].span.end : speaking[1][0].span.start]):
            speaking = speaking[1:]  # "former Brandt aide Ivo Stell"
        while len(speaking) > 1 and not self._is_head(speaking[0][0], span) and self._is_apposed(speaking[1][0]):
            speaking = speaking[1:]  # "a spokesman for Ms Brandt, Ivo Stell"
        modifies = speaking and self._text[speaking[0][0].span.end : span.end].strip().lower() in _AIDES
        if speaking and not modifies and self._is_head(speaking[0][0], span):
            return self._people(speaking)
        if mentions and (modifies or _speaks_for(phrase)):
            party, _ = self._so_far.parties.of(mentions[0][1])
            if head_of(phrase) in ("administration", "government"):
                party = self._so_far.parties.state_of(mentions[0][1]) or party
            return (spokesman(phrase, party, Why.OF_PERSON),)
        family = self._so_far.parties.family(phrase)
        if family:
            return (spokesman(phrase, family, Why.OF_PERSON),)
        if speaking:
            # "Critics of Ulla Brandt": whoever speaks here, it is not she.
            return (resolved(plainly(phrase), "", OBSERVER_ACTOR if is_observer(phrase) else None),)
        return ()

    def _relative(self, word: str, span: Span, said: Sequence[Span]) -> tuple[Resolved, ...]:
        known, phrase = relative(span.start, self._so_far, personal=word in ("who", "whose"))
        if known:
            return (known,)
        if not phrase:
            return (NOBODY,)
        return tuple(one.taken_up(How.WHO) for one in self._of_source(phrase, said))

    def _is_apposed(self, mention: Mention) -> bool:
        """Say whether a role stands before a name, with a comma between."""
        before = self._text[max(0, mention.span.start - 4) : mention.span.start]
        return bool(re.search(r",\s+$", before)) and any(role.end <= mention.span.start for role in mention.roles)

    def _is_head(self, mention: Mention, span: Span) -> bool:
        """Say whether a source is this person, not somebody described by the name ("critics of", "the firm representing")."""
        start = min((*(r.start for r in mention.roles), mention.span.start))
        # An apposition in front ends in a comma: "one of her critics, Oren Tassik".
        before = self._text[span.start : max(start, span.start)].rsplit(",", 1)[-1]
        forms = [w.form.lower() for w in words(before)]
        return not any(form in _TELLING_OTHERS or form.endswith("ing") for form in forms)

    def _is_next(self, role: Span, start: int, mention: Mention) -> bool:
        """Say whether what looks like somebody's role is the next speaker's: "Brandt, Estavian Premier Ivo Stell and"."""
        own = self._text[start : mention.span.start]
        return start == role.start and not re.search(r"\b(?:of|for|to|in|at|on)\b|['’]s?\s", own)

    def _people(self, mentions: Sequence[tuple[Mention, Someone]]) -> tuple[Resolved, ...]:
        people = [mentions[0][1]]
        for (before, _), (mention, person) in pairwise(mentions):
            start = min((role.start for role in mention.roles if role.end <= mention.span.start), default=mention.span.start)
            around = [role for role in before.roles if role.start < mention.span.start < role.end]
            if not all(self._is_next(role, start, mention) for role in around):
                break  # "Gil Rask, head of Norvale's Dunmoor & Pike lab"
            # "Mujahid, the son of Akhundzada": only a plain list of names is a list of speakers.
            if not re.fullmatch(r"[\s,]*(?:and|&|,)[\s,]*(?:the\s)?", self._text[before.span.end : max(start, before.span.end)]):
                break
            people.append(person)
        return tuple(self._so_far.somebody(person) for person in dict.fromkeys(people))


def _speaks_for(phrase: str) -> bool:
    """Say whether somebody without a name speaks for whoever is named behind: an aide, an ally; an envoy to her does not."""
    head = head_of(phrase)
    return head in DELEGATES | _ALLIES or (head in _ENVOYS and not re.search(rf"\b{head} to\b", phrase.lower()))
