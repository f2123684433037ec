"""Lines of text and shapes at their places, and the PNG made of them.

Places are given from the side at which a line of the interface's language starts: in a right-to-left one all is mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from xml.sax.saxutils import escape

import resvg_py

from bot.picture.lettering import FAMILY, directed, font_files, width

#: How high a line is, and how deep its letters' feet stand in it, by the size of its letters (Noto Sans with Arabic's marks).
LINE_HEIGHT = 1.3
_BASELINE = 1.0
_MARKERS = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text in its box; `x` is the box's left edge, `y` its upper one, in pixels."""

    text: str
    x: float
    y: float
    width: float
    size: float
    colour: str
    bold: bool = False
    right_to_left: bool = False

    @property
    def height(self) -> float:
        """The box's height, in pixels."""
        return self.size * LINE_HEIGHT

    @property
    def svg(self) -> str:
        """The line as SVG, its characters escaped."""
        weight = 700 if self.bold else 400
        return (
            f'<text x="{self.x:.1f}" y="{self.y + self.size * _BASELINE:.1f}" font-size="{self.size:g}" font-weight="{weight}" '
            f'fill="{self.colour}">{escape(directed(self.text, right_to_left=self.right_to_left))}</text>'
        )


@dataclass(slots=True, kw_only=True)
class Canvas:
    """A picture being made: `width` pixels wide, as high as it comes to be."""

    width: int
    mirrored: bool
    ground: str
    shapes: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def write(
        self,
        text: str,
        start: float,
        y: float,
        *,
        size: float,
        colour: str,
        bold: bool = False,
        right_to_left: bool | None = None,
    ) -> float:
        """Write a line that starts at `start`, and return how wide it is. `right_to_left` None: as the interface runs."""
        wide = width(text, size, bold=bold)
        self.texts.append(
            Text(
                text=text,
                x=self._left(start, wide),
                y=y,
                width=wide,
                size=size,
                colour=colour,
                bold=bold,
                right_to_left=self.mirrored if right_to_left is None else right_to_left,
            )
        )
        return wide

    def box(
        self, start: float, y: float, wide: float, high: float, *, colour: str, radius: float = 0, opacity: float = 1
    ) -> None:
        """Draw a filled box."""
        self.shapes.append(
            f'<rect x="{self._left(start, wide):.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{radius:g}" '
            f'fill="{colour}" fill-opacity="{opacity:g}"/>'
        )

    def marker(self, number: int, centre: float, y: float, radius: float, *, colour: str) -> None:
        """Draw the mark of lane `number`, ringed by the ground. Shapes alternate, so that colours are not all that differs."""
        x = self._left(centre, 0)
        match _MARKERS[number % len(_MARKERS)]:
            case "circle":
                points = ""
            case "square":
                points = _points(x, y, ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)), radius)
            case "diamond":
                points = _points(x, y, ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)), radius)
            case _:
                points = _points(x, y, ((0, -1.2), (1.2, 0.9), (-1.2, 0.9)), radius)
        look = f'fill="{colour}" stroke="{self.ground}" stroke-width="8" stroke-linejoin="round" paint-order="stroke"'
        if points:
            self.shapes.append(f'<polygon points="{points}" {look}/>')
        else:
            self.shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {look}/>')

    def svg(self, height: float) -> str:
        """Return the picture as SVG: the shapes, then the texts in the order in which they are read."""
        whole = ceil(height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{whole}" font-family="{FAMILY}">'
            f'<rect width="{self.width}" height="{whole}" fill="{self.ground}"/>'
            + "".join(self.shapes)
            + "".join(text.svg for text in self.texts)
            + "</svg>"
        )

    def _left(self, start: float, wide: float) -> float:
        return self.width - start - wide if self.mirrored else start


def png(svg: str) -> bytes:
    """Return the picture as PNG: drawn with our own font alone, so the same on every machine. Raises ConfigError without it."""
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(file) for file in font_files()])


def _points(x: float, y: float, corners: Sequence[tuple[float, float]], radius: float) -> str:
    return " ".join(f"{x + across * radius:.1f},{y + down * radius:.1f}" for across, down in corners)
