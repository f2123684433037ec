"""`whosays claims`: who says what in articles, a JSON line an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from whosays import text
from whosays.attribution import Finder
from whosays.cli.exits import Exit
from whosays.cli.output import print_json, warn
from whosays.types import Article, Attribution, Claim, Reading

#: An article with what was found in it, each ready to be printed, with its confidence among its fields.
Row = tuple[Article, Sequence[Mapping[str, Any]]]


def print_claims(finder: Finder, readings: Iterable[Reading], *, polnear: bool, keep: float | None) -> Exit:
    """Print what is found; `keep` is the share of all claims that is kept, those with the highest confidence."""
    refused = 0

    def rows() -> Iterator[Row]:
        nonlocal refused
        for reading in readings:
            if isinstance(reading, Article):
                yield reading, _found(finder, reading, polnear)
            else:
                refused += 1
                warn(f"refused {reading.where}: {reading.reason}")

    for article, found in rows() if keep is None else kept(list(rows()), keep):
        print_json({"name": article.id, "attributions": found} if polnear else {"id": article.id, "claims": found})
    return Exit.REFUSED if refused else Exit.DONE


def kept(rows: Sequence[Row], share: float) -> Iterator[Row]:
    """Yield the rows without the least certain part of all that is in them; of equals the later ones go first."""
    places = [(i, j) for i, (_, found) in enumerate(rows) for j in range(len(found))]
    certain_first = sorted(places, key=lambda place: -rows[place[0]][1][place[1]]["confidence"])
    dropped = set(certain_first[round(share * len(places)) :])
    for i, (article, found) in enumerate(rows):
        yield article, [item for j, item in enumerate(found) if (i, j) not in dropped]


def _found(finder: Finder, article: Article, polnear: bool) -> Sequence[Mapping[str, Any]]:
    blocks = text.blocks(article.text, outlet=article.outlet, title=article.title)
    if polnear:
        return [
            _attribution(found) | {"confidence": round(found.confidence, 4)} for found in finder.attributions(article, blocks)
        ]
    return [_claim(found) for found in finder.find(article, blocks)]


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
