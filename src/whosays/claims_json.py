"""Claims → the JSON of `whosays claims`: public interface, documented in its help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whosays import text
from whosays.attribution.find import Finder
from whosays.types import Article, Attribution, Claim

#: An article with what was found in it, each ready to be printed, with its confidence among its fields.
Row = tuple[Article, Sequence[Mapping[str, Any]]]


def found_in(finder: Finder, article: Article, *, polnear: bool) -> Sequence[Mapping[str, Any]]:
    """Return all that is found in an article: its claims, or its attributions before they are split among joint speakers."""
    blocks = text.blocks(article.text, outlet=article.outlet, title=article.title)
    if polnear:
        found = finder.attributions(article, blocks)
        return [_attribution(attribution) | {"confidence": round(attribution.confidence, 4)} for attribution in found]
    return [_claim(claim) for claim in finder.find(article, blocks)]


def to_json(article: Article, found: Sequence[Mapping[str, Any]], *, polnear: bool) -> dict[str, Any]:
    """Return the line of an article."""
    return {"name": article.id, "attributions": found} if polnear else {"id": article.id, "claims": found}


def kept(rows: Sequence[Row], share: float) -> Iterator[Row]:
    """Yield the rows without the least certain part of all that is in them; of equals the later ones go first."""
    places = [(i, j) for i, (_, found) in enumerate(rows) for j in range(len(found))]
    certain_first = sorted(places, key=lambda place: -rows[place[0]][1][place[1]]["confidence"])
    dropped = set(certain_first[round(share * len(places)) :])
    for i, (article, found) in enumerate(rows):
        yield article, [item for j, item in enumerate(found) if (i, j) not in dropped]


def _attribution(attribution: Attribution) -> dict[str, Any]:
    return {"source": attribution.source, "cue": attribution.cue, "content": attribution.content}


def _claim(claim: Claim) -> Mapping[str, Any]:
    return _attribution(claim.attribution) | {
        "speaker": claim.speaker.name,
        "role": claim.speaker.role,
        "side": claim.side,
        "stance": claim.stance.value,
        "confidence": round(claim.confidence, 4),
    }
