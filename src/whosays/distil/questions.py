"""An article → questions that somebody might ask about it, made by templates: to teach with, not to show.

Nothing is understood here. A sentence "NAME VERBED SOMETHING" is turned round into "who VERBED SOMETHING?", "did NAME VERB
SOMETHING?" and so on, and names and topics are put into questions that are asked of all news. Many come out awkward, as do those
that people type, and some have no answer: what answers is the teacher's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from whosays.text import sentences
from whosays.types import Article, Span
from whosays.words import terms

_NAME = r"[A-Z][\w’'-]+(?: (?:al-|[A-Z])[\w’'-]+){0,3}"
_REST = r"(?P<rest>[^.,;:!?“”\"()—–]{4,80})"
_PAST = re.compile(rf"\b(?P<name>{_NAME}) (?P<verb>[a-z]{{2,}}ed) {_REST}")
_AUXILIARY = re.compile(rf"\b(?P<name>{_NAME}) (?P<aux>is|are|was|were|will|would|can|could|should|must|has|have|had) {_REST}")
_COUNT = re.compile(
    r"\b\d[\d,]*(?: more than| other| of the)? (?P<noun>(?:[a-z]+ )?[a-z]{3,}s)\b"
    r"(?: (?P<were>were|have been|had been) (?P<verb>[a-z]+(?:ed|en)))?"
)
_PLACE = re.compile(rf"\b(?:in|at|near|on) (?P<place>{_NAME})")
_THING = re.compile(
    r"\b(?P<thing>(?:the|a|an) (?:[a-z-]+ ){0,2}[a-z]{4,} "
    rf"(?:of|in|on|against|at|near|with|from|over|by|between) (?:the )?{_NAME})"
)
#: Words that begin a sentence with a capital, and are no names.
_NO_NAME = frozenset(
    "The A An It He She They We I You This That These Those But And Or In On At As For If When While After Before Since Of To "
    "With From By There Here His Her Its Their Our My Who What Why How Where One Two Some Many Most All No Not Now Then So Yet "
    "Still Also Even Only Just Such Both Each Other Another Mr Mrs Ms".split()
)
_OF_NAMES = (
    "what does {name} say about {topic}?",
    "what did {name} say about {topic}?",
    "what did {name} do to {other}?",
    "what does {name} want from {other}?",
    "does {name} support {other}?",
    "will {name} attack {other}?",
    "is {name} behind {topic}?",
    "was {name} responsible for {topic}?",
    "why does {name} oppose {topic}?",
    "why did {name} do it?",
    "what happened to {name}?",
    "what happened in {name}?",
    "what is going on between {name} and {other}?",
    "who controls {name}?",
    "who supports {name}?",
    "is there a deal between {name} and {other}?",
)
_OF_TOPICS = (
    "who is to blame for {topic}?",
    "who is behind {topic}?",
    "what caused {topic}?",
    "what is known about {topic}?",
    "was there {topic}?",
    "is {topic} over?",
    "when was {topic}?",
    "how many people died in {topic}?",
    "what do critics say about {topic}?",
    "{topic}",
)
#: Names of no use in a question: days, months, what a sentence begins with.
_NO_SUBJECT = _NO_NAME | frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday".split()
)
#: "provid", "declar": what "ed" was taken from wants its e again.
_SILENT_E = re.compile(r"(?:[cgvuz]|[^aeo]at|ot|id|[^eio]ar|[^aeo]ir|[aeiu]s|ib)$")
#: Sentences looked at in one article, and topics taken from a title of so many content words at most.
_SENTENCES, _TITLE = 60, 4


def questions(article: Article, most: int, draw: Random) -> list[str]:
    """Return at most `most` different questions on an article, drawn by `draw`, of as many kinds as it has."""
    kinds = [list(dict.fromkeys(kind)) for kind in _kinds(article, draw)]
    for kind in kinds:
        draw.shuffle(kind)
    drawn: dict[str, None] = {}
    while any(kinds) and len(drawn) < most:
        for kind in kinds:
            if kind and len(drawn) < most:
                drawn[_asked(kind.pop())] = None
    return list(drawn)


def _kinds(article: Article, draw: Random) -> list[Iterator[str]]:
    spans = sentences(article.text, Span(0, len(article.text)))[:_SENTENCES]
    told = [" ".join(article.text[slice(*span)].split()) for span in spans]
    names = [name for sentence in told for name in _names(sentence)]
    topics = [match["thing"] for sentence in told for match in _THING.finditer(sentence)] + _of_title(article.title)
    kinds = [_done(told), _been(told), _counted(told), _filled(_OF_TOPICS, names, topics, draw)]
    draw.shuffle(kinds)
    return [_filled(_OF_NAMES, names, topics, draw), *kinds, iter([article.title] if article.title else [])]


def _done(told: Sequence[str]) -> Iterator[str]:
    """Yield who did it, whether and why, of what somebody did."""
    for match in (match for sentence in told for match in _PAST.finditer(sentence)):
        name, verb, rest = match["name"], match["verb"], _short(match["rest"])
        if name.split()[0] not in _NO_SUBJECT:
            yield from (f"who {verb} {rest}?", f"did {name} {_base(verb)} {rest}?", f"why did {name} {_base(verb)} {rest}?")


def _been(told: Sequence[str]) -> Iterator[str]:
    """Yield whether, who and why, of what somebody is, will or has."""
    for match in (match for sentence in told for match in _AUXILIARY.finditer(sentence)):
        name, auxiliary, rest = match["name"], match["aux"], _short(match["rest"])
        if name.split()[0] not in _NO_SUBJECT:
            yield from (f"{auxiliary} {name} {rest}?", f"who {auxiliary} {rest}?", f"why {auxiliary} {name} {rest}?")


def _counted(told: Sequence[str]) -> Iterator[str]:
    for sentence in told:
        place = next((f" in {match['place']}" for match in _PLACE.finditer(sentence)), "")
        for match in _COUNT.finditer(sentence):
            yield f"how many {match['noun']} {'were ' + match['verb'] if match['verb'] else 'are there'}{place}?"


def _filled(templates: Sequence[str], names: Sequence[str], topics: Sequence[str], draw: Random) -> Iterator[str]:
    """Yield each template once, with names and topics drawn anew."""
    if names and topics:
        for template in templates:
            yield template.format(name=draw.choice(names), other=draw.choice(names), topic=draw.choice(topics))


def _names(sentence: str) -> Iterator[str]:
    """Yield the names in a sentence, but for its first word, which has a capital whatever it is."""
    for match in re.finditer(_NAME, sentence):
        if match.start() and match.group().split()[0] not in _NO_SUBJECT:
            yield re.sub(r"[’']s$", "", match.group())


def _of_title(title: str | None) -> list[str]:
    """Return a title's first words of content, as one types a topic."""
    kept = [word for word in re.findall(r"[\w’'.-]+", title or "") if terms(word)]
    return [" ".join(kept[:n]) for n in range(2, _TITLE + 1) if len(kept) >= n]


def _short(rest: str) -> str:
    """Return the beginning of what follows a verb, of at most eight words, not ending in a word that wants another."""
    words = rest.split()[:8]
    while len(words) > 1 and not terms(words[-1]):
        words.pop()
    return " ".join(words)


def _base(past: str) -> str:
    """Return "stop" for "stopped", "deny" for "denied"; now and then what is no word ("fir")."""
    stem = past[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return f"{stem}e" if _SILENT_E.search(stem) else stem


def _asked(question: str) -> str:
    """Return a question without the article's typography."""
    return question.replace("’", "'").strip()
