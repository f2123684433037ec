"""Which claims come from those whom a question names."""

from __future__ import annotations

from collections.abc import Iterable

from whosays.types import OBSERVER, Claim
from whosays.words import terms

#: Words that tell no speaker from another.
_COMMON = frozenset(
    terms(
        "government governments officials official authorities regime side leader leaders president minister spokesman"
        " spokeswoman spokesperson administration"
    )
)


def said_by(names: Iterable[str], claims: Iterable[Claim]) -> frozenset[Claim]:
    """Return the claims that come from any of those named.

    Whoever asks what a party says does not ask those of another side who have it in their title only ("former Russian officer").
    """
    claims = list(claims)
    parties = {frozenset(terms(claim.side)) for claim in claims if claim.side and claim.side != OBSERVER}
    found: set[Claim] = set()
    for name in names:
        is_party = frozenset(terms(name)) in parties
        found.update(c for c in claims if is_speaker(name, c) and not (is_party and _is_in_the_title_alone(name, c)))
    return frozenset(found)


def _is_in_the_title_alone(name: str, claim: Claim) -> bool:
    """Say whether a party's name stands in the role of somebody of another side, and neither in his name nor in his side's."""
    if claim.side is None or claim.side == OBSERVER:
        return False
    return not set(terms(name)) <= set(terms(" ".join((claim.speaker.name, claim.speaker.party or "", claim.side))))


def is_speaker(name: str, claim: Claim) -> bool:
    """Say whether all telling words of the name stand in the claim's speaker, role, party or side ("Blum": "Ana Blum, mayor")."""
    asked = set(terms(name))
    asked = asked - _COMMON or asked
    speaker = claim.speaker
    known = set(terms(" ".join((speaker.name, speaker.role, speaker.party or "", claim.side or ""))))
    return bool(asked) and asked <= known
