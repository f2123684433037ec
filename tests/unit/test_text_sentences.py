"""Sentences of news with quotations: hand-made cases, each with the sentences that a reader would see."""

from __future__ import annotations

import time

import pytest

from whosays.text import sentences
from whosays.types import Span

CASES = [
    ["The bridge fell.", "Nobody was hurt."],
    ["Dr. Blum met Sen. Dar in Washington.", "They spoke for an hour."],
    ["The U.S. Army denied it.", "It gave no reason."],
    ["He had left the U.S.", "The court let him go."],
    ["Troops of the U.N. Security Force held the road."],
    ["The talks began at 9 a.m. on Monday.", "They ended at 5 p.m.", "The mayor was absent."],
    ["J. R. Blum and Omar K. Dar signed it.", "Nobody else did."],
    ["Prices rose 3.5 percent to $1.20.", "Wages did not."],
    ["“We hold the bridge,” he said.", "“We will not leave.”"],
    ["“We hold the bridge.”", "The general gave no proof."],
    ["“We hold the bridge.", "We will not leave,” he said.", "The general agreed."],
    ["“Who holds it?” he asked.", "Nobody knew."],
    ["“Who holds it?” Blum asked.", "Nobody knew."],
    ["“Leave!” Omar Dar shouted.", "They left."],
    ['"We won."', "The crowd cheered."],
    ["‘We won.’", "The crowd cheered."],
    ["He said it (the second time that day).", "She did not answer."],
    ["(He gave no reason.)", "She left."],
    ["The bridge … will be rebuilt.", "The mayor said so."],
    ["“I… I saw nothing,” she said."],
    ["She paused...", "The room was silent."],
    ["They stop here. . . .", "That is what he said."],
    ["Did they know?", "Yes!", "They knew."],
    ["Orlo Steel Inc. denied it.", "Its rival, Blum & Co., did not."],
    ["He works for Orlo Steel Inc.", "The firm denied it."],
    ["It fell on Sept. 4 at 10 p.m. local time.", "Nobody saw it."],
    ["See No. 3 of the report.", "It names the mayor."],
    ["Was it No. 3?", "No.", "It was another."],
    ["The St. Anne bridge fell.", "Mt. Orlo was in clouds."],
    ["Mr. Dar, Jr., was absent.", "Mrs. Dar was not."],
    ["He cited steel, stone, etc.", "The list was long."],
    ["The group’s leader said: “They started it.", "We only answered.”", "Nobody replied."],
    ["1. The bridge is closed.", "2. The road is open."],
    ["The vote was 5-4.", "3 judges were absent."],
    ["Gov. Blum and Lt. Gen. Dar met Prof. Orr.", "Gen. Dar spoke first."],
    ["The e-mail came from ana.blum@herald.example.", "It was short."],
    ["“He said, ‘We are done.’”", "Then he left."],
    ["A line that was wrapped\nby its sender goes on.", "So does this one."],
    ["The mayor fell ill.", "He took no part in the mass.", "It was in the sun."],
    ["It was Blum vs. Dar from the start.", "Blum lost."],
    ["No full stop at the end"],
]


@pytest.mark.parametrize("parts", CASES, ids=lambda parts: parts[0][:40])
def test_sentences_are_those_that_a_reader_sees(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[start:end] for start, end in sentences(text, Span(0, len(text)))] == parts


def test_only_the_span_is_read_and_offsets_are_of_the_whole_text() -> None:
    text = "Before. The bridge fell. Nobody was hurt. After."
    found = sentences(text, Span(8, 41))
    assert found == [(8, 24), (25, 41)]


def test_a_span_of_white_space_has_no_sentence() -> None:
    assert sentences("a.   b.", Span(2, 5)) == []


@pytest.mark.parametrize("run", [".", "!?", ". ", "…", '."', "a. "])
def test_a_long_run_of_stops_takes_no_longer_than_its_length(run: str) -> None:
    text = run * (100_000 // len(run)) + "x"
    began = time.process_time()
    assert "".join(text[start:end] for start, end in sentences(text, Span(0, len(text)))).replace(" ", "") == text.replace(
        " ", ""
    )
    assert time.process_time() - began < 2
