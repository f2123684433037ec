"""Whether a claim comes from the one whom a question names."""

from __future__ import annotations

from whosays.types import Claim
from whosays.words import terms

#: Words that tell no speaker from another.
_COMMON = frozenset(
    terms(
        "government governments officials official authorities regime side leader leaders president minister spokesman"
        " spokeswoman spokesperson administration"
    )
)


def is_speaker(name: str, claim: Claim) -> bool:
    """Say whether all telling words of the name stand in the claim's speaker, role, party or side ("Blum": "Ana Blum, mayor")."""
    asked = set(terms(name))
    asked = asked - _COMMON or asked
    speaker = claim.speaker
    known = set(terms(" ".join((speaker.name, speaker.role, speaker.party or "", claim.side or ""))))
    return bool(asked) and asked <= known
