"""Words that exclude each other: what fell is not held, who is guilty is not innocent."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from whosays.words import alike, terms

#: What cannot both be so of one thing, stemmed alike by `terms`. The sets of a row exclude each other.
_ROWS = tuple(
    tuple(frozenset(terms(group)) for group in row.split("|"))
    for row in (
        "fell capture seize conquer overrun took|hold repel defend retain resist",
        "withdraw leave quit scrap abandon exit|stay keep remain preserve bolster",
        "advance gain|retreat flee",
        "guilty responsible culpable|innocent",
        "alive survive|dead killed",
        "block blockade close shut|open reopen",
        "legal lawful legitimate legally constitutional|illegal unlawful illegitimate illegally unconstitutional",
        "safe|dangerous unsafe",
        "danger threat threaten endanger risk|survival protect safeguard",
        "true authentic genuine|false untrue fake rehash hoax",
        "win won victory|lost defeat",
        "succeed success successful|fail failure failed",
        "accident accidental accidentally suicide|deliberate deliberately planned murder",
        "secret clandestine weapons|peaceful civilian",
        "accept approve agree welcome endorse|reject refuse oppose",
        "support back|oppose undermine",
        "increase rise grow|decrease fall shrink decline",
        "free release|jail detain imprison",
        "start resume|stop halt end",
        "honour comply respect|violate breach break",
        "necessary essential needed|unnecessary needless",
    )
)
_MEMBERS = tuple(frozenset[str]().union(*row) for row in _ROWS)


def opposed(a: frozenset[str], b: frozenset[str]) -> list[frozenset[str]]:
    """Return the rows, all their terms in one, of which the two sets of terms have different ends, and neither has both."""
    return [
        members
        for members, row in zip(_MEMBERS, _ROWS, strict=True)
        if not (members.isdisjoint(a) or members.isdisjoint(b)) and _on_different_ends(a, b, row)
    ]


@lru_cache(maxsize=4096)
def kin(term: str) -> frozenset[str]:
    """Return the terms that speak of what a term speaks of: those of a like meaning, and of the opposite one."""
    return alike(term).union(*(members for members in _MEMBERS if term in members))


def _on_different_ends(a: frozenset[str], b: frozenset[str], row: tuple[frozenset[str], ...]) -> bool:
    ends = ((x, y) for one, other in combinations(row, 2) for x, y in ((one, other), (other, one)))
    return any(a & ours and b & theirs and not a & theirs and not b & ours for ours, theirs in ends)
