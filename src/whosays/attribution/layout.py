"""Where a position stands in its article: in which paragraph, which sentence, between quotation marks or not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whosays.types import Span

#: What may stand before a sentence's subject.
_OPENING = re.compile(r"(?:[A-Z][^,.;“”\"]{2,60}, )?(?:(?:But|And|The|the) )*")
_SENTENCE_END = re.compile(r"(?<!\bM[rs])(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Col))(?<!\b[A-Z])[.!?][”\"’]?\s+(?=[“\"A-Z])")


class Layout:
    """The paragraphs of one article."""

    def __init__(self, text: str, paragraphs: Sequence[Span]) -> None:
        self.text = text
        self.paragraphs = paragraphs

    def paragraph(self, position: int) -> Span:
        """Return the paragraph around a position, the whole text where there is none."""
        return next((p for p in self.paragraphs if p.start <= position < p.end), Span(0, len(self.text)))

    def before(self, paragraph: Span) -> Span | None:
        """Return the paragraph before one; "(Also read: …)" between them is none."""
        return next((p for p in reversed(self.paragraphs) if p.end <= paragraph.start and self.text[p.start] != "("), None)

    def sentence(self, position: int) -> int:
        """Return where the sentence around a position starts."""
        start = self.paragraph(position).start
        # Not over the text cut off at the position: what ends a sentence looks ahead to how the next begins.
        ends = (m.end() for m in _SENTENCE_END.finditer(self.text, start, position + 1))
        return max((end for end in ends if end <= position), default=start)

    def is_quoted(self, position: int) -> bool:
        """Say whether a position stands between quotation marks."""
        before = self.text[self.paragraph(position).start : position]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def opens_sentence(self, start: int) -> bool:
        """Say whether what starts here is where subjects are: first in its sentence, or behind "During the talks,"."""
        return bool(_OPENING.fullmatch(self.text[self.sentence(start) : start]))
