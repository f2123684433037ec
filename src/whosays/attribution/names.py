"""The people of an article: which mentions of names are one person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from whosays.attribution.actors import Actors
from whosays.attribution.mentions import Mention, is_role, mentions_of
from whosays.attribution.roles import MONTHS, NOT_PERSONS, PARTICLES, ROLE_NOUNS
from whosays.types import Span


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the article: the fullest form of the name and all mentions, in text order."""

    name: str
    mentions: tuple[Mention, ...]

    def roles(self) -> Iterator[Span]:
        """Yield where it is said who that is, in text order."""
        for mention in self.mentions:
            yield from mention.roles


class Names:
    """Who is named in a text, and where."""

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors, on: date | None) -> None:
        mentions = [mention for paragraph in paragraphs for mention in mentions_of(text, paragraph, actors)]
        self.people = _people(text, mentions, actors, on)
        self._by_start = sorted(((m.span, person) for person in self.people for m in person.mentions), key=lambda pair: pair[0])
        self._mentions = {m.span: m for person in self.people for m in person.mentions}

    def within(self, span: Span) -> list[tuple[Mention, Someone]]:
        """Return who is mentioned in a stretch, in text order."""
        return [(self._mentions[at], person) for at, person in self._by_start if span.start <= at.start and at.end <= span.end]

    def before(self, position: int, since: int) -> list[tuple[Mention, Someone]]:
        """Return who is mentioned between `since` and `position`, the latest first."""
        return [
            (self._mentions[at], person) for at, person in reversed(self._by_start) if since <= at.start and at.end <= position
        ]


def _people(text: str, mentions: Sequence[Mention], actors: Actors, on: date | None) -> list[Someone]:
    """Group mentions into people: a part of a name goes to the nearest earlier full name that holds it, else to a later one."""
    groups = _full_names(mentions, actors)
    starts = {key: [m.span.start for m in group] for key, group in groups.items()}
    loose: dict[str, list[Mention]] = {}
    for mention in mentions:
        if len(mention.tokens) > 1:
            continue
        token = _bare(mention.tokens[0])
        fitting = [key for key in starts if key[-1] == token]
        known = actors.full_name(mention.tokens[0], on, _said(text, [mention]))
        if not fitting and not known:
            fitting = [key for key in starts if token in key and not mention.honorific]
        introduced = any(start < mention.span.start for key in fitting for start in starts[key])
        if known and actors.leads(known, on) and (token in loose or not introduced):
            # "Trump" before anybody of that name is introduced is not Melania Trump.
            fitting = [key for key in fitting if key == _key(known.split())]
        if fitting:
            earlier = {key: max((s for s in starts[key] if s < mention.span.start), default=-1) for key in fitting}
            # Somebody spoken of before goes before somebody who comes only later.
            groups[max(fitting, key=lambda key: (earlier[key], -starts[key][0]))].append(mention)
        elif mention.tokens[0] not in NOT_PERSONS:
            loose.setdefault(token, []).append(mention)
    people = []
    for group in groups.values():
        forms = Counter(text[m.span.start : m.span.end] for m in group if len(m.tokens) > 1)
        # The form used most, of equal ones the first; capitals only where the text has nothing else.
        name = max(forms, key=lambda form: (not form.isupper(), len(form.split()) > 1, forms[form]))
        people.append(Someone(actors.spelling(name) if name.isupper() else name, tuple(sorted(group, key=lambda m: m.span))))
    return people + [person for group in loose.values() if (person := _known_by_surname(text, group, actors, on))]


def _full_names(mentions: Sequence[Mention], actors: Actors) -> dict[tuple[str, ...], list[Mention]]:
    """Return the mentions of more than a word by who is meant: "Mark Lyall Grant" and "Lyall Grant" are one."""
    groups: dict[tuple[str, ...], list[Mention]] = {}
    for mention in mentions:
        if len(mention.tokens) > 1:
            groups.setdefault(_key(mention.tokens), []).append(mention)
    # In capitals alone it is the place in a dateline, or a heading.
    for key, group in list(groups.items()):
        if all("".join(m.tokens).isupper() for m in group) and not actors.knows(" ".join(group[0].tokens)):
            del groups[key]
    for key in sorted(groups, key=len):
        longer = [other for other in groups if len(other) > len(key) and other[-len(key) :] == key]
        if len(longer) == 1:
            groups[longer[0]] += groups.pop(key)
    return groups


def _known_by_surname(text: str, group: Sequence[Mention], actors: Actors, on: date | None) -> Someone | None:
    """Return whom a surname means that the article never explains: somebody listed, or somebody with a title."""
    first = group[0].span
    written = text[first.start : first.end]
    place = re.search(r"\b(?:[Tt]he|in|at|from|near)\s$", text[max(0, first.start - 6) : first.start])
    # "Muslim leaders" are not Mr Muslim's: a lone surname that the article never explains must stand alone.
    behind = re.match(r"\s(?:[A-Z]|([a-z]+s)\b)", text[first.end : first.end + 24])
    modifies = behind and (behind[1] is None or behind[1] in ROLE_NOUNS)
    full = None if place or modifies or written in MONTHS else actors.full_name(written, on, _said(text, group))
    # Who is out of office is introduced by his full name; another of his surname may be meant.
    full = full if full and actors.person(full, on) else None
    if full or any(m.honorific or any(is_role(text[s:e]) for s, e in m.roles) for m in group):
        return Someone(full or written, tuple(group))
    return None


def _said(text: str, group: Sequence[Mention]) -> str:
    """Return what is said beside the mentions of who that is."""
    return " ".join(text[s:e] for m in group for s, e in m.roles)


def _bare(token: str) -> str:
    return re.sub(r"^(al|el|Al|El)-", "", token).casefold()


def _key(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return what tells one name from another: its words without particles and middle initials."""
    kept = [_bare(token) for token in tokens if token not in PARTICLES]
    return (*kept[:1], *(token for token in kept[1:-1] if len(token) > 1), *kept[1:][-1:])
