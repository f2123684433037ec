"""What a cue does."""

from __future__ import annotations

import pytest

from whosays.attribution.stance import stance_of
from whosays.types import Stance


@pytest.mark.parametrize(
    ("cue", "content", "stance"),
    [
        ("said", "the pier was safe", Stance.CLAIMS),
        ("according to", "the pier was safe", Stance.CLAIMS),
        ("denied", "that the pier had fallen", Stance.DENIES),
        ("rejected", "the board’s claims", Stance.DENIES),
        ("refused", "to accept the outcome", Stance.DENIES),
        ("declined to", "say whether it was safe", Stance.CLAIMS),
        ("refused", "to comment on the report", Stance.CLAIMS),
        ("stopped short of accusing", "the board", Stance.CLAIMS),
        ("vowed not to", "yield", Stance.PROMISES),
        ("said", "it would be a long winter", Stance.CLAIMS),
        ("did not deny", "that the pier had fallen", Stance.CLAIMS),
        ("said", "we had nothing to do with the fire", Stance.DENIES),
        ("said", "no money was paid for the pier", Stance.DENIES),
        ("accused", "the board of neglect", Stance.ACCUSES),
        ("said", "the board was responsible for the fire", Stance.ACCUSES),
        ("said", "the board had failed to mend the pier", Stance.ACCUSES),
        ("called", "the inspector reckless", Stance.ACCUSES),
        ("condemned", "the burning of the pier", Stance.CLAIMS),
        ("claimed", "responsibility for the fire", Stance.CLAIMS),
        ("called on", "the board to resign", Stance.DEMANDS),
        ("urged", "calm", Stance.DEMANDS),
        ("said", "the board must resign", Stance.DEMANDS),
        ("vowed", "to rebuild", Stance.PROMISES),
        ("said", "we will rebuild the pier", Stance.PROMISES),
        ("said", "we will not give up the pier", Stance.PROMISES),
        ("said", "Leave our pier alone", Stance.DEMANDS),
        ("said", "another storm would endanger the town", Stance.WARNS),
        ("said", "he was not sure that it would hold", Stance.DOUBTS),
        ("warned", "of more storms", Stance.WARNS),
        ("threatened", "to strike", Stance.WARNS),
        ("doubted", "that it would hold", Stance.DOUBTS),
        ("does not believe", "that it will hold", Stance.DOUBTS),
        ("believes", "that it will hold", Stance.BELIEVES),
        ("", "We checked every beam.", Stance.CLAIMS),
        ("", "", Stance.CLAIMS),
    ],
)
def test_a_cue_decides_and_plain_words_are_read_for_what_they_do(cue: str, content: str, stance: Stance) -> None:
    assert stance_of(cue, content) is stance
