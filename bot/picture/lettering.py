"""How wide words are, and how they are broken into lines, in the font that pictures are drawn with.

Widths are HarfBuzz's (https://harfbuzz.github.io), which the drawing (resvg) follows: Arabic letters joined, pairs kerned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import uharfbuzz as hb

from whosays.config import data_folder
from whosays.errors import ConfigError

FAMILY = "Whosays Sans"
#: Shows that words of a quotation were left out.
CUT = "[…]"
#: Shows that a name was cut.
DOTS = "…"

#: No box holds more; a longer text is never measured.
_CHARACTERS = 2000
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _FIRST_STRONG, _POP = "\u2066", "\u2067", "\u2068", "\u2069"
_RIGHT_TO_LEFT_RUN = re.compile(
    r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200c\u200d]*)"
)
_STRONG = {"L": False, "R": True, "AL": True}
_EXPLICIT = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_DROPPED = frozenset({"Cc", "Cs"})


def font_files() -> tuple[Path, ...]:
    """Return the font's files. Raises ConfigError where they are missing."""
    folder = data_folder() / "fonts"
    files = tuple(folder / f"{FAMILY.replace(' ', '')}-{weight}.ttf" for weight in ("Regular", "Bold"))
    for file in files:
        if not file.is_file():
            raise ConfigError(f"the font {file} is missing; get it from the package or the repository again")
    return files


def cleaned(text: str) -> str:
    """Return the text on one line, without what is not seen: control characters, and marks of direction that would reach out."""
    seen = (
        " " if character.isspace() else character
        for character in text[:_CHARACTERS]
        if (character.isspace() or unicodedata.category(character) not in _DROPPED)
        and unicodedata.bidirectional(character) not in _EXPLICIT
        and character not in "\ufffe\uffff"
    )
    return " ".join("".join(seen).split())


def runs_right_to_left(text: str, otherwise: bool) -> bool:
    """Return whether the first letter that has a direction runs from right to left; `otherwise` where none has one."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), otherwise)


def isolated(text: str) -> str:
    """Return a part of a line so that its letters order nothing beside it."""
    return f"{_FIRST_STRONG}{text}{_POP}"


def directed(line: str, *, right_to_left: bool) -> str:
    """Return a whole line that runs in a direction; resvg would take every line to run from left to right."""
    if not right_to_left and not any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in line):
        return line
    return f"{_RIGHT_TO_LEFT if right_to_left else _LEFT_TO_RIGHT}{line}{_POP}"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is, in pixels; `size` is the font's, in pixels."""
    font, units_per_em = _font(bold)
    advance = 0
    for run in _RIGHT_TO_LEFT_RUN.split(text):
        if run:
            letters = hb.Buffer()
            letters.add_str(run)
            letters.guess_segment_properties()
            hb.shape(font, letters)
            advance += sum(position.x_advance for position in letters.glyph_positions)
    return float(advance * size / units_per_em)


def broken(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text, each at most `room` pixels wide: broken between words, and within one that no line holds."""
    space = width(" ", size, bold=bold)
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split(" "):
        for piece in _pieces(word, size, room, bold=bold):
            needed = width(piece, size, bold=bold)
            if line and used + space + needed <= room:
                line, used = f"{line} {piece}", used + space + needed
                continue
            if line:
                lines.append(line)
            line, used = piece, needed
    return [*lines, line] if line else lines


def fitted(text: str, size: float, room: float, *, lines: int, bold: bool = False) -> list[str]:
    """Return the lines of a name or title, the last one cut with "…" where there would be more than `lines`."""
    all_lines = broken(text, size, room, bold=bold)
    if len(all_lines) <= lines:
        return all_lines
    last = _longest(_prefixes(all_lines[lines - 1]), DOTS, size, room, bold=bold)
    return [*all_lines[: lines - 1], last]


def excerpt(text: str, size: float, room: float, *, lines: int) -> list[str]:
    """Return the lines of a quotation: its first words, unchanged, and "[…]" where some are left out behind them."""
    all_lines = broken(text, size, room)
    if len(all_lines) <= lines:
        return all_lines
    words = all_lines[lines - 1].split(" ")
    kept = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    # Where the cut falls behind a cut that the quotation has already, one mark is enough.
    last = _longest([prefix.removesuffix(CUT).rstrip() for prefix in kept], " " + CUT, size, room).lstrip()
    return [*all_lines[: lines - 1], last]


def _pieces(word: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    if width(word, size, bold=bold) <= room:
        yield word
        return
    piece = ""
    for character in word:
        # A mark stays on the letter that it belongs to.
        joins = unicodedata.combining(character) or unicodedata.category(character).startswith("M")
        if piece and not joins and width(piece + character, size, bold=bold) > room:
            yield piece
            piece = ""
        piece += character
    yield piece


def _prefixes(line: str) -> list[str]:
    return [line[:count].rstrip(" ,،;") for count in range(len(line), 0, -1)]


def _longest(candidates: Sequence[str], end: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the first of the candidates that fits with `end` behind it; `end` alone where none does."""
    return next((whole for text in candidates if width(whole := text + end, size, bold=bold) <= room), end)


@cache
def _font(bold: bool) -> tuple[hb.Font, int]:
    face = hb.Face(hb.Blob.from_file_path(font_files()[bold]))
    return hb.Font(face), face.upem
