"""For whom the people of an article speak: by what the text says of them, by the list, by the body whose word they bear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from whosays.attribution.actors import Actor, Actors, Named, words
from whosays.attribution.certainty import Why
from whosays.attribution.names import Names, Someone
from whosays.attribution.roles import CONTRARY, DELEGATES, GENERIC, KIN, OBSERVERS, OFFICIALS, SEATED
from whosays.attribution.sides import head_of, is_former, party_of
from whosays.types import Span

#: In Congress, but for a party: those who lead one there.
_PARTISAN = re.compile(r"\b(?:democrat\w*|republican\w*|leader|speaker|whip|candidate)\b", re.IGNORECASE)
_IN_CONGRESS = re.compile(r"\b(?:Sens?|Reps?|Senator|Congress(?:man|woman)|US Representative)\b")
#: So often an article names the American parties if it is about them.
_ABOUT_PARTIES = 5
#: Who has one of these beside his name speaks for a state.
_OF_STATE = SEATED | frozenset(["minister", "president", "gen", "general", "colonel", "col", "mayor", "governor", "prosecutor"])
_FEDERAL = re.compile(r"\b[Ff]ederal (?:prosecutors?|officials?|authorities|agents?|judges?|court|public defender)\b")
_FAMILY = "parents|family|father|mother|brother|sister|son|daughter|wife|husband|widow|relatives|uncle|aunt|cousin"
_KIN_OF = re.compile(rf"([A-Z][\w-]+)['’]s? (?:[a-z]+ )?(?:{_FAMILY})\b|\b(?:{_FAMILY}) of (?:[A-Z][\w’'-]+ )*([A-Z][\w-]+)")
#: Whose firm that is, the surname in its name tells: "the head of the family business".
_HIS_FIRM = re.compile(
    r"\b(?:head|president|CEO|chief executive|owner|chairman|founder)\b.* (?:family business|business|company|firm)$"
)
_FIRM = r"((?:[A-Z][\w’'-]* |and |& )*{}(?: [A-Z][\w’'-]*| and| &)+),? (?:Co|Inc|Corp|Corporation|Company|Ltd|LLC)\b"
CONGRESS = Actor("US Congress", "organisation")


class Parties:
    """Who speaks for whom in one article."""

    def __init__(self, text: str, names: Names, named: Sequence[Named], actors: Actors, on: date | None, *, dated: bool) -> None:
        self._text, self._names, self._named, self._actors = text, names, named, actors
        self.on, self._dated = on, dated
        counted = Counter(n.actor for n in named if n.actor.kind == "country")
        # "federal prosecutors": where the United States are named most, it is they who are meant.
        top = [actor for actor, times in counted.items() if times == max(counted.values())]
        for state in (actor for actor in top if actor.name == "United States"):
            counted[state] += len(_FEDERAL.findall(text))
        self._countries = counted
        self._parties: dict[Someone, tuple[Actor | None, Why]] = {}

    def of(self, person: Someone) -> tuple[Actor | None, Why]:
        """Return for whom a person speaks, and what tells it."""
        if person not in self._parties:
            self._parties[person] = None, Why.NOTHING  # two spokesmen of one another are nobody's
            self._parties[person] = self._find(person)
        return self._parties[person]

    def _find(self, person: Someone) -> tuple[Actor | None, Why]:
        for role in person.roles():
            principal = self.principal(role)
            if principal:
                return principal, Why.OF_PERSON
        for role in person.roles():
            body = self._whose(role)
            if body:
                return body, Why.TELLING
        actor, why = party_of(person, self._text, self._actors, self.on)
        lettered = self._party_letter(person) if self._is_about_parties() else None
        if lettered:
            return lettered, Why.SAID
        if self._is_in_congress(person, actor):
            return CONGRESS, Why.CONGRESS
        if actor is not None:
            return actor, why
        for role in person.roles():
            phrase = self._text[role.start : role.end]
            described = None if is_former(phrase) else self.described(phrase)
            if described:
                return described, Why.TELLING
        himself = self._for_himself(person)
        if himself[0]:
            return himself
        home = self._by_home(person)
        if home[0]:
            return home
        letter = self._party_letter(person)
        if letter:
            return letter, Why.SAID
        kin = next(filter(None, (self.family(self._text[s:e]) for s, e in person.roles())), None)
        firm = None if kin else self._firm(person)
        return (kin, Why.OF_PERSON) if kin else (firm, Why.UNLISTED if firm else Why.NOTHING)

    def _whose(self, role: Span) -> Actor | None:
        """Return the one body named shortly before "the group's director" that is a group."""
        word = re.match(r"(?:the|its) (\w+)['’]s\s", self._text[role.start : role.end])
        kinds = KIN.get(word[1], ()) if word and word[1] in ("group", "organization", "organisation", "agency", "paper") else ()
        kinds = (*kinds, "ngo", "monitor", "think-tank") if kinds and "group" in kinds else kinds
        near = {n.actor for n in self._named if role.start - 400 <= n.start < role.start and n.actor.kind in kinds}
        return near.pop() if len(near) == 1 else None

    def family(self, phrase: str) -> Actor | None:
        """Return the family for which a phrase says that somebody speaks, of a person who is of no party."""
        found = _KIN_OF.search(phrase)
        surname = found and (found[1] or found[2])
        whose = [person for person in self._names.people if surname and person.name.split()[-1] == surname]
        return Actor(f"{surname} family", "family") if whose and not any(self.of(p)[0] for p in whose) else None

    def _firm(self, person: Someone) -> Actor | None:
        """Return the firm that somebody heads and that bears his name."""
        if not any(_HIS_FIRM.search(self._text[s:e]) for s, e in person.roles()):
            return None
        found = re.findall(_FIRM.format(re.escape(person.name.split()[-1])), self._text)
        named = {name.removeprefix("The ") for name in found}
        return Actor(named.pop(), "body") if len(named) == 1 else None

    def state_of(self, person: Someone) -> Actor | None:
        """Return the state that somebody has led, whoever leads it now."""
        led = {term.party for term in self._actors.terms(person.name, "president prime minister chancellor premier king")}
        states = [party for party in led if party.kind == "country"]
        return states[0] if len(states) == 1 else None

    def _by_home(self, person: Someone) -> tuple[Actor | None, Why]:
        """Return the state whose minister or officer somebody is, where the article is about one country."""
        home = self.home()
        for role in person.roles():
            forms = {word.form.lower() for word in words(self._text, *role)}
            if home and forms & _OF_STATE and not forms & CONTRARY and not is_former(self._text[role.start : role.end]):
                return home, Why.HOME
        return None, Why.NOTHING

    def _for_himself(self, person: Someone) -> tuple[Actor | None, Why]:
        """Return a politician who holds no office any more as the party that he is; whom the text gives one speaks for that."""
        said = " ".join(self._text[s:e] for s, e in person.roles())
        terms = self._actors.terms(person.name, said)
        if not terms and any(_is_in_service(self._text[s:e]) for s, e in person.roles()):
            return None, Why.NOTHING  # "its spokesman, Oren Tassik": whoever that is, it is not he himself
        if is_former(said) or not terms:
            # Of an undated text only the day is guessed, so who has an office later counts as much as who had one.
            over = self._actors.is_over(person.name, self.on) if self._dated and self.on else self.on is not None
            known = self._actors.knows(person.name) and (is_former(said) or over)
            return (Actor(person.name, "person"), Why.FORMER) if known else (None, Why.NOTHING)
        return (terms[0].party, Why.SAID) if len({term.party for term in terms}) == 1 else (None, Why.NOTHING)

    def principal(self, span: Span) -> Actor | None:
        """Return the party of the person for whom a phrase says that somebody speaks: "A spokesman for Mr Abadi"."""
        phrase = self._text[span.start : span.end]
        within = self._names.within(span)
        if not within or head_of(phrase) not in DELEGATES or is_former(phrase):
            return None
        mention, person = within[-1]
        behind = re.search(r"\b(?:of|for|to)\s+(?:\S+\s+){0,3}$", self._text[span.start : mention.span.start])
        # "Brandt lawyer Ivo Stell"
        before = self._text[mention.span.end : span.end].strip().lower() in DELEGATES
        return self.of(person)[0] if behind or before or mention.possessive else None

    def _is_in_congress(self, person: Someone, actor: Actor | None) -> bool:
        """Say whether somebody speaks as a member of the American Congress, not for his party."""
        roles = [self._text[s:e].replace(".", "") for s, e in person.roles()]
        listed = self._actors.person(person.name, self.on)
        member = any(_IN_CONGRESS.search(role) for role in roles) or (
            listed is not None and listed.party.kind == "party" and listed.role in ("senator", "representative")
        )
        if not member or (actor and actor.kind != "party" and actor.name != "United States"):
            return False
        if any(_PARTISAN.search(role) for role in roles) or (listed and _PARTISAN.search(listed.role)):
            return False
        return not actor or not self._is_about_parties()

    def _is_about_parties(self) -> bool:
        return sum(n.actor.name in ("Democrats", "Republicans") for n in self._named) >= _ABOUT_PARTIES

    def _party_letter(self, person: Someone) -> Actor | None:
        """Return the American party that a letter behind a name tells: "Adam Roe, D-Calif."."""
        for mention in person.mentions:
            letter = re.match(r",?\s*\(?([DR])-[A-Z]", self._text[mention.span.end : mention.span.end + 8])
            if letter:
                name = "Democrats" if letter[1] == "D" else "Republicans"
                return next((n.actor for n in self._named if n.actor.name == name), Actor(name, "party"))
        return None

    def described(self, phrase: str) -> Actor | None:
        """Return the one group whose name shares a telling word with a phrase: "the resistance" → the Resistance Front.

        Not by whom the phrase only looks to: an envoy to the Front is not the Front's.
        """
        core = re.split(r"\s(?:to|with|on|against|about|from|in|near)\s", phrase, maxsplit=1)[0]
        found = words(core)
        demonyms = {w.form.lower() for n in self._actors.find(found) if n.adjective for w in words(core, n.start, n.end)}
        telling = {w.form.lower() for w in found} - OFFICIALS - OBSERVERS - GENERIC - demonyms
        fitting = {
            n.actor for n in self._named if not n.actor.observer and n.actor.kind != "country" and telling & self._told_of(n)
        }
        return next(iter(fitting)) if len(fitting) == 1 else None

    def _told_of(self, named: Named) -> set[str]:
        """Return the words of a body's name and of the apposition behind it."""
        behind = re.match(r",\s+((?:the|a|an)\s[^,.;“”\"]{3,60}),", self._text[named.end : named.end + 70])
        stretches = (named.actor.name, self._text[named.start : named.end], behind[1] if behind else "")
        return {w.form.lower() for stretch in stretches for w in words(stretch)} - OFFICIALS - GENERIC

    def alone(self, phrase: str) -> Actor | None:
        """Return whom an ambiguous name means that is all of a source, in an article that names it otherwise, too.

        A seat of government is one country's; of bodies that many states have it is that of the state named most.
        """
        meant = self._actors.alone(phrase)
        most = max(self._countries.values(), default=0)
        return meant if meant and self._countries[meant] >= (1 if len(words(phrase)) == 1 else max(most, 1)) else None

    def home(self) -> Actor | None:
        """Return the country whose government, army or police an article means where it names none: the one it is about."""
        if not self._countries:
            return None
        country, most = self._countries.most_common(1)[0]
        share = most / sum(self._countries.values())
        return country if most >= 3 and share >= 0.7 else None


def _is_in_service(role: str) -> bool:
    """Say whether a role tells that somebody now speaks for others: a spokesman, a lawyer, a minister."""
    return head_of(role) in DELEGATES | SEATED | {"minister", "ambassador", "envoy"} and not is_former(role)


def likely_day(text: str, names: Names, actors: Actors) -> date | None:
    """Return a day on which all offices were held that an undated text gives people: "President Ulla Brandt"."""
    since, until = date.min, date.max
    for person in names.people:
        said = " ".join(text[s:e] for s, e in person.roles())
        terms = [] if is_former(said) else actors.terms(person.name, said)
        if len(terms) == 1:
            since, until = max(since, terms[0].since or date.min), min(until, terms[0].until or date.max)
    if since >= until or since == date.min:
        return None
    return since if until == date.max else until - timedelta(days=1)
