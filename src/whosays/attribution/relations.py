"""What the two passes say of an article → its attributions, each with the likelihood that it is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from whosays.attribution.asker import Asked
from whosays.attribution.confidence import Confidence
from whosays.attribution.spans import Found
from whosays.types import Attribution, Span

#: Attributions that are less likely right than this are left out. F1 is best at half its own best value where likelihoods are
#: true (Lipton et al., 2014), here 0.37; what readers see may be a little more certain.
LEAST = 0.4
#: A quotation without a cue ("“…”" as a paragraph of its own) is somebody's claim about so often.
_CONTINUED = 0.6
#: In code points: only attributions that share a stretch of so many are compared, lest a huge paragraph take quadratic time.
_STRETCH = 500


def relate(text: str, asked: Sequence[Asked], contents: Sequence[Found], confidence: Confidence) -> tuple[Attribution, ...]:
    """Return the attributions in text order: the likeliest first, and none that takes another one's cue or words.

    Of `contents`, found by the first pass, a quotation that no cue claims makes an attribution of its own, without source and
    cue: one that goes on from the paragraph before.
    """
    kept: list[Attribution] = []
    near: dict[int, list[Attribution]] = defaultdict(list)
    likeliest_first = sorted((_attribution(one, confidence) for one in asked if one.contents), key=lambda a: -a.confidence)
    for attribution in likeliest_first:
        stretches = _stretches(*attribution.cue, *attribution.content)
        if attribution.confidence >= LEAST and not any(_collide(attribution, other) for i in stretches for other in near[i]):
            kept.append(attribution)
            for i in stretches:
                near[i].append(attribution)
    kept += _continued(text, near, contents)
    return tuple(sorted(kept, key=lambda a: min((*a.cue, *a.content))))


def _stretches(*spans: Span) -> set[int]:
    """Return the numbers of the stretches of text that spans lie in: those without a common one do not overlap."""
    return {i for span in spans for i in range(span.start // _STRETCH, span.end // _STRETCH + 1)}


def _attribution(asked: Asked, confidence: Confidence) -> Attribution:
    source, cue, content = spans_of(asked)
    return Attribution(source=source, cue=cue, content=content, confidence=confidence.of(asked))


def spans_of(asked: Asked) -> tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
    """Return the likeliest source (or none), the cue that the mark is part of, and all of the content."""
    marked = asked.candidate.span
    cue = next((found.span for found in asked.cues if _overlap(found.span, marked)), marked)
    source = max(asked.sources, key=lambda found: found.mean, default=None)
    return (source.span,) if source else (), (cue,), tuple(found.span for found in asked.contents)


def _collide(one: Attribution, other: Attribution) -> bool:
    """Say whether two attributions share a cue, or more than half of the shorter one's words."""
    if any(_overlap(a, b) for a in one.cue for b in other.cue):
        return True
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one.content for b in other.content)
    return shared > 0.5 * min(sum(s.end - s.start for s in a.content) for a in (one, other))


def _continued(text: str, near: Mapping[int, Sequence[Attribution]], contents: Sequence[Found]) -> Iterator[Attribution]:
    for found in contents:
        if _is_quotation(text, found.span) and not any(
            _overlap(found.span, span)
            for i in _stretches(found.span)
            for attribution in near.get(i, ())
            for span in (*attribution.content, *attribution.cue)
        ):
            yield Attribution(source=(), cue=(), content=(found.span,), confidence=_CONTINUED * found.mean)


def _is_quotation(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 1) : span.start + 1]
    return any(mark in before for mark in "“\"‘'«")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
