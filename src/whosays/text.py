"""Pure functions of text."""
from __future__ import annotations
import re
from whosays.types import Span
def paragraphs(text: str) -> list[Span]:
    out=[]
    for m in re.finditer(r"\S(?:.*\S)?(?:[ \t]*\n[ \t]*\S(?:.*\S)?)*", text):
        out.append(Span(m.start(), m.end()))
    return out
