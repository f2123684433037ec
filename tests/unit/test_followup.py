"""A question that cannot stand alone keeps the topic of the one before; one that names its own matter does not."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.orsel import CLAIMS, LEAGUE, VARN
from whosays.errors import LanguageError
from whosays.followup import follow
from whosays.question import understand
from whosays.respond import means_speaker
from whosays.spoken_by import said_by
from whosays.types import OBSERVER, Query, Speaker, Window

NOW = datetime(2031, 5, 7, 15, tzinfo=UTC)  # a Wednesday
OUTLETS = ["Harbour Post", "Orsel Gazette"]
FIRST = "who holds Orsel?"
SPEAKERS = {
    "league": LEAGUE,
    "coast league": LEAGUE,
    "republic": VARN,
    "averin": "Averin",
    "mira tolk": "Mira Tolk",
    "mayor": "mayor",
}


def known(name: str) -> tuple[str, ...]:
    found = SPEAKERS.get(name.casefold())
    return (found,) if found else ()


def after(question: str, before: Query | None = None) -> Query:
    return follow(question, before or understand(FIRST, NOW), NOW, OUTLETS, known)


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("and the League?", (LEAGUE,)),
        ("And the league", (LEAGUE,)),
        ("what about the League?", (LEAGUE,)),
        ("How about the Coast League?", (LEAGUE,)),
        ("but Averin?", ("Averin",)),
        ("the League?", (LEAGUE,)),
        ("and the League's view?", (LEAGUE,)),
        ("the mayor?", ("mayor",)),
        ("and Averin and the Republic?", ("Averin", VARN)),
        ("what did Averin say?", ("Averin",)),
        ("and what did Averin say about it?", ("Averin",)),
        ("what does the League say about that?", (LEAGUE,)),
        ("what's the League's position?", (LEAGUE,)),
        ("according to Mira Tolk?", ("Mira Tolk",)),
        ("what did somebody unheard of say?", ("somebody unheard of",)),
    ],
)
def test_whoever_is_asked_next_is_asked_the_same(question: str, speakers: tuple[str, ...]) -> None:
    query = after(question)
    assert (query.topic, query.speakers) == ("who holds Orsel", speakers)
    assert (query.text, query.follows) == (question, FIRST)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("since when?", "when holds Orsel"),
        ("until when?", "when holds Orsel"),
        ("How long?", "when holds Orsel"),
        ("when did it happen?", "when holds Orsel"),
        ("and where?", "where holds Orsel"),
        ("why?", "why holds Orsel"),
        ("why is that?", "why holds Orsel"),
        ("what for?", "why holds Orsel"),
        ("who?", "who holds Orsel"),
        ("how many?", "how many holds Orsel"),
    ],
)
def test_an_interrogative_alone_is_asked_of_the_same_matter(question: str, topic: str) -> None:
    query = after(question)
    assert (query.topic, query.follows) == (topic, FIRST)


@pytest.mark.parametrize(
    "question",
    [
        "really?",
        "is that true?",
        "are you sure?",
        "who says so?",
        "who else?",
        "any proof?",
        "and the other side?",
        "what do both sides say?",
        "what happened next?",
        "and?",
        "?",
    ],
)
def test_a_doubt_wants_to_hear_everybody_on_the_same_matter(question: str) -> None:
    query = after(question, replace(understand(FIRST, NOW), speakers=(LEAGUE,)))
    assert (query.topic, query.speakers, query.follows) == ("who holds Orsel", (), FIRST)


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("and in 2019?", "2019-01-01", "2020-01-01"),
        ("and 2019?", "2019-01-01", "2020-01-01"),
        ("and last week?", "2031-04-28", "2031-05-05"),
        ("last week?", "2031-04-28", "2031-05-05"),
        ("since Monday?", "2031-05-05", None),
        ("as of 3 May?", None, "2031-05-04"),
        ("what about September 2030?", "2030-09-01", "2030-10-01"),
    ],
)
def test_another_time_is_asked_of_the_same_matter_and_the_same_people(question: str, start: str | None, end: str | None) -> None:
    before = replace(understand("who held Orsel in 2029?", NOW), speakers=(LEAGUE,))
    query = after(question, before)
    day = {text: datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end) if text}
    assert query.window == Window(start=day[start] if start else None, end=day[end] if end else None)
    assert (query.topic, query.speakers) == ("who held Orsel", (LEAGUE,))


def test_a_time_or_an_outlet_that_was_named_stays_until_another_one_is() -> None:
    before = understand("who held Orsel in 2029, according to the Orsel Gazette?", NOW, OUTLETS)
    query = after("and the League?", before)
    assert (query.window, query.outlets) == (before.window, ("Orsel Gazette",))
    for question in ("and the Harbour Post?", "what does the Harbour Post say?", "according to the Harbour Post?"):
        query = after(question, before)
        assert (query.window, query.outlets, query.topic) == (before.window, ("Harbour Post",), "who held Orsel")
    assert after("and in 2030, the League?", before).window != before.window


@pytest.mark.parametrize(
    ("question", "topic", "speakers"),
    [
        ("did they deny it?", "did deny holds Orsel", ()),
        ("did Averin deny it?", "did Averin deny holds Orsel", ("Averin",)),
        ("did Averin attack them?", "did Averin attack holds Orsel", ()),
        ("who died?", "who died holds Orsel", ()),
        ("how many were killed?", "how many were killed holds Orsel", ()),
        ("how many civilians died?", "how many civilians died holds Orsel", ()),
        ("is it still closed?", "is still closed holds Orsel", ()),
        ("did it happen in Orsel?", "did holds Orsel", ()),
        ("who holds it now?", "who holds Orsel", ()),
    ],
)
def test_a_question_that_points_at_the_matter_is_asked_with_it(question: str, topic: str, speakers: tuple[str, ...]) -> None:
    query = after(question)
    assert query.follows == FIRST
    assert query.speakers == speakers
    assert set(topic.split()) - {"did"} <= set(query.topic.split())


@pytest.mark.parametrize(
    ("first", "question", "topic"),
    [
        (FIRST, "and the harbour?", "who holds Orsel, the harbour"),
        (FIRST, "what about the salt mines?", "who holds Orsel, the salt mines"),
        (FIRST, "and Kesh?", "who holds Kesh"),
        (FIRST, "and the Kesh bridge?", "who holds Orsel, the Kesh bridge"),
        (FIRST, "and in Kesh?", "who holds Orsel, in Kesh"),
        ("who died in Orsel?", "and in Kesh?", "who died in Kesh"),
        ("was Varn behind the fire in Orsel?", "and Kesh?", "was Varn behind the fire in Orsel, Kesh"),
        ("who cut the cable?", "and Kesh?", "who cut the cable, Kesh"),
    ],
)
def test_what_is_nobody_narrows_the_matter_or_takes_the_place_of_its_only_name(first: str, question: str, topic: str) -> None:
    query = after(question, understand(first, NOW))
    assert (query.topic, query.speakers, query.follows) == (topic, (), first)


@pytest.mark.parametrize(
    "question",
    [
        "who shot down flight 61?",
        "who shot down flight 61",
        "and who shot down flight 61?",
        "So who blew up the Kesh bridge?",
        "who holds Orsel now?",
        "who blew up the bridge?",
        "what did Averin say about a settlement?",
        "what about the price of bread in Kesh?",
        "did Varn say that it shot down the plane?",
        "is the harbour still closed?",
        "salt tax",
        "salt tax?",
        "the League",
        "Orsel",
    ],
)
def test_a_question_that_names_its_own_matter_stands_alone_even_as_a_reply(question: str) -> None:
    query = after(question)
    assert query.follows == ""
    assert query.text == question
    alone = understand(question.removeprefix("and ").removeprefix("So ").removeprefix("what about "), NOW, OUTLETS)
    assert (query.topic, query.speakers, query.window) == (alone.topic, alone.speakers, alone.window)


def test_a_chain_of_follow_ups_keeps_to_its_first_question() -> None:
    league = after("and the League?")
    when = after("since when?", league)
    assert (when.topic, when.speakers, when.follows) == ("when holds Orsel", (LEAGUE,), FIRST)
    harbour = after("and the harbour?", after("why?", when))
    assert (harbour.topic, harbour.speakers, harbour.follows) == ("who holds Orsel, the harbour", (LEAGUE,), FIRST)
    bridge = after("and the bridge?", harbour)
    assert bridge.topic == "who holds Orsel, the bridge"
    assert after("and the Republic?", bridge).speakers == (VARN,)
    assert after("what does he say?", league).speakers == (LEAGUE,)


def test_a_follow_up_on_an_article_narrows_its_title_not_its_address() -> None:
    before = Query(text="https://gazette.example/orsel", topic="Both armies say that they hold Orsel")
    query = after("and the bridge?", after("and the harbour?", before))
    assert query.topic.startswith("Both armies say that they hold Orsel")
    assert query.follows == before.text


@pytest.mark.parametrize("question", ["y los talibanes?", "¿y la liga del mar?", "а лига?", "و الرابطة؟", "und wer ist das?"])
def test_a_follow_up_in_another_language_is_told_so(question: str) -> None:
    with pytest.raises(LanguageError):
        after(question)


@pytest.mark.parametrize("question", ["Averin?", "why?", "2019?", "?!", "hm?", "and Łucja Żak?", "El Paso?", "why, la Liga?"])
def test_a_question_of_next_to_no_words_is_in_no_foreign_language(question: str) -> None:
    assert after(question).text == question


@pytest.mark.parametrize(
    "hostile", ["and " * 2000, "and A " * 1000, "who " * 1000, ", " * 2000, "A " * 2000, "it " * 2000, "and " + "a’s " * 1000]
)
def test_a_hostile_follow_up_is_understood_at_once(hostile: str) -> None:
    began = time.process_time()
    assert after(hostile).text == hostile
    assert time.process_time() - began < 0.5


def test_a_speaker_is_meant_by_what_he_is_and_not_by_what_he_is_of() -> None:
    of_the_harbour = replace(CLAIMS[3], speaker=Speaker(name="the harbour master", role="mayor of Orsel"), side=None)
    assert means_speaker("harbour master", of_the_harbour)
    assert means_speaker("mayor", of_the_harbour)
    assert not means_speaker("harbour", of_the_harbour)
    assert not means_speaker("Orsel", of_the_harbour)
    averin = replace(CLAIMS[3], speaker=Speaker(name="Jon Averin", role="commander", party=LEAGUE))
    assert all(means_speaker(name, averin) for name in ("Averin", "Jon Averin", "League", "coast", "commander"))
    assert not means_speaker("tide", averin)


def test_whoever_asks_a_party_does_not_hear_another_sides_man_who_has_it_in_his_title() -> None:
    speaker = Speaker(name="Jon Averin", role="former Varn Republic officer", party=LEAGUE)
    defector = replace(CLAIMS[3], speaker=speaker)
    assert said_by([VARN], CLAIMS[:2]) == set(CLAIMS[:2])
    assert said_by([VARN], [*CLAIMS[:2], defector]) == set(CLAIMS[:2])
    assert defector in said_by([LEAGUE], [*CLAIMS[:2], defector])
    assert defector in said_by(["former officer"], [*CLAIMS[:2], defector])
    witness = replace(defector, speaker=replace(speaker, party=None), side=OBSERVER)
    assert witness in said_by([VARN], [*CLAIMS[:2], witness])
