"""What readers report, the operator's corrections, and the next answer of a program that runs on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import QUESTION, Whosays, subprocess_of
from tests.orsel import GAZETTE
from tests.patience import wait_until
from whosays.chats import Chats, Fault, Report
from whosays.config import Settings, data_folder
from whosays.engine import Engine
from whosays.evaluate.labelled import Labelled
from whosays.parts import open_chats
from whosays.types import Answer, Quotation

NOW = datetime(2031, 5, 6, tzinfo=UTC)


@pytest.fixture
def engine(whosays: Whosays, articles: Path) -> Iterator[Engine]:
    """An engine that runs on while the commands do their work."""
    assert whosays("ingest", articles).code == 0
    with Engine.open(Settings.from_environment(os.environ)) as engine:
        yield engine


@pytest.fixture
def chats(environment: dict[str, str]) -> Iterator[Chats]:
    chats = open_chats(environment["WHOSAYS_STORE"])
    yield chats
    chats.close()


def of_averin(answer: Answer) -> int:
    """Return which of a card's quotations says that the League still holds the town."""
    return next(i for i, quotation in enumerate(answer.quotations) if "still held Orsel" in quotation.text)


def shown(engine: Engine) -> Quotation | None:
    answer = engine.ask(QUESTION, NOW)
    return next((quotation for quotation in answer.quotations if "still held Orsel" in quotation.text and quotation.claim), None)


def report(chats: Chats, answer: Answer, fault: Fault, quotation: int | None, person: int = 1) -> int:
    return chats.report(Report(person=person, fault=fault, answer=answer, quotation=quotation, at=NOW))


def side(quotation: Quotation | None) -> str | None:
    assert quotation is not None
    assert quotation.claim is not None
    return quotation.claim.side


def test_a_report_is_corrected_in_another_process_and_the_same_engine_shows_it_at_once(
    engine: Engine, chats: Chats, environment: dict[str, str]
) -> None:
    before, revision = shown(engine), engine.revision()
    answer = engine.ask(QUESTION, NOW)
    id = report(chats, answer, Fault.SIDE, of_averin(answer))
    again = report(chats, answer, Fault.SIDE, of_averin(answer), person=2)
    other = report(chats, answer, Fault.RELEVANCE, of_averin(answer))
    arguments, values = subprocess_of(
        environment, "-m", "whosays", "correct", str(id), "--side", "Varn Republic", "--role", "envoy"
    )
    ran = subprocess.run(arguments, env=values, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found, now = ran.stdout.splitlines()
    assert found.startswith("found: Jon Averin")
    assert now.startswith("shown: Jon Averin, envoy · Varn Republic")
    assert side(before) != "Varn Republic"
    assert side(shown(engine)) == "Varn Republic"
    assert engine.revision() != revision
    assert [kept.id for kept in chats.reports()] == [other]
    assert {kept.id for kept in chats.reports(settled=True)} == {id, again, other}


def test_an_edit_of_the_list_of_actors_shows_in_the_next_answer_of_the_same_engine(
    tmp_path: Path, articles: Path, whosays: Whosays, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "data"
    own.mkdir()
    for part in data_folder().iterdir():
        (own / part.name).symlink_to(part)
    (own / "actors.toml").unlink()
    (own / "actors.toml").write_text('[[party]]\nname = "Port Union"\nkind = "group"\n', "utf-8")
    monkeypatch.setenv("WHOSAYS_DATA", str(own))
    assert whosays("ingest", articles).code == 0
    with Engine.open(Settings.from_environment(os.environ)) as engine:
        assert "Shore Alliance" not in {side.name for side in engine.ask(QUESTION, NOW).sides}
        known = '[[party]]\nname = "Shore Alliance"\nkind = "alliance"\naliases = ["Coast League", "League"]\n'
        (own / "actors.toml").write_text(known, "utf-8")
        # The file is looked at once a second.
        wait_until(lambda: "Shore Alliance" in {side.name for side in engine.ask(QUESTION, NOW).sides})


def test_reports_are_listed_with_what_was_shown_and_what_to_do(engine: Engine, chats: Chats, whosays: Whosays) -> None:
    assert whosays("feedback").out == "no open reports\n"
    answer = engine.ask(QUESTION, NOW)
    id = report(chats, answer, Fault.SPEAKER, of_averin(answer), person=424242)
    card = report(chats, answer, Fault.OUTDATED, None)
    ran = whosays("feedback")
    assert (ran.code, ran.err) == (0, "")
    for part in (
        f"{id} · wrong speaker · 2031-05-06",
        f"asked: {QUESTION}",
        "│ ",
        "Jon Averin",
        "Orsel Gazette, 2031-05-04",
        "https://gazette.example/orsel#:~:text=",
        f"whosays correct {id} --speaker NAME --role ROLE",
        f"{card} · out of date · 2031-05-06",
        "the card as a whole",
    ):
        assert part in ran.out
    assert "424242" not in ran.out
    first, second = whosays("feedback", "--json").rows
    assert (first["fault"], first["quotation"], first["article"]) == (
        "wrong speaker",
        answer.quotations[of_averin(answer)].text,
        "gazette",
    )
    assert (second["id"], second["quotation"]) == (card, None)
    assert whosays("feedback", "--settle", id).code == 0
    ran = whosays("feedback", "--settle", id, card, 99)
    assert ran.code == 1
    assert [f"no open report {number}" in ran.err for number in (id, card, 99)] == [True, False, True]
    assert whosays("feedback", "--json").rows == []
    assert [row["settled"] for row in whosays("feedback", "--all", "--json").rows] == [True, True]


def test_a_claim_is_named_by_its_place_too_and_what_is_not_given_stays(engine: Engine, whosays: Whosays) -> None:
    found = shown(engine)
    assert found is not None
    place = f"gazette:{found.spans[0].start}-{found.spans[-1].end}"
    assert whosays("correct", place, "--speaker", "Ada Quill").code == 0
    ran = whosays("correct", place, "--side", "OPEN", "--stance", "denies")
    assert (ran.code, ran.err) == (0, "")
    assert "shown: Ada Quill" in ran.out
    assert "side open · denies" in ran.out
    ran = whosays("correct", place, "--side", "The Unheard")
    assert "on no list" in ran.err
    assert side(shown(engine)) == "The Unheard"
    assert whosays("correct", place, "--hide").out.endswith("shown: not at all\n")
    assert shown(engine) is None
    assert whosays("correct", place, "--undo").code == 0
    assert shown(engine) == found
    assert whosays("correct", place, "--undo").code == 1


def test_undoing_by_a_report_undoes_the_one_of_joint_speakers_whom_it_names(
    engine: Engine, chats: Chats, whosays: Whosays
) -> None:
    text = "The Varn Republic and the Coast League said that the salt bridge was mined."
    engine.ingest([replace(GAZETTE, id="joint", url=None, title="Who mined the salt bridge?", text=text)])
    asked = "who mined the salt bridge?"

    def roles() -> dict[str, str]:
        claims = (quotation.claim for quotation in engine.ask(asked, NOW).quotations if quotation.article == "joint")
        return {claim.speaker.name: claim.speaker.role for claim in claims if claim is not None}

    before = roles()
    assert before.keys() == {"Varn Republic", "Coast League"}
    answer = engine.ask(asked, NOW)
    numbers = {
        quotation.claim.speaker.name: report(chats, answer, Fault.SPEAKER, i)
        for i, quotation in enumerate(answer.quotations)
        if quotation.article == "joint" and quotation.claim
    }
    for number in numbers.values():
        assert whosays("correct", number, "--role", "envoy").code == 0
    assert set(roles().values()) == {"envoy"}
    assert whosays("correct", numbers["Varn Republic"], "--undo").code == 0
    assert roles() == {"Varn Republic": before["Varn Republic"], "Coast League": "envoy"}
    assert whosays("correct", numbers["Varn Republic"], "--undo").code == 1


def test_a_name_on_the_list_is_put_under_its_partys_heading(engine: Engine, whosays: Whosays) -> None:
    found = shown(engine)
    assert found is not None
    place = f"gazette:{found.spans[0].start}-{found.spans[-1].end}"
    whosays("correct", place, "--side", "Kremlin")
    assert side(shown(engine)) == "Russia"
    whosays("correct", place, "--side", "United Nations")
    assert side(shown(engine)) == "observer"


def test_a_correction_whose_words_have_changed_is_listed_as_not_applied(engine: Engine, whosays: Whosays) -> None:
    found = shown(engine)
    assert found is not None
    place = f"gazette:{found.spans[0].start}-{found.spans[-1].end}"
    whosays("correct", place, "--hide")
    assert engine.ingest([replace(GAZETTE, text=GAZETTE.text.replace("still held Orsel", "still keeps Orsel"))]).changed
    ran = whosays("feedback")
    assert "not applied" in ran.out
    assert f"whosays correct {place} --undo" in ran.out
    assert whosays("feedback", "--json").rows == [{"stale": place, "said": "--hide", "to_do": f"whosays correct {place} --undo"}]
    assert whosays("correct", place, "--undo").code == 0
    assert whosays("feedback").out == "no open reports\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["correct", "1"], 2),
        (["correct", "1", "--side", "x", "--undo"], 2),
        (["correct", "1", "--side", " "], 2),
        (["correct", "1", "--stance", "sings"], 2),
        (["correct", "1", "--hide"], 1),
        (["correct", "gazette", "--hide"], 1),
        (["correct", "gazette:0-1", "--hide"], 1),
        (["correct", "none:0-1", "--hide"], 1),
        (["feedback", "--settle", "x"], 2),
        (["feedback", "--json", "--settle", "1"], 2),
    ],
    ids=str,
)
def test_what_cannot_be_corrected_is_said(whosays: Whosays, articles: Path, arguments: list[str], code: int) -> None:
    assert whosays("ingest", articles).code == 0
    ran = whosays(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.splitlines()[-1].startswith("whosays")


def test_reports_are_exported_as_cases_that_eval_reads(engine: Engine, chats: Chats, whosays: Whosays, tmp_path: Path) -> None:
    answer = engine.ask(QUESTION, NOW)
    id = report(chats, answer, Fault.SIDE, of_averin(answer))
    whosays("correct", id, "--side", "Varn Republic")
    file = tmp_path / "cases.jsonl"
    ran = whosays("feedback", "--all", "--export", file)
    assert (ran.code, ran.out) == (0, "")
    labelled = Labelled.read(file)
    assert "gazette" in labelled.articles
    assert set(labelled.questions) == {QUESTION}
    assert '"side": "Varn Republic"' in file.read_text("utf-8")
    assert whosays("feedback", "--export", tmp_path / "none" / "cases.jsonl").code == 2
