"""Paragraph → Attribution → Claim: who says what, for whom."""
