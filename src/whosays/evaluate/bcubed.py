"""B-cubed: how well things are grouped (Bagga and Baldwin, 1998; Amigó et al., 2009, have its figures worked out by hand)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence


def bcubed(wanted: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of groups, given as a label a thing in the same order; 1 each where there is nothing.

    A thing's precision is the share of its found group that is of its wanted group, its recall the share of its wanted group
    that is in its found group, itself always among them. Both are means over the things, and F1 is that of the means.
    """
    if len(wanted) != len(found):
        raise ValueError(f"{len(wanted)} labels wanted, {len(found)} found")
    if not wanted:
        return 1.0, 1.0, 1.0
    of_wanted: dict[Hashable, int] = defaultdict(int)
    of_found: dict[Hashable, int] = defaultdict(int)
    of_both: dict[tuple[Hashable, Hashable], int] = defaultdict(int)
    for pair in zip(wanted, found, strict=True):
        of_wanted[pair[0]] += 1
        of_found[pair[1]] += 1
        of_both[pair] += 1
    # Each of the n things that two groups share has the precision n / len(found group).
    precision = sum(n * n / of_found[pair[1]] for pair, n in of_both.items()) / len(wanted)
    recall = sum(n * n / of_wanted[pair[0]] for pair, n in of_both.items()) / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall)
