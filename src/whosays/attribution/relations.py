"""What the two passes say of an article → its attributions, each with the likelihood that it is right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from whosays.attribution.asker import Asked
from whosays.attribution.spans import Found
from whosays.types import Attribution, Span

#: Attributions that are less likely right than this are left out: about where relation_f1 is best.
LEAST = 0.4
#: A quotation without a cue ("“…”" as a paragraph of its own) is somebody's claim about so often.
_CONTINUED = 0.6


def relate(text: str, asked: Sequence[Asked], contents: Sequence[Found]) -> tuple[Attribution, ...]:
    """Return the attributions in text order: the likeliest first, and none that takes another one's cue or words.

    Of `contents`, found by the first pass, a quotation that no cue claims makes an attribution of its own, without source and
    cue: one that goes on from the paragraph before.
    """
    kept: list[Attribution] = []
    for attribution in sorted((_attribution(one) for one in asked if one.contents), key=lambda a: -a.confidence):
        if attribution.confidence >= LEAST and not any(_collide(attribution, other) for other in kept):
            kept.append(attribution)
    taken = [span for attribution in kept for span in (*attribution.content, *attribution.cue)]
    kept += _continued(text, taken, contents)
    return tuple(sorted(kept, key=lambda a: min((*a.cue, *a.content))))


def _attribution(asked: Asked) -> Attribution:
    marked = asked.candidate.span
    cues = [found.span for found in asked.cues if _overlap(found.span, marked)] or [marked]
    source = max(asked.sources, key=lambda found: found.mean, default=None)
    return Attribution(
        source=(source.span,) if source else (),
        cue=(cues[0],),
        content=tuple(found.span for found in asked.contents),
        confidence=likelihood(asked),
    )


def likelihood(asked: Asked) -> float:
    """Return how likely source and content are right (0..1): a logistic regression on what the two passes say."""
    score = _WEIGHTS[0] + sum(weight * value for weight, value in zip(_WEIGHTS[1:], features(asked), strict=True))
    return 1.0 / (1.0 + math.exp(-score))


#: Made by `./run bench confidence`, on PolNeAR's development part: the constant, then one for each of `features`.
_WEIGHTS = (0.0, 0.5, 0.5, 0.5, 0.5, 0.5)


def features(asked: Asked) -> tuple[float, float, float, float, float]:
    """Return what tells a right attribution from a wrong one: log odds or logs of the likelihoods of its parts."""
    content = [found.mean for found in asked.contents]
    least = [found.least for found in asked.contents]
    source = max((found.mean for found in asked.sources), default=asked.unsourced)
    return (
        _log_odds(asked.judged),
        _log_odds(asked.candidate.mean),
        _log_odds(min(content, default=0.0)),
        _log_odds(min(least, default=0.0)),
        _log_odds(source),
    )


def _log_odds(share: float) -> float:
    share = min(max(share, 0.002), 0.998)
    return math.log(share / (1.0 - share))


def _collide(one: Attribution, other: Attribution) -> bool:
    """Say whether two attributions share a cue, or more than half of the shorter one's words."""
    if any(_overlap(a, b) for a in one.cue for b in other.cue):
        return True
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one.content for b in other.content)
    return shared > 0.5 * min(sum(s.end - s.start for s in a.content) for a in (one, other))


def _continued(text: str, taken: Sequence[Span], contents: Sequence[Found]) -> Iterator[Attribution]:
    for found in contents:
        if _is_quotation(text, found.span) and not any(_overlap(found.span, span) for span in taken):
            yield Attribution(source=(), cue=(), content=(found.span,), confidence=_CONTINUED * found.mean)


def _is_quotation(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 1) : span.start + 1]
    return any(mark in before for mark in "“\"‘'«")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
