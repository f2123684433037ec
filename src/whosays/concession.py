"""Does a side say what hurts its own case? Its cue tells: "admitted", "conceded", "acknowledged"."""

from __future__ import annotations

import re

from whosays.citations import cut_out, in_order
from whosays.types import OBSERVER, Claim, Stance

_CONCEDES = re.compile(
    r"\b(?:admit(?:s|ted|ting)?|conced(?:e|es|ed|ing)|acknowledg(?:e|es|ed|ing)|confess(?:es|ed|ing)?|owned up"
    r"|apologi[sz](?:es?|ed)|grant(?:s|ed) that)\b",
    re.IGNORECASE,
)
#: "refused to admit", "has never acknowledged", "was urged to concede" concede nothing.
_NOT = re.compile(
    r"\b(?:not|never|n[’']t|without|refus\w+|declin\w+|fail\w+|reluctan\w+|unwilling|urg\w+|ask\w+|call\w+|forc\w+ to|should"
    r"|must)\b",
    re.IGNORECASE,
)


def concedes(text: str, claim: Claim) -> bool:
    """Say whether a claim in `text`, its article's, is told as a concession of a party."""
    if claim.side in (None, OBSERVER) or claim.stance is not Stance.CLAIMS:
        return False
    cue = cut_out(text, in_order(claim.attribution.cue))
    return bool(_CONCEDES.search(cue)) and not _NOT.search(cue)
