"""`whosays claims`: who says what in articles, a JSON line an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whosays import claims_json
from whosays.attribution.find import Finder
from whosays.cli.exits import Exit
from whosays.cli.output import print_json, warn
from whosays.types import Article, Reading


def print_claims(finder: Finder, readings: Iterable[Reading], *, polnear: bool, keep: float | None) -> Exit:
    """Print what is found; `keep` is the share of all claims that is kept, those with the highest confidence."""
    refused = 0

    def rows() -> Iterator[claims_json.Row]:
        nonlocal refused
        for reading in readings:
            if isinstance(reading, Article):
                yield reading, claims_json.found_in(finder, reading, polnear=polnear)
            else:
                refused += 1
                warn(f"refused {reading.where}: {reading.reason}")

    for article, found in rows() if keep is None else claims_json.kept(list(rows()), keep):
        print_json(claims_json.to_json(article, found, polnear=polnear))
    return Exit.REFUSED if refused else Exit.DONE
