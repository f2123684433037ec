"""The values that flow: Article → Block → Attribution → Claim → Answer, and question → Query → Hit → Answer.

All are frozen; a stage returns a new one. A time is an aware UTC datetime; an offset counts code points of the article's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: (n, d) float32, rows of length 1.
Vectors = NDArray[np.float32]
#: (d,) float32 of length 1.
Vector = NDArray[np.float32]

#: `Claim.side` of a speaker who is of no side in the matter: an agency, the UN, a court, a monitor, a witness.
OBSERVER = "observer"


class Span(NamedTuple):
    """Code points `start` to `end` (exclusive) of an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One published text. `id` is the caller's own, else the address, else a digest of the text."""

    id: str
    text: str
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An input that did not become an article: `where` names it, `reason` says why and, if that helps, what to do."""

    where: str
    reason: str


#: What reading gives, an item an input.
Reading = Article | Refused


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a text that is not in a store (yet). Furniture (captions, tip lines, cookie notices) is never quoted."""

    span: Span
    furniture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A stored paragraph: `id` is the store's, `position` counts all blocks of the article from 0."""

    id: int
    article: str
    position: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The relation *source, cue, content*. Source and cue may be empty: a quotation that just goes on."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whom a source refers to. `name` is empty where nobody is named; `party` is the one that he speaks for, if known."""

    name: str
    role: str = ""
    party: str | None = None


class Stance(StrEnum):
    """What the cue does."""

    CLAIMS = "claims"
    DENIES = "denies"
    ACCUSES = "accuses"
    DEMANDS = "demands"
    PROMISES = "promises"
    WARNS = "warns"
    DOUBTS = "doubts"
    BELIEVES = "believes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An attribution with its speaker and side resolved: spans into one article, never a copy of words.

    `article` is an `Article.id`; `paragraphs` are positions in it; `side` is a party's name, `OBSERVER`, or None where it stays
    open; joint speakers have one claim each. `confidence` is 0..1.
    """

    article: str
    paragraphs: tuple[int, ...]
    attribution: Attribution
    speaker: Speaker
    side: str | None
    stance: Stance
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time, `start` to `end` (exclusive); None is open. Articles without a date lie in no bounded window."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood: `text` is the question as given, `topic` what of it is searched for.

    `follows` is the question that a follow-up ("and the Taliban?", "since when?") took its topic from, else empty.
    """

    text: str
    topic: str
    window: Window = Window()
    speakers: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    limit: int = 50
    follows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A paragraph that retrieval proposes, with its fused score in 0..1 and the two that it was fused from."""

    paragraph: Paragraph
    score: float
    dense: float = 0.0
    lexical: float = 0.0


class Status(StrEnum):
    """What the card says first."""

    DISPUTED = "disputed"
    SEVERAL_SIDES = "several sides"
    ONE_SIDE = "one side"
    REPORTED = "reported"
    OLD = "old"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words shown, with where they stand.

    `text` is the article's text at `spans`, joined by " […] " where they do not touch. `claim` is None for the outlet's own
    voice. `told` is the text with its cue where the words alone are no statement ("condemned the attacks"), else empty. `source`
    is a `Source.n`, `also` are those of the claims folded into this one, `url` opens the very paragraph. `concedes`: the speaker
    says what hurts his own case.
    """

    article: str
    spans: tuple[Span, ...]
    text: str
    source: int
    url: str | None = None
    claim: Claim | None = None
    also: tuple[int, ...] = ()
    told: str = ""
    concedes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of an answer, its best quotation first."""

    name: str
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A numbered source of an answer; `url` opens the article at the first paragraph quoted, by a text fragment."""

    n: int
    article: str
    outlet: str | None
    title: str | None
    published: datetime | None
    url: str | None


class Disagreement(StrEnum):
    """What shows that two claims cannot both be so."""

    DENIAL = "denial"  #: one denies, rejects or doubts what the other one says
    ACCUSATION = "accusation"  #: one accuses, and the other one denies it or accuses in turn
    OPPOSITES = "opposites"  #: fallen and held, guilty and innocent
    NUMBERS = "numbers"  #: other numbers for one thing
    RIVALS = "rivals"  #: both call one thing their own
    POSITIONS = "positions"  #: yes and no to the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The pair of claims that a dispute rests on, of two sides, both shown on the card, and what shows that they contradict."""

    kind: Disagreement
    pair: tuple[Quotation, Quotation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The card. `missing` are sides known on the topic of which nothing was found, `nearest` topics to offer instead.

    `conflict` is there where the status is DISPUTED, and nowhere else.
    """

    query: Query
    status: Status
    as_of: datetime | None = None
    sides: tuple[Side, ...] = ()
    observers: tuple[Quotation, ...] = ()
    open: tuple[Quotation, ...] = ()
    own_voice: tuple[Quotation, ...] = ()
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    conflict: Conflict | None = None

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """All quotations, in the order in which they are shown."""
        of_sides = (quotation for side in self.sides for quotation in side.quotations)
        return (*of_sides, *self.observers, *self.open, *self.own_voice)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextParagraph:
    """A paragraph around a quotation: its text, and which of it is quoted (offsets into `text`)."""

    text: str
    quoted: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a quotation stands: its paragraphs with the one before and the one behind, in order, furniture left out.

    `before` and `behind`: the article goes on beyond them. `url` opens the article at the quotation.
    """

    outlet: str | None
    title: str | None
    published: datetime | None
    url: str | None
    paragraphs: tuple[ContextParagraph, ...]
    before: bool = False
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRecord:
    """What a store holds of an outlet."""

    outlet: str | None
    articles: int
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of a batch of inputs; the first three are article ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    paragraphs: int = 0
