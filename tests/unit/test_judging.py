"""What is news to a chat: judged against what it has heard, with its reason; pairs written for this."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.orsel import LEAGUE, VARN, embed
from whosays.alerts.judging import Fresh, Novelty, Repeat, is_same, judge
from whosays.heard import Heard
from whosays.outbox import Reason
from whosays.types import Disagreement, Stance, Vector

NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
TOPIC = "who holds Orsel?"


def heard(
    words: str,
    side: str | None = VARN,
    *,
    speaker: str = "Mira Tolk",
    stance: Stance = Stance.CLAIMS,
    days: int = 0,
    vector: Vector | None = None,
) -> Heard:
    return Heard(
        mark=f"{side or speaker} {stance} {words}",
        side=side,
        speaker=speaker,
        stance=stance,
        words=words,
        at=NOW + timedelta(days=days),
        outlet="Orsel Gazette",
        url="https://gazette.example/orsel",
        vector=embed(words) if vector is None else vector,
    )


def judged(new: Heard, *before: Heard, topic: str = TOPIC, concedes: bool = False) -> Repeat | Novelty:
    return judge(Fresh(heard=new, concedes=concedes), before, topic)


FELL = heard("that its army had captured the town of Orsel", days=-1)


@pytest.mark.parametrize(
    "words",
    [
        "that its army had captured the town of Orsel",
        "its army captured the town of Orsel",
        "the town of Orsel had been taken by its army",
        "that the army had captured Orsel",
    ],
)
def test_a_claim_in_like_words_was_heard_whatever_the_outlet(words: str) -> None:
    # With the vectors of the real encoder these pairs lie at 0.8 and above; the tests' own count words alone.
    close = heard(words, speaker="Tolk", vector=embed(FELL.words))
    found = judged(close, FELL)
    assert isinstance(found, Repeat)
    assert found.of is FELL


@pytest.mark.parametrize(
    "new",
    [
        heard("that its army had captured the harbour of Orsel"),
        heard("that its army had not captured the town of Orsel"),
        heard("that its army had captured 3 towns near Orsel"),
        heard("that its army had captured the town of Calder"),
        heard("that its army had captured the town of Orsel", "Coast League", speaker="Bren Osk"),
        heard("that its army had captured the town of Orsel", stance=Stance.DENIES),
        heard("that its army had captured the town of Orsel", stance=Stance.PROMISES),
        heard("that its army had captured the town of Orsel", None, speaker="a ferryman"),
    ],
)
def test_another_place_number_side_or_stance_is_another_claim(new: Heard) -> None:
    assert not is_same(new, FELL)
    assert isinstance(judged(new, FELL), Novelty)


def test_who_speaks_for_nobody_is_heard_by_his_name() -> None:
    said = heard("smoke over the town of Orsel", None, speaker="Bren Osk")
    assert is_same(heard("smoke over the town of Orsel", None, speaker="Osk"), said)
    other = heard("smoke over the town of Orsel", None, speaker="a ferryman")
    assert not is_same(other, said)
    assert isinstance(judged(other, said), Novelty)


def test_the_first_claim_of_a_side_is_a_new_side_and_the_next_a_new_claim() -> None:
    assert judged(heard("that Orsel was quiet")) == Novelty(reason=Reason.NEW_SIDE)
    assert judged(heard("that the harbour tolls would rise"), FELL) == Novelty(reason=Reason.NEW_CLAIM)
    assert judged(heard("that the harbour tolls would rise", LEAGUE), FELL) == Novelty(reason=Reason.NEW_SIDE)
    assert judged(heard("that Orsel was quiet", None, speaker="a ferryman")) == Novelty(reason=Reason.NEW_CLAIM)


def test_a_denial_of_what_was_heard_is_a_conflict_and_says_of_what() -> None:
    new = heard("that the town of Orsel had been captured", LEAGUE, speaker="Jon Averin", stance=Stance.DENIES)
    found = judged(new, heard("that the tolls would rise", days=-3), FELL)
    assert isinstance(found, Novelty)
    assert (found.reason, found.kind) == (Reason.CONFLICT, Disagreement.DENIAL)
    assert found.before is not None
    assert (found.before.words, found.before.side, found.before.at) == (FELL.words, VARN, FELL.at)
    assert (found.before.outlet, found.before.url) == ("Orsel Gazette", "https://gazette.example/orsel")


def test_a_claim_that_excludes_what_another_side_said_is_a_conflict() -> None:
    found = judged(heard("that the town was still held by the League", LEAGUE), heard("that the town had fallen", days=-1))
    assert isinstance(found, Novelty)
    assert (found.reason, found.kind) == (Reason.CONFLICT, Disagreement.OPPOSITES)


def test_a_side_that_says_the_contrary_takes_back_what_it_said() -> None:
    found = judged(heard("that its army had not captured the town of Orsel"), FELL)
    assert isinstance(found, Novelty)
    assert (found.reason, found.kind) == (Reason.REVERSAL, Disagreement.DENIAL)
    assert found.before is not None
    assert found.before.words == FELL.words
    found = judged(heard("that the harbour was open"), heard("that the harbour was closed", days=-1))
    assert isinstance(found, Novelty)
    assert (found.reason, found.kind) == (Reason.REVERSAL, Disagreement.OPPOSITES)


def test_nobody_takes_back_in_one_breath_and_other_numbers_take_nothing_back() -> None:
    assert judged(heard("that the harbour was open"), heard("that the harbour was closed")) == Novelty(reason=Reason.NEW_CLAIM)
    toll = heard("that 12 boats had been lost", days=-1)
    assert judged(heard("that 14 boats had been lost"), toll) == Novelty(reason=Reason.NEW_CLAIM)


def test_who_denies_another_s_claim_takes_nothing_of_his_own_back() -> None:
    own = heard("that the League held Orsel and its harbour", LEAGUE, days=-1)
    denial = heard("that it had lost the bridge", LEAGUE, stance=Stance.DENIES)
    assert judged(denial, own) == Novelty(reason=Reason.NEW_CLAIM)


def test_a_concession_is_one_unless_it_was_heard() -> None:
    lost = heard("that the bridge was lost", LEAGUE)
    assert judged(lost, FELL, concedes=True) == Novelty(reason=Reason.CONCESSION)
    assert isinstance(judged(lost, heard("that the bridge was lost", LEAGUE, days=-1), concedes=True), Repeat)


def test_a_refusal_that_named_nothing_is_contradicted_by_nobody_later() -> None:
    refused = heard("rejected the claim", LEAGUE, stance=Stance.DENIES, days=-1)
    assert judged(FELL_AGAIN, refused) == Novelty(reason=Reason.NEW_SIDE)


FELL_AGAIN = heard("that its army had captured the town of Orsel")


def test_only_on_a_question_of_yes_or_no_does_anybody_take_a_position() -> None:
    agreed = heard("that a truce was agreed", days=-1)
    none = heard("no truce would come before the floods of spring end in the valley", LEAGUE)
    assert judged(none, agreed, topic="truce") == Novelty(reason=Reason.NEW_SIDE)
    found = judged(none, agreed, topic="is there a truce?")
    assert isinstance(found, Novelty)
    assert (found.reason, found.kind) == (Reason.CONFLICT, Disagreement.POSITIONS)
