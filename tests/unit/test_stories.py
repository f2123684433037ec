"""Which texts are copies of one, and which story an article belongs to."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from whosays.copies import are_copies, in_common, sample, share, shingles
from whosays.evaluate.bcubed import bcubed
from whosays.stories import KEPT_TERMS, Likeness, belongs, chosen, counts, days_between, lead, weights
from whosays.text import blocks

WIRE = """The harbour of Orsel was shut on Monday after shells fell near its quays, the harbour master said. Two ferries with some
three hundred passengers turned back and reached the island again after dark. The Coast League said that it had fired at no ship
and that the Varn Republic had moved guns to the breakwater. A spokeswoman of the Varn Republic called that an invention.
Fishermen said that the guns had stood there since the spring. The council meets on Wednesday to decide who may use the northern
basin."""
OWN = """Nobody leaves Orsel by sea for the time being. Shells that hit the water off the quays on Monday had the harbour master
close the port, and two ferries went back to where they came from. Each side blames the other one: the League speaks of guns on
the breakwater, which Varn denies. What becomes of the northern basin is for the council to say, in its meeting on Wednesday."""


def same(one: str, other: str, *, one_outlet: bool = False) -> bool:
    return are_copies(shingles(one), shingles(other), one_outlet=one_outlet)


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        f"ORSEL — A staff photograph shows the quays.\n\n{WIRE}\n\nMore on the harbour in our next issue.",
        WIRE[: len(WIRE) // 2],
        WIRE.replace("Monday", "Mon.").replace("spokeswoman", "spokesman").replace("three hundred", "300"),
        WIRE.upper().replace("'", "’"),
    ],
    ids=["whole", "with a caption and a tip line", "cut", "edited", "in capitals"],
)
def test_a_text_stays_itself_under_captions_cuts_and_small_edits(copy: str) -> None:
    assert same(WIRE, copy)
    assert same(copy, WIRE)


@pytest.mark.parametrize(
    "other",
    [
        OWN,
        f"{OWN} {WIRE[:120]}",
        " ".join([WIRE, *(f"item{n}" for n in range(900))]),
        "The harbour of Orsel was shut on Monday.",
        "",
    ],
    ids=["another hand", "a quotation", "a roundup", "one line of it", "nothing"],
)
def test_another_report_a_quotation_and_a_roundup_are_no_copies(other: str) -> None:
    assert not same(WIRE, other)


def test_what_one_outlet_prints_again_and_again_makes_no_copies() -> None:
    one, two = (" ".join([WIRE, *(f"{what}{n}" for n in range(60))]) for what in ("bread", "rain"))
    assert same(one, two)
    assert not same(one, two, one_outlet=True)
    assert same(WIRE, WIRE + " The end.", one_outlet=True)


def test_texts_without_words_are_nobodys_copies() -> None:
    assert not same("", "")
    assert not same("…", "—")
    assert share(shingles(""), shingles(WIRE)) == 0.0


def test_a_sample_holds_what_the_texts_have_in_common() -> None:
    long = shingles(" ".join(f"word{n}" for n in range(4000)))
    part = shingles(" ".join(f"word{n}" for n in range(1000, 3000)))
    common = set(sample(long).tolist()) & set(sample(part).tolist())
    assert len(common) == len(sample(part))
    assert 0.5 * len(part) / 16 < len(sample(part)) < 1.5 * len(part) / 16
    assert share(part, long) == 1.0
    assert len(sample(shingles(WIRE))) >= 8


def test_what_is_compared_begins_with_the_title_and_leaves_furniture_out() -> None:
    text = "Quiet quays\n\nThe harbour is shut.\n\nFollow us on Facebook\n\nFerries lie idle."
    assert lead("Quiet quays", text, blocks(text, title="Quiet quays")) == "Quiet quays. The harbour is shut. Ferries lie idle."
    assert counts("Quiet quays", text, blocks(text))["quay"] == 2
    assert lead(None, "", ()) == ". "


def test_a_rare_word_weighs_more_and_weights_have_the_length_one() -> None:
    weighed = weights({"harbour": 1, "orsel": 1}, {"harbour": 900, "orsel": 3}, 1000)
    assert weighed["orsel"] > 10 * weighed["harbour"] > 0
    assert sum(weight**2 for weight in weighed.values()) == pytest.approx(1)
    assert len(weights({f"t{n}": 1 for n in range(500)}, {}, 10)) == KEPT_TERMS
    # Counts that went on after the articles were removed are no reason to fail.
    assert weights({"a": 1}, {"a": 9}, 3)["a"] == pytest.approx(1)
    assert weights({}, {}, 0) == {}


def test_an_article_joins_the_nearest_story_if_it_is_near_and_the_next_one_is_not() -> None:
    near = Likeness(story=1, words=0.4, meaning=0.7)
    assert chosen([near, Likeness(story=2, words=0.02, meaning=0.1)], 999) == 1
    assert chosen([Likeness(story=1, words=0.03, meaning=0.2)], 999) is None
    assert chosen([], 999) is None
    # Both are of one long conflict: an article that is as near to the one as to the other tells of a third event.
    alike = Likeness(story=1, words=0.22, meaning=0.6)
    assert belongs(alike, None, 999)
    assert not belongs(alike, Likeness(story=2, words=0.21, meaning=0.6), 999)


def test_of_stories_equally_near_the_older_one_is_looked_at() -> None:
    assert chosen([Likeness(story=7, words=0.9, meaning=0.95), Likeness(story=3, words=0.9, meaning=0.95)], 999) == 3


def test_the_longer_ago_a_story_was_the_more_it_must_have_in_common() -> None:
    assert belongs(Likeness(story=1, words=0.12, meaning=0.4), None, 999)
    assert not belongs(Likeness(story=1, words=0.12, meaning=0.4, days=60), None, 999)
    assert belongs(Likeness(story=1, words=0.6, meaning=0.9, days=900), None, 999)


def test_in_a_store_of_few_articles_one_story_is_near_for_want_of_another() -> None:
    alike = Likeness(story=1, words=0.2, meaning=0.45)
    assert belongs(alike, None, 999)
    assert not belongs(alike, None, 1)
    assert belongs(Likeness(story=1, words=0.6, meaning=0.8), None, 1)


def test_days_are_counted_from_the_nearer_end_and_an_unknown_date_is_no_gap() -> None:
    def day(n: int) -> datetime:
        return datetime(2031, 1, n, tzinfo=UTC)

    assert days_between(day(9), day(2), day(7)) == 2
    assert days_between(day(1), day(2), day(7)) == 1
    assert days_between(day(4), day(2), day(7)) == 0
    assert days_between(None, day(2), day(7)) == days_between(day(9), None, None) == 0


@pytest.mark.parametrize(
    ("wanted", "found", "precision", "recall"),
    [
        ("aabb", "xxyy", 1, 1),
        ("aabb", "wxyz", 1, 1 / 2),
        ("aabb", "xxxx", 1 / 2, 1),
        # By hand: a a b together, b alone. Precision (2/3 + 2/3 + 1/3 + 1) / 4, recall (1 + 1 + 1/2 + 1/2) / 4.
        ("aabb", "xxxy", 2 / 3, 3 / 4),
        # Five of a, two of b; found: three a's, then two a's with both b's. Precision (3 + 2·1/2 + 2·1/2) / 7,
        # recall (3·3/5 + 2·2/5 + 2) / 7.
        ("aaaaabb", "xxxyyyy", 5 / 7, 4.6 / 7),
        ("", "", 1, 1),
    ],
)
def test_b_cubed_is_as_worked_out_by_hand(wanted: str, found: str, precision: float, recall: float) -> None:
    f1 = 2 * precision * recall / (precision + recall)
    assert bcubed(wanted, found) == pytest.approx((precision, recall, f1))


def test_b_cubed_of_labels_that_do_not_match_is_refused() -> None:
    with pytest.raises(ValueError, match="2 labels wanted, 1 found"):
        bcubed("ab", "a")


def test_what_several_texts_have_in_common_is_counted_at_once_as_two_by_two() -> None:
    texts = [WIRE, WIRE.upper(), " ".join(WIRE.split()[:40]), "another matter altogether, of which nobody else has a word", ""]
    runs = [shingles(text) for text in texts]
    expected = [[len(np.intersect1d(one, other)) for other in runs] for one in runs]
    common = in_common(runs)
    assert (common - np.diag(common.diagonal())).tolist() == (np.array(expected) - np.diag(np.diag(expected))).tolist()
    assert in_common([]).shape == (0, 0)
