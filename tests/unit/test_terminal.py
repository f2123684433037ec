from __future__ import annotations

import io

import pytest

from bot.markup import Page, Run, Style
from bot.phrases import load_phrases
from bot.render import render_answer
from bot.terminal import chat, render_text
from tests.cards import full_answer
from tests.e2e.fixed_engine import FixedEngine
from whosays.config import data_folder

PHRASES = load_phrases(data_folder())


def conversation(*lines: str, engine: FixedEngine | None = None) -> str:
    """Return what the chat writes in answer to these lines, after its welcome."""
    writes = io.StringIO()
    chat(engine or FixedEngine(), PHRASES, reads=io.StringIO("".join(line + "\n" for line in lines)), writes=writes)
    return writes.getvalue()


def test_a_card_reads_well_in_plain_text() -> None:
    (page,) = render_answer(full_answer(), PHRASES)
    assert render_text(page, width=60).splitlines()[:14] == [
        "Disputed · as of 6 May 2031",
        "Coast League [2] against Varn Republic [1]",
        "",
        "Coast League · denies",
        "│ any claim that Orsel has fallen",
        "— Bren Osk, commander",
        "Harbour Post, 6 May 2031 [2], also in [1]",
        "",
        "claims",
        "│ “Our <guards> stand at the town hall & the harbour,”",
        "— Bren Osk, commander",
        "Orsel Gazette, 4 May 2031 [1]",
        "",
        "Varn Republic · claims",
    ]
    assert render_text(page).splitlines()[-5:] == [
        "[1] Orsel Gazette: Both armies say that they hold Orsel, 4 May 2031",
        "    https://gazette.example/orsel#:~:text=the%20town,is%20ours",
        "[2] Harbour Post: Monitors <cannot> enter Orsel & its harbour, 6 May 2031",
        "    https://post.example/monitors?a=1&b=2",
        "[3] outlet unknown: untitled, undated",
    ]


def test_plain_text_keeps_to_its_columns_but_for_addresses() -> None:
    (page,) = render_answer(full_answer(), PHRASES)
    assert all(len(line) <= 40 for line in render_text(page, width=40).splitlines() if "https://" not in line)


def test_a_citation_is_a_link_to_its_paragraph_where_a_person_reads() -> None:
    (page,) = render_answer(full_answer(), PHRASES)
    assert "\x1b]8;;https://post.example/monitors?a=1&b=2\x1b\\[2]\x1b]8;;\x1b\\" in render_text(page, ansi=True)


def test_an_articles_text_cannot_steer_the_terminal() -> None:
    page = Page((Run("\x1b[2J\x9b1A\x07\r", Style.QUOTE), Run("\nname\x1b]0;x\x07"), Run("[1]", link="https://a.example/\x1b\\")))
    assert not set(render_text(page)) & set("\x1b\x07\x9b\r")
    ours = ["\x1b[2m", "\x1b[0m", "\x1b]8;;", "\x1b\\"]
    left = render_text(page, ansi=True)
    for sequence in ours:
        left = left.replace(sequence, "")
    assert not set(left) & set("\x1b\x07\x9b\r")
    assert render_text(page, ansi=True).count("\x1b\\") == 2


def test_it_welcomes_with_what_is_indexed_and_with_examples() -> None:
    written = conversation()
    assert "I have read 3 articles of 1 outlet." in written
    assert all(example in written for example in PHRASES.examples)
    assert "›" not in written


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("who holds Orsel?", "│ “who holds Orsel?”"),
        ("/ask who holds Orsel?", "│ “who holds Orsel?”"),
        ("/ask", "Please add your question"),
        ("/summary Orsel", "│ “Orsel”"),
        ("/summary", "Please add a topic"),
        ("/sources", "Orsel Gazette: 3"),
        ("/help", "/summary TOPIC"),
        ("/nonsense", "I do not know that command"),
    ],
)
def test_lines_are_answered_as_messages_are(line: str, shown: str) -> None:
    assert shown in conversation(line)


def test_empty_lines_are_passed_over_and_quit_ends_it() -> None:
    engine = FixedEngine()
    conversation("", "   ", "one", "/quit", "two", engine=engine)
    assert engine.asked == ["one"]


def test_an_error_becomes_a_phrase_and_the_chat_goes_on() -> None:
    def fail(question: str) -> None:
        if question == "one":
            raise ZeroDivisionError("secret")

    written = conversation("one", "two", engine=FixedEngine(before=fail))
    assert "Something went wrong on my side" in written
    assert "secret" not in written
    assert "“two”" in written
