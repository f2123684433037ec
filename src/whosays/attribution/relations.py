"""Spans → attributions: which cue each content and each source belongs to.

Nearest cue and nearest source, as Pareti (2015) and the prototype in PolNeAR have it, corrected by what the tagger says of
the side on which a span's cue stands. An attribution stays within its paragraph, as all but 1 in 100 of PolNeAR's do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from whosays.attribution.tagger import Tagged, Tags
from whosays.types import Attribution, Span

#: Code points between span and cue that weigh as much as odds of e : 1 about the side on which the cue stands.
REACH = 60.0
#: What the end of a sentence between them weighs, in the same units. All four constants were chosen by hand, looking at gold
#: spans of PolNeAR's training part and at found spans of its development part.
SENTENCE = 3.0
#: Below this nothing is linked: a cue whose nearest source is that far has none ("was accused of").
FLOOR = -6.0
#: A content that far from every cue is a quotation of its own; a quotation of several sentences reaches further than a source.
_FAR = -12.0

#: Not the dot of "Mr." or of an initial.
_SENTENCE_END = re.compile(r"(?<![A-Z][a-z])(?<![A-Z][a-z]{2})(?<!\b[A-Z])[.!?][”\"’')]*\s+(?=[“\"A-Z])")


def relate(text: str, paragraphs: Sequence[Span], tags: Tags) -> tuple[Attribution, ...]:
    """Link the tagger's spans, paragraph by paragraph, into attributions in text order.

    A content without a cue in its paragraph makes an attribution of its own, without source and cue: a quotation that goes on.
    """
    found: list[Attribution] = []
    for paragraph in paragraphs:
        cues, sources, contents = (
            [tagged for tagged in kind if paragraph.start <= tagged.span.start < paragraph.end]
            for kind in (tags.cues, tags.sources, tags.contents)
        )
        found += _relate_paragraph(text, cues, sources, contents)
    return tuple(found)


def _relate_paragraph(
    text: str, cues: Sequence[Tagged], sources: Sequence[Tagged], contents: Sequence[Tagged]
) -> Iterator[Attribution]:
    if not cues:
        for content in contents:
            yield Attribution(source=(), cue=(), content=(content.span,), confidence=content.confidence)
        return
    said: dict[int, list[Tagged]] = {}
    for content in contents:
        i = _best_cue(text, content, cues)
        if _affinity(text, content, cues[i]) > _FAR:
            said.setdefault(i, []).append(content)
        else:
            yield Attribution(source=(), cue=(), content=(content.span,), confidence=content.confidence)
    for i in sorted(said):
        source = _source_of(text, cues[i], sources)
        parts = [cues[i], *said[i], *([source] if source else [])]
        yield Attribution(
            source=(source.span,) if source else (),
            cue=(cues[i].span,),
            content=tuple(content.span for content in said[i]),
            confidence=math.prod(part.confidence for part in parts) ** (1 / len(parts)),
        )


def _best_cue(text: str, tagged: Tagged, cues: Sequence[Tagged]) -> int:
    return max(range(len(cues)), key=lambda i: (_affinity(text, tagged, cues[i]), -i))


def _source_of(text: str, cue: Tagged, sources: Sequence[Tagged]) -> Tagged | None:
    """Return the nearest source; none that another sentence parts from the cue, unless what parts them is a quotation."""
    near = [source for source in sources if _affinity(text, source, cue) > FLOOR and not _apart(text, source.span, cue.span)]
    return max(near, key=lambda source: _affinity(text, source, cue), default=None)


def _apart(text: str, source: Span, cue: Span) -> bool:
    between = text[min(source.end, cue.end) : max(source.start, cue.start)]
    return bool(_SENTENCE_END.search(between)) and not re.search(r"[“”\"]", between)


def _affinity(text: str, tagged: Tagged, cue: Tagged) -> float:
    """Return log odds of a kind: near is good, the side where the tagger expects the cue is good, another sentence is bad."""
    before = cue.span.start < tagged.span.start
    between = text[cue.span.end : tagged.span.start] if before else text[tagged.span.end : cue.span.start]
    side = tagged.cue_before if before else 1.0 - tagged.cue_before
    return math.log(max(side, 1e-3)) - len(between) / REACH - SENTENCE * len(_SENTENCE_END.findall(between))
