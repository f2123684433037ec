"""Paragraphs and words. All names of people, places and outlets are invented."""

from __future__ import annotations

import pytest

from whosays.text import STOP_WORDS, blocks, paragraphs, words


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


def evidence(text: str, outlet: str | None = None, title: str | None = None) -> list[str]:
    found = blocks(text, outlet=outlet, title=title)
    return [text[block.span.start : block.span.end] for block in found if not block.furniture]


def test_a_blank_line_parts_paragraphs_and_offsets_are_exact() -> None:
    text = "\n  The council met.\nIt voted.  \n \t \n\n“We won,” Ana Blum said. \n"
    assert cut(text) == ["The council met.\nIt voted.", "“We won,” Ana Blum said."]
    assert paragraphs(text)[0] == (3, 29)


def test_line_ends_of_other_systems_part_paragraphs_alike() -> None:
    assert cut("One is here.\r\nIt stays.\r\n\r\nTwo is here.\r\n") == ["One is here.\r\nIt stays.", "Two is here."]
    assert cut("One is here.\u2029Two is here.") == ["One is here.", "Two is here."]


def test_without_a_blank_line_each_line_is_a_paragraph() -> None:
    text = (
        "The bridge at Orlo fell on Monday, the ministry of the interior said in a statement that ran to four pages.\n"
        "Nobody was hurt.\nOmar Dar, the mayor, denied that he had been warned.\nThe inquiry goes on, and it will take a year."
    )
    assert cut(text) == text.split("\n")


def test_prose_wrapped_at_a_width_stays_together_until_a_sentence_leaves_its_line_short() -> None:
    text = (
        "The bridge at Orlo fell on Monday, the ministry\nsaid in a statement that ran to four pages. The\n"
        "mayor denied that anyone had warned him of it.\nThe inquiry begins.\n"
        "It will take a year, the ministry said, and it\nwill be public."
    )
    assert [p.split()[0] for p in cut(text)] == ["The", "It"]
    assert len(cut(text)[0].splitlines()) == 4


def test_a_text_of_nothing_has_no_paragraph() -> None:
    assert paragraphs("") == []
    assert blocks(" \n\t\n") == ()


FURNITURE = [
    "Comments are closed.",
    "Send a tip to the news desk at tips@herald.example.",
    "Advertisement",
    "Story Continued Below",
    "Read more: What the ministry knew about the bridge",
    "SEE ALSO: The mayor ‘was warned twice,’ engineer says",
    "Mayor of Orlo refuses to step down over the bridge Read more",
    "Sign up for our newsletter and get the week in one letter.",
    "Get the Herald stories you care about delivered to your inbox.",
    "Follow us on Facebook and Telegram",
    "Follow Ana Blum on Twitter: @anablum",
    "Share this article",
    "Share Tweet Post Email",
    "Image copyright Herald Pictures",
    "Media caption The mayor of Orlo speaks to the press",
    "Enlarge this image toggle caption Omar Dar/AP Omar Dar/AP",
    "Rescuers search the river at Orlo on September 4, 2021. (Reuters)",
    "Rescuers search the river at Orlo, where the bridge fell. (Ana Blum/Getty Images)",
    "Rescuers search the river at Orlo [Ana Blum/AFP]",
    "Rescuers search the river at Orlo. Photo: Ana Blum",
    "FILE PHOTO: The bridge at Orlo before it fell, May 2, 2019. REUTERS/Ana Blum",
    "In this photo taken on Monday, rescuers search the river at Orlo.",
    "By Ana Blum and Omar Dar",
    "By Ana Blum, chief correspondent",
    "© 2021 The Evening Herald",
    "Copyright 2021 The Evening Herald. All rights reserved.",
    "This website sets cookies so that it works better for you. You can refuse them.",
    "By continuing to use this site you agree to our use of cookies.",
    "The Associated Press contributed to this report.",
    "Reporting by Ana Blum; Editing by Omar Dar",
    "Updated 8:41 a.m. ET, Mon September 6, 2021",
    "3 years ago",
    "* * *",
    "The Evening Herald",
]

EVIDENCE = [
    "“We use cookies to follow every visitor,” the minister said.",
    "“Comments are closed because of the threats,” the editor said on Monday.",
    "The commission found that the company's site planted cookies on the machines of half the readers in Orlo.",
    "By signing up to the treaty, Orlo agreed to close its reactors by 2030.",
    "By Monday, the rebels held the bridge.",
    "Published in 2016, the report blames the mayor for the fall of the bridge.",
    "Copyright law does not protect the document, the court ruled.",
    "The decree was drafted by the Palestinian Authority (PA).",
    "The rules were written by the Environmental Protection Agency (EPA).",
    "“It fell in a minute. Nobody came to help us.” (Associated Press)",
    "In this election, image is everything, the candidate said.",
    "Reporting by the Herald has shown that the mayor knew of the cracks.",
    "Writing by candlelight, the prisoners kept a diary of the siege.",
    "The statement was read out on state television and later carried via Bloomberg.",
    "The fund lost its money in derivatives (credit default swaps).",
    "Millions follow him on the radio every evening in spite of the ban.",
    "More than 40 people were killed.",
    "He denied it.",
    "“Never,” he said.",
    "The agency adds:",
    "Photos surfaced showing soldiers at the gate of the governor’s compound, according to Reuters.",
    "Follow the money, the investigators were told.",
]


@pytest.mark.parametrize("block", FURNITURE)
def test_furniture_is_told_apart(block: str) -> None:
    assert evidence(f"The bridge fell on Monday, the ministry said.\n\n{block}\n\nNobody was hurt in the fall.") == [
        "The bridge fell on Monday, the ministry said.",
        "Nobody was hurt in the fall.",
    ]


@pytest.mark.parametrize("block", EVIDENCE)
def test_reporting_and_quotation_are_never_furniture(block: str) -> None:
    assert block in evidence(f"The bridge fell on Monday, the ministry said.\n\n{block}\n\nNobody was hurt in the fall.")


def test_the_outlets_name_is_furniture_however_long() -> None:
    name = "The Evening Herald and Morning Post of Greater Orlo"
    assert evidence(f"{name}\n\nThe bridge fell on Monday.\n\n{name.upper()}", outlet=name) == ["The bridge fell on Monday."]


def test_a_headline_is_evidence_once() -> None:
    title = "Bridge Falls"
    text = f"{title}\n\nThe bridge fell on Monday.\n\n{title}"
    assert evidence(text, title=title) == [title, "The bridge fell on Monday."]
    assert evidence(text) == ["The bridge fell on Monday."]


def test_what_comes_again_is_furniture_the_second_time() -> None:
    caption = "Smoke rises over the river where the bridge was hit."
    assert evidence(f"{caption}\n\nThe army denied the strike.\n\n{caption}") == [caption, "The army denied the strike."]


def test_an_article_keeps_its_reporting_and_loses_its_frame() -> None:
    text = (
        "Orlo Today\n\nMayor Denies ‘Any Warning’ Before the Bridge at Orlo Fell\n\n"
        "Rescuers at Orlo, September 4, 2021. (Reuters)\n\nThe mayor denied on Monday that he had been warned.\n\n"
        "“Nobody told me,” he said.\n\nSend a tip to the desk.\n\nEvening Herald\n\nComments are closed.\n\n"
        "This website sets cookies so that it works better for you. Accept Read More"
    )
    assert evidence(text) == [
        "Mayor Denies ‘Any Warning’ Before the Bridge at Orlo Fell",
        "The mayor denied on Monday that he had been warned.",
        "“Nobody told me,” he said.",
    ]


def test_words_are_folded_and_lose_their_possessive() -> None:
    assert words("Who holds PANJSHIR’s valley, the U.S.'s ally asked in 1,500 words?") == [
        "who", "holds", "panjshir", "valley", "the", "u.s.", "ally", "asked", "in", "1,500", "words"
    ]  # fmt: skip
    assert words("anti-government; can't") == ["anti", "government", "can't"]


def test_a_question_is_stop_words_and_its_topic() -> None:
    assert [word for word in words("What did the mayor say about Orlo's bridge?") if word not in STOP_WORDS] == [
        "mayor",
        "orlo",
        "bridge",
    ]
