"""An article with who says what marked in it, for people who want to see why: as values, for a terminal, as a page."""

from whosays.explain.marks import Explanation, explained
from whosays.explain.page import to_page
from whosays.explain.terminal import to_text

__all__ = ["Explanation", "explained", "to_page", "to_text"]
