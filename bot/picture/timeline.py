"""A survey's timeline as a picture that can be forwarded, and what it shows in words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.markup import cut, units
from bot.phrases import Phrases, Say
from bot.picture.canvas import png
from bot.picture.entries import Lane, lanes_of
from bot.picture.layout import lay_out
from bot.picture.lettering import cleaned
from bot.picture.palette import DARK, LIGHT
from whosays.types import Answer

#: UTF-16 units of a description: a caption may have 1,024.
MAX_DESCRIPTION = 900

_TOPIC_UNITS = 240
_NAME_UNITS = 80


def draw_timeline(answer: Answer, phrases: Phrases, *, dark: bool) -> bytes:
    """Return the claims of a survey by day and side, as PNG: 1,200 pixels wide, with at most `picture.entries.MOST` claims.

    The same survey gives the same bytes on every machine. Raises ConfigError where the font is missing.
    """
    canvas, height = lay_out(answer, phrases, DARK if dark else LIGHT)
    return png(canvas.svg(height))


def describe_timeline(answer: Answer, phrases: Phrases) -> str:
    """Return what the picture shows, in at most MAX_DESCRIPTION UTF-16 units of plain text.

    That is the topic, and of each side how many claims there are and from when to when; at last how many sides did not fit.
    """
    lines = [phrases(Say.TIMELINE_TITLE, topic=_bounded(answer.query.text, _TOPIC_UNITS))]
    lanes = lanes_of(answer, observers=phrases(Say.OBSERVERS), unclear=phrases(Say.OPEN))
    described = list(_described(answer, lanes, phrases))
    for position, line in enumerate(described):
        left_out = phrases(Say.MORE, count=len(described) - position - 1) if position + 1 < len(described) else ""
        if units("\n".join([*lines, line, left_out])) > MAX_DESCRIPTION:
            return "\n".join([*lines, phrases(Say.MORE, count=len(described) - position)])
        lines.append(line)
    return "\n".join(lines)


def _described(answer: Answer, lanes: tuple[Lane, ...], phrases: Phrases) -> Iterator[str]:
    published = {source.n: source.published for source in answer.sources}
    for lane in lanes:
        claims = phrases(Say.TIMELINE_CLAIMS, count=len(lane.quotations))
        name = _bounded(lane.name, _NAME_UNITS)
        days = sorted(day for quotation in lane.quotations if (day := published.get(quotation.source)))
        if days:
            yield phrases(Say.TIMELINE_SIDE, side=name, claims=claims, dates=phrases.dates(days[0], days[-1]))
        else:
            yield phrases(Say.TIMELINE_SIDE_UNDATED, side=name, claims=claims)


def _bounded(text: str, most: int) -> str:
    """Return a text on one line, cut with "…" where it has more than so many UTF-16 units."""
    text = cleaned(text)
    return text if units(text) <= most else next(cut(text, most - 1)).rstrip() + "…"
