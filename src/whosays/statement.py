"""How the rules of contradiction.py read a statement and a question: whether it refuses or negates, and whom it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from whosays.asked import Kind, kind_of
from whosays.opposites import kin, opposed
from whosays.relevance import named
from whosays.types import Stance, Vector
from whosays.words import alike, terms

ASSERTS = frozenset({Stance.CLAIMS, Stance.ACCUSES, Stance.BELIEVES, Stance.WARNS})
WANTS = frozenset({Stance.DEMANDS, Stance.PROMISES})
REFUSES = frozenset({Stance.DENIES, Stance.DOUBTS})
ANSWERS = frozenset({Stance.CLAIMS, Stance.ACCUSES, Stance.BELIEVES})

#: The share of a question's words, names left out, that a statement must have to be a yes or a no, and of all its words.
_TAKES_A_POSITION = 0.5
_IS_ON_IT = 0.55

_REFUSAL = re.compile(
    r"\b(?:fals(?:e|ely|ehoods?)|baseless|unfounded|groundless|untrue|lies?|liars?|lying"
    r"|fabricat\w*|unjustified|unacceptable|propaganda|forged|hoax|slander\w*|(?:no|any) (?:evidence|proof)"
    r"|(?:nothing|anything) to do with|do(?:es)?(?: not|n[’']t) (?:believe|accept|think))\b",
    re.I,
)
#: Who says that somebody else denies something denies nothing himself.
_OWN_REFUSAL = re.compile(r"(?:^\W*|\b(?:we|I)\s+(?:\w+ly\s+)?)(?:den(?:y|ied|ies|ying)|reject(?:s|ed|ing)?)\b", re.I)
#: "No doubt", "not only" and "no other explanation" take nothing back.
_NEGATION = re.compile(
    r"\b(?:not(?! (?:only|just|least|long)\b)|never|none|nobody|nothing|neither|nor|without|cannot|fail(?:s|ed)?"
    r"|no(?! (?:doubt|longer|matter|(?:\w+ )?(?:alternative|other|explanation))\b))\b|n[’']t\b",
    re.I,
)
_TURNED_DOWN = re.compile(r"\b(?:turn(?:s|ed)? down|refus\w+|reject\w*|declin\w+|rul(?:es?|ed) out)\b", re.I)
_PROPOSAL = re.compile(r"\b(?:idea|plan|proposal|call|demand|offer|request|deal|ultimatum|suggestion)s?\b", re.I)
#: "Attacked the idea of …" has its object right at the start.
_OBJECT = 20
_OWNERSHIP = re.compile(
    r"\b(?:as|is|are|remains?)\s+(?:(?:its|their|his|her|our)\s+own|ours|theirs)\b|\bbelongs?\s+to\s+(?:us|them|it)\b", re.I
)
#: What a refusal begins with that is of the refuser's own part alone.
_OWN_PART = re.compile(
    r"^\W*(?:that )?(?:to\s|(?:it|he|she|they|we|I)\b|(?:any|all) (?:involvement|role|part|responsibility|knowledge)\b)", re.I
)
_TAKES_RESPONSIBILITY = re.compile(r"^\W*(?:full\s+)?responsibility\b", re.I)
_SENTENCE_END = re.compile(r"(?<=[.!?…\]])[\"”’']*\s+")

#: Who leaves it open says neither the one nor the other: "assessing who, if anyone, was killed".
_UNDECIDED = re.compile(
    r"\b(?:whether|if any(?:one|body|thing)?|assessing|look(?:s|ed|ing)? into|not (?:yet )?(?:clear|known|certain|sure)"
    r"|unclear|unknown)\b",
    re.I,
)

_ADVISABLE = re.compile(r"\b(?:should|must|ought|needs?|right to|worth)\b", re.I)
_WILL = re.compile(r"^\W*will\b", re.I)
_WHO = re.compile(r"^\W*(?:\w+\s+)?(?:who|whom|whose)\b", re.I)

#: Of a side's name these words name nobody.
_COMMON = frozenset(
    terms(
        "united states kingdom government regime administration authorities republic democratic national people party movement"
        " front army forces group family community company state new north south"
    )
)
_SHORT = {"United States": "U.S.", "United Kingdom": "U.K.", "European Union": "E.U."}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one side says: the words, what the cue does, and the embedding."""

    side: str
    words: str
    stance: Stance
    vector: Vector

    @cached_property
    def terms(self) -> frozenset[str]:
        """The content words, folded."""
        return frozenset(terms(self.words))


@dataclass(frozen=True)
class Asked:
    """A question: `names` are the terms in it that name somebody, `near` all terms and those of a like meaning."""

    question: str

    @cached_property
    def kind(self) -> Kind:
        """What kind of thing would answer."""
        return kind_of(self.question)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The content words, folded."""
        return frozenset(terms(self.question))

    @cached_property
    def matter(self) -> frozenset[str]:
        """The content words that are no names."""
        return self.terms - named(self.question)

    @cached_property
    def near(self) -> frozenset[str]:
        """All content words and those of a like meaning."""
        return frozenset(near for term in self.terms for near in alike(term))

    @cached_property
    def does(self) -> str | None:
        """The first content word that is no name: of a who-question, what somebody does."""
        return next((term for term in terms(self.question) if term in self.matter), None)

    @cached_property
    def who(self) -> bool:
        """Whether it asks who."""
        return bool(_WHO.search(self.question))

    @cached_property
    def advisable(self) -> bool:
        """Whether it asks for what should be, not for what is."""
        return bool(_ADVISABLE.search(self.question))

    @cached_property
    def to_come(self) -> bool:
        """Whether it asks for what will be: nobody is guilty of that yet."""
        return bool(_WILL.search(self.question))

    def touched(self, *statements: Statement) -> bool:
        """Say whether statements have any word of the matter, or its opposite."""
        return any(not kin(term).isdisjoint(s.terms) for term in self.matter for s in statements)

    def covered(self, statement: Statement) -> float:
        """Return the share (0..1) of the question's content words that a statement has, the name of its side among them."""
        found = statement.terms | _name(statement.side)
        return sum(not kin(term).isdisjoint(found) for term in self.terms) / len(self.terms) if self.terms else 1.0


def refuses(statement: Statement) -> bool:
    """Say whether a statement turns another down, by its cue or by its words."""
    if statement.stance in REFUSES:
        return True
    if statement.stance is Stance.ACCUSES and _PROPOSAL.search(statement.words[:_OBJECT]):
        return True
    return statement.stance in ASSERTS and bool(_REFUSAL.search(statement.words) or _OWN_REFUSAL.search(statement.words))


def turns_down_a_proposal(statement: Statement) -> bool:
    """Say whether what is refused is an idea, an offer, a demand."""
    return bool(_PROPOSAL.search(statement.words))


def of_own_part(statement: Statement) -> bool:
    """Say whether a refusal is of the refuser's own part alone: "any involvement", "it was behind the attack"."""
    return bool(_OWN_PART.search(statement.words))


def takes_responsibility(statement: Statement) -> bool:
    """Say whether somebody says that it was he."""
    return bool(_TAKES_RESPONSIBILITY.search(statement.words))


def calls_it_its_own(statement: Statement) -> bool:
    """Say whether somebody claims a thing for himself."""
    return statement.stance in ASSERTS and bool(_OWNERSHIP.search(statement.words))


def is_negated(words: str) -> bool:
    """Say whether words hold a "not"."""
    return bool(_NEGATION.search(words))


def is_undecided(statement: Statement) -> bool:
    """Say whether a statement leaves open what it speaks of."""
    return bool(_UNDECIDED.search(statement.words))


def names(words: str, side: str) -> bool:
    """Say whether words name a side, by any word of its name that is its own ("Trump" is, "United" is not)."""
    return not (_name(side) - _COMMON).isdisjoint(terms(words))


def _name(side: str) -> frozenset[str]:
    return frozenset(terms(_SHORT.get(side, side)))


def position(statement: Statement, asked: Asked) -> int:
    """Return 1 where a statement answers a question with yes, -1 with no, 0 where it does neither."""
    if asked.kind is not Kind.WHETHER or is_undecided(statement) or not asked.matter or asked.covered(statement) < _IS_ON_IT:
        return 0
    if statement.stance is Stance.DEMANDS and not asked.advisable:
        return 0  # what somebody wants tells nothing of what is so
    found, answer, sentence = max((*_answer(asked, part), part) for part in _SENTENCE_END.split(statement.words))
    if found < _TAKES_A_POSITION * len(asked.matter):
        return 0
    refused, advises_against = refuses(statement), statement.stance is Stance.WARNS and asked.advisable
    negations = 0 if refused else len(_NEGATION.findall(sentence)) + len(_TURNED_DOWN.findall(sentence))
    turned = refused + advises_against + negations
    return -answer if turned % 2 else answer


def _answer(asked: Asked, sentence: str) -> tuple[int, int]:
    """Return how many words of the matter are found, and 1, or -1 where an odd number of them is found as its opposite."""
    said, found, answer = frozenset(terms(sentence)), 0, 1
    for term in asked.matter:
        if not alike(term).isdisjoint(said):
            found += 1
        elif opposed(frozenset({term}), said):
            found, answer = found + 1, -answer
    return found, answer
