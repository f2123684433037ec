from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, VARN
from whosays.answer_json import to_json
from whosays.cases import cases
from whosays.chats import Fault, Report
from whosays.corrections import OPEN, Correction, all_corrected, corrected, digest_of
from whosays.types import OBSERVER, Answer, Claim, Query, Quotation, Side, Source, Stance, Status

HELD = CLAIMS[3]
TOLD = CLAIMS[1]
NOW = datetime(2031, 5, 5, tzinfo=UTC)


def of(claim: Claim) -> Correction:
    content = claim.attribution.content
    return Correction(
        article=claim.article, content=content, words=digest_of(GAZETTE.text, content), found=claim.speaker.name, at=NOW
    )


def test_what_is_not_corrected_stays_as_it_was_found() -> None:
    shown = corrected(HELD, replace(of(HELD), side=VARN))
    assert shown is not None
    assert (shown.side, shown.speaker.party, shown.speaker.name) == (VARN, VARN, "Jon Averin")
    assert (shown.stance, shown.attribution, shown.confidence) == (HELD.stance, HELD.attribution, 1.0)
    shown = corrected(HELD, replace(of(HELD), speaker="Ada Quill", role="envoy", stance=Stance.WARNS))
    assert shown is not None
    assert (shown.speaker.name, shown.speaker.role, shown.stance, shown.side) == ("Ada Quill", "envoy", Stance.WARNS, LEAGUE)


def test_another_speaker_does_not_take_over_the_office_of_the_one_who_was_found() -> None:
    found = replace(HELD, speaker=replace(HELD.speaker, role="president"))
    shown = corrected(found, replace(of(HELD), speaker="Ada Quill"))
    assert shown is not None
    assert (shown.speaker.name, shown.speaker.role) == ("Ada Quill", "")
    same = corrected(found, replace(of(HELD), speaker="Jon Averin"))
    assert same is not None
    assert same.speaker.role == "president"


@pytest.mark.parametrize(("side", "shown"), [(OPEN, None), (OBSERVER, OBSERVER)])
def test_a_claim_may_be_an_observers_or_stay_open(side: str, shown: str | None) -> None:
    claim = corrected(HELD, replace(of(HELD), side=side))
    assert claim is not None
    assert (claim.side, claim.speaker.party) == (shown, None)


def test_a_hidden_claim_is_shown_nowhere() -> None:
    hidden = replace(of(HELD), hidden=True)
    assert corrected(HELD, hidden) is None
    assert all_corrected([TOLD, HELD], [hidden]) == [TOLD, None]


def test_of_joint_speakers_only_the_one_that_is_named_is_corrected() -> None:
    other = replace(HELD, speaker=replace(HELD.speaker, name="Ada Quill"))
    first, second = all_corrected([HELD, other], [replace(of(other), side=OPEN)])
    assert first == HELD
    assert second is not None
    assert second.side is None


def test_an_only_speaker_whom_another_list_names_otherwise_is_still_the_one_corrected() -> None:
    renamed = replace(HELD, speaker=replace(HELD.speaker, name="Jonathan Averin"))
    (shown,) = all_corrected([renamed], [replace(of(HELD), side=OPEN)])
    assert shown is not None
    assert shown.side is None


def test_a_correction_is_of_no_other_claim() -> None:
    assert all_corrected(list(CLAIMS), [replace(of(HELD), article="post", hidden=True)]) == list(CLAIMS)


def test_other_words_have_another_digest() -> None:
    assert digest_of(GAZETTE.text, HELD.attribution.content) != digest_of(GAZETTE.text, TOLD.attribution.content)
    assert digest_of(" " + GAZETTE.text, HELD.attribution.content) != of(HELD).words
    assert digest_of("half \ud800", ()) == digest_of("", ())


def card(question: str = "who holds Orsel?", follows: str = "") -> Answer:
    def quoted(claim: Claim) -> Quotation:
        content = claim.attribution.content
        return Quotation(article="gazette", spans=content, text=GAZETTE.text[slice(*content[0])], source=1, claim=claim)

    return Answer(
        query=Query(text=question, topic="holds Orsel", follows=follows),
        status=Status.DISPUTED,
        sides=(Side(name=VARN, quotations=(quoted(TOLD),)), Side(name=LEAGUE, quotations=(quoted(HELD),))),
        sources=(Source(n=1, article="gazette", outlet="Orsel Gazette", title=None, published=None, url=None),),
    )


def report(fault: Fault, quotation: int | None, answer: Answer | None = None, **others: object) -> Report:
    return Report(id=7, person=1, fault=fault, answer=answer or card(), quotation=quotation, at=NOW, **others)  # type: ignore[arg-type]


def test_a_report_becomes_a_case_with_the_claims_as_they_are_now() -> None:
    now = [replace(claim, side=None) if claim is HELD else claim for claim in CLAIMS if claim.article == "gazette"]
    (line,) = cases([report(Fault.SIDE, 1, settled=True)], {"gazette": now})
    assert line["id"] == "gazette"
    assert [(claim["speaker"], claim["side"]) for claim in line["claims"]] == [("Mira Tolk", VARN), ("Jon Averin", "unknown")]
    assert line["claims"][1]["content"] == HELD.attribution.content
    assert line["claims"][1]["source"] is None
    assert line["sides"] == {VARN: []}
    (question,) = line["questions"]
    assert (question["question"], question["relevant"], question["disputed"]) == ("who holds Orsel?", [0, 1], True)
    assert question["reports"] == [{"report": 7, "fault": "wrong side", "settled": True, "claim": 1}]
    # What is shown is what `to_json` shows, so that answers are scored against these labels.
    shown = to_json(card())["sides"]
    assert [tuple(map(tuple, side["claims"][0]["content"])) for side in shown] == [claim["content"] for claim in line["claims"]]


def test_what_was_reported_as_not_relevant_is_not_relevant_in_the_case_whoever_else_was_shown_it() -> None:
    reports = [report(Fault.RELEVANCE, 0), report(Fault.OUTDATED, None)]
    (line,) = cases(reports, {"gazette": CLAIMS})
    (question,) = line["questions"]
    assert question["relevant"] == [1]
    assert [about["claim"] for about in question["reports"]] == [0, None]


def test_a_follow_up_is_asked_by_its_topic_as_it_cannot_be_asked_alone() -> None:
    (line,) = cases([report(Fault.SIDE, 0, card("and the League?", "who holds Orsel?"))], {"gazette": CLAIMS})
    assert [question["question"] for question in line["questions"]] == ["holds Orsel"]


def test_an_article_that_is_gone_or_was_read_anew_makes_no_case_of_words_that_are_not_there() -> None:
    assert list(cases([report(Fault.SIDE, 0)], {})) == []
    (line,) = cases([report(Fault.SIDE, 0)], {"gazette": [HELD]})
    assert [claim["speaker"] for claim in line["claims"]] == ["Jon Averin"]
    assert line["questions"][0]["reports"][0]["claim"] is None
