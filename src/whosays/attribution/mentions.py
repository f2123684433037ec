"""The names in a text: where each stands, its title, and what is said beside it of who that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whosays.attribution.actors import Actors, Word, words
from whosays.attribution.roles import (
    BODIES,
    HONORIFICS,
    KINSHIP,
    LEADERS,
    MODIFIERS,
    MONTHS,
    NAMELIKE,
    NOT_PERSONS,
    OPENERS,
    PARTICLES,
    PERSONAL,
    ROLE_NOUNS,
    SPOKES,
    THINGS,
    TITLES,
    words_of,
)
from whosays.types import Span

_AFTER = re.compile(
    r",\s+((?:(?:the|a|an|his|her|its|their|one)\s|[A-Z]|(?:[\w-]+\s+){1,3}(?:of|for|at)\s|\w+\s+and\s)"
    r"[^,;:()“”\"\n]{2,90})"
)
#: In words.
_LONGEST_NAME = 5
_BETWEEN = frozenset(["of", "to", "in", "for", "at", "on"])
#: Behind one of these, "of", "for" or "to" and an office comes the name of somebody else: "adviser to President Ulla Brandt".
_OF_ANOTHER = (
    SPOKES
    | KINSHIP
    | words_of(
        """
        lawyer lawyers attorney attorneys aide aides adviser advisers advisor advisors ally allies envoy envoys deputy
        deputies assistant supporter supporters opponent opponents critic critics rival rivals friend friends colleague
        """
    )
)
#: Titles that no person is called by alone: areas, ranks, bodies.
_AREAS = words_of(
    """
    foreign defense defence interior finance justice energy health home state treasury homeland security special acting
    former national supreme interim senior opposition house senate majority minority parliament hospital army navy force
    staff press executive field under permanent deputy vice prime
    """
)
_OFFICES = ({title.lower() for title in TITLES} | LEADERS | {"candidate", "founder"}) - _AREAS
_MEMBER = re.compile(r"\sof\s((?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)")
#: Anything up to a comma; the dots of "Mr." and "U.N." are no end.
_WITHOUT_COMMA = r"(?:[^,.;:“”\"\n]|(?<=\b[A-Z])\.|(?<=\bM[rs])\.|(?<=\b(?:Mrs|Gen|Sen|Rep|Gov|Col))\.){3,80}"
_BEFORE = re.compile(
    r"(?:^|[.;:“”\"\n]\s*|\b(?:and|by|as|that|but|said|says|added)\s+)"
    rf"((?:The|the|A|a|An|an|Its|its|His|his|Her|her|\w+['’]s)\s{_WITHOUT_COMMA}),\s+$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text. `roles` are the stretches beside it that say who that is: title before, apposition on either side."""

    span: Span
    tokens: tuple[str, ...]
    roles: tuple[Span, ...]
    honorific: str
    possessive: bool


def mentions_of(text: str, paragraph: Span, actors: Actors) -> Iterator[Mention]:
    """Yield the names in a paragraph that may be people's, in text order."""
    found = words(text, *paragraph)
    named = {n.start: n for n in actors.find(found)}
    for first, end in _runs(text, found, frozenset(named)):
        begin = _name_start(found, first, end, {n.start: n.end for n in named.values()})
        begin, last = _listed(found, begin, end, actors)
        run = found[begin:last]
        titled = begin > first
        if not run or len(run) > _LONGEST_NAME or _is_body(text, found, begin, last, actors):
            continue
        if run[0].form in MONTHS and len(run) == 1 and not titled and _is_month(text, run[0]):
            continue
        whole = named.get(run[0].start)
        if (whole and whole.end >= run[-1].end) or any(word.start in named for word in run[1:]):
            continue  # a body, or one with a verb before it: "Visit Lowmark"
        if any(n.start < run[0].start and run[-1].end <= n.end for n in named.values()):
            continue  # the end of a body's name: "Front for the Highlands"
        honorific = found[begin - 1].form if begin and found[begin - 1].form in HONORIFICS else ""
        if len(run) == 1 and not titled and run[0].form.lower() in OPENERS | PARTICLES | _OF_ANOTHER:
            continue
        written = text[run[0].start : run[-1].end]
        span = Span(run[0].start, run[0].start + len(re.sub(r"(?:['’]s?|\.)$", "", written)))
        roles = tuple(_roles(text, paragraph, found, begin, span, frozenset(named)))
        yield Mention(span, tuple(w.form for w in run), roles, honorific, run[-1].possessive)


def _is_body(text: str, found: Sequence[Word], begin: int, last: int, actors: Actors) -> bool:
    """Say whether a run of capitalised words names a body: "Mill Owners League", "Norvale Drivers’ [Union]", not "Bill Torv"."""
    run = found[begin:last]
    forms = [word.form for word in run]
    owns = run[-1].possessive or text[run[-1].end : run[-1].end + 1] in ("'", "’")
    if owns and last < len(found) and found[last].form in NOT_PERSONS - NAMELIKE:
        return True
    if not any(form in NOT_PERSONS for form in forms):
        return False
    if any(form in NOT_PERSONS - NAMELIKE for form in forms):
        return True
    if begin and (_is_title(found[begin - 1]) or found[begin - 1].form.lower() in ROLE_NOUNS):
        return False
    if len(run) == 1:
        # "Park said": somebody of that name, if the text has one. "The West" is nobody.
        return bool(re.search(r"\b[Tt]he\s$", text[max(0, run[0].start - 4) : run[0].start]))
    return not (forms[0] == "Bill" or (forms[0] == "Park" and "-" in forms[-1]) or actors.knows(" ".join(forms)))


def _runs(text: str, found: Sequence[Word], actors: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words (with particles between) that nothing but a blank parts; `actors` begin there."""
    i = 0
    while i < len(found):
        if not _is_capital(found[i]):
            i += 1
            continue
        last = i + 1
        while last < len(found) and _joined(text, found[last - 1], found[last], actors):
            word = found[last]
            if _is_capital(word):
                last += 1
            elif (
                word.form in PARTICLES
                and last + 1 < len(found)
                and _is_capital(found[last + 1])
                and _joined(text, word, found[last + 1], actors)
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


def _joined(text: str, left: Word, right: Word, actors: frozenset[int]) -> bool:
    if text[left.end : right.start] != " " or left.possessive:
        return False
    if len(left.form) > 3 and left.form.isupper() and not right.form.isupper() and left.start not in actors:
        return False  # a heading or a button that ran into the sentence
    if text[left.end - 1] != "." or len(left.form) == 1 or left.form in TITLES:
        return True
    # "U.S. President" goes on, "…captured ISIS. Mattis" does not.
    return left.form.isupper() and "." in text[left.start : left.end - 1]


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
        elif i == first and last - i > 2 and found[i].form.lower() in ROLE_NOUNS - BODIES:
            i += 1  # "Witness Ana Belk said"
        else:
            break
    # "Governor of Norvale Ana Belk": the place is no part of her name.
    if i == first and last - i > 2 and i > 1 and found[i - 1].form == "of" and _is_title(found[i - 2]):
        i += 1
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
        for end in range(min(last, first + _LONGEST_NAME), first + 1, -1):
            if actors.knows(" ".join(word.form for word in found[first:end])):
                return first, end
    return begin, last


def _is_title(word: Word) -> bool:
    return word.form in TITLES or word.form.endswith("-General")


def _roles(text: str, paragraph: Span, found: Sequence[Word], begin: int, name: Span, actors: frozenset[int]) -> Iterator[Span]:
    i = begin
    while (
        i > 0
        and (found[i - 1].possessive or _joined(text, found[i - 1], found[i], actors))
        and text[found[i - 1].end : found[i].start] == " "
    ):
        word = found[i - 1]
        lower = word.form.lower()
        # "Estavian ambassador to Lowmark Tamsin Roe": the office goes on before its "to".
        behind = found[i - 2].form if i > 1 else ""
        if lower == "the" and behind.lower() in _BETWEEN and i > 2:
            lower, behind = behind.lower(), found[i - 3].form  # "ambassador to the River League"
        of = lower in _BETWEEN and 1 < i < begin and (behind in TITLES or behind.lower() in ROLE_NOUNS)
        of = of and not _is_of_another(behind.lower(), found[i:begin])  # "a spokesman for Ms Brandt" is not her role
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
    if before and is_role(before[1]):
        yield Span(opening + before.start(1), opening + before.end(1))
    member = _MEMBER.match(text, name.end, paragraph.end)
    if member:
        yield Span(*member.span(1))
    after = _AFTER.match(text, name.end, paragraph.end)
    if after:
        phrase = re.split(r"\s+(?:who|which|said|says|told|wrote|added|has|had|was|is)\b|(?<![A-Z])\.\s|\.$", after[1])[0]
        # "…attacks on the town, spokesman Saeed Khatib said" tells who Khatib is, not what the town is.
        if is_role(phrase) and not _ends_in_a_name(phrase):
            yield Span(after.start(1), after.start(1) + len(phrase))


def _is_of_another(noun: str, office: Sequence[Word]) -> bool:
    """Say whether a noun before "of", "for" or "to" tells of somebody other than who holds the office: "aide to President".

    "Spokesman for Defence Ministry Ivo Stell" and "envoy to Estavia Ivo Stell" are about him.
    """
    if office[0].form in HONORIFICS:
        return True
    bodies = any(word.form in NOT_PERSONS or word.form.lower() in BODIES for word in office)
    return noun in _OF_ANOTHER and not bodies and office[-1].form.lower() in _OFFICES


def _ends_in_a_name(phrase: str) -> bool:
    forms = [word.form for word in words(phrase)]
    last = len(forms)
    while last and forms[last - 1][0].isupper():
        last -= 1
    return 0 < last < len(forms) and forms[last - 1].lower() in ROLE_NOUNS


def is_role(phrase: str) -> bool:
    """Say whether a phrase says who somebody is: it holds an office, a title, a trade."""
    return any(word.form.lower() in ROLE_NOUNS - THINGS - BODIES or word.form in TITLES for word in words(phrase))
