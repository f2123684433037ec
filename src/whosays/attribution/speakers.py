"""Source → speaker: names and parts of names, pronouns, "the group's leader", bodies, joint speakers, quotations that go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from whosays.attribution.actors import Actor, Actors, Named, words
from whosays.attribution.names import Mention, Names, Someone
from whosays.attribution.roles import BODIES, HONORIFICS, KIN, LEADERS, NEUTRAL_BODIES, NOT_PERSONS, OBSERVERS, OFFICIALS, SPOKES, TITLES
from whosays.attribution.sides import affiliation, head_of, is_observer, is_office, party_of, unlisted_body
from whosays.types import OBSERVER, Attribution, Span, Speaker

_HE, _SHE, _IT, _THEY = (frozenset(w.split()) for w in ("he him his", "she her hers", "it its", "they them their both"))
_ME = frozenset("i we me us my our myself you".split())
_WHO = frozenset("who which that whose".split())
_CONTINUING = re.compile(r"^(?:the|this|that|his|her|its|their|a)\s+(?:\w+\s+)?(?:statement|tweet|letter|post|message|speech|interview|letter|communique|report)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who said it, for whom (a party, `OBSERVER` or None: open), and how sure that is (0..1)."""

    speaker: Speaker
    side: str | None
    confidence: float
    person: Someone | None = None
    plural: bool = False

    @property
    def known(self) -> bool:
        """Whether there is somebody to whom a later "he" may refer."""
        return bool(self.speaker.name)


NOBODY = Resolved(Speaker(name=""), None, 0.5)
#: "amid reports that", "reportedly": media say it, which ones is not said.
_REPORTS = Resolved(Speaker(name=""), OBSERVER, 0.5)


class Speakers:
    """Resolves the sources of one article, in text order: who spoke before decides who "he" is."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        self._text, self._paragraphs, self._actors, self._on = text, paragraphs, actors, on
        self._names = Names(text, paragraphs, actors)
        self._found = [named for p in paragraphs for named in actors.find(words(text, *p))]
        self._spoke: list[tuple[int, Resolved]] = []
        self._genders: dict[str, str] = {
            person.name: HONORIFICS[m.honorific] for person in self._names.people for m in person.mentions if m.honorific
        }

    def resolve(self, attribution: Attribution) -> tuple[Resolved, ...]:
        """Return the speaker of an attribution, or each of the joint ones."""
        if attribution.source:
            span = Span(attribution.source[0].start, attribution.source[-1].end)
            resolved = self._of_source(span)
            position = span.start
        elif attribution.cue:
            cue = self._text[attribution.cue[0].start : attribution.cue[-1].end]
            return (_REPORTS if re.search(r"\breport", cue) else NOBODY,)
        else:
            position = attribution.content[0].start
            resolved = (self._going_on(position),)
        for one in resolved:
            if one.known:
                self._spoke.append((position, one))
        return resolved

    # What a source can be, the plainest first.

    def _of_source(self, span: Span) -> tuple[Resolved, ...]:
        phrase = self._text[span.start : span.end]
        forms = words(self._text, *span)
        if not forms:
            return (NOBODY,)
        alone = forms[0].form.lower() if len(forms) == 1 else ""
        if alone in _HE | _SHE | _IT | _THEY | _ME | _WHO:
            return (self._pronoun(alone, span),)
        if _CONTINUING.match(phrase):
            return (self._last(span.start, 0.7),)
        mentions = [(m, person) for m, person in self._names.within(span)]
        speaking = [(m, person) for m, person in mentions if not m.possessive or self._is_product(m, span)]
        if speaking:
            return self._people(phrase, span, speaking)
        bodies = self._bodies(span)
        if bodies:
            return bodies
        if mentions and is_office(phrase):
            return (self._for(phrase, self._party(mentions[0][1])[0], 0.8),)
        return (self._described(phrase, span),)

    def _people(self, phrase: str, span: Span, mentions: Sequence[tuple[Mention, Someone]]) -> tuple[Resolved, ...]:
        people = list(dict.fromkeys(person for _, person in mentions))
        joint = len(people) > 1 and re.search(r"\band\b|&", self._text[mentions[0][0].span.end : mentions[-1][0].span.start])
        # "Mujahid, the spokesman of Akhundzada": only a list of names is a list of speakers.
        joint = joint and not any(form.form.lower() in OFFICIALS for form in words(phrase)[1:-1] if form.form.islower())
        return tuple(self._person(person, 1.0) for person in (people if joint else people[:1]))

    def _person(self, person: Someone, sure: float) -> Resolved:
        actor, confidence = self._party(person)
        role = next((self._text[s:e] for s, e in person.roles()), "")
        return self._resolved(person.name, role, actor, sure * confidence, person)

    def _party(self, person: Someone) -> tuple[Actor | None, float]:
        actor, confidence = party_of(person, self._text, self._actors, self._on)
        if actor is None:
            for role in person.roles():
                named = self._by_description(self._text[role.start : role.end], role.start)
                if named:
                    return named, 0.85
        return actor, confidence

    def _bodies(self, span: Span) -> tuple[Resolved, ...]:
        """Return parties or observers that are themselves the source, or whose officials are."""
        phrase = self._text[span.start : span.end]
        named = [n for n in self._found if span.start <= n.start and n.end - 2 * n.possessive <= span.end]
        if not named:
            return ()
        heads = [n for n in named if not n.adjective and not n.possessive]
        rest = re.sub(r"\s+", " ", self._without(span, named)).strip(" ,’'").lower()
        if heads and re.fullmatch(r"(?:(?:the|a|an|both|news|agency|agencies|and|or|as|well|newspaper|government|group|of|network|,|&|!|reports?|from|in)[\s,]*)*", rest):
            return tuple(self._resolved(self._body_name(n), "", n.actor, 1.0) for n in dict.fromkeys(heads))
        actor = affiliation(self._text, span, self._actors)
        several = len({n.actor for n in named if not n.actor.observer}) > 1 and re.search(r"\band\b|,", phrase)
        if several and actor and is_office(phrase) and not any(n.possessive or n.adjective for n in named[:1]):
            return (self._resolved(_plainly(phrase), "", None, 0.5, plural=True),)
        if is_observer(phrase):
            return (self._for(phrase, None if actor is None else Actor("observer", "description", observer=True), 0.8),)
        if actor and actor.observer:
            return (self._resolved(_plainly(phrase), "", actor, 0.8),)
        if re.search(r"\b(?:former|ex-)", phrase, re.IGNORECASE):
            return (self._resolved(_plainly(phrase), "", None, 0.6),)
        if is_office(phrase) and actor:
            person = self._known_as(phrase, span, actor)
            return (self._person(person, 0.85),) if person else (self._for(phrase, actor, 0.9),)
        if heads and head_of(phrase) and phrase.rstrip("’'s").endswith(self._text[heads[-1].start : heads[-1].end]):
            return (self._for(phrase, heads[0].actor, 0.8),)
        possessive = next((n for n in named if n.possessive), None)
        if possessive and not is_office(phrase) and self._is_noun_of_speech(phrase):
            return (self._resolved(self._body_name(possessive), "", possessive.actor, 0.8),)
        return (self._resolved(_plainly(phrase), "", None, 0.5),)

    def _described(self, phrase: str, span: Span) -> Resolved:
        """Resolve a phrase that names nobody: "the group", "the prince", "officials", "residents"."""
        lower = phrase.lower()
        if is_observer(phrase):
            return self._resolved(_plainly(phrase), "", Actor("observer", "description", observer=True), 0.8)
        if re.match(r"(?:the|that|this|his|her|its|their|these|those)\b", lower):
            head = head_of(phrase)
            person = self._known_as(phrase, span, None)
            if person:
                return self._person(person, 0.75)
            if head in BODIES:
                named = self._by_description(phrase, span.start)
                if named:
                    return self._resolved(named.name, "", named, 0.75)
                last = self._last_named(span.start, KIN.get(head)) or self._last_body(span.start)
                if last:
                    return last
        named = self._by_description(phrase, span.start) if is_office(phrase) else None
        if named:
            return self._for(phrase, named, 0.75)
        own = [w.form for w in words(phrase) if w.form not in ("the", "The")]
        if any(form in NOT_PERSONS for form in own) and all(form[0].isupper() or form in ("of", "and", "for", "the") for form in own):
            # A body that no list knows speaks for itself.
            neutral = bool(NEUTRAL_BODIES & set(own))
            return self._resolved(_plainly(phrase), "", Actor(_plainly(phrase), "body", observer=neutral), 0.6)
        unlisted = unlisted_body(phrase)
        if unlisted:
            return self._for(phrase, unlisted, 0.6)
        return self._resolved(_plainly(phrase), "", None, 0.5)

    # Who was meant before.

    def _pronoun(self, pronoun: str, span: Span) -> Resolved:
        if pronoun in _WHO:
            before = self._names.before(span.start, max(0, span.start - 160))
            return self._person(before[0][1], 0.85) if before else self._last(span.start, 0.6)
        if pronoun in _ME:
            return self._last(span.start, 0.6)
        if pronoun in _HE | _SHE:
            return self._antecedent("he" if pronoun in _HE else "she", span.start)
        if pronoun in _THEY:
            plural = next((r for at, r in reversed(self._spoke) if r.plural and span.start - at < 600), None)
            if plural:
                return plural
        subject = self._subject(span.start)
        return subject or self._last_body(span.start) or self._last(span.start, 0.6)

    def _sentence_start(self, position: int) -> int:
        paragraph = next((p for p in self._paragraphs if p.start <= position < p.end), Span(0, len(self._text)))
        before = self._text[paragraph.start : position]
        return paragraph.start + max((m.end() for m in re.finditer(r"[.!?][”\"’]?\s+(?=[“\"A-Z])", before)), default=0)

    def _subject(self, position: int) -> Resolved | None:
        """Return the body that an "it" takes up within its own sentence: the first one named, as most subjects are."""
        start = self._sentence_start(position)
        named = next((n for n in self._found if start <= n.start and n.end <= position and not n.adjective and not n.possessive), None)
        return self._resolved(self._body_name(named), "", named.actor, 0.75) if named else None

    def _last_named(self, position: int, kinds: Sequence[str] | None) -> Resolved | None:
        """Return the body of one of these kinds that was named last."""
        named = next((n for n in reversed(self._found) if n.end <= position and n.actor.kind in (kinds or ()) and not n.adjective), None)
        return self._resolved(self._body_name(named), "", named.actor, 0.75) if named else None

    def _antecedent(self, gender: str, position: int) -> Resolved:
        """Return whom "he" or "she" means: who is named earlier in the sentence, else who spoke last, else who was named last."""
        paragraph = next((p for p in self._paragraphs if p.start <= position < p.end), Span(0, len(self._text)))
        spoken = next(
            ((at, r) for at, r in reversed(self._spoke) if r.person and self._fits(r.person, gender) and at < position), None
        )
        here = [pair for pair in self._names.before(position, self._sentence_start(position)) if self._fits(pair[1], gender) and not pair[0].possessive]
        if here and not self._quoted(here[-1][0].span.start, paragraph):
            return self._person(here[-1][1], 0.85)
        if spoken:
            between = [
                (m, p) for m, p in self._names.before(position, max(spoken[0], paragraph.start))
                if self._fits(p, gender) and not m.possessive and self._opens_sentence(m) and p != spoken[1].person
            ]
            if not between:
                return self._person(spoken[1].person, 0.85) if spoken[1].person else spoken[1]
            return self._person(between[0][1], 0.75)
        named = [person for m, person in self._names.before(position, 0) if self._fits(person, gender)]
        return self._person(named[0], 0.65) if named else self._last(position, 0.5)

    def _fits(self, person: Someone, gender: str) -> bool:
        return self._genders.get(person.name, gender) == gender

    def _quoted(self, position: int, paragraph: Span) -> bool:
        before = self._text[paragraph.start : position]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def _opens_sentence(self, mention: Mention) -> bool:
        start = min((r.start for r in mention.roles), default=mention.span.start)
        before = self._text[max(0, min(start, mention.span.start) - 12) : min(start, mention.span.start)]
        return bool(re.search(r"(?:^|[.!?][”\"’]?\s+|\n)(?:The |But |And |In )?$", before)) or not before.strip()

    def _last(self, position: int, sure: float) -> Resolved:
        last = next((r for at, r in reversed(self._spoke) if at < position), None)
        return replace(last, confidence=last.confidence * sure) if last else NOBODY

    def _last_body(self, position: int) -> Resolved | None:
        """Return the body that spoke last; else the party named last, if it is near."""
        last = next((r for at, r in reversed(self._spoke) if at < position and r.person is None and r.known), None)
        return replace(last, confidence=last.confidence * 0.8) if last else None

    def _going_on(self, position: int) -> Resolved:
        """Return who goes on speaking in a quotation that names nobody: who spoke last, if not long ago."""
        last = self._last(position, 0.85)
        if not last.known:
            return NOBODY
        at = max(at for at, _ in self._spoke)
        passed = sum(1 for p in self._paragraphs if at < p.start <= position)
        return last if passed <= 3 else NOBODY

    def _known_as(self, phrase: str, span: Span, actor: Actor | None) -> Someone | None:
        """Return the person of the article whom a definite description means: the latest named whose role it repeats."""
        if re.match(r"(?:a|an|one|another|some|several)\b", phrase, re.IGNORECASE):
            return None
        head = head_of(phrase)
        if head.endswith("s") and not head.endswith("ss"):
            return None
        kin = next((kin for kin in (SPOKES, LEADERS) if head in kin), frozenset((head,)))
        for _, person in self._names.before(span.start, 0):
            said = [w.form.lower() for role in person.roles() for w in words(self._text, *role)]
            listed = self._actors.person(person.name, self._on)
            said += [w.form.lower() for w in words(listed.role)] if listed else []
            if any(word in kin for word in said) and (actor is None or self._party(person)[0] == actor):
                return person
        return None

    def _by_description(self, phrase: str, position: int) -> Actor | None:
        """Return the one group of the article whose name shares a telling word with a phrase: "the resistance" → the Resistance Front."""
        telling = {w.form.lower() for w in words(phrase)} - OFFICIALS - OBSERVERS - _EMPTY
        if not telling:
            return None
        fitting = {
            n.actor
            for n in self._found
            if not n.actor.observer
            and n.actor.kind != "country"
            and telling & self._told_of(n)
        }
        return next(iter(fitting)) if len(fitting) == 1 else None

    def _told_of(self, named: Named) -> set[str]:
        """Return the words of a body's name and of the apposition behind it."""
        own = {w.form.lower() for w in words(named.actor.name)} | {w.form.lower() for w in words(self._text, named.start, named.end)}
        behind = re.match(r",\s+((?:the|a|an)\s[^,.;“”\"]{3,60}),", self._text[named.end : named.end + 70])
        if behind:
            own |= {w.form.lower() for w in words(behind[1])}
        return own - OFFICIALS - _EMPTY

    # Small matters.

    def _resolved(self, name: str, role: str, actor: Actor | None, sure: float, person: Someone | None = None, plural: bool = False) -> Resolved:
        side = None if actor is None else OBSERVER if actor.observer else actor.name
        party = None if actor is None or actor.observer else actor.name
        return Resolved(Speaker(name=name, role=role, party=party), side, sure, person, plural)

    def _for(self, phrase: str, actor: Actor | None, sure: float) -> Resolved:
        return self._resolved(_plainly(phrase), "", actor, sure, plural=head_of(phrase).endswith("s"))

    def _body_name(self, named: Named) -> str:
        """Return a body's name as written, but a seat of government's own: "Moscow" is Russia."""
        written = [w.form for w in words(self._text, named.start, named.end)]
        bodily = named.actor.kind != "country" or len(written) > 1
        return " ".join(written) if bodily and not named.actor.observer else named.actor.name

    def _without(self, span: Span, named: Sequence[Named]) -> str:
        kept, at = [], span.start
        for n in named:
            kept.append(self._text[at : n.start])
            at = n.end
        return " ".join([*kept, self._text[at : span.end]])

    def _is_product(self, mention: Mention, span: Span) -> bool:
        return self._is_noun_of_speech(self._text[mention.span.end : span.end])

    @staticmethod
    def _is_noun_of_speech(phrase: str) -> bool:
        return head_of(phrase) in _SPEECH or not head_of(phrase).strip("s")


_EMPTY = frozenset("the a an of and for in s group front army people country state new other his her its their this that former senior top two".split()) | {
    title.lower() for title in TITLES
}
_SPEECH = frozenset("proposal statement speech comments remarks words letter tweet tweets message claim claims call decision lawyers office announcement account testimony memo plan request".split())


def _plainly(phrase: str) -> str:
    """Return a description without its article and what is no word at its ends."""
    return re.sub(r"^(?:the|The)\s+|^\W+|\W+$", "", re.sub(r"\s+", " ", phrase))
