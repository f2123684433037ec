"""What an article has said so far: who spoke, who and what was named; and whom "he", "it" and "the group" take up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from whosays.attribution.actors import Actor, Actors, Named, words
from whosays.attribution.mentions import Mention
from whosays.attribution.names import Names, Someone
from whosays.attribution.roles import GENERIC, HONORIFICS, LEADERS, OBSERVERS, OFFICIALS, SPOKES
from whosays.attribution.sides import head_of, party_of
from whosays.types import OBSERVER, Span, Speaker


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who said it, for whom (a party, `OBSERVER` or None: open), and how sure that is (0..1)."""

    speaker: Speaker
    side: str | None
    confidence: float
    person: Someone | None = None
    actor: Actor | None = None
    plural: bool = False

    @property
    def known(self) -> bool:
        """Whether there is somebody whom a later "he" or "it" may take up."""
        return bool(self.speaker.name)


NOBODY = Resolved(Speaker(name=""), None, 0.5)


def resolved(
    name: str, role: str, actor: Actor | None, sure: float, *, person: Someone | None = None, plural: bool = False
) -> Resolved:
    """Return a speaker who speaks for an actor (None: open)."""
    side = None if actor is None else OBSERVER if actor.observer else actor.name
    party = None if actor is None or actor.observer else actor.name
    return Resolved(Speaker(name=name, role=role, party=party), side, sure, person, actor, plural)


#: Tell one office from another: a vice president is not the president.
_RANKS = frozenset(["vice", "deputy", "prime", "foreign", "defense", "defence", "interior", "finance", "crown", "assistant"])


def _is_office_of(head: str, meant: set[str], office: str) -> bool:
    """Say whether "the <meant>" with this head may be who holds an office; "the leader" may be whoever leads."""
    held = {w.form.lower() for w in words(office)}
    kin = SPOKES if head in SPOKES else LEADERS if head == "leader" else frozenset((head,))
    return bool(kin & held) and meant & _RANKS <= held and (held & {"vice", "deputy"}) <= meant


#: A preposition right before.
_BEHIND = re.compile(r"\b(?:of|for|in|on|at|to|with|by|from|over|about|against|near|into|including|like)\s+(?:the\s+)?$")
#: The last noun phrase of a stretch: from its article on, else its last word alone.
_NOUN_PHRASE = re.compile(
    r"(?:^|\W)((?:(?:an?|the|some|many|several|two|three|other)\s(?:[\w’'.-]+\s){0,4})?[\w’'-]+)$", re.IGNORECASE
)
#: What may stand before a sentence's subject.
_OPENING = re.compile(r"(?:[A-Z][^,.;“”\"]{2,60}, )?(?:(?:But|And|The|the) )*")


class Discourse:
    """The state of reading one article from its start; `heard` moves it on."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        self.text, self.actors, self.on = text, actors, on
        self.names = Names(text, paragraphs, actors, on)
        self.named = [named for p in paragraphs for named in actors.find(words(text, *p))]
        self._paragraphs = paragraphs
        self._spoke: list[tuple[int, Resolved]] = []
        self._parties: dict[Someone, tuple[Actor | None, float]] = {}
        self._genders = {p.name: HONORIFICS[m.honorific] for p in self.names.people for m in p.mentions if m.honorific}

    def heard(self, position: int, speaker: Resolved) -> None:
        """Note who spoke at a position."""
        if speaker.known:
            self._spoke.append((position, speaker))

    def somebody(self, person: Someone, sure: float) -> Resolved:
        """Return a person of the article as a speaker."""
        actor, confidence = self.party(person)
        role = next((re.sub(r"^(?:the|its|his|her|their|an?)\s+", "", self.text[s:e], flags=re.I) for s, e in person.roles()), "")
        return resolved(person.name, role, actor, sure * confidence, person=person)

    def party(self, person: Someone) -> tuple[Actor | None, float]:
        """Return for whom a person speaks, and how sure that is: also by "the resistance group's leader"."""
        if person not in self._parties:
            self._parties[person] = self._find_party(person)
        return self._parties[person]

    def _find_party(self, person: Someone) -> tuple[Actor | None, float]:
        actor, confidence = party_of(person, self.text, self.actors, self.on)
        if actor is None:
            for role in person.roles():
                described = self.described(self.text[role.start : role.end])
                if described:
                    return described, 0.85
        return actor, confidence

    def body(self, named: Named, sure: float) -> Resolved:
        """Return a body that is itself the speaker, by its name as written; a seat of government by its country's."""
        written = [w.form for w in words(self.text, named.start, named.end)]
        keeps = named.actor.observer or (named.actor.kind == "country" and len(written) == 1)
        return resolved(named.actor.name if keeps else " ".join(written), "", named.actor, sure)

    # Whom a word takes up again.

    def last(self, position: int, sure: float) -> Resolved:
        """Return who spoke last."""
        last = next((r for at, r in reversed(self._spoke) if at < position), None)
        return replace(last, confidence=last.confidence * sure) if last else NOBODY

    def going_on(self, position: int) -> Resolved:
        """Return who speaks in a quotation that has no cue of its own.

        That is somebody named beside it in its paragraph, or right before it with a colon; else who was quoted in the paragraph
        before. Anything else would be a guess.
        """
        i = next((i for i, p in enumerate(self._paragraphs) if p.start <= position < p.end), 0)
        own, before = self._paragraphs[i], self._paragraphs[i - 1] if i else None
        if not re.search(r"[“”\"]", self.text[max(own.start, position - 2) : position + 2]):
            return NOBODY  # without quotation marks these may be the reporter's own words
        beside = [p for m, p in self.names.within(own) if not self._quoted(m.span.start, own) and not m.possessive]
        if beside:
            return self.somebody(beside[0], 0.7)
        if before is None:
            return NOBODY
        words_before = self.text[before.start : before.end].rstrip()
        if words_before.endswith(":"):
            named = self.names.within(Span(self._sentence_start(before.end - 1), before.end))
            return self.somebody(named[0][1], 0.7) if named else NOBODY
        last = next(((at, r) for at, r in reversed(self._spoke) if at < position), None)
        if last and last[0] >= before.start and re.search(r"[“”\"]", words_before):
            return replace(last[1], confidence=last[1].confidence * 0.85)
        return NOBODY

    def it(self, position: int, said: Sequence[Span], *, plural: bool) -> Resolved:
        """Return what "it" or "they" means: several who just spoke, the sentence's subject, the body that spoke last.

        What stands in the words said is no subject: "…by the Taliban were war crimes, it said".
        """
        if plural:
            several = next((r for at, r in reversed(self._spoke) if r.plural and position - at < 600), None)
            if several:
                return several
        start, paragraph = self._sentence_start(position), self._paragraph(position)
        named = [n for n in self.named if start <= n.start and n.end <= position and not n.adjective and not n.possessive]
        # A country is no "they", and what stands behind a preposition is no subject.
        named = [n for n in named if not (plural and n.actor.kind == "country") and not _BEHIND.search(self.text, start, n.start)]
        outside = (n for n in named if not any(s <= n.start < e for s, e in said))
        subject = next((n for n in outside if not self._quoted(n.start, paragraph)), None)
        if subject:
            return self.body(subject, 0.75)
        return self.last_body(position) or self.last(position, 0.6)

    def last_body(self, position: int) -> Resolved | None:
        """Return the body, not the person, that spoke last."""
        last = next((r for at, r in reversed(self._spoke) if at < position and r.person is None), None)
        return replace(last, confidence=last.confidence * 0.8) if last else None

    def same_again(self, head: str, position: int) -> Resolved | None:
        """Return who spoke last under a description with this head: "a senior official" is "the official" afterwards."""
        last = next(
            (r for at, r in reversed(self._spoke) if at < position and not r.person and head_of(r.speaker.name) == head), None
        )
        return replace(last, confidence=last.confidence * 0.85) if last else None

    def last_named(self, position: int, kinds: Sequence[str]) -> Resolved | None:
        """Return the actor of one of these kinds that spoke last, else the one named last; a country if it is the only one."""
        spoke = next((r for at, r in reversed(self._spoke) if at < position and r.person is None and r.actor), None)
        if spoke and spoke.actor and spoke.actor.kind in kinds and spoke.actor.kind != "country":
            return replace(spoke, confidence=spoke.confidence * 0.8)
        fitting = [n for n in self.named if n.end <= position and n.actor.kind in kinds]
        if "country" in kinds and len({n.actor for n in fitting}) > 1:
            return None
        named = next((n for n in reversed(fitting) if not n.adjective), None)
        return self.body(named, 0.75) if named else None

    def before(self, position: int) -> tuple[Resolved | None, Span | None]:
        """Return what a "who" or "which" takes up: a name that ends right before it, or the noun phrase."""
        end = position - len(self.text[:position]) + len(self.text[:position].rstrip(" ,("))
        for mention, person in self.names.before(position, max(0, position - 160)):
            if (
                end in (mention.span.end, *(role.end for role in mention.roles))
                or self.text[mention.span.end : end].strip(".’'s") == ""
            ):
                return self.somebody(person, 0.85), None
        named = next((n for n in self.named if not n.adjective and n.start < end <= n.end), None)
        if named:
            return self.body(named, 0.85), None
        phrase = _NOUN_PHRASE.search(self.text, self._paragraph(position).start, end)
        return None, Span(*phrase.span(1)) if phrase else None

    def he(self, gender: str, position: int) -> Resolved:
        """Return whom "he" or "she" means: named in the sentence, a subject since somebody spoke, he, or the last named."""
        paragraph = self._paragraph(position)
        here = [
            (m, p)
            for m, p in self.names.before(position, self._sentence_start(position))
            if self._fits(p, gender) and not m.possessive and not self._quoted(m.span.start, paragraph)
        ]
        if here:
            return self.somebody(here[-1][1], 0.85)
        spoken = next(
            ((at, r.person) for at, r in reversed(self._spoke) if at < position and r.person and self._fits(r.person, gender)),
            None,
        )
        if spoken:
            since = [
                p
                for m, p in self.names.before(position, max(spoken[0], paragraph.start))
                if self._fits(p, gender) and p != spoken[1] and not m.possessive and self._opens_sentence(m)
            ]
            return self.somebody(since[0], 0.75) if since else self.somebody(spoken[1], 0.85)
        named = [p for m, p in self.names.before(position, 0) if self._fits(p, gender)]
        return self.somebody(named[0], 0.65) if named else self.last(position, 0.5)

    def short_form(self, word: str, position: int) -> Resolved | None:
        """Return the body that one capitalised word of its name takes up: "the Front"."""
        named = next(
            (
                n
                for n in reversed(self.named)
                if n.end <= position and word in {w.form for w in words(self.text, n.start, n.end)} and n.actor.name != word
            ),
            None,
        )
        return self.body(named, 0.85) if named else None

    def known_as(self, phrase: str, position: int, actor: Actor | None) -> Someone | None:
        """Return the person whom a definite description means: the latest named whose office it repeats, for the same party."""
        head = head_of(phrase)
        if re.match(r"(?:a|an|one|another|some|several)\b", phrase, re.IGNORECASE) or re.search(r"[^s]s$", head):
            return None
        meant = {w.form.lower() for w in words(phrase)}
        for _, person in self.names.before(position, 0):
            listed = self.actors.person(person.name, self.on)
            offices = [self.text[role.start : role.end] for role in person.roles()] + ([listed.role] if listed else [])
            if any(_is_office_of(head, meant, office) for office in offices) and (
                actor is None or self.party(person)[0] == actor
            ):
                return person
        return None

    def described(self, phrase: str) -> Actor | None:
        """Return the one group whose name shares a telling word with a phrase: "the resistance" → the Resistance Front.

        Not by whom the phrase only looks to: an envoy to the Front is not the Front's.
        """
        core = re.split(r"\s(?:to|with|on|against|about|from|in|near)\s", phrase, maxsplit=1)[0]
        telling = {w.form.lower() for w in words(core)} - OFFICIALS - OBSERVERS - GENERIC
        fitting = {
            n.actor for n in self.named if not n.actor.observer and n.actor.kind != "country" and telling & self._told_of(n)
        }
        return next(iter(fitting)) if len(fitting) == 1 else None

    def _told_of(self, named: Named) -> set[str]:
        """Return the words of a body's name and of the apposition behind it."""
        behind = re.match(r",\s+((?:the|a|an)\s[^,.;“”\"]{3,60}),", self.text[named.end : named.end + 70])
        stretches = (named.actor.name, self.text[named.start : named.end], behind[1] if behind else "")
        return {w.form.lower() for stretch in stretches for w in words(stretch)} - OFFICIALS - GENERIC

    def _paragraph(self, position: int) -> Span:
        return next((p for p in self._paragraphs if p.start <= position < p.end), Span(0, len(self.text)))

    def _sentence_start(self, position: int) -> int:
        start = self._paragraph(position).start
        ends = re.finditer(r"[.!?][”\"’]?\s+(?=[“\"A-Z])", self.text[start:position])
        return start + max((m.end() for m in ends), default=0)

    def _fits(self, person: Someone, gender: str) -> bool:
        return self._genders.get(person.name, gender) == gender

    def is_quoted(self, position: int) -> bool:
        """Say whether a position stands between quotation marks."""
        return self._quoted(position, self._paragraph(position))

    def _quoted(self, position: int, paragraph: Span) -> bool:
        before = self.text[paragraph.start : position]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def _opens_sentence(self, mention: Mention) -> bool:
        """Say whether a mention is where subjects are: first in its sentence, or behind "During the talks,"."""
        start = min((*(r.start for r in mention.roles), mention.span.start))
        return bool(_OPENING.fullmatch(self.text[self._sentence_start(mention.span.start) : start]))
