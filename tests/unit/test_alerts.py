"""What is new on a followed topic: what counts as new, and the message that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts import SHOWN, alert, news
from bot.markup import MAX_ENTITIES, MAX_UNITS, Page
from bot.phrases import Phrases, Say, load_catalogue
from bot.presses import Does, Press, read
from tests.any_answer import NAMES, answers
from tests.cards import answer, full_answer, own_voice, quotation
from tests.e2e.telegram_server.parse_mode import Entity, length16, parse_html, quotations
from whosays.chats import Following
from whosays.config import data_folder
from whosays.heard import mark, marks
from whosays.types import Answer, Side, Stance, Status

CATALOGUE = load_catalogue(data_folder())
ENGLISH = CATALOGUE.of("en")
LANGUAGES = st.sampled_from(list(CATALOGUE.phrases.values()))


def following(topic: str = "who holds Orsel?", *seen: Answer) -> Following:
    """Return a topic of whose answers a chat was shown these."""
    shown = frozenset[str]().union(*map(marks, seen))
    since = datetime(2031, 5, 1, tzinfo=UTC)
    return Following(id=10**9, chat=1, thread=None, person=1, topic=topic, since=since, language="en", shown=shown)


def shown(view: Page) -> tuple[str, list[Entity]]:
    """Return what an alert shows, having seen that Telegram takes it and that its button stops it."""
    text, entities = parse_html(view.html)
    assert 1 <= length16(text) <= MAX_UNITS
    assert len(entities) <= MAX_ENTITIES
    ((button,),) = view.buttons
    assert read(button.data or "") == Press(Does.UNFOLLOW, str(10**9))
    return text, entities


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers(), NAMES, LANGUAGES)
def test_an_alert_is_one_message_that_quotes_word_for_word_and_says_why_it_came(
    found: Answer, topic: str, phrases: Phrases
) -> None:
    new = news(following(), found)
    text, entities = shown(alert(following(topic), found, new, phrases))
    quoted = [words.rstrip("\u2069\u202c").removesuffix(" […]").rstrip("\u2069\u202c") for words in quotations(text, entities)]
    assert len(quoted) <= SHOWN
    assert all(any((one.told or one.text).startswith(words) for one in new) for words in quoted)
    assert text.endswith(phrases(Say.NEWS_WHY))


def test_what_a_chat_was_shown_is_no_news_and_what_it_was_not_is() -> None:
    before, now = answer(), full_answer()
    claims = [one for one in now.quotations if one.claim]
    assert news(following("who holds Orsel?", before), now) == tuple(claims)
    assert news(following("who holds Orsel?", now), now) == ()
    added = quotation("that the harbour is closed", name="Bren Osk", side="Coast League")
    more = replace(now, sides=(*now.sides, Side(name="Coast League", quotations=(added,))))
    assert news(following("who holds Orsel?", now), more) == (added,)


def test_an_outlets_own_words_are_no_news() -> None:
    assert news(following(), answer(own_voice=(own_voice("Smoke stood over the harbour."),))) == ()


def test_what_is_shown_for_want_of_anything_newer_is_no_news() -> None:
    assert news(following(), replace(full_answer(), status=Status.OLD)) == ()


def test_the_same_claim_is_known_again_in_another_outlet_and_another_spelling() -> None:
    claim = quotation("The town is ours.")
    assert mark(claim) == mark(quotation("that the  town is ours", source=2, also=(1,)))
    assert mark(claim) == mark(quotation("“The town is ours”", name="I. Tarn"))


def test_another_side_another_stance_and_other_words_are_another_claim() -> None:
    claim = quotation("the town is ours")
    others = [
        quotation("the town is ours", side="Coast League"),
        quotation("the town is ours", stance=Stance.DENIES),
        quotation("the town is not ours"),
    ]
    assert len({mark(one) for one in (claim, *others)}) == 4


def test_three_claims_are_quoted_under_their_sides_and_the_others_counted() -> None:
    found = full_answer()
    new = news(following(), found)
    text, entities = shown(alert(following(), found, new, ENGLISH))
    assert text.startswith("New on: who holds Orsel?\n\nCoast League · denies\nany claim that Orsel has fallen\n— Bren Osk, ")
    assert len(quotations(text, entities)) == 3
    assert f"{len(new) - 3} more: ask me about it." in text
    assert "[1] Orsel Gazette: Both armies say that they hold Orsel, 4 May 2031" in text
    for absent in ("Disputed", "against", "Nothing found from", "Smoke stood"):
        assert absent not in text


def test_only_what_is_new_is_quoted() -> None:
    found = full_answer()
    promise = next(one for one in found.quotations if one.claim and one.claim.stance is Stance.PROMISES)
    text, entities = shown(alert(following(), found, [promise], ENGLISH))
    assert quotations(text, entities) == [promise.text]
    assert "more" not in text


def test_an_alert_of_endless_names_still_says_why_it_came() -> None:
    endless = tuple(
        replace(source, n=n, title="Both armies " * 40, outlet=f"Orsel Gazette {n} " * 40)
        for n, source in enumerate([full_answer().sources[0]] * 30, 1)
    )
    said = tuple(quotation(f"claim {n}", also=tuple(range(10 * n - 8, 10 * n))) for n in range(1, 4))
    found = answer(sides=(Side(name="Varn Republic", quotations=said),))
    text, entities = shown(alert(following(), replace(found, sources=endless), said, ENGLISH))
    assert len(quotations(text, entities)) == 3
    assert text.endswith(ENGLISH(Say.NEWS_WHY))
