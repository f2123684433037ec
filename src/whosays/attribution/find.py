"""Article → claims: the room's facade."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from whosays.attribution.actors import Actors
from whosays.attribution.asker import Asker
from whosays.attribution.confidence import Confidence
from whosays.attribution.passes import ASKER, TAGGER
from whosays.attribution.relations import relate
from whosays.attribution.speakers import Speakers
from whosays.attribution.stance import stance_of
from whosays.attribution.tagger import Tagger
from whosays.types import Article, Attribution, Block, Claim, Span


class Finder:
    """Finds who says what in an article. Safe to use from several threads."""

    def __init__(self, tagger: Tagger, asker: Asker, confidence: Confidence, actors: Actors) -> None:
        self._tagger = tagger
        self._asker = asker
        self._confidence = confidence
        self._actors = actors

    @classmethod
    def load(cls, folder: Path, cache: Path, actors: Path, threads: int | None = None) -> Finder:
        """Serve the weights in `folder` and the list in the file `actors`. Raises ModelError, ConfigError."""
        tagger, asker = Tagger.load(folder / TAGGER, cache, threads), Asker.load(folder / ASKER, cache, threads)
        return cls(tagger, asker, Confidence.load(folder), Actors.load(actors))

    def attributions(self, article: Article, blocks: Sequence[Block]) -> tuple[Attribution, ...]:
        """Find the attributions in an article's paragraphs, furniture left out, in text order."""
        return self.attributions_in([(article, blocks)])[0]

    def attributions_in(self, articles: Sequence[tuple[Article, Sequence[Block]]]) -> list[tuple[Attribution, ...]]:
        """Find the attributions in several articles, as `attributions` does: side by side they cost less."""
        texts = [(article.text, [block.span for block in blocks if not block.furniture]) for article, blocks in articles]
        tagged = self._tagger.tag_all(texts)
        asked = self._asker.ask_all([(*text, tags.cues) for text, tags in zip(texts, tagged, strict=True)])
        return [
            relate(text, own, tags.contents, self._confidence) for (text, _), own, tags in zip(texts, asked, tagged, strict=True)
        ]

    def find(self, article: Article, blocks: Sequence[Block]) -> tuple[Claim, ...]:
        """Find the claims in an article: each attribution resolved, once for each of its joint speakers."""
        return self.find_in([(article, blocks)])[0]

    def find_in(self, articles: Sequence[tuple[Article, Sequence[Block]]]) -> list[tuple[Claim, ...]]:
        """Find the claims in several articles, as `find` does."""
        found = self.attributions_in(articles)
        return [tuple(claims_of(*article, own, self._actors)) for article, own in zip(articles, found, strict=True)]


def claims_of(article: Article, blocks: Sequence[Block], attributions: Sequence[Attribution], actors: Actors) -> Iterator[Claim]:
    """Resolve attributions as the passes give them into claims, in text order; they are first cut down to what is said. Pure."""
    cut = [
        replace(found, source=_owner(article.text, found), content=tuple(_said(article.text, span) for span in found.content))
        for found in in_text_order(attributions)
    ]
    return resolve(article, blocks, cut, actors)


def resolve(article: Article, blocks: Sequence[Block], attributions: Sequence[Attribution], actors: Actors) -> Iterator[Claim]:
    """Resolve attributions that are cut down already, those of stored claims for example, in the order given. Pure."""
    spans = [block.span for block in blocks if not block.furniture]
    speakers = Speakers(article.text, spans, actors, article.published.date() if article.published else None)
    for attribution in attributions:
        cue = " ".join(article.text[s:e] for s, e in attribution.cue)
        content = " ".join(article.text[s:e] for s, e in attribution.content)
        stance = stance_of(cue, content)
        for resolved in speakers.resolve(attribution):
            yield Claim(
                article=article.id,
                paragraphs=_positions(blocks, attribution),
                attribution=attribution,
                speaker=resolved.speaker,
                side=resolved.side,
                stance=stance,
                confidence=round(attribution.confidence * resolved.confidence, 4),
            )


def in_text_order(attributions: Iterable[Attribution]) -> list[Attribution]:
    """Return attributions by their first word, as who spoke before decides who "he" is."""
    return sorted(attributions, key=_start)


#: "…, while the resistance denied that it had been beaten": words that the first speaker did not say.
_ANOTHER_SPEAKS = re.compile(
    r",\s+(?:while|whereas|although|though|but)\s+[^,.;“”\"]{2,80}?\s"
    r"(?:den(?:y|ies|ied)|sa(?:ys?|id)|reject(?:s|ed)?|accus(?:es?|ed)|disput(?:es?|ed)|insist(?:s|ed)?|claim(?:s|ed)?|dismiss(?:es|ed)?"
    r"|argu(?:es?|ed)|maintain(?:s|ed)?|call(?:s|ed)? (?:it|them|the)|warn(?:s|ed)?)\b"
)


def _said(text: str, span: Span) -> Span:
    """Return the words said alone: without the "that" before them, the comma behind, or a clause in which somebody else speaks.

    Quotation marks stay: they tell the reader which words are the speaker's own.
    """
    start, end = span
    opening = re.match(r"\s*that\s+(?=\S)", text[start:end])
    start += opening.end() if opening else 0
    for other in _ANOTHER_SPEAKS.finditer(text, start, end):
        if not _is_quoted(text[start : other.start()]):
            end = other.start()
            break
    said = re.sub(r",? (?:while|but|although|and)\Z", "", text[start:end].rstrip(" \n\t\r,;:–—-"))
    end = start + len(said.rstrip(" \n\t\r,;:–—-"))
    return Span(start, end) if start < end else span


def _owner(text: str, found: Attribution) -> tuple[Span, ...]:
    """Return the source, or none where a noun is the cue and the source is not its owner.

    "The pressure on her grew amid accusations of theft": they are not hers. "The board's claims", "calls by the board" are.
    """
    if not found.source or not found.cue:
        return found.source
    source, cue = found.source[0], found.cue[0]
    if not _NOUN_CUE.fullmatch(text[cue.start : cue.end]):
        return found.source
    if source.end <= cue.start and not text[source.end : cue.start].strip(" ,’'s"):
        return found.source  # "the board claims": a verb after all, or the owner
    before, after = text[source.start : cue.start], text[cue.end : source.start] if source.start >= cue.end else ""
    owns = re.search(r"['’]s?\s+(?:\w+\s){0,2}$", before) or re.match(r"(?:its|his|her|their)\b", before)
    return found.source if owns or re.search(r"\b(?:by|from|of)\s", after) else ()


#: Nouns that tell of speech without saying whose.
_NOUN_CUE = re.compile(
    r"(?:the |an? )?(?:accusations?|allegations?|claims|criticisms?|calls|demands|fears|concerns)(?: of| that| for)?",
    re.IGNORECASE,
)


def _is_quoted(before: str) -> bool:
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _start(attribution: Attribution) -> tuple[Span, ...]:
    return tuple(sorted((*attribution.cue, *attribution.content)))


def _positions(blocks: Sequence[Block], attribution: Attribution) -> tuple[int, ...]:
    spans = (*attribution.content, *attribution.cue)
    return tuple(i for i, block in enumerate(blocks) if any(s < block.span.end and block.span.start < e for s, e in spans))
