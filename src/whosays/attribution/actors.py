"""Who is who beyond the article: parties with their aliases, offices and people, and observers, from `data/actors.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from whosays.errors import ConfigError

#: A word with what may stand inside it: "al-Qaida", "U.S.", "Taliban’s".
WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")


class Word(NamedTuple):
    """A word of a text: where it stands, and its form without possessive and dots ("U.S.’s" → "US")."""

    start: int
    end: int
    form: str
    possessive: bool


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a stretch of text; the dot of an abbreviation belongs to it, that of a sentence does not matter."""
    found = []
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        form = re.sub(r"(['’]s|(?<=s)['’])$", "", match[0].rstrip("."))
        found.append(Word(match.start(), match.end(), form.replace(".", ""), form != match[0].rstrip(".")))
    return found


@dataclass(frozen=True, slots=True)
class Actor:
    """A party, or an observer: a body of no side in the matter."""

    name: str
    kind: str
    observer: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who held which office for which party, from when to when (None: open).

    `aliases` are other spellings of the name, `gender` is "he" or "she" where the first name does not tell it.
    """

    name: str
    role: str
    party: Actor
    since: date | None = None
    until: date | None = None
    aliases: tuple[str, ...] = ()
    gender: str | None = None


class Named(NamedTuple):
    """An actor's name in a text. `adjective`: the form only modifies ("Russian"); `possessive`: it ends in ’s."""

    start: int
    end: int
    actor: Actor
    adjective: bool
    possessive: bool


class Actors:
    """The operator's list of parties and observers. Forms are matched as whole words, longest first, case kept."""

    def __init__(
        self,
        forms: dict[tuple[str, ...], tuple[Actor, bool] | None],
        people: Sequence[Person],
        dated: Sequence[tuple[tuple[str, ...], Actor, date]] = (),
        alone: dict[tuple[str, ...], Actor] | None = None,
    ) -> None:
        self._forms = forms
        self._alone = alone or {}
        self._dated = list(dated)
        self._longest = max((len(form) for form in forms), default=1)
        self._openers = {form[0].removesuffix("'") for form in forms}
        self._people: dict[str, list[Person]] = defaultdict(list)
        self._surnames: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            for name in (person.name, *person.aliases):
                self._people[_plain(name)].append(person)
            for surname in _surnames_of(person):
                self._surnames[surname].append(person)

    @classmethod
    def load(cls, path: Path) -> Actors:
        """Read the TOML file. Raises ConfigError that names the entry where it is not well formed."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{path}: {error}") from error
        return cls.read(content, path)

    @classmethod
    def read(cls, content: bytes, path: Path) -> Actors:
        """Read what stands in the TOML file at `path`. Raises ConfigError that names the entry where it is not well formed."""
        try:
            tables = tomllib.loads(content.decode("utf-8"))
        except ValueError as error:  # of UTF-8, or of TOML
            raise ConfigError(f"{path}: {error}") from error
        # None: an ambiguous form, which names nobody and hides what stands within it ("New Mexico", "Latin American").
        forms: dict[tuple[str, ...], tuple[Actor, bool] | None] = {}
        people: list[Person] = []
        dated: list[tuple[tuple[str, ...], Actor, date]] = []
        alone: dict[tuple[str, ...], Actor] = {}
        for table, observer in (("party", False), ("observer", True)):
            for entry in tables.get(table, []):
                try:
                    actor = Actor(entry["name"], entry["kind"], observer)
                    people += _people(entry, actor)
                    alone |= {_form(form): actor for form in entry.get("alone", [])}
                    for form in (*entry.get("ambiguous", []), *entry.get("alone", [])):
                        forms.setdefault(_form(form), None)
                    for form in entry.get("adjectives", []):
                        forms[_form(form)] = forms.get(_form(form)) or (actor, True)
                    for form, until in entry.get("adjectives_until", {}).items():
                        forms.setdefault(_form(form), None)
                        dated.append((_form(form), actor, until))
                    for form in (entry["name"], *entry.get("aliases", [])):
                        forms[_form(form)] = (actor, False)
                except (KeyError, TypeError, ValueError) as error:
                    raise ConfigError(f"{path}: [[{table}]] {entry.get('name', entry)!s:.60}: {error!r}") from error
        return cls({form: value for form, value in forms.items() if form}, people, dated, alone)

    def on_day(self, on: date | None) -> Actors:
        """Return the list as it is on a day: with the adjectives of states whose government changed hands later."""
        valid = {form: (actor, True) for form, actor, until in self._dated if on is not None and on < until}
        if not valid:
            return self
        dated = copy(self)
        dated._forms = {**self._forms, **valid}
        return dated

    def find(self, found: Sequence[Word]) -> Iterator[Named]:
        """Yield the actors named in these words, left to right, the longest form first, none overlapping."""
        i = 0
        while i < len(found):
            for length in range(min(self._longest, len(found) - i), 0, -1) if found[i].form in self._openers else ():
                run = found[i : i + length]
                key = _key(run)
                if key in self._forms:
                    if entry := self._forms[key]:
                        yield Named(run[0].start, run[-1].end, *entry, run[-1].possessive)
                    i += length - 1
                    break
            i += 1

    def alone(self, phrase: str) -> Actor | None:
        """Return whom a name means that names nobody elsewhere, where it is all of a source: "Washington"."""
        return self._alone.get(_form(phrase))

    def person(self, name: str, on: date | None) -> Person | None:
        """Return who that is on a day, by full name; None where nobody is listed, or several whose parties differ.

        A state goes before a political party: a president speaks for the country.
        """
        fitting = [person for person in self._people.get(_plain(name), ()) if _in_office(on)(person)]
        # On the day of a change the office that begins.
        fitting = [person for person in fitting if on is None or person.until != on] or fitting
        fitting = [person for person in fitting if person.party.kind == "country"] or fitting
        return fitting[-1] if len({person.party for person in fitting}) == 1 else None

    def terms(self, name: str, said: str) -> list[Person]:
        """Return the offices of a listed person that are named in what a text says of him."""
        meant = {word.form.lower() for word in words(said)}
        return [person for person in self._people.get(_plain(name), ()) if _holding(meant)(person)]

    def is_over(self, name: str, on: date) -> bool:
        """Say whether all offices of a listed person had ended by a day."""
        terms = self._people.get(_plain(name), [])
        return bool(terms) and all(term.until is not None and term.until < on for term in terms)

    def leads(self, name: str, on: date | None) -> bool:
        """Say whether somebody leads a state on a day (None: at some time): whom news calls by the surname alone."""
        return any(_leading(person) and _in_office(on)(person) for person in self._people.get(_plain(name), ()))

    def knows(self, name: str) -> bool:
        """Say whether somebody is listed under this full name, at whatever time."""
        return _plain(name) in self._people

    def gender(self, name: str) -> str | None:
        """Return the listed gender of a listed person."""
        return next((person.gender for person in self._people.get(_plain(name), ()) if person.gender), None)

    def spelling(self, name: str) -> str:
        """Return a full name as the list writes it, else as it is."""
        listed = self._people.get(_plain(name))
        return listed[0].name if listed else name

    def full_name(self, surname: str, on: date | None = None, said: str = "") -> str | None:
        """Return the one listed person whom a lone surname means on a day; `said` is what a text says beside it of who that is.

        Of several: who was in office, then whose office is named, then who leads a state. News leaves out the first names of
        nobody else.
        """
        offices = self._surnames.get(_plain(surname), [])
        meant = {word.form.lower() for word in words(said)}
        for fits in (_always, _in_office(on), _holding(meant), _leading):
            offices = [office for office in offices if fits(office)] or offices
            if len({office.name for office in offices}) == 1:
                return offices[0].name
        return None


#: The offices whose holders news calls by the surname alone.
_HEADS = frozenset(
    "president,prime minister,premier,chancellor,king,queen,emir,supreme leader,leader,taoiseach,acting president".split(",")
)
#: Where family names come first.
_FAMILY_FIRST = frozenset(
    "China,North Korea,South Korea,Taiwan,Vietnam,Hong Kong government,Hong Kong democracy movement,Singapore".split(",")
)


def _always(_: Person) -> bool:
    return True


def _in_office(on: date | None) -> Callable[[Person], bool]:
    return lambda p: on is None or ((p.since is None or p.since <= on) and (p.until is None or on <= p.until))


def _holding(meant: set[str]) -> Callable[[Person], bool]:
    """Return whether an office is named in a title: "President", but not by "Vice President" the president."""

    def fits(person: Person) -> bool:
        held = {word.form.lower() for word in words(person.role)}
        lower = {"vice", "deputy", "assistant"}
        return bool(held & meant & _TELLING) and held & lower == meant & lower

    return fits


#: The words of an office that tell it from others.
_TELLING = frozenset(
    "president premier chancellor king queen emir prince minister secretary senator governor general ambassador spokesman"
    " spokeswoman leader speaker representative commander director attorney admiral mayor".split()
)


def _leading(person: Person) -> bool:
    return person.role in _HEADS


def _surnames_of(person: Person) -> Iterator[str]:
    forms = [form for form in _plain(person.name).split() if form not in ("jr", "sr", "ii", "iii")]
    yield forms[-1]
    if person.party.name in _FAMILY_FIRST and len(forms) > 1:
        yield forms[0]


def _form(name: str) -> tuple[str, ...]:
    found = words(name)
    return _key(found[1:] if len(found) > 1 and found[0].form in ("The", "the") else found)


def _key(run: Sequence[Word]) -> tuple[str, ...]:
    """Return the forms, those with a possessive inside the run marked: "Russia's Today" is not "Russia Today"."""
    forms = [word.form.replace("’", "'") for word in run]
    return (*(form + "'" * word.possessive for form, word in zip(forms[:-1], run, strict=False)), *forms[-1:])


def _plain(name: str) -> str:
    """Return a person's name without case, accents and middle initials: spellings of one name that news mixes freely."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    forms = [word.form for word in words("".join(c for c in decomposed if not unicodedata.combining(c)))]
    return " ".join((*forms[:1], *(form for form in forms[1:-1] if len(form) > 1), *forms[1:][-1:]))


def _people(entry: dict[str, Any], actor: Actor) -> Iterator[Person]:
    for person in entry.get("people", []):
        aliases = tuple(person.get("aliases", ()))
        yield Person(
            person["name"], person.get("role", ""), actor, person.get("from"), person.get("to"), aliases, person.get("gender")
        )
