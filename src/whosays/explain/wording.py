"""How the terminal and the page word what they show alike."""

from __future__ import annotations

from whosays.explain.marks import Explanation
from whosays.types import OBSERVER, Speaker

NOT_READ = "not read: it is no part of the article"


def side_name(side: str | None) -> str:
    """Return a side's name for people."""
    return "side not clear" if side is None else "observer" if side == OBSERVER else side


def speaker_name(speaker: Speaker) -> str:
    """Return a speaker's name for people."""
    return speaker.name or "nobody named"


def provenance(explanation: Explanation) -> str:
    """Return outlet and day."""
    article = explanation.article
    day = f"{article.published.day} {article.published:%B %Y}" if article.published else ""
    return ", ".join(filter(None, (article.outlet, day)))


def summary(explanation: Explanation) -> str:
    """Return how much was found, and when."""
    number = len(explanation.told)
    found = "nobody is said to say anything" if not number else f"{number} statement{'s' if number > 1 else ''}"
    return f"{found}, as {'stored' if explanation.stored else 'read just now'}"
