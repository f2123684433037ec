"""A timeline as a picture that says in words, too, what it shows."""

from __future__ import annotations

from collections.abc import Callable

from bot.markup import Page, Picture, Run
from bot.phrases import Phrases
from bot.picture import describe_timeline, draw_timeline
from whosays.types import Answer


def picture_of(answer: Answer, phrases: Phrases, *, dark: bool) -> Callable[[], Picture]:
    """Return the work of drawing: for the engine's threads, not for the event loop."""

    def draw() -> Picture:
        caption = Page((Run(describe_timeline(answer, phrases)),))
        return Picture(png=draw_timeline(answer, phrases, dark=dark), caption=caption)

    return draw
