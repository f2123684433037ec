"""What an operator says of one claim, in place of what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from whosays.types import OBSERVER, Claim, Span, Stance

#: `Correction.side` of a claim whose side is to stay open.
OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An override of one claim: what is None stays as it was found. `side` is a party's name, `OBSERVER` or `OPEN`.

    Another `speaker` has no office unless `role` gives him one.

    The claim is the one of `article` whose words stand at `content`; `words` is their digest (`digest_of`), so that nothing is
    put under words that have changed since. Of joint speakers it is the one who was found as `found`.
    """

    article: str
    content: tuple[Span, ...]
    words: str
    found: str
    at: datetime
    side: str | None = None
    speaker: str | None = None
    role: str | None = None
    stance: Stance | None = None
    hidden: bool = False

    def meant(self, claims: Sequence[Claim]) -> list[int]:
        """Return which of these claims, as they were found, it is about: of those in its words the one whose speaker it names.

        Where a list of actors that has changed gives the only speaker another name, it is still about him.
        """
        alike = [i for i, c in enumerate(claims) if (c.article, c.attribution.content) == (self.article, self.content)]
        return alike if len(alike) == 1 else [i for i in alike if claims[i].speaker.name == self.found]


def digest_of(text: str, content: Sequence[Span]) -> str:
    """Return what tells the words of a claim, cut out of its article's text, from all others."""
    return hashlib.sha256("\0".join(text[slice(*span)] for span in content).encode("utf-8", "surrogatepass")).hexdigest()


def corrected(claim: Claim, correction: Correction) -> Claim | None:
    """Return a claim as its operator would have it; None where nobody is to see it. Who has looked at it is sure of it."""
    if correction.hidden:
        return None
    side, party = claim.side, claim.speaker.party
    if correction.side is not None:
        side = None if correction.side == OPEN else correction.side
        party = None if side in (None, OBSERVER) else side
    name, role = claim.speaker.name, claim.speaker.role
    if correction.speaker not in (None, name):
        # The office that was found is that of whom the claim was taken from.
        name, role = correction.speaker, ""
    speaker = replace(claim.speaker, name=name, role=role if correction.role is None else correction.role, party=party)
    return replace(claim, speaker=speaker, side=side, stance=correction.stance or claim.stance, confidence=1.0)


def all_corrected(claims: Sequence[Claim], corrections: Sequence[Correction]) -> list[Claim | None]:
    """Return claims, each as corrected, in their places; None for those that are hidden."""
    result: list[Claim | None] = list(claims)
    for correction in corrections:
        for i in correction.meant(claims):
            result[i] = corrected(claims[i], correction)
    return result
