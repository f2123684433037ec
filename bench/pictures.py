"""How long a timeline's picture takes to draw, by number of sides: `./run bench pictures`. Processor time, not the clock's.

All of it is spent holding Python's lock (resvg-py does not let it go), so for as long as the event loop stands still.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta

from bot.phrases import load_phrases
from bot.picture import draw_timeline
from whosays.config import data_folder
from whosays.types import Answer, Attribution, Claim, Query, Quotation, Side, Source, Span, Speaker, Stance, Status

TIMES = 9
WORDS = "that the harbour of Orsel is in the hands of its guards and that no ship will leave before the flags come down. " * 3


def survey(sides: int, claims: int) -> Answer:
    """Return a survey in which each side has so many claims, each in an article of its own."""
    first = datetime(2031, 5, 4, tzinfo=UTC)
    span = Span(0, len(WORDS))

    def quotation(side: str, n: int) -> Quotation:
        claim = Claim(
            article=str(n),
            paragraphs=(0,),
            attribution=Attribution(source=(), cue=(), content=(span,)),
            speaker=Speaker(name="Ilva Tarn", role="spokeswoman"),
            side=side,
            stance=Stance.CLAIMS,
            confidence=1.0,
        )
        return Quotation(article=str(n), spans=(span,), text=WORDS, source=n, claim=claim)

    return Answer(
        query=Query(text="who holds Orsel?", topic="Orsel"),
        status=Status.SEVERAL_SIDES,
        as_of=first,
        sides=tuple(
            Side(name=f"Side {side}", quotations=tuple(quotation(f"Side {side}", side * claims + at + 1) for at in range(claims)))
            for side in range(sides)
        ),
        sources=tuple(
            Source(n=n, article=str(n), outlet="Orsel Gazette", title=None, published=first + timedelta(days=n), url=None)
            for n in range(1, sides * claims + 1)
        ),
    )


if __name__ == "__main__":
    phrases = load_phrases(data_folder())
    for sides in (1, 2, 5, 8):
        answer = survey(sides, 14)
        png = draw_timeline(answer, phrases, dark=False)
        took = []
        for _ in range(TIMES):
            start = time.process_time()
            draw_timeline(answer, phrases, dark=False)
            took.append(time.process_time() - start)
        height = int.from_bytes(png[20:24], "big")
        print(f"sides {sides}: {1000 * statistics.median(took):.0f} ms, 1200 × {height} pixels, {len(png) / 1000:.0f} kB")
