"""Two sides contradict each other only where their words show it, and only on what was asked."""

from __future__ import annotations

import pytest

from tests.orsel import embed
from whosays.conflict import conflict, contradict
from whosays.statement import Asked, Statement
from whosays.types import Disagreement, Stance

#: A question of yes or no that shares no word with any statement below.
WHETHER = "is it so?"


def said(words: str, side: str = "Varn Republic", stance: Stance = Stance.CLAIMS) -> Statement:
    return Statement(side=side, words=words, stance=stance, vector=embed(f"Orsel town army. {words}"))


def league(words: str, stance: Stance = Stance.CLAIMS) -> Statement:
    return said(words, "Coast League", stance)


@pytest.mark.parametrize(
    ("one", "other", "question", "kind"),
    [
        (
            said("our army burned the mill of Orsel", stance=Stance.DENIES),
            league("the Varn army burned the mill in Orsel", Stance.ACCUSES),
            WHETHER,
            Disagreement.ACCUSATION,
        ),
        (
            said("our army burned the mill of Orsel", stance=Stance.DENIES),
            league("the army burned the mill in Orsel", Stance.ACCUSES),
            WHETHER,
            Disagreement.DENIAL,
        ),
        (
            said("the army poisoned the wells of Orsel", stance=Stance.WARNS),
            league("that story of Orsel's wells is a lie"),
            WHETHER,
            Disagreement.DENIAL,
        ),
        (
            said("I don’t think we have a meeting in Orsel"),
            league("the two will have a short meeting in Orsel"),
            WHETHER,
            Disagreement.DENIAL,
        ),
        (
            said("the takeover claims", stance=Stance.DENIES),
            league("Orsel belongs to the League's army"),
            WHETHER,
            Disagreement.DENIAL,
        ),
        (
            said("the idea of a joint army", stance=Stance.ACCUSES),
            league("both need a joint army in Orsel", Stance.DEMANDS),
            WHETHER,
            Disagreement.DENIAL,
        ),
        (
            said("the Coast League of flooding the mine of Orsel", stance=Stance.ACCUSES),
            league("the dam at the mine broke in the rain"),
            "who flooded the mine?",
            Disagreement.ACCUSATION,
        ),
        (
            said("the Coast League did nothing for the army in Orsel", stance=Stance.ACCUSES),
            league("we will send the army in Orsel all it needs", Stance.PROMISES),
            WHETHER,
            Disagreement.ACCUSATION,
        ),
        (said("Orsel fell to our brigades"), league("the League still holds Orsel"), WHETHER, Disagreement.OPPOSITES),
        (said("the vote in Orsel was legal"), league("the vote in Orsel was illegal"), WHETHER, Disagreement.OPPOSITES),
        (
            said("we will leave the salt union of Orsel", stance=Stance.PROMISES),
            league("we will stay in the salt union of Orsel", Stance.PROMISES),
            WHETHER,
            Disagreement.OPPOSITES,
        ),
        (
            said("the shelling killed 12 soldiers in Orsel"),
            league("the shelling killed forty soldiers in Orsel"),
            WHETHER,
            Disagreement.NUMBERS,
        ),
        (
            said("300 tents came to Orsel by ship"),
            league("our drivers counted 90 tents in the army's camp at Orsel"),
            "how many tents came?",
            Disagreement.NUMBERS,
        ),
        (said("the army shelled the hospital"), league("the army has not shelled the hospital"), WHETHER, Disagreement.DENIAL),
        (said("Orsel as their own"), league("Orsel as their own"), WHETHER, Disagreement.RIVALS),
        (
            said("a salt tax would feed the families of Orsel through a hard winter"),
            league("the town must never see such a salt tax as ruined its neighbours", Stance.DEMANDS),
            "should there be a salt tax?",
            Disagreement.POSITIONS,
        ),
    ],
)
def test_opposite_statements_contradict_each_other_in_either_order(
    one: Statement, other: Statement, question: str, kind: Disagreement
) -> None:
    assert contradict(one, other, Asked(question)) is kind
    assert contradict(other, one, Asked(question)) is kind


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        (said("Orsel fell to our brigades"), league("the army captured Orsel"), WHETHER),
        (said("our army burned the mill", stance=Stance.DENIES), league("no mill was burned", Stance.DENIES), WHETHER),
        (
            said("our army burned the mill", stance=Stance.DENIES),
            league("the army must pay for the mill", Stance.DEMANDS),
            WHETHER,
        ),
        (
            said("the shelling killed 12 soldiers in Orsel"),
            league("the shelling killed at least 10 soldiers in Orsel"),
            WHETHER,
        ),
        (said("talks will open in June"), league("the harbour needs 40 tents"), WHETHER),
        # Nobody is guilty yet of what will be.
        (
            said("the Coast League of flooding the mine of Orsel", stance=Stance.ACCUSES),
            league("the dam at the mine of Orsel broke in the rain"),
            "will the mine open again?",
        ),
        # Who does not know yet says neither.
        (said("the army is checking who, if anyone, was killed in Orsel"), league("the mayor of Orsel is alive"), "is he dead?"),
        (
            said("the army is checking who, if anyone, was killed in Orsel"),
            league("the mayor of Orsel was killed", Stance.DENIES),
            "is he dead?",
        ),
        # Who reports another's denial denies nothing himself.
        (said("the governor totally denied any part in the fire"), league("the fire in Orsel began at noon"), WHETHER),
        # That it was not he contradicts nobody who says that it was himself.
        (
            said("it was behind the fire in Orsel", stance=Stance.DENIES),
            league("responsibility for the fire in Orsel"),
            "who set the fire in Orsel?",
        ),
        # Who owns a thing is one question, who used it another.
        (
            said("he had anything to do with a raid with the cannons of Orsel", stance=Stance.DENIES),
            league("the cannons of Orsel are owned by the Varn Republic's governor"),
            "who owns the cannons?",
        ),
        (said("there is no doubt that the army shelled the mill"), league("the army shelled the mill"), WHETHER),
        (
            said("the League of flooding the mine of Orsel", stance=Stance.ACCUSES),
            league("responsibility for the flooded mine of Orsel"),
            "who flooded the mine?",
        ),
        # Whom a third party accuses is not the one who refuses.
        (
            said("our army has left the salt road to Orsel", stance=Stance.DENIES),
            league("they held the Tolk Company responsible for the flooded mine", Stance.ACCUSES),
            "who flooded the mine?",
        ),
        # What somebody wants tells nothing of what will be.
        (
            said("the League should lift the salt tax", stance=Stance.DEMANDS),
            league("nobody has asked us to lift the salt tax"),
            "will the League lift the salt tax?",
        ),
    ],
)
def test_statements_that_can_both_be_so_do_not(one: Statement, other: Statement, question: str) -> None:
    assert contradict(one, other, Asked(question)) is None
    assert contradict(other, one, Asked(question)) is None


def test_a_denial_of_another_matter_contradicts_nothing() -> None:
    denial = Statement(side="Varn", words="it took bribes", stance=Stance.DENIES, vector=embed("Grain contracts. it took bribes"))
    claim = Statement(side="League", words="Orsel fell", stance=Stance.CLAIMS, vector=embed("Orsel fell"))
    assert contradict(denial, claim, Asked(WHETHER)) is None


QUESTION = "did Orsel fall to the brigades?"


def test_one_side_alone_is_never_in_dispute() -> None:
    one_side = [said("Orsel fell to us"), said("we hold Orsel"), said("Orsel fell", stance=Stance.DENIES)]
    assert conflict(one_side, QUESTION, embed(QUESTION)) is None


def test_the_pair_that_lies_nearest_to_the_question_is_the_one_shown() -> None:
    statements = [
        said("the vote in Orsel was legal"),
        league("the vote in Orsel was illegal"),
        said("Orsel fell to our brigades"),
        league("the League still holds Orsel"),
    ]
    found = conflict(statements, QUESTION, embed(QUESTION))
    assert found
    assert (found.kind, found.one, found.other) == (Disagreement.OPPOSITES, 2, 3)


def test_a_contradiction_on_something_else_is_no_dispute_on_what_was_asked() -> None:
    statements = [said("the vote in Orsel was legal"), league("the vote in Orsel was illegal")]
    assert conflict(statements, "was the vote legal?", embed("was the vote legal?"))
    assert conflict(statements, "how deep is the harbour?", embed("how deep is the harbour?")) is None


def test_who_rejects_a_sides_own_claims_contradicts_it_whatever_it_says_here() -> None:
    asked = Asked("does the Varn Republic want peace with Orsel?")
    promise = said("full safety to all in Orsel who hand in a weapon", stance=Stance.PROMISES)
    refusal = league("the Varn Republic’s claims of wanting a fair peace", Stance.DENIES)
    assert contradict(refusal, promise, asked) is Disagreement.DENIAL
    assert contradict(league("the monitors’ claims of wanting a fair peace", Stance.DENIES), promise, asked) is None
