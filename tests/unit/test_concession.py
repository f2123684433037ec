"""Concessions: told by the cue, of a party alone."""

from __future__ import annotations

import pytest

from whosays.concession import concedes
from whosays.types import OBSERVER, Attribution, Claim, Span, Speaker, Stance

WORDS = "the bridge had been left unguarded"


def claim(cue: str, side: str | None, stance: Stance = Stance.CLAIMS) -> tuple[str, Claim]:
    text = f"The League {cue} {WORDS}."
    start = text.index(cue)
    attribution = Attribution(
        source=(Span(0, 10),), cue=(Span(start, start + len(cue)),), content=(Span(text.index(WORDS), len(text) - 1),)
    )
    speaker = Speaker(name="League")
    return text, Claim(
        article="a", paragraphs=(0,), attribution=attribution, speaker=speaker, side=side, stance=stance, confidence=0.9
    )


@pytest.mark.parametrize("cue", ["admitted that", "has conceded", "acknowledges", "Acknowledged"])
def test_who_admits_concedes(cue: str) -> None:
    assert concedes(*claim(cue, "Norvale League"))


@pytest.mark.parametrize("cue", ["said", "refused to admit that", "has never acknowledged", "was urged to concede that"])
def test_other_cues_concede_nothing(cue: str) -> None:
    assert not concedes(*claim(cue, "Norvale League"))


@pytest.mark.parametrize("side", [None, OBSERVER])
def test_who_has_no_case_concedes_nothing(side: str | None) -> None:
    assert not concedes(*claim("admitted that", side))


def test_a_denial_is_none() -> None:
    assert not concedes(*claim("admitted that", "Norvale League", Stance.DENIES))
