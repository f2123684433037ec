"""A question that cannot stand alone ("and the League?", "since when?") → Query, with the topic of the question before it.

Plain patterns, as in question.py. A question that names its own matter stands alone, whatever it replies to: taken for a
follow-up it would be answered with another topic's claims, while a follow-up taken for a question finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from whosays.question import CUE, check_language, understand
from whosays.times import find_window
from whosays.types import Query, Window
from whosays.words import terms

#: Returns the names by which a claim's speaker or side is told from others, for a name as it is typed; none for what names nobody
#: who is known to speak ("the harbour").
Known = Callable[[str], tuple[str, ...]]

_LEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so|ok|okay|also|then|well|hm+|now|what\s+about|how\s+about|what\s+of|and\s+for)\b[\s,]*)+", re.I
)
_CONTRACTED = re.compile(r"^(what|who|where|when|why|how)[’']s\b", re.I)
_CLAUSE = re.compile(
    r"^\W*(?:(?:by|to|for|with|from|of|since|until|till|against)\s+)?(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were"
    r"|do|does|did|has|have|had|will|would|can|could|should|may|might|isn[’']t|aren[’']t|wasn[’']t|didn[’']t|doesn[’']t|hasn[’']t)\b",
    re.I,
)
#: Words that make no matter of their own: "is that true?", "who else?", "any proof?".
_EMPTY = frozenset(
    terms(
        "true right correct false lie fake sure real else others side sides party parties still yet today now exactly precisely"
        " long many much ever anyone anybody someone somebody everyone everybody nobody thing something case proof evidence"
        " source come so reason point mean kind sort since until till next"
    )
)
_POINTS_AT_A_MATTER = re.compile(r"\b(?:it|this|that|these|those|them|there)\b", re.I)
_POINTS_AT_PEOPLE = re.compile(r"\b(?:he|him|his|she|her|hers|they|their|theirs)\b", re.I)
_POINTERS = re.compile(f"(?:{_POINTS_AT_A_MATTER.pattern}|{_POINTS_AT_PEOPLE.pattern})\\s*", re.I)
#: What a question without words of its own asks of the matter, and how a question of that kind begins (see asked.py).
_INTERROGATIVES = (
    ("when", re.compile(r"\b(?:when|how\s+long|(?:what|which)\s+(?:day|date|time|year))\b", re.I)),
    ("where", re.compile(r"\bwhere\b", re.I)),
    ("why", re.compile(r"\b(?:why|how\s+come|what\s+for|(?:what|which)\s+reasons?)\b", re.I)),
    ("how many", re.compile(r"^\W*how\s+(?:many|much)\W*$", re.I)),
    ("who", re.compile(r"^\W*(?:(?:by|to|for|with|from|against)\s+)?whom?\W*$", re.I)),
    ("how", re.compile(r"^\W*how\W*$", re.I)),
)
_INTERROGATIVE = re.compile(
    r"^\W*(?:(?:by|to|for|with|from|of|since|until|till|against)\s+)?(?:who|whom|whose|what|which|when|where|why|how(?:\s+(?:many|much|long))?)\b\s*",
    re.I,
)
_HOW_MANY = re.compile(r"\bhow\s+(?:many|much)\s+\w+", re.I)
_DETERMINER = re.compile(r"^(?:the|a|an|mr\.?|mrs\.?|ms\.?)\s+", re.I)
#: "the League’s view" is what the League says.
_VIEW = re.compile(
    r"(?:[’']s?)?\s+(?:own\s+)?(?:view|views|position|side|stance|version|answer|response|reaction|claims?|denial)$|[’']s?$", re.I
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|&|/|\b(?:and|or|nor)\b)\s*", re.I)
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*")
_ONE_NAME = re.compile(rf"(?P<place>(?:in|at|near|on|from)\s+(?:the\s+)?)?(?P<name>{_NAME.pattern})")
_SPEAKS = re.compile(rf"\b{CUE}\b", re.I)

#: A phrase with so many content words that the question before does not have is a topic of its own.
_OWN_TOPIC = 3
#: A question with a pronoun, and one without, has at most so many content words of its own where it cannot stand alone.
_POINTING, _BARE = 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A follow-up in the making: what is asked, without the words that lead in, the time, the speakers and the outlets named."""

    query: Query
    before: Query
    rest: str
    known: Known

    @property
    def own(self) -> list[str]:
        """The content words."""
        return [term for term in dict.fromkeys(terms(self.rest)) if term not in _EMPTY]

    @property
    def new(self) -> list[str]:
        """The content words that the question before does not have."""
        had = set(terms(self.before.topic))
        return [term for term in self.own if term not in had]


def follow(question: str, before: Query, now: datetime, outlets: Iterable[str] = (), known: Known = lambda name: ()) -> Query:
    """Return what a question asks for that may follow on another one, as `understand` does.

    One that cannot stand alone keeps the topic of `before`, with what it adds: a speaker, a time, an outlet, when or why, or
    words that narrow it; `Query.follows` is then the first question of the chain, as it was asked. Raises LanguageError.
    """
    check_language(question)
    text, outlets = " ".join(question.split()), tuple(outlets)
    bare = _CONTRACTED.sub(r"\1 is", _LEAD.sub("", text))
    query = replace(understand(bare, now, outlets), text=question)
    # understand() gives the whole text as topic where nothing is left of it.
    names_only = query.topic == bare and bool(query.speakers or query.outlets or query.window != Window())
    asked = _Asked(query=query, before=before, rest="" if names_only else query.topic, known=known)
    followed: Query | None
    if not asked.own:
        followed = _bare(asked)
    elif query.speakers or query.outlets or _CLAUSE.search(asked.rest):
        followed = _clause(asked)
    else:
        followed = _phrase(asked, now, outlets, led_in=bool(_LEAD.match(text)), is_asked=text.endswith("?"))
    if followed is None:
        return query
    return replace(
        followed,
        text=question,
        window=followed.window if followed.window != Window() else before.window,
        outlets=followed.outlets or before.outlets,
        follows=before.follows or before.text,
    )


def _bare(asked: _Asked) -> Query:
    """Return a follow-up that has no matter of its own: "since when?", "what did Averin say?", "last week?", "is that true?"."""
    query, before = asked.query, asked.before
    if query.speakers:
        return replace(query, topic=before.topic, speakers=_speakers(query.speakers, asked.known))
    for lead, pattern in _INTERROGATIVES:
        if pattern.search(asked.rest):
            return replace(query, topic=f"{lead} {_matter(before.topic)}", speakers=before.speakers)
    # "Really?" wants to hear everybody; "what do they say?" those who spoke last.
    everybody = query.window == Window() and not query.outlets and not _POINTS_AT_PEOPLE.search(asked.rest)
    return replace(query, topic=before.topic, speakers=() if everybody else before.speakers)


def _clause(asked: _Asked) -> Query | None:
    """Return a follow-up that is a question with words of its own ("did they deny it?", "who died?"); None if it stands alone."""
    query, before, rest = asked.query, asked.before, asked.rest
    names = [match.group() for match in _NAME.finditer(rest) if not _CLAUSE.search(match.group())]
    speaking = [name for name in names if asked.known(name)]
    had = set(terms(before.topic))
    strange = [name for name in names if name not in speaking and not set(terms(name)) <= had]
    points = _POINTS_AT_A_MATTER.search(rest) or (not query.speakers and _POINTS_AT_PEOPLE.search(rest))
    if points:
        follows = not strange and len(asked.new) <= _POINTING
    else:
        counted = _HOW_MANY.sub("", rest)
        content = [term for term in asked.own if term in terms(counted)]
        follows = not names and not query.speakers and not query.outlets and len(content) <= _BARE
    if not follows:
        return None
    speakers = query.speakers or tuple(speaking if _SPEAKS.search(rest) else ())
    kept = _speakers(speakers, asked.known) or before.speakers
    if not asked.new:
        lead = _INTERROGATIVE.match(rest)
        topic = f"{lead.group().strip()} {_matter(before.topic)}" if lead else before.topic
    else:
        words = " ".join(_POINTERS.sub("", rest).split())
        topic = f"{words} {_matter(before.topic)}" if _CLAUSE.search(rest) else f"{before.topic}, {words}"
    return replace(query, topic=topic, speakers=kept)


def _phrase(asked: _Asked, now: datetime, outlets: Iterable[str], *, led_in: bool, is_asked: bool) -> Query | None:
    """Return a follow-up that is no sentence ("and the League?", "what about the harbour?"); None if it stands alone.

    Somebody who is known to speak is asked; anything else narrows the matter down, or takes the place of the one name in it.
    """
    query, before = asked.query, asked.before
    phrase = asked.rest.strip()
    name = _DETERMINER.sub("", _VIEW.sub("", phrase))
    if (led_in or is_asked) and (speakers := _all_known(name, asked.known)):
        return replace(query, topic=before.topic, speakers=speakers)
    if not led_in:
        return None
    if outlet := next((outlet for outlet in outlets if outlet.casefold() in {phrase.casefold(), name.casefold()}), None):
        return replace(query, topic=before.topic, outlets=(outlet,), speakers=before.speakers)
    left, window = find_window(f"in {phrase}", now)
    if not left and window != Window():
        return replace(query, topic=before.topic, window=window, speakers=before.speakers)
    if len(asked.new) >= _OWN_TOPIC:
        return None
    # What narrows it is said of the first question: "and the bridge?" after "and the harbour?" asks not after both.
    first = before.topic if not before.follows or "://" in before.follows else understand(before.follows, now, outlets).topic
    return replace(query, topic=_instead(first, phrase) or f"{first}, {phrase}", speakers=before.speakers)


def _instead(topic: str, phrase: str) -> str | None:
    """Return the topic with a name put in the place of its only one; None where it has none, or several.

    "And Kesh?" after "who holds Orsel?" asks who holds Kesh; "in Kesh" goes only where "in Orsel" stood, "the bridge" nowhere.
    """
    put = _ONE_NAME.fullmatch(phrase)
    opening = _CLAUSE.match(topic)
    names = list(_ONE_NAME.finditer(topic, opening.end() if opening else 0))
    if put is None or len(names) != 1 or (put["place"] and not names[0]["place"]):
        return None
    return f"{topic[: names[0].start('name')]}{put['name']}{topic[names[0].end('name') :]}"


def _all_known(name: str, known: Known) -> tuple[str, ...]:
    """Return whom a phrase names, if all that it names are known to speak: "Averin", "the League and the Republic"."""
    if whole := known(name):
        return whole
    parts = [_DETERMINER.sub("", part) for part in _BETWEEN_NAMES.split(name)]
    found = [known(part) for part in parts if part]
    return tuple(dict.fromkeys(n for names in found for n in names)) if len(found) > 1 and all(found) else ()


def _speakers(names: Iterable[str], known: Known) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for name in names for n in (known(name) or (name,))))


def _matter(topic: str) -> str:
    """Return a topic without the word that asks: "who holds Orsel" is about "holds Orsel"."""
    return _INTERROGATIVE.sub("", topic, count=1) or topic
