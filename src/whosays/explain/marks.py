"""Article and claims → paragraphs cut into pieces, each with the attributions that it is part of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from whosays import text as texts
from whosays.attribution.actors import Actors
from whosays.explain.reasons import reason
from whosays.types import Article, Attribution, Claim, Span


class Part(StrEnum):
    """What a stretch of text is in an attribution."""

    SOURCE = "source"
    CUE = "cue"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That a piece is part of attribution `number`, and whether a span begins or ends with it."""

    number: int
    part: Part
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text all of whose characters are marked alike, the longest span first."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A claim, with what of its side can be read off the text or the list of actors; empty where that is not at hand."""

    claim: Claim
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An attribution by number, counted from 1 in text order, with the claim of each of its joint speakers."""

    number: int
    attribution: Attribution
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph with the attributions whose words begin in it. Furniture was not read."""

    pieces: tuple[Piece, ...]
    told: tuple[Told, ...]
    furniture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An article with all that was found in it; `stored` says whether that was when it was ingested, or just now."""

    article: Article
    passages: tuple[Passage, ...]
    told: tuple[Told, ...]
    stored: bool

    @property
    def sides(self) -> tuple[str | None, ...]:
        """All sides of its claims, those first that are heard first; None stands for open."""
        return tuple(dict.fromkeys(voice.claim.side for told in self.told for voice in told.voices))


def explained(article: Article, claims: Sequence[Claim], actors: Actors, *, stored: bool = False) -> Explanation:
    """Mark an article's claims in its paragraphs. Pure."""
    told = tuple(_told(article, claims, actors))
    blocks = texts.blocks(article.text, outlet=article.outlet, title=article.title)
    passages = tuple(
        Passage(
            pieces=tuple(_pieces(article.text, block.span, told)),
            told=tuple(one for one in told if block.span.start <= _beginning(one.attribution) < block.span.end),
            furniture=block.furniture,
        )
        for block in blocks
    )
    return Explanation(article=article, passages=passages, told=told, stored=stored)


def _told(article: Article, claims: Sequence[Claim], actors: Actors) -> Iterator[Told]:
    # Joint speakers have a claim each, side by side, of one attribution.
    for number, (attribution, joint) in enumerate(groupby(claims, key=lambda claim: claim.attribution), 1):
        voices = tuple(Voice(claim=claim, reason=reason(article, claim, actors)) for claim in joint)
        yield Told(number=number, attribution=attribution, voices=voices)


def _beginning(attribution: Attribution) -> int:
    return min(attribution.content or attribution.cue or attribution.source).start


def _pieces(text: str, within: Span, told: Sequence[Told]) -> Iterator[Piece]:
    marked = [
        (span, one.number, part)
        for one in told
        for part, spans in (
            (Part.SOURCE, one.attribution.source),
            (Part.CUE, one.attribution.cue),
            (Part.CONTENT, one.attribution.content),
        )
        for span in spans
        if span.start < within.end and within.start < span.end
    ]
    marked.sort(key=lambda mark: (mark[0].start - mark[0].end, mark[1]))
    edges = {within.start, within.end} | {edge for span, _, _ in marked for edge in span if within.start < edge < within.end}
    for start, end in pairwise(sorted(edges)):
        marks = tuple(
            Mark(
                number=number,
                part=part,
                begins=start == max(span.start, within.start),
                ends=end == min(span.end, within.end),
            )
            for span, number, part in marked
            if span.start <= start and end <= span.end
        )
        yield Piece(text=text[start:end], marks=marks)
