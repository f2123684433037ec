"""Text with its styles, cut into pages that fit into a Telegram message.

Telegram's limits (https://core.telegram.org/bots/api#sendmessage, https://limits.tginfo.me): 4,096 UTF-16 units of text once the
tags are taken out, and 100 entities, beyond which styles are silently dropped.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

#: UTF-16 units of text in a message.
MAX_UNITS = 4096
#: Styled stretches and links in a message.
MAX_ENTITIES = 100

#: Units left on a page on which a quotation is begun that no page holds whole.
_WORTH_STARTING = 800
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_POP_EMBEDDING = "\u202c"
#: LRI, RLI and FSI; LRE, RLE, LRO and RLO.
_ISOLATES = "\u2066\u2067\u2068"
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_OPENING = re.compile(f"[{_ISOLATES}{_EMBEDDINGS}]")
_DIRECTION = frozenset({"R", "AL", "AN", "LRI", "RLI", "FSI", "LRE", "RLE", "LRO", "RLO", "PDF", "PDI"})


class Style(Enum):
    """How a run looks: the tag that opens it and the one that closes it."""

    PLAIN = ("", "")
    BOLD = ("<b>", "</b>")
    ITALIC = ("<i>", "</i>")
    QUOTE = ("<blockquote>", "</blockquote>")
    #: Folded to a few lines until it is tapped.
    LONG_QUOTE = ("<blockquote expandable>", "</blockquote>")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style, with the address that they lead to, if any; `marked` are stretches (start, end) in bold."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None
    marked: tuple[tuple[int, int], ...] = ()

    @property
    def html(self) -> str:
        """Telegram's HTML."""
        opening, closing = self.style.value
        parts, at = [], 0
        for start, end in self.marked:
            parts += [self._escaped(at, start), "<b>", self._escaped(start, end), "</b>"]
            at = end
        inner = f"{opening}{''.join(parts)}{self._escaped(at, len(self.text))}{closing}"
        return f'<a href="{html.escape(self.link)}">{inner}</a>' if self.link else inner

    def _escaped(self, start: int, end: int) -> str:
        return html.escape(self.text[start:end], quote=False)

    @property
    def entities(self) -> int:
        """How many of the message's entities it takes."""
        return (self.style is not Style.PLAIN) + (self.link is not None) + len(self.marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: it sends `data` (at most 64 bytes) back, or opens `url`; one of the two is there."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One message, with the rows of buttons under it."""

    runs: tuple[Run, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()

    @property
    def html(self) -> str:
        """Telegram's HTML."""
        return "".join(run.html for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A message that is a picture (PNG), with a caption of at most 1,024 UTF-16 units."""

    png: bytes
    caption: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stays together: a quotation between its lead and its tail, or just a lead.

    A quotation that is too long for a page is carried on over several, each part between `lead` (then `lead_again`) and `tail`:
    words never stand without their speaker. `gap` counts the line breaks before the block.
    """

    lead: tuple[Run, ...] = ()
    quote: Run | None = None
    tail: tuple[Run, ...] = ()
    lead_again: tuple[Run, ...] = ()
    gap: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks under a heading, which comes again (as `heading_again`) where the section is carried on over the page.

    `joint` stands between the heading and the block below it.
    """

    blocks: tuple[Block, ...]
    heading: tuple[Run, ...] = ()
    heading_again: tuple[Run, ...] = ()
    joint: str = "\n"


def units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def isolate(text: str) -> str:
    """Return a text with isolates around it, where it has right-to-left letters or marks of direction; else as it is.

    So neither the text's direction nor its own marks, closed or not, reach what stands around it (Unicode Annex 9).
    """
    if text.isascii() or not any(unicodedata.bidirectional(character) in _DIRECTION for character in text):
        return text
    depth = lowest = 0
    for character in text:
        match unicodedata.bidirectional(character):
            case "LRI" | "RLI" | "FSI":
                depth += 1
            case "PDI":
                depth -= 1
                lowest = min(lowest, depth)
    return _FIRST_STRONG_ISOLATE * (1 - lowest) + text + _POP_ISOLATE * (1 - lowest + depth)


def closed(text: str) -> str:
    """Return a text with the marks of direction that it leaves open closed at its end.

    For a quotation in its block, a paragraph of its own: that has the direction of its first letter that has one, and an isolate
    around it would hide that letter (Unicode Annex 9, rule P2).
    """
    if not _OPENING.search(text):
        return text
    ends: list[str] = []
    for character in text:
        if character in _ISOLATES:
            ends.append(_POP_ISOLATE)
        elif character in _EMBEDDINGS:
            ends.append(_POP_EMBEDDING)
        elif character == _POP_ISOLATE and _POP_ISOLATE in ends:
            while ends.pop() != _POP_ISOLATE:
                pass
        elif character == _POP_EMBEDDING and ends[-1:] == [_POP_EMBEDDING]:
            ends.pop()
    return text + "".join(reversed(ends))


def paginate(sections: Iterable[Section], max_units: int = MAX_UNITS, max_entities: int = MAX_ENTITIES) -> tuple[Page, ...]:
    """Lay sections out on as few pages as keep every block whole; a quotation that is longer than a page is carried on."""
    pages: list[Page] = []
    page: list[Run] = []
    for section in sections:
        heading = section.heading
        room = max_units - max(_units(section.heading), _units(section.heading_again)) - units(section.joint)
        for block in section.blocks:
            left = room - _units(page) - block.gap
            for part in _parts(block, room, left):
                gap = [Run("\n" * (2 if heading else block.gap))]
                if page and not _fits([*page, *gap, *_under(heading, section.joint, part)], max_units, max_entities):
                    pages.append(Page(tuple(page)))
                    page = []
                    heading = heading or section.heading_again
                page += [*(gap if page else ()), *_under(heading, section.joint, part)]
                heading = ()
    if page:
        pages.append(Page(tuple(page)))
    return tuple(pages)


def cut(text: str, max_weight: int) -> Iterator[str]:
    """Yield pieces that make up the text again, broken after white space where there is any.

    A piece weighs its UTF-16 units and one more for each mark of direction that `closed` may have to answer with another.
    """
    start = 0
    while start < len(text):
        end = start
        weight = 0
        if _weight(text[start : start + max_weight + 1]) <= max_weight:
            # All the rest, then: this is by far the most frequent case, and the fastest.
            end = len(text)
        while end < len(text) and (weight := weight + _weight(text[end])) <= max_weight:
            end += 1
        if end < len(text):
            end = next((at for at in range(end, start, -1) if text[at - 1].isspace()), end)
        end = max(end, start + 1)
        yield text[start:end]
        start = end


def _under(heading: Sequence[Run], joint: str, runs: Sequence[Run]) -> list[Run]:
    return [*heading, Run(joint), *runs] if heading else list(runs)


def _parts(block: Block, room: int, left: int) -> Iterator[list[Run]]:
    """Yield a block whole if `room` units, a page, hold it; else in parts, the first of them in what is `left` of a page."""
    if block.quote is None:
        yield [*block.lead, *block.tail]
        return
    around = max(_units(block.lead), _units(block.lead_again)) + _units(block.tail)
    text = block.quote.text
    begins_here = _weight(text) > room - around and left - around >= _WORTH_STARTING
    first = next(cut(text, (left if begins_here else room) - around), "")
    lead = block.lead
    for piece in (first, *cut(text[len(first) :], room - around)):
        yield [*lead, replace(block.quote, text=closed(piece)), *block.tail]
        lead = block.lead_again


def _weight(text: str) -> int:
    return units(text) + len(_OPENING.findall(text))


def _units(runs: Sequence[Run]) -> int:
    return sum(units(run.text) for run in runs)


def _fits(runs: Sequence[Run], max_units: int, max_entities: int) -> bool:
    return _units(runs) <= max_units and sum(run.entities for run in runs) <= max_entities
