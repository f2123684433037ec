"""Paragraph → Attribution → Claim: who says what, for whom."""

from whosays.attribution.find import Finder, claims_of

__all__ = ["Finder", "claims_of"]
