"""What a question names: speakers, outlets, times; and what is left to search for."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from whosays.errors import InputError, LanguageError
from whosays.question import understand
from whosays.types import Window

NOW = datetime(2031, 5, 7, 15, tzinfo=UTC)  # a Wednesday
OUTLETS = ["Harbour Post", "Reuters"]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "topic", "speakers"),
    [
        ("what did Averin say about a settlement?", "a settlement", ("Averin",)),
        ("What has Mira Tolk said on the salt tax?", "the salt tax", ("Mira Tolk",)),
        ("what did the harbour inspectors find in Orsel?", "in Orsel", ("harbour inspectors",)),
        ("what is the League's position on the salt tax?", "the salt tax", ("League",)),
        ("who holds Orsel, according to Mira Tolk?", "who holds Orsel", ("Mira Tolk",)),
        ("what do both sides say about Orsel?", "what do both sides say about Orsel", ()),
        ("did Averin say that Orsel fell?", "did Averin say that Orsel fell", ()),
        ("who holds Orsel?", "who holds Orsel", ()),
    ],
)
def test_a_question_names_whom_it_asks_of(question: str, topic: str, speakers: tuple[str, ...]) -> None:
    query = understand(question, NOW, OUTLETS)
    assert (query.topic, query.speakers) == (topic, speakers)
    assert query.text == question


@pytest.mark.parametrize("question", ["who holds Orsel according to Reuters?", "what does Reuters report about Orsel?"])
def test_an_outlet_that_is_known_is_an_outlet_and_no_speaker(question: str) -> None:
    query = understand(question, NOW, OUTLETS)
    assert (query.outlets, query.speakers) == (("Reuters",), ())
    assert "Orsel" in query.topic
    assert "Reuters" not in query.topic


def test_an_outlet_that_is_only_talked_about_is_part_of_the_topic() -> None:
    assert understand("who owns Reuters?", NOW, OUTLETS).outlets == ()


@pytest.mark.parametrize(
    ("phrase", "start", "end"),
    [
        ("as of 3 May", None, "2031-05-04"),
        ("as of May 3, 2030", None, "2030-05-04"),
        ("as of 3 December", None, "2030-12-04"),
        ("on 2031-05-03", "2031-05-03", "2031-05-04"),
        ("last week", "2031-04-28", "2031-05-05"),
        ("this week", "2031-05-05", "2031-05-12"),
        ("last month", "2031-04-01", "2031-05-01"),
        ("last year", "2030-01-01", "2031-01-01"),
        ("yesterday", "2031-05-06", "2031-05-07"),
        ("since Monday", "2031-05-05", None),
        ("on Wednesday", "2031-05-07", "2031-05-08"),
        ("in September 2030", "2030-09-01", "2030-10-01"),
        ("in december", "2030-12-01", "2031-01-01"),
        ("in 2029", "2029-01-01", "2030-01-01"),
        ("before April", None, "2031-04-01"),
        ("between 1 April and 3 April", "2031-04-01", "2031-04-04"),
    ],
)
def test_a_time_becomes_a_window_of_days_in_utc(phrase: str, start: str | None, end: str | None) -> None:
    query = understand(f"who held Orsel {phrase}?", NOW)
    assert query.window == Window(start=day(start) if start else None, end=day(end) if end else None)
    assert query.topic == "who held Orsel"


def test_the_last_days_are_counted_from_now() -> None:
    assert understand("who held Orsel in the last 3 days?", NOW).window == Window(start=datetime(2031, 5, 4, 15, tzinfo=UTC))
    assert understand("the last 99999999 years", NOW).window.start is not None


@pytest.mark.parametrize(
    "question", ["should May resign?", "was Averin accused by May?", "who crossed on 31 February?", "what may fall?"]
)
def test_what_is_no_time_stays_in_the_topic(question: str) -> None:
    query = understand(question, NOW)
    assert query.window == Window()
    assert query.topic == question.rstrip("?")


def test_a_question_that_names_only_a_speaker_is_searched_for_as_it_is() -> None:
    query = understand("what does Averin want?", NOW)
    assert query.speakers == ("Averin",)
    assert query.topic


@pytest.mark.parametrize(
    "question",
    [
        "кто контролирует город?",
        "من يسيطر على المدينة؟",
        "wer hat die Stadt und wo ist er?",
        "¿quién controla el valle y por qué?",
    ],
)
def test_a_question_in_another_language_is_told_so(question: str) -> None:
    with pytest.raises(LanguageError, match="English"):
        understand(question, NOW)
    assert issubclass(LanguageError, InputError)


@pytest.mark.parametrize("question", ["Orsel?", "Is El Paso in La Mancha?", "Averin Zürich", "did Kyiv (Київ) fall?"])
def test_a_foreign_name_makes_no_foreign_language(question: str) -> None:
    assert understand(question, NOW).text == question


@pytest.mark.parametrize(
    "hostile", ["," * 4000, "who " * 1000, "in the last " * 300, "in the last " + "9" * 5000 + " days", "according to " * 300]
)
def test_a_hostile_question_is_understood_at_once(hostile: str) -> None:
    began = time.process_time()
    assert understand(hostile, NOW, [f"Outlet {number}" for number in range(3000)]).text == hostile
    assert time.process_time() - began < 0.5
