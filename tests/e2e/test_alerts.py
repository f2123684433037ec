"""Alerts: what waits in the outbox is told once, with its reason and its evidence, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.cards import SOURCES, quotation
from tests.e2e.conftest import Serving
from tests.e2e.news import LEAGUE, NEW, OLD, TOPIC, ann_of, engine, every, follow, publish, said, tell
from tests.e2e.telegram_server import BotApi
from tests.patience import until
from whosays.chats import Cadence, Chat, Chats, Quiet
from whosays.config import Settings
from whosays.outbox import Before, Grown, Outbox, Reason, Verdict
from whosays.types import Stance, Status


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, alerts_every=timedelta(seconds=0.1), quota_person=1000, quota_chat=1000)


async def test_what_is_new_is_told_once_with_its_reason_its_source_and_why_it_came(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        await follow(chat, ann)
        await chat.silence(0.4)
        tell(outbox, NEW)
        alert = await chat.expect_message()
        tell(outbox, NEW)
        await chat.silence(0.5)
    assert alert.text.startswith(f"New on: {TOPIC}\n\nNot heard on this before\nVarn Republic · claims\n")
    assert alert.quotations == [NEW.text]
    assert SOURCES[1].url in alert.links
    assert "[1] Harbour Post: Monitors <cannot> enter Orsel & its harbour" in alert.text
    assert alert.text.endswith("You get this because this chat follows the topic. /following stops it.")
    assert alert.labels == [["Why this?", "Mute"], ["Stop following this"]]
    assert alert.reply_to is None


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.NEW_SIDE, "A side that was not heard on this before"),
        (Reason.REVERSAL, "Otherwise than before"),
        (Reason.CONCESSION, "Says what hurts its own case"),
        (Reason.CONFLICT, "Contradicts: Varn Republic"),
    ],
)
async def test_the_reason_comes_first_and_what_it_stands_against_is_quoted(
    telegram: BotApi, serving: Serving, outbox: Outbox, reason: Reason, words: str
) -> None:
    ann, chat = ann_of(telegram)
    at = datetime(2031, 5, 4, tzinfo=UTC)
    before = Before(
        words=OLD.text, side="Varn Republic", speaker="Ilva Tarn", stance=Stance.CLAIMS, at=at, outlet="Orsel Gazette"
    )
    async with serving(engine()):
        await follow(chat, ann)
        tell(outbox, LEAGUE, reason=reason, before=before)
        alert = await chat.expect_message()
    assert alert.text.startswith(f"New on: {TOPIC}\n\n{words}\nCoast League · denies\n")
    against = reason in {Reason.REVERSAL, Reason.CONFLICT}
    assert alert.quotations == ([LEAGUE.text, OLD.text] if against else [LEAGUE.text])
    assert ("Before, 4 May 2031:" in alert.text) is against
    assert ("— Ilva Tarn, Orsel Gazette" in alert.text) is against


async def test_why_says_which_topic_which_reason_what_was_known_and_how_to_stop_and_goes_back(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    ann, chat = ann_of(telegram)
    at = datetime(2031, 5, 4, tzinfo=UTC)
    before = Before(words=OLD.text, side="Varn Republic", speaker="Ilva Tarn", stance=Stance.CLAIMS, at=at)
    async with serving(engine()):
        await follow(chat, ann)
        tell(outbox, LEAGUE, reason=Reason.CONFLICT, before=before)
        alert = await chat.expect_message()
        chat.press(ann, alert, "Why this?")
        why = await chat.expect_edit(alert)
        for words in (
            "Why was I sent this?",
            f"Topic followed here: {TOPIC}",
            "Followed since ",
            "Contradicts: Varn Republic",
            "Claims that were known on the topic: 1; sides: 1",
            "How surely it is on the topic: 90 %",
            "Shown before, 4 May 2031:",
            "The button under the alert stops it; /following",
        ):
            assert words in why.text
        assert why.quotations == [OLD.text]
        chat.press(ann, alert, "Back")
        assert (await chat.expect_edit(alert)).text == alert.text


async def test_an_alert_can_be_stopped_and_muted_and_waits_while_it_is(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    now = datetime(2031, 5, 7, 12, tzinfo=UTC)
    async with serving(engine(), now=lambda: now):
        await follow(chat, ann)
        tell(outbox, NEW, now=now)
        alert = await chat.expect_message()
        chat.press(ann, alert, "Mute")
        await chat.expect_edit(alert)
        assert await chat.expect_toast(chat.press(ann, alert, "Mute for a day")) == "Muted until 8 May 2031, 12:00."
        assert (await chat.expect_edit(alert)).labels == alert.labels
        tell(outbox, LEAGUE, now=now)
        await chat.silence(0.5)
        now += timedelta(hours=24, minutes=1)
        assert (await chat.expect_message()).quotations == [LEAGUE.text]
        assert await chat.expect_toast(chat.press(ann, alert, "Stop following this")) == "Done."
        assert await chat.expect_toast(chat.press(ann, alert, "Stop following this")) == "That is gone already."
        chat.press(ann, alert, "Why this?")
        assert "It is followed no more." in (await chat.expect_edit(alert)).text
    assert chats.followed() == []


async def test_one_claim_that_is_news_on_two_topics_is_told_once(telegram: BotApi, serving: Serving, outbox: Outbox) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(), alerts_every=timedelta(hours=1)):
        await follow(chat, ann)
        await follow(chat, ann, "the harbour of Orsel")
        tell(outbox, NEW)
    async with serving(engine()):
        alert = await chat.expect_message()
        await chat.silence(0.5)
        assert alert.quotations == [NEW.text]
        assert alert.text.startswith(f"New on: {TOPIC}, the harbour of Orsel\n")
        assert alert.labels == [["Why this?", "Stop or mute"]]
        chat.press(ann, alert, "Stop or mute")
        shown = await chat.expect_edit(alert)
        assert [f"✕ {TOPIC}"] in shown.labels
        assert ["✕ the harbour of Orsel"] in shown.labels
        assert await chat.expect_toast(chat.press(ann, alert, "✕ the harbour")) == "Done."
    assert [one.following.topic for one in every(outbox)] == [TOPIC]


async def test_a_digest_comes_at_its_time_grouped_by_topic_and_its_rest_is_turned_to(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    now = datetime(2031, 5, 7, 12, tzinfo=UTC)
    claims = [quotation(f"that the bridge number {number} was whole " + "and so on " * 20) for number in range(12)]
    async with serving(engine(), now=lambda: now):
        await follow(chat, ann)
        await follow(chat, ann, "the salt tax")
        chats.keep_chat(Chat(id=chat.id, kind="private", zone="Europe/Kyiv", digest=time(19, 30)))
        for followed in every(outbox):
            chats.keep_following(replace(followed.following, cadence=Cadence.DAILY))
        tell(outbox, *claims, topic=TOPIC, now=now)
        tell(outbox, NEW, topic="the salt tax", now=now)
        await chat.silence(0.5)
        now = datetime(2031, 5, 7, 16, 29, tzinfo=UTC)
        await chat.silence(0.3)
        now = datetime(2031, 5, 7, 16, 30, 5, tzinfo=UTC)
        digest = await chat.expect_message()
        await chat.silence(0.3)
        assert digest.text.startswith(f"What is new: 13\n\nNew on: {TOPIC}\n")
        assert digest.labels[0][0] == "‹"
        seen = [words.strip() for words in digest.quotations]
        pages = int(digest.labels[0][1].split()[-1])
        for _ in range(pages - 1):
            chat.press(ann, digest, "›")
            seen += [words.strip() for words in (await chat.expect_edit(digest)).quotations]
        assert seen == [*(claim.text.strip() for claim in claims), NEW.text]
        assert "New on: the salt tax" in chat.now(digest).text


async def test_quiet_hours_hold_and_what_came_meanwhile_comes_after_them_as_one_message(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    now = datetime(2031, 5, 7, 21, tzinfo=UTC)
    async with serving(engine(), now=lambda: now):
        await follow(chat, ann)
        chats.keep_chat(Chat(id=chat.id, kind="private", quiet=Quiet(time(22), time(7))))
        now = datetime(2031, 5, 7, 23, tzinfo=UTC)
        tell(outbox, NEW, now=now)
        tell(outbox, LEAGUE, now=now)
        await chat.silence(0.4)
        now = datetime(2031, 5, 8, 6, 59, tzinfo=UTC)
        await chat.silence(0.3)
        now = datetime(2031, 5, 8, 7, 0, 1, tzinfo=UTC)
        assert set((await chat.expect_message()).quotations) == {NEW.text, LEAGUE.text}
        await chat.silence(0.3)


async def test_more_than_a_chat_allows_in_an_hour_comes_later_as_a_digest(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    now = datetime(2031, 5, 7, 12, 10, tzinfo=UTC)
    async with serving(engine(), now=lambda: now):
        await follow(chat, ann)
        chats.keep_chat(Chat(id=chat.id, kind="private", most=1))
        tell(outbox, NEW, now=now)
        await chat.expect_message()
        tell(outbox, LEAGUE, quotation("that the mill was lost"), now=now)
        await chat.silence(0.4)
        now += timedelta(hours=1, minutes=1)
        assert len((await chat.expect_message()).quotations) == 2


async def test_an_alert_that_grows_is_edited_and_not_told_again(
    telegram: BotApi, serving: Serving, outbox: Outbox, settings: Settings
) -> None:
    ann, chat = ann_of(telegram)
    now = datetime(2031, 5, 7, 12, tzinfo=UTC)
    async with serving(engine(), now=lambda: now):
        await follow(chat, ann)
        tell(outbox, NEW, now=now)
        alert = await chat.expect_message()
        assert "also in" not in alert.text
        await until(lambda: bool(outbox.told_in(chat.id, alert.id)))
        (told,) = outbox.told_in(chat.id, alert.id)
        publish(settings.store, Verdict(following=told.following, grown=(Grown(alert=told.id, source=SOURCES[0]),)), now=now)
        # More may come at once: the message is edited after a while, with all of it.
        await chat.silence(0.4)
        now += timedelta(minutes=2)
        grown = await chat.expect_edit(alert)
        await chat.silence(0.5)
    assert ", also in [2]" in grown.text
    assert "[2] Orsel Gazette: Both armies say that they hold Orsel" in grown.text
    assert grown.quotations == [NEW.text]
    assert grown.labels == alert.labels


async def test_who_asked_to_hear_if_it_changes_hears_once(
    telegram: BotApi, serving: Serving, outbox: Outbox, chats: Chats, settings: Settings
) -> None:
    ann, chat = ann_of(telegram)
    known = engine(OLD)
    async with serving(known):
        chat.say(ann, TOPIC)
        card = await chat.expect_message()
        told = await chat.expect_toast(chat.press(ann, card, "Tell me if this changes"))
        assert told == "I write here once if the answer changes in the next 7 days."
        again = await chat.expect_toast(chat.press(ann, card, "Tell me if this changes"))
        assert again == "You will hear of it already."
        (followed,) = every(outbox)
        publish(settings.store, Verdict(following=followed.following.id, again=True))
        await until(lambda: not outbox.to_answer())
        await chat.silence(0.5)
        known.answers[TOPIC] = said(OLD, LEAGUE, status=Status.DISPUTED)
        publish(settings.store, Verdict(following=followed.following.id, again=True))
        alert = await chat.expect_message()
        assert alert.text.startswith(f"Changed: {TOPIC}\n\nIt was: Several sides. Now it is: Disputed.\nVarn Republic · claims\n")
        assert alert.quotations == [OLD.text, LEAGUE.text]
        assert alert.labels == [["Why this?"]]
        await until(lambda: chats.followed() == [])
        chat.press(ann, alert, "Why this?")
        assert "It was: Several sides. Now it is: Disputed." in (await chat.expect_edit(alert)).text
        await chat.silence(0.3)
