"""The people of an article: each mention of a name, what is said beside it of who that is, and which mentions are one person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whosays.attribution.actors import Actors, Word, words
from whosays.attribution.roles import (
    HONORIFICS,
    MODIFIERS,
    MONTHS,
    NOT_PERSONS,
    OPENERS,
    PARTICLES,
    PERSONAL,
    ROLE_NOUNS,
    TITLES,
)
from whosays.types import Span

_AFTER = re.compile(r",\s+((?:(?:the|a|an|his|her|its|their|one)\s|[A-Z]|\w+\s+(?:of|for|at)\s|\w+\s+and\s)[^,;:()“”\"\n]{2,90})")
_BETWEEN = frozenset(["of", "to", "in", "for", "at", "on"])
_MEMBER = re.compile(r"\s(?:of|from)\s((?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)")
_BEFORE = re.compile(
    r"(?:^|[.;:“”\"\n]\s*|\b(?:and|by|as|that|but)\s+)((?:The|the|A|a|An|an|Its|its|His|his|Her|her|\w+['’]s)\s[^,.;:“”\"\n]{3,80}),\s+$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text. `roles` are the stretches beside it that say who that is: title before, apposition on either side."""

    span: Span
    tokens: tuple[str, ...]
    roles: tuple[Span, ...]
    honorific: str
    possessive: bool


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

    def __init__(self, text: str, paragraphs: Sequence[Span], actors: Actors) -> None:
        mentions = [mention for paragraph in paragraphs for mention in _mentions(text, paragraph, actors)]
        self.people = _merge(text, mentions, actors)
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


def _mentions(text: str, paragraph: Span, actors: Actors) -> Iterator[Mention]:
    found = words(text, *paragraph)
    named = {(n.start): n for n in actors.find(found)}
    for first, end in _runs(text, found):
        begin = _name_start(found, first, end, {n.start: n.end for n in named.values()})
        begin, last = _listed(found, begin, end, actors)
        run = found[begin:last]
        titled = begin > first
        if not run or any(word.form in NOT_PERSONS for word in run) or len(run) > 5:
            continue
        if run[0].form in MONTHS and len(run) == 1 and not titled and _is_month(text, run[0]):
            continue
        if len(run) > 1 and all(word.form.isupper() for word in run):
            continue  # the place in a dateline
        whole = named.get(run[0].start)
        if whole and whole.end >= run[-1].end:
            continue
        honorific = found[begin - 1].form if begin and found[begin - 1].form in HONORIFICS else ""
        if len(run) == 1 and not titled and run[0].form.lower() in OPENERS | PARTICLES:
            continue
        written = text[run[0].start : run[-1].end]
        span = Span(run[0].start, run[0].start + len(re.sub(r"(?:['’]s?|\.)$", "", written)))
        yield Mention(
            span, tuple(w.form for w in run), tuple(_roles(text, paragraph, found, begin, span)), honorific, run[-1].possessive
        )


def _runs(text: str, found: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words (with particles between) that nothing but a blank parts."""
    i = 0
    while i < len(found):
        if not _is_capital(found[i]):
            i += 1
            continue
        last = i + 1
        while last < len(found) and _joined(text, found[last - 1], found[last]):
            word = found[last]
            if _is_capital(word):
                last += 1
            elif (
                word.form in PARTICLES
                and last + 1 < len(found)
                and _is_capital(found[last + 1])
                and _joined(text, word, found[last + 1])
            ):
                last += 2
            else:
                break
        yield i, last
        i = last


def _is_capital(word: Word) -> bool:
    return (
        bool(re.match(r"(?:[a-z]{2,3}-)?[^\W\d_]", word.form))
        and not word.form.islower()
        and (word.form[0].isupper() or bool(re.match(r"[a-z]{2,3}-[^\W\d_a-z]", word.form)))
        and word.form.lower() not in OPENERS
    )


def _joined(text: str, left: Word, right: Word) -> bool:
    if text[left.end : right.start] != " " or left.possessive:
        return False
    if len(left.form) > 3 and left.form.isupper() and not right.form.isupper():
        return False  # a heading or a button that ran into the sentence
    return text[left.end - 1] != "." or len(left.form) == 1 or left.form in TITLES or left.form.isupper()


def _name_start(found: Sequence[Word], first: int, last: int, actors: dict[int, int]) -> int:
    """Return where the name begins: behind nationalities ("Syrian"), bodies ("Kremlin"), the last title ("Minister")."""
    i = first
    while i < last:
        end = actors.get(found[i].start)
        if i > first and found[i - 1].form in PERSONAL:
            break  # "Rep. Dutch Ruppersberger" is nobody's from the Netherlands
        if end is not None and end < found[last - 1].end:
            while i < last and found[i].start < end:
                i += 1
        elif any(_is_title(word) for word in found[i : last - 1]) or all(_is_title(word) for word in found[i:last]):
            i += 1
        else:
            break
    return i


def _is_month(text: str, word: Word) -> bool:
    """Say whether a "May" is the month: behind "in" or a day, or before a number."""
    before, after = text[max(0, word.start - 12) : word.start], text[word.end : word.end + 3]
    return bool(
        re.search(
            r"(?:\b(?:in|last|since|until|till|of|by|early|mid|late|on|this|next|from|to|and|before|after)|\d)[ -]$", before
        )
    ) or bool(re.match(r",? \d", after))


def _listed(found: Sequence[Word], begin: int, last: int, actors: Actors) -> tuple[int, int]:
    """Return the part of a run that is a listed person's full name, if there is one: a heading or a link may have run into it."""
    for first in range(begin, last - 1):
        for end in range(last, first + 1, -1):
            if actors.knows(" ".join(word.form for word in found[first:end])):
                return first, end
    return begin, last


def _is_title(word: Word) -> bool:
    return word.form in TITLES or word.form.endswith("-General")


def _roles(text: str, paragraph: Span, found: Sequence[Word], begin: int, name: Span) -> Iterator[Span]:
    i = begin
    while (
        i > 0
        and (found[i - 1].possessive or _joined(text, found[i - 1], found[i]))
        and text[found[i - 1].end : found[i].start] == " "
    ):
        word = found[i - 1]
        lower = word.form.lower()
        # "Estavian ambassador to Lowmark Tamsin Roe": the office goes on before its "to".
        of = lower in _BETWEEN and 1 < i < begin and (found[i - 2].form in TITLES or found[i - 2].form.lower() in ROLE_NOUNS)
        if not (
            (text[word.start].isupper() and lower not in OPENERS)
            or lower in ROLE_NOUNS
            or lower in MODIFIERS
            or "-" in lower
            or of
        ):
            break
        i -= 1
    if i < begin:
        yield Span(found[i].start, found[begin - 1].end)
    opening = max(paragraph.start, name.start - 120)
    before = _BEFORE.search(text[opening : name.start])
    if before and _is_role(before[1]):
        yield Span(opening + before.start(1), opening + before.end(1))
    member = _MEMBER.match(text, name.end, paragraph.end)
    if member:
        yield Span(*member.span(1))
    after = _AFTER.match(text, name.end, paragraph.end)
    if after:
        phrase = re.split(r"\s+(?:who|which|said|says|told|wrote|added|has|had|was|is)\b|(?<![A-Z])\.\s|\.$", after[1])[0]
        # "…attacks on the town, spokesman Saeed Khatib said" tells who Khatib is, not what the town is.
        if _is_role(phrase) and not _ends_in_a_name(phrase):
            yield Span(after.start(1), after.start(1) + len(phrase))


def _ends_in_a_name(phrase: str) -> bool:
    forms = [word.form for word in words(phrase)]
    last = len(forms)
    while last and forms[last - 1][0].isupper():
        last -= 1
    return 0 < last < len(forms) and forms[last - 1].lower() in ROLE_NOUNS


def _is_role(phrase: str) -> bool:
    return any(word.form.lower() in ROLE_NOUNS or word.form in TITLES for word in words(phrase))


def _merge(text: str, mentions: Sequence[Mention], actors: Actors) -> list[Someone]:
    """Group mentions into people: a part of a name goes to the nearest earlier full name that holds it, else to a later one."""
    groups: dict[tuple[str, ...], list[Mention]] = {}
    parts: list[Mention] = []
    for mention in mentions:
        if len(mention.tokens) > 1:
            groups.setdefault(_key(mention.tokens), []).append(mention)
        else:
            parts.append(mention)
    starts = {key: [m.span.start for m in group] for key, group in groups.items()}
    loose: dict[str, list[Mention]] = {}
    for mention in parts:
        token = _bare(mention.tokens[0])
        fitting = [key for key in starts if key[-1] == token]
        if not fitting and not actors.full_name(mention.tokens[0]):
            fitting = [key for key in starts if token in key and not mention.honorific]
        if fitting:
            earlier = {key: max((s for s in starts[key] if s < mention.span.start), default=-1) for key in fitting}
            # Somebody spoken of before goes before somebody who comes only later.
            groups[max(fitting, key=lambda key: (earlier[key], -starts[key][0]))].append(mention)
        else:
            loose.setdefault(token, []).append(mention)
    people = []
    for group in groups.values():
        forms = Counter(text[m.span.start : m.span.end] for m in group if len(m.tokens) > 1)
        people.append(Someone(forms.most_common(1)[0][0], tuple(sorted(group, key=lambda m: m.span))))
    for group in loose.values():
        written = text[group[0].span.start : group[0].span.end]
        place = re.search(r"\b(?:[Tt]he|in|at|from|near)\s$", text[max(0, group[0].span.start - 6) : group[0].span.start])
        # "Muslim leaders" are not Mr Muslim's: a lone surname that the article never explains must stand alone.
        modifies = re.match(r"\s(?:[A-Z]|[a-z]+s\b)", text[group[0].span.end : group[0].span.end + 24])
        full = None if place or modifies or written in MONTHS else actors.full_name(written)
        if full or any(m.honorific or any(_is_role(text[s:e]) for s, e in m.roles) for m in group):
            people.append(Someone(full or written, tuple(group)))
    return people


def _bare(token: str) -> str:
    return re.sub(r"^(al|el|Al|El)-", "", token).casefold()


def _key(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(_bare(token) for token in tokens if token not in PARTICLES)
