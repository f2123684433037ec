"""The colours of pictures, on light and on dark.

Colour-blind people tell the sides' colours apart in the order in which they are given (blue and orange first, as Okabe and Ito
advise, https://jfly.uni-koeln.de/color). Each reaches WCAG 2.2's AA for text on its ground. A shape goes with every colour, so
that no colour is needed to tell sides apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as #RRGGBB: of the ground, the letters, lesser letters, hairlines, sides, and those who are no side."""

    ground: str
    letters: str
    lesser: str
    hairline: str
    sides: tuple[str, ...]
    no_side: str


LIGHT = Palette(
    ground="#ffffff",
    letters="#16191d",
    lesser="#545d68",
    hairline="#dfe3e8",
    sides=("#0b5cad", "#b3420a", "#00705a", "#8b3a8a", "#7a5a00", "#00687f", "#a5174f", "#4b6120"),
    no_side="#545d68",
)
DARK = Palette(
    ground="#15191e",
    letters="#eceff2",
    lesser="#a6b0bb",
    hairline="#323942",
    sides=("#6cb4ff", "#ff9d66", "#4accab", "#e2a0de", "#e3c04f", "#6dd0e6", "#ff91ad", "#b5cd6e"),
    no_side="#a6b0bb",
)
