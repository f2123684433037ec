"""Following a topic: what it would have told, how it is told, of whom, when; and stopping it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.phrases import load_catalogue
from bot.say import Say
from tests.cards import SOURCES, quotation
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.news import LEAGUE, NEW, OLD, TOPIC, ann_of, engine, every, follow, said
from tests.e2e.telegram_server import BotApi
from whosays.chats import Cadence, Chats, Quiet
from whosays.config import Settings, data_folder
from whosays.errors import StoreError
from whosays.outbox import Outbox

#: The articles of the tests are of 4 and 6 May.
NOW = datetime(2031, 5, 7, 12, tzinfo=UTC)
STOP = ["Stop following this"]
PAGE = [
    ["✓ At once", "Each hour", "Once a day"],
    ["Which sides", "Which outlets"],
    ["Mute for a day", "Mute for 7 days"],
    ["Pause"],
    STOP,
    ["Back"],
]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, quota_person=1000, quota_chat=1000)


async def test_following_shows_what_it_would_have_told_and_the_buttons_that_change_it(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    ann, chat = ann_of(telegram)
    third = quotation("that the mill was whole", source=2)
    async with serving(engine(OLD, NEW, LEAGUE, third), now=lambda: NOW):
        page = await follow(chat, ann)
    assert f"This chat follows: {TOPIC}" in page.text
    assert "News is told at once." in page.text
    # Two articles brought all of it.
    assert "Alerts that this would have brought in the last 7 days: 2" in page.text
    assert page.quotations == [NEW.text, third.text], "the newest two"
    assert page.labels == PAGE
    (followed,) = every(outbox)
    assert {one.words for one in followed.heard} == {OLD.text, NEW.text, LEAGUE.text, third.text}


async def test_where_nothing_was_said_lately_the_preview_says_so(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(OLD), now=lambda: NOW + timedelta(days=30)):
        page = await follow(chat, ann)
    assert "in the last 7 days: 0" in page.text
    assert page.quotations == []


async def test_the_button_under_a_card_follows_its_topic_and_replies_with_the_page(
    telegram: BotApi, serving: Serving, outbox: Outbox
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(), now=lambda: NOW):
        chat.say(ann, TOPIC)
        card = await chat.expect_message()
        said_so = await chat.expect_toast(chat.press(ann, card, "Follow"))
        assert said_so == "Followed. I write here when there is something new."
        page = await chat.expect_message()
        assert page.reply_to == card.id
        assert page.labels == PAGE
        assert page.quotations == [OLD.text]
        again = await chat.expect_toast(chat.press(ann, card, "Follow"))
        assert again == "This is followed here already."
        await chat.silence()
        # A reply to a card follows its topic as well.
        chat.say(ann, "/follow", reply_to=card.id)
        assert "follows that already" in (await chat.expect_message()).text
    (followed,) = every(outbox)
    assert [one.words for one in followed.heard] == [OLD.text]


async def test_a_topic_is_followed_though_its_preview_cannot_be_had(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, chat = ann_of(telegram)
    broken = False

    def fail(question: str) -> None:
        if broken:
            raise StoreError("disk I/O error")

    async with serving(FixedEngine(before=fail)):
        chat.say(ann, TOPIC)
        card = await chat.expect_message()
        broken = True
        assert "Followed." in (await chat.expect_toast(chat.press(ann, card, "Follow")) or "")
        assert (await chat.expect_message()).labels == PAGE
    assert [one.topic for one in chats.followed()] == [TOPIC]


async def test_each_topic_opens_its_page_on_which_all_can_be_changed_and_goes_back(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(OLD, LEAGUE), now=lambda: NOW):
        await follow(chat, ann)
        await follow(chat, ann, "the salt tax")
        chat.say(ann, "/following")
        listed = await chat.expect_message()
        assert listed.labels == [[TOPIC], ["the salt tax"]]

        async def press(button: str) -> list[list[str]]:
            chat.press(ann, listed, button)
            return (await chat.expect_edit(listed)).labels

        assert await press(TOPIC) == PAGE
        assert (await press("Each hour"))[0] == ["At once", "✓ Each hour", "Once a day"]
        assert "each hour, as a digest" in chat.now(listed).text
        assert (await press("Once a day"))[0] == ["At once", "Each hour", "✓ Once a day"]
        assert "once a day, at 08:00" in chat.now(listed).text
        assert ["Go on"] in await press("Pause")
        assert "Paused: nothing is told." in chat.now(listed).text
        assert ["Pause"] in await press("Go on")
        assert ["Unmute"] in await press("Mute for 7 days")
        assert "Muted until 14 May 2031, 12:00." in chat.now(listed).text
        (topic, _) = chats.followed_in(chat.id)
        assert (topic.cadence, topic.muted_until) == (Cadence.DAILY, NOW + timedelta(days=7))
        assert await press("Back") == [[f"{TOPIC} · muted"], ["the salt tax"]]
        await press(TOPIC)
        await press("Unmute")
        assert await press("Back") == [[f"{TOPIC} · once a day"], ["the salt tax"]]
        await press(TOPIC)
        assert await press("Stop following this") == [["the salt tax"]]
    assert [one.topic for one in chats.followed_in(chat.id)] == ["the salt tax"]


async def test_a_topic_is_kept_to_sides_and_outlets(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(OLD, LEAGUE), now=lambda: NOW):
        page = await follow(chat, ann)

        async def press(button: str) -> list[list[str]]:
            chat.press(ann, page, button)
            return (await chat.expect_edit(page)).labels

        assert await press("Which sides") == [["✓ All of them"], ["Varn Republic", "Coast League"], ["Back"]]
        assert await press("Coast League") == [["All of them"], ["✓ Coast League", "Varn Republic"], ["Back"]]
        assert await press("Varn Republic") == [["All of them"], ["✓ Coast League", "✓ Varn Republic"], ["Back"]]
        await press("Varn Republic")
        await press("Back")
        assert "Only: Coast League" in chat.now(page).text
        await press("Which outlets")
        assert (await press("Harbour Post"))[1] == ["✓ Harbour Post", "Orsel Gazette"]
        await press("Back")
        assert "Only in: Harbour Post" in chat.now(page).text
        (topic,) = chats.followed_in(chat.id)
        assert (topic.sides, topic.outlets) == (("Coast League",), ("Harbour Post",))
        await press("Which sides")
        await press("All of them")
        (topic,) = chats.followed_in(chat.id)
        assert topic.sides == ()


async def test_a_button_of_what_is_followed_no_more_says_so_and_made_up_ones_change_nothing(
    telegram: BotApi, serving: Serving, chats: Chats
) -> None:
    (ann, chat), eve = ann_of(telegram), telegram.person("Eve")
    eves = telegram.private_chat(eve)
    async with serving(engine(), now=lambda: NOW):
        page, eves_page = await follow(chat, ann), await follow(eves, eve, "the salt tax")
        (topic,) = chats.followed_in(chat.id)
        for data in ("z", "s:x", "m3", "o:0000000000000000"):
            toast = await chat.expect_toast(chat.press_data(ann, page, f"k:{topic.id}:{data}"))
            assert toast == "I no longer have this card. Please ask again.", data
        # A topic of another chat is not there.
        for data in ("x", "p", "s"):
            toast = await eves.expect_toast(eves.press_data(eve, eves_page, f"k:{topic.id}:{data}"))
            assert toast == "That is gone already."
        assert chats.followed_in(chat.id) == [topic]
        chat.press(ann, page, "Stop following this")
        assert "Nothing is followed here" in (await chat.expect_edit(page)).text


async def test_unfollow_stops_by_words_or_by_a_press(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(), now=lambda: NOW):
        await follow(chat, ann)
        await follow(chat, ann, "the salt tax")
        chat.say(ann, "/unfollow")
        listed = await chat.expect_message()
        assert listed.labels == [[f"✕ {TOPIC}"], ["✕ the salt tax"]]
        chat.press(ann, listed, "✕ the salt tax")
        assert (await chat.expect_edit(listed)).labels == [[f"✕ {TOPIC}"]]
        chat.say(ann, f"/unfollow {TOPIC.upper()}")
        assert f"No longer followed: {TOPIC}" in (await chat.expect_message()).text
    assert chats.followed() == []


async def test_each_topic_of_a_forum_has_its_own_list(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum(admins=(ann,))
    orsel, calder = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    async with serving(engine(), now=lambda: NOW):
        await follow(forum, ann, thread=orsel)
        page = await follow(forum, ann, "the salt tax", thread=calder)
        assert page.topic == calder
        forum.press(ann, page, "Back")
        assert (await forum.expect_edit(page)).labels == [["the salt tax"]]


async def test_in_a_group_what_is_told_is_for_admins_to_choose(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    group = telegram.group(admins=(ann,))
    group.join(ben)
    async with serving(engine(), now=lambda: NOW):
        page = await follow(group, ann)
        for button in ("Each hour", "Which sides", "Pause", "Stop", "Back"):
            assert "Only admins" in (await group.expect_toast(group.press(ben, page, button)) or "")
        group.press(ann, page, "Each hour")
        await group.expect_edit(page)
        # Who has asked may be told of his own answer.
        group.say(ben, f"/ask@WhoSaysTestBot {TOPIC}")
        card = await group.expect_message()
        toast = await group.expect_toast(group.press(ben, card, "Tell me if this changes"))
        assert "I write here once" in (toast or "")
    assert [(one.cadence, one.once) for one in chats.followed_in(group.id)] == [(Cadence.HOURLY, False), (Cadence.INSTANT, True)]


async def test_when_alerts_come_is_set_by_buttons(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann = telegram.person("Ann", language="uk")
    chat = telegram.private_chat(ann)
    uk = load_catalogue(data_folder()).of("uk")
    async with serving(engine()):
        chat.say(ann, "/settings")
        menu = await chat.expect_message()

        async def press(button: str) -> list[list[str]]:
            chat.press(ann, menu, button)
            return (await chat.expect_edit(menu)).labels

        assert (await press(uk(Say.SETTING_ALERTS)))[0] == ["Часовий пояс: UTC"]
        zones = await press("Часовий пояс")
        assert zones[0] == ["Київ", "Варшава"]
        assert ["Нью-Йорк", "✓ UTC"] in zones
        assert (await press("Київ"))[0] == ["Часовий пояс: Київ"]
        await press("Тихі години")
        assert ["Тихі години: 22:00–07:00"] in await press("22:00–07:00")
        await press("Зведення дня")
        assert ["Зведення дня: 18:00"] in await press("18:00")
        await press("Не більше")
        assert ["Не більше на годину: 2"] in await press("2")
        await press("Назад")
        kept = chats.chat(chat.id)
        assert kept is not None
        assert (kept.zone, kept.digest, kept.most) == ("Europe/Kyiv", time(18), 2)
        assert kept.quiet == Quiet(time(22), time(7))
        await press(uk(Say.SETTING_ALERTS))
        assert "✓ 22:00–07:00" in str(await press("Тихі години"))
        await press("немає")
    kept = chats.chat(chat.id)
    assert kept is not None
    assert kept.quiet is None


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("zone Europe/Kyiv", "Time zone: Kyiv"),
        ("ZONE new york", "Time zone: New York"),
        ("quiet 22:30-7:15", "Quiet hours: 22:30–07:15"),
        ("quiet ۲۲ - ۷", "Quiet hours: 22:00–07:00"),
        ("quiet off", "Quiet hours: none"),
        ("digest 7.30", "Digest of the day: 07:30"),
        ("most 4", "Most in an hour: 4"),
    ],
)
async def test_when_alerts_come_can_be_typed(telegram: BotApi, serving: Serving, chats: Chats, typed: str, button: str) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        chat.say(ann, f"/settings {typed}")
        page = await chat.expect_message()
    assert [button] in page.labels
    assert chats.chat(chat.id) is not None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("zone Kiyv", "I know no such time zone. Perhaps one of these: Europe/Kyiv"),
        ("zone nowhere at all", "I cannot make that out. For example: /settings zone Europe/Kyiv"),
        ("zone", "I cannot make that out."),
        ("quiet 22-22", "For example: /settings quiet 22:30-7:15"),
        ("quiet 25-7", "For example: /settings quiet"),
        ("digest noon", "For example: /settings digest 7:30"),
        ("most 0", "For example: /settings most 4"),
        ("most 1000", "For example: /settings most 4"),
        ("colour red", "For example: /settings zone"),
    ],
)
async def test_what_cannot_be_set_is_answered_with_an_example(
    telegram: BotApi, serving: Serving, chats: Chats, typed: str, words: str
) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine()):
        chat.say(ann, f"/settings {typed}")
        assert words in (await chat.expect_message()).text
    assert chats.chat(chat.id) is None


async def test_more_topics_than_a_chat_may_follow_are_refused(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, chat = ann_of(telegram)
    async with serving(engine(), now=lambda: NOW):
        for number in range(25):
            await follow(chat, ann, f"topic number {number}")
        chat.say(ann, "/follow one more")
        assert "More than 25 topics cannot be followed" in (await chat.expect_message()).text
        # One that is followed already is still shown.
        chat.say(ann, "/follow topic number 3")
        assert "follows that already" in (await chat.expect_message()).text
        chat.say(ann, TOPIC)
        card = await chat.expect_message()
        toast = await chat.expect_toast(chat.press(ann, card, "Follow"))
        assert "More cannot be followed here." in (toast or "")
        toast = await chat.expect_toast(chat.press(ann, card, "Tell me if this changes"))
        assert "I write here once" in (toast or "")
    assert len(chats.followed_in(chat.id)) == 26


async def test_a_source_without_an_outlet_or_a_date_is_no_trouble(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_of(telegram)
    bare = quotation("that the bridge had been mined", source=3, name="", role="officials", side=None)
    known = FixedEngine(answers={TOPIC: replace(said(bare), sources=SOURCES[2:])})
    async with serving(known, now=lambda: NOW):
        page = await follow(chat, ann)
        assert "in the last 7 days: 0" in page.text
        for filters in ("Which sides", "Which outlets"):
            chat.press(ann, page, filters)
            assert "I know none on this topic yet." in (await chat.expect_edit(page)).text
            chat.press(ann, page, "Back")
            await chat.expect_edit(page)
