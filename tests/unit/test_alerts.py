"""Alerts as messages: one that Telegram takes, word for word, with its reasons, whatever is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.again import change
from bot.alerts import alert_page, change_page, why_page
from bot.markup import MAX_ENTITIES, MAX_UNITS, Page
from bot.phrases import Phrases, Say, load_catalogue
from bot.presses import MAX_BYTES, Does, Press, read
from tests.any_answer import NAMES, answers
from tests.cards import SOURCES, answer, full_answer, quotation
from tests.e2e.news import said
from tests.e2e.telegram_server.parse_mode import Entity, length16, parse_html, quotations
from whosays.chats import Following
from whosays.config import data_folder
from whosays.heard import mark
from whosays.outbox import Alert, Before, Reason, Why
from whosays.types import Answer, Quotation, Side, Stance, Status

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))
DAY = datetime(2031, 5, 4, tzinfo=UTC)
TOPIC = "who holds Orsel?"
BEFORE = Before(words="Orsel is ours", side="Varn Republic", speaker="Ilva Tarn", stance=Stance.CLAIMS, at=DAY, outlet="Post")


def alert(of: Answer, *, topic: str = TOPIC, following: int = 7, why: Why | None = None, name: str = "") -> Alert:
    return Alert(
        id=10**12,
        following=following,
        chat=1,
        thread=None,
        person=1,
        topic=topic,
        mark=name or (mark(of.quotations[0]) if of.quotations else "nothing"),
        why=why or Why(reason=Reason.NEW_CLAIM),
        answer=of,
        made=DAY,
    )


def told(one: Quotation, **parts: object) -> Alert:
    return alert(said(one), **parts)  # type: ignore[arg-type]


def following(id: int = 7, topic: str = TOPIC, **parts: object) -> Following:
    return Following(id=id, chat=1, thread=None, person=1, topic=topic, since=DAY, language="en", **parts)  # type: ignore[arg-type]


def shown(view: Page) -> tuple[str, list[Entity]]:
    """Return what a message shows, having seen that Telegram takes it, and its buttons."""
    text, entities = parse_html(view.html)
    assert 1 <= length16(text) <= MAX_UNITS
    assert len(entities) <= MAX_ENTITIES
    for button in (button for row in view.buttons for button in row):
        assert button.data is not None
        assert len(button.data.encode()) <= MAX_BYTES
        assert read(button.data) is not None
    return text, entities


def labels(view: Page) -> list[list[str]]:
    return [[button.text for button in row] for row in view.buttons]


@st.composite
def parcels(draw: st.DrawFn) -> list[Alert]:
    """Draw alerts of any topics and reasons, of which some tell the same claim."""
    made = []
    for n in range(draw(st.integers(1, 4))):
        before = draw(st.none() | st.builds(lambda words, who: replace(BEFORE, words=words, speaker=who), NAMES, NAMES))
        why = Why(reason=draw(st.sampled_from(Reason)), before=before, was=Status.OLD, now=Status.DISPUTED)
        name = draw(st.sampled_from(["", "same"]))
        made.append(alert(draw(answers()), topic=draw(NAMES), following=draw(st.integers(1, 3)), why=why, name=name or str(n)))
    return made


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(parcels(), LANGUAGES)
def test_whatever_is_told_is_messages_that_telegram_takes_and_quotes_word_for_word(parcel: list[Alert], phrases: Phrases) -> None:
    text, entities = shown(alert_page(parcel, phrases))
    once = all(alert.why.reason is Reason.STATUS for alert in parcel)
    assert text.endswith(phrases(Say.ALERT_WHY_ONCE if once else Say.NEWS_WHY))
    known = [one.told or one.text for alert in parcel for one in alert.answer.quotations]
    known += [alert.why.before.words for alert in parcel if alert.why.before]
    for quoted in quotations(text, entities):
        words = quoted.rstrip("\u2069\u202c").removesuffix(" […]").rstrip("\u2069\u202c")
        assert any(one.startswith(words) for one in known)
    shown(alert_page(parcel, phrases, 1))
    topics = [following(id, "a topic") for id in dict.fromkeys(alert.following for alert in parcel)]
    shown(why_page(parcel, {one.id: one for one in topics}, phrases))
    shown(why_page(parcel, {}, phrases))
    shown(change_page(parcel, topics, phrases))


def test_a_claim_comes_with_its_reason_its_side_and_its_source_numbered_from_one() -> None:
    text, entities = shown(alert_page([told(quotation("Orsel is ours", source=2))], ENGLISH))
    assert text.startswith(
        f"New on: {TOPIC}\n\nNot heard on this before\nVarn Republic · claims\nOrsel is ours\n— Ilva Tarn, spokeswoman\n"
    )
    assert "Harbour Post, 6 May 2031 [1]" in text
    assert "[1] Harbour Post: Monitors" in text
    assert quotations(text, entities) == ["Orsel is ours"]


def test_sources_are_numbered_over_all_alerts_of_a_message_and_each_is_listed_once() -> None:
    claims = [quotation("one", source=2), quotation("two", source=1), quotation("three", source=2, also=(1,))]
    text, _ = shown(alert_page([told(one) for one in claims], ENGLISH))
    assert text.count("[1] Harbour Post: ") == text.count("[2] Orsel Gazette: ") == 1
    assert "6 May 2031 [1], also in [2]" in text


def test_alerts_are_grouped_by_topic_and_one_claim_on_two_of_them_is_told_once_for_its_weightiest_reason() -> None:
    one, two, three = quotation("one"), quotation("two"), quotation("three")
    parcel = [
        told(one),
        told(two, topic="the harbour", following=8),
        told(three),
        told(one, topic="the harbour", following=8, why=Why(reason=Reason.NEW_SIDE)),
    ]
    text, entities = shown(alert_page(parcel, ENGLISH))
    headings = [line for line in text.splitlines() if line.startswith(("New on", "What"))]
    assert headings == ["What is new: 3", f"New on: {TOPIC}, the harbour", "New on: the harbour", f"New on: {TOPIC}"]
    assert quotations(text, entities) == ["one", "two", "three"]
    assert "A side that was not heard on this before" in text


def test_the_buttons_of_one_topic_of_several_and_of_a_card_that_has_changed() -> None:
    one = told(quotation("one"))
    assert labels(alert_page([one], ENGLISH)) == [["Why this?", "Mute"], ["Stop following this"]]
    assert read(alert_page([one], ENGLISH).buttons[1][0].data or "") == Press(Does.UNFOLLOW, "7")
    two = told(quotation("two"), following=8)
    assert labels(alert_page([one, two], ENGLISH)) == [["Why this?", "Stop or mute"]]
    changed = alert(full_answer(), why=Why(reason=Reason.STATUS, was=Status.ONE_SIDE, now=Status.DISPUTED))
    assert labels(alert_page([changed], ENGLISH)) == [["Why this?"]]


def test_a_card_that_has_changed_says_what_it_was_and_shows_the_first_claim_of_each_side() -> None:
    changed = alert(full_answer(), why=Why(reason=Reason.STATUS, was=Status.ONE_SIDE, now=Status.DISPUTED))
    text, entities = shown(alert_page([changed], ENGLISH))
    assert text.startswith(f"Changed: {TOPIC}\n\nIt was: One side only. Now it is: Disputed.\nCoast League · denies\n")
    assert len(quotations(text, entities)) == 5


def test_a_card_that_has_nothing_any_more_says_just_that() -> None:
    gone = replace(answer(status=Status.NOTHING), sources=())
    text, _ = shown(alert_page([alert(gone, why=Why(reason=Reason.STATUS, was=Status.ONE_SIDE, now=Status.NOTHING))], ENGLISH))
    assert "It was: One side only. Now it is: Nothing found." in text


def test_why_tells_topic_reason_and_what_was_known() -> None:
    conflict = Why(reason=Reason.CONFLICT, before=BEFORE, heard=12, sides=2, likelihood=0.871)
    text, entities = shown(why_page([told(quotation("Orsel is not theirs"), why=conflict)], {7: following()}, ENGLISH))
    assert text.splitlines()[2:] == [
        f"Topic followed here: {TOPIC}",
        "Followed since 4 May 2031",
        "Contradicts: Varn Republic",
        "Noticed: 4 May 2031",
        "Claims that were known on the topic: 12; sides: 2",
        "How surely it is on the topic: 87 %",
        "Shown before, 4 May 2031:",
        "Orsel is ours",
        "— Ilva Tarn, Post",
        "",
        "The button under the alert stops it; /following changes how and when it is told.",
    ]
    assert quotations(text, entities) == ["Orsel is ours"]


def test_a_message_of_endless_names_still_says_why_it_came() -> None:
    endless = tuple(
        replace(SOURCES[0], n=n, article=f"orsel-{n}", title="Both armies " * 40, outlet=f"Orsel Gazette {n} " * 40)
        for n in range(1, 31)
    )
    claims = tuple(quotation(f"claim {n}", also=tuple(range(10 * n - 8, 10 * n))) for n in range(1, 4))
    parcel = [alert(replace(answer(sides=(Side(name="Varn Republic", quotations=(one,)),)), sources=endless)) for one in claims]
    text, entities = shown(alert_page(parcel, ENGLISH))
    assert quotations(text, entities)
    assert text.endswith(ENGLISH(Say.NEWS_WHY))


def test_a_question_has_changed_where_its_status_has_and_it_was_to_be_told_once() -> None:
    once = following(once=True, status=Status.ONE_SIDE)
    changed = change(once, answer(status=Status.DISPUTED), DAY)
    assert changed is not None
    assert (changed.why.was, changed.why.now, changed.topic) == (Status.ONE_SIDE, Status.DISPUTED, TOPIC)
    assert change(once, answer(status=Status.ONE_SIDE), DAY) is None
    assert change(following(), answer(status=Status.DISPUTED), DAY) is None
