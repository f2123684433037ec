"""Two sides contradict each other only where their words show it."""

from __future__ import annotations

import pytest

from tests.orsel import embed
from whosays.conflict import Statement, contradict, disputed
from whosays.types import Stance


def said(words: str, side: str = "Varn", stance: Stance = Stance.CLAIMS) -> Statement:
    return Statement(side=side, words=words, stance=stance, vector=embed(f"Orsel town army. {words}"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            said("our army burned the mill", stance=Stance.DENIES),
            said("the army burned the mill in Orsel", "League", Stance.ACCUSES),
        ),
        (said("Orsel fell to our brigades"), said("the League still holds Orsel", "League")),
        (said("the vote in Orsel was legal"), said("the vote in Orsel was illegal", "League")),
        (said("the shelling killed 12 soldiers in Orsel"), said("the shelling killed 40 soldiers in Orsel", "League")),
        (said("the army shelled the hospital"), said("the army has not shelled the hospital", "League")),
        (said("Orsel as their own"), said("Orsel as their own", "League")),
        (said("the army burned the mill"), said("I don’t believe that the army burned the mill", "League")),
        (
            said("the army poisoned the wells of Orsel", stance=Stance.ACCUSES),
            said("that story of Orsel's wells is a lie", "League"),
        ),
    ],
)
def test_opposite_statements_contradict_each_other_in_either_order(one: Statement, other: Statement) -> None:
    assert contradict(one, other)
    assert contradict(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said("Orsel fell to our brigades"), said("the army captured Orsel", "League")),
        (said("our army burned the mill", stance=Stance.DENIES), said("no mill was burned", "League", Stance.DENIES)),
        (
            said("our army burned the mill", stance=Stance.DENIES),
            said("the army must pay for the mill", "League", Stance.DEMANDS),
        ),
        (said("the shelling killed 12 soldiers in Orsel"), said("the shelling killed 12 soldiers in Orsel", "League")),
        (said("talks will open in June"), said("the harbour needs 40 tents", "League")),
    ],
)
def test_statements_that_can_both_be_so_do_not(one: Statement, other: Statement) -> None:
    assert not contradict(one, other)
    assert not contradict(other, one)


def test_a_denial_of_another_matter_contradicts_nothing() -> None:
    denial = Statement(side="Varn", words="it took bribes", stance=Stance.DENIES, vector=embed("Grain contracts. it took bribes"))
    claim = Statement(side="League", words="Orsel fell", stance=Stance.CLAIMS, vector=embed("Orsel fell"))
    assert not contradict(denial, claim)


def test_one_side_alone_is_never_in_dispute() -> None:
    assert not disputed([said("Orsel fell to us"), said("we hold Orsel"), said("Orsel fell", stance=Stance.DENIES)])
    assert disputed([said("Orsel fell to us"), said("we hold Orsel", "League")])
