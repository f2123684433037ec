"""What an article has said so far: who spoke, who and what was named; whom "the official", "the group", "the Front" take up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from whosays.attribution.actors import Actor, Actors, Named, words
from whosays.attribution.certainty import How, Why
from whosays.attribution.gender import genders
from whosays.attribution.layout import Layout
from whosays.attribution.names import Names, Someone
from whosays.attribution.parties import Parties, likely_day
from whosays.attribution.resolved import Resolved, resolved
from whosays.attribution.roles import CONTRARY, INSTITUTIONS, LEADERS, SPOKES
from whosays.attribution.sides import head_of, is_plural
from whosays.types import Span

#: Tell one office from another: a vice president is not the president.
_RANKS = frozenset(["vice", "deputy", "prime", "foreign", "defense", "defence", "interior", "finance", "crown", "assistant"])
_APART = _RANKS | CONTRARY
#: Words for one office.
_KINDRED = (
    SPOKES,
    frozenset(["congressman", "congresswoman", "representative", "rep"]),
    frozenset(["senator", "sen"]),
    frozenset(["general", "gen"]),
    frozenset(["governor", "gov"]),
    frozenset(["professor", "prof"]),
)


class Discourse:
    """The state of reading one article from its start; `heard` moves it on."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        self.text = text
        self.layout = Layout(text, paragraphs)
        self.names = Names(text, paragraphs, actors, on)
        self.on = on or likely_day(text, self.names, actors)
        self.actors = actors = actors.on_day(self.on)
        self.named = [named for p in paragraphs for named in actors.find(words(text, *p))]
        self.parties = Parties(text, self.names, self.named, actors, self.on, dated=on is not None)
        self._genders = genders(text, self.names.people, actors)
        self._spoke: list[tuple[int, tuple[Resolved, ...]]] = []
        self._within: list[tuple[int, tuple[Resolved, ...]]] = []

    def heard(self, position: int, speakers: Sequence[Resolved], *, within: bool) -> None:
        """Note who spoke at a position. Whoever is only quoted `within` another's words is nobody's "he" outside of them."""
        known = tuple(speaker for speaker in speakers if speaker.known)
        if known:
            (self._within if within else self._spoke).append((position, known))

    def spoke(self, position: int) -> list[tuple[int, Resolved]]:
        """Return who spoke before a position, the latest first; of joint speakers the first named."""
        return [(at, heard[0]) for at, heard in reversed(self._spoke) if at < position]

    def meant(self, position: int) -> list[tuple[int, Resolved]]:
        """Return whom a "he" may mean, the likeliest first: who spoke, the latest first.

        Between quotation marks those quoted there come first, and it is not the one who says it.
        """
        if not self.layout.is_quoted(position):
            return self.spoke(position)
        start = self.layout.paragraph(position).start
        return [
            *((at, heard[0]) for at, heard in reversed(self._within) if start <= at < position),
            *self.spoke(start),
        ]

    def together(self, position: int) -> tuple[Resolved, ...]:
        """Return those who spoke last, where they were several at once."""
        last = next((heard for at, heard in reversed(self._spoke) if at < position), ())
        return last if len(last) > 1 else ()

    def fits(self, person: Someone, gender: str) -> bool:
        """Say whether somebody may be a "he" or "she"."""
        return self._genders.get(person.name, gender) == gender

    def somebody(self, person: Someone, how: How = How.NAMED) -> Resolved:
        """Return a person of the article as a speaker."""
        actor, why = self.parties.of(person)
        role = next((re.sub(r"^(?:the|its|his|her|their|an?)\s+", "", self.text[s:e], flags=re.I) for s, e in person.roles()), "")
        return resolved(person.name, role, actor, why, how=how, person=person)

    def body(self, named: Named, how: How = How.NAMED) -> Resolved:
        """Return a body that is itself the speaker, by its name as written; a seat of government by its country's."""
        written = [w.form for w in words(self.text, named.start, named.end)]
        seat = named.actor.kind == "country" and len(written) == 1 and written[0] not in INSTITUTIONS
        keeps = named.actor.observer or seat
        return resolved(named.actor.name if keeps else " ".join(written), "", named.actor, Why.ITSELF, how=how)

    def last(self, position: int, how: How) -> Resolved | None:
        """Return who spoke last."""
        last = next(iter(self.spoke(position)), None)
        return last[1].taken_up(how) if last else None

    def last_body(self, position: int, how: How) -> Resolved | None:
        """Return the body, not the person, that spoke last."""
        last = next((r for _, r in self.spoke(position) if not r.is_somebody), None)
        return last.taken_up(how) if last else None

    def same_again(self, head: str, position: int) -> Resolved | None:
        """Return who spoke last under a description with this head: "a senior official" is "the official" afterwards."""
        last = next((r for _, r in self.spoke(position) if not r.person and head_of(r.speaker.name) == head), None)
        return last.taken_up(How.AGAIN) if last else None

    def last_named(self, position: int, kinds: Sequence[str]) -> Resolved | None:
        """Return the actor of one of these kinds that spoke last, else the one named last; a country if it is the only one."""
        spoke = next((r for _, r in self.spoke(position) if r.person is None and r.actor), None)
        if spoke and spoke.actor and spoke.actor.kind in kinds and spoke.actor.kind != "country":
            return spoke.taken_up(How.AGAIN)
        fitting = [n for n in self.named if n.end <= position and n.actor.kind in kinds]
        if "country" in kinds and len({n.actor for n in fitting}) > 1:
            return None
        named = next((n for n in reversed(fitting) if not n.adjective), None)
        return self.body(named, How.AGAIN) if named else None

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
        return self.body(named, How.AGAIN) if named else None

    def known_as(self, phrase: str, position: int, actor: Actor | None) -> Someone | None:
        """Return the person whom a definite description means, by an office that it repeats, for the same party.

        Whose office the text tells goes before whose only the list knows; who spoke before who was named; the latest first.
        """
        head = head_of(phrase)
        if re.match(r"(?:a|an|one|another|some|several)\b", phrase, re.IGNORECASE) or is_plural(phrase):
            return None
        meant = {w.form.lower() for w in words(phrase)}
        spoke = [r.person for _, r in self.spoke(position) if r.person]
        before = [person for mention, person in self.names.before(position, 0) if not mention.possessive]
        later = [person for _, person in self.names.within(Span(position, len(self.text)))] if actor else []
        seen = list(dict.fromkeys((*spoke, *before, *later)))
        for offices in (self._told_offices, self._listed_offices):
            for person in seen:
                if self.on and self.actors.is_over(person.name, self.on):
                    continue
                if any(_is_office_of(head, meant, office) for office in offices(person)) and (
                    actor is None or self.parties.of(person)[0] == actor
                ):
                    return person
        return None

    def _told_offices(self, person: Someone) -> list[str]:
        return [self.text[role.start : role.end] for role in person.roles()]

    def _listed_offices(self, person: Someone) -> list[str]:
        listed = self.actors.person(person.name, self.on)
        return [listed.role] if listed else []


def _is_office_of(head: str, meant: set[str], office: str) -> bool:
    """Say whether "the <meant>" with this head may be who holds an office; "the leader" may be whoever leads."""
    held = {w.form.lower() for w in words(office)}
    kin = next((kindred for kindred in _KINDRED if head in kindred), LEADERS if head == "leader" else frozenset((head,)))
    return bool(kin & held) and meant & _APART <= held and (held & ({"vice", "deputy", "former"} | CONTRARY)) <= meant
