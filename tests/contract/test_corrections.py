"""What every backend of `Corrections` must do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.stored import Model, article, claim, indexed
from whosays.corrections import Correction
from whosays.store.corrections import Corrections, SqlCorrections
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Span, Stance

FIRST = Correction(
    article="harbour",
    content=(Span(0, 4), Span(9, 12)),
    words="abc",
    found="Mira Tolk",
    at=datetime(2031, 1, 4, tzinfo=UTC),
    side="Varn Republic",
    speaker="Ada Quill",
    role="",
    stance=Stance.DENIES,
)
JOINT = replace(FIRST, found="Jon Averin", side=None, speaker=None, role=None, stance=None, hidden=True)
OTHER = replace(FIRST, article="budget")


@pytest.fixture
def reopen(address: str) -> Iterator[Callable[[], Corrections]]:
    opened: list[Corrections] = []

    def open_again() -> Corrections:
        opened.append(SqlCorrections.open(address))
        return opened[-1]

    yield open_again
    for corrections in opened:
        corrections.close()


@pytest.fixture
def corrections(reopen: Callable[[], Corrections]) -> Corrections:
    return reopen()


def test_what_is_kept_comes_back_the_oldest_first_by_article_or_all(corrections: Corrections) -> None:
    for correction in (FIRST, JOINT, OTHER):
        corrections.correct(correction)
    assert list(corrections.corrections()) == [FIRST, JOINT, OTHER]
    assert list(corrections.corrections(["harbour"])) == [FIRST, JOINT]
    assert list(corrections.corrections([])) == list(corrections.corrections(["none"])) == []


def test_a_claim_has_one_correction_and_joint_speakers_one_each(corrections: Corrections) -> None:
    corrections.correct(FIRST)
    corrections.correct(JOINT)
    later = replace(FIRST, side="Coast League")
    corrections.correct(later)
    assert list(corrections.corrections()) == [JOINT, later]


def test_undoing_lets_one_go_and_says_whether_it_was_there(corrections: Corrections) -> None:
    corrections.correct(FIRST)
    corrections.correct(JOINT)
    assert corrections.undo(replace(FIRST, side="whatever it says"))
    assert not corrections.undo(FIRST)
    assert list(corrections.corrections()) == [JOINT]


def test_each_change_is_another_revision(corrections: Corrections, reopen: Callable[[], Corrections]) -> None:
    seen = [corrections.revision()]
    for change in (
        lambda: corrections.correct(FIRST),
        lambda: corrections.correct(replace(FIRST, side=None)),
        lambda: corrections.correct(OTHER),
        lambda: corrections.undo(FIRST),
    ):
        change()
        seen.append(corrections.revision())
    assert len(set(seen)) == len(seen)
    assert reopen().revision() == corrections.revision()


def test_another_process_sees_a_correction_at_once(reopen: Callable[[], Corrections]) -> None:
    one, other = reopen(), reopen()
    assert list(other.corrections()) == []
    one.correct(FIRST)
    assert list(other.corrections()) == [FIRST]


def test_several_that_correct_the_same_claim_at_once_leave_one(reopen: Callable[[], Corrections]) -> None:
    stores = [reopen() for _ in range(4)]
    threads = [threading.Thread(target=store.correct, args=(FIRST,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(stores[0].corrections()) == [FIRST]


def test_the_list_that_an_article_was_resolved_with_is_known_until_it_goes(address: str, corrections: Corrections) -> None:
    corpus = SqlCorpus.open(address, Model())
    try:
        harbour, old = article("harbour", "The harbour is shut."), article("old", "Ferries lie idle.")
        corpus.put(replace(indexed(harbour, claim(harbour, "harbour is shut", 0)), resolved_with="list"))
        corpus.put(indexed(old))
        versions = corrections.versions(["harbour", "old", "none"])
        assert {id: version.resolved_with for id, version in versions.items()} == {"harbour": "list", "old": None}
        changed = article("harbour", "The harbour is open.")
        corpus.put(replace(indexed(changed), resolved_with="other"))
        now = corrections.versions(["harbour"])["harbour"]
        assert now.resolved_with == "other"
        assert now.article != versions["harbour"].article
        corpus.remove("harbour")
        assert corrections.versions(["harbour"]) == {}
    finally:
        corpus.close()
