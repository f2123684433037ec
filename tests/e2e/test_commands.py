"""The commands: each does what it says, and without words explains itself; who is served, and how much."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from tests.cards import answer
from tests.e2e.broken_store import out_of_reach
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, User
from whosays.chats import Chats
from whosays.config import Settings
from whosays.parts import open_feeds
from whosays.types import Status

LINK = "https://gazette.example/orsel"
UNREAD = "https://gazette.example/unread"


def ann_and_chat(telegram: BotApi, language: str | None = None) -> tuple[User, Chat]:
    ann = telegram.person("Ann", language=language)
    return ann, telegram.private_chat(ann)


def engine() -> FixedEngine:
    return FixedEngine(answers={UNREAD: answer(UNREAD, Status.NOTHING), "bread": answer("bread", Status.NOTHING)})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/ask who holds Orsel?", "“who holds Orsel?”"),
        ("/ask", "Please add your question"),
        ("/summary Orsel", "“Orsel”"),
        (f"/summary {LINK}", f"“{LINK}”"),
        (f"/summary {UNREAD}", "I have not read that article"),
        ("/summary bread", "Nothing found"),
        ("/summary", "Please add a topic, for example: /summary"),
        ("/sides Orsel", "Who speaks: Orsel"),
        ("/sides bread", "Nothing found"),
        ("/sides", "Please add a topic, for example: /sides"),
        ("/timeline bread", "Nothing found"),
        ("/timeline", "Please add a topic, for example: /timeline"),
        ("/follow Orsel", "This chat follows: Orsel"),
        ("/follow", "Please add a topic, for example: /follow"),
        ("/following", "Nothing is followed here"),
        ("/unfollow Orsel", "Nothing is followed here"),
        ("/unfollow", "Nothing is followed here"),
        ("/sources", "Orsel Gazette: 3 articles"),
        ("/settings", "Settings"),
        ("/privacy", "What I keep"),
        ("/forget", "Delete all that I keep of you"),
        ("/help", "/summary TOPIC or LINK"),
        ("/start", "Just ask"),
        ("/START", "Just ask"),
        ("/add https://gazette.example/feed", "I do not know that command"),
        ("/feeds", "I do not know that command"),
        ("/stats", "I do not know that command"),
    ],
)
async def test_a_command_does_what_it_says(telegram: BotApi, serving: Serving, said: str, shown: str) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        asked = chat.say(ann, said)
        sent = await chat.expect_message()
        await chat.silence(0.05)
    assert shown in sent.text
    assert sent.reply_to == asked


async def test_a_timeline_is_a_picture_and_a_list(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        asked = chat.say(ann, "/timeline Orsel")
        picture, listed = await chat.expect_message(), await chat.expect_message()
        await chat.silence(0.05)
    assert picture.photo is not None
    assert (picture.reply_to, listed.reply_to) == (asked, None)
    assert "Orsel" in picture.text
    assert listed.text.startswith("Timeline: Orsel")


async def test_topics_are_followed_listed_and_let_go(telegram: BotApi, serving: Serving, chats: Chats) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine()):
        chat.say(ann, "/follow Orsel")
        await chat.expect_message()
        chat.say(ann, "/follow orsel")
        assert "follows that already" in (await chat.expect_message()).text
        chat.say(ann, "who holds Kesh?")
        card = await chat.expect_message()
        chat.say(ann, "/follow", reply_to=card.id)
        assert "This chat follows: who holds Kesh?" in (await chat.expect_message()).text
        chat.say(ann, "/unfollow nonsense")
        assert "not followed here" in (await chat.expect_message()).text
        chat.say(ann, "/following")
        listed = await chat.expect_message()
        assert listed.labels == [["Orsel"], ["who holds Kesh?"]]
        chat.press(ann, listed, "Orsel")
        await chat.expect_edit(listed)
        chat.press(ann, listed, "Stop following this")
        assert (await chat.expect_edit(listed)).labels == [["who holds Kesh?"]]
        chat.say(ann, "/unfollow WHO holds Kesh?")
        assert "No longer followed: who holds Kesh?" in (await chat.expect_message()).text
    assert chats.followed() == []


async def test_operators_read_articles_see_feeds_and_count(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    known = engine()
    async with serving(known, admins=frozenset({ann.id}), quota_person=60):
        chat.say(ann, "/add")
        assert "Please add a link" in (await chat.expect_message()).text
        chat.say(ann, "/add gazette.example")
        assert "could not be read: only http" in (await chat.expect_message()).text
        chat.say(ann, "/feeds")
        assert "No feed was added yet" in (await chat.expect_message()).text
        chat.say(ann, "/add https://gazette.example/orsel")
        assert "Read: new 1, changed 0, unchanged 0, refused 1." in (await chat.expect_message()).text
        chat.say(ann, "/add https://gazette.example/feed")
        assert "Added: Orsel Gazette." in (await chat.expect_message()).text
        chat.say(ann, "/add https://gazette.example/feed")
        assert "read already: Orsel Gazette." in (await chat.expect_message()).text
        chat.say(ann, "/sources")
        assert "Orsel Gazette: not read yet" in (await chat.expect_message()).text
        chat.say(ann, "/feeds")
        feeds = await chat.expect_message()
        assert "Orsel Gazette: not read yet" in feeds.text
        chat.press(ann, feeds, "Orsel Gazette")
        feed = await chat.expect_edit(feeds)
        assert "https://gazette.example/feed" in feed.text
        chat.press(ann, feed, "Back")
        feeds = await chat.expect_edit(feed)
        chat.press(ann, feeds, "Orsel Gazette")
        feed = await chat.expect_edit(feeds)
        await chat.expect_toast(chat.press(ann, feed, "Read now"))
        chat.press(ann, feed, "Remove")
        assert "No feed was added yet" in (await chat.expect_edit(feed)).text
        chat.say(ann, "who holds Orsel?")
        await chat.expect_message()
        chat.say(ann, "/stats")
        stats = (await chat.expect_message()).text
        assert "Answers: 1 today, 1 in 7 days" in stats
        assert "Articles: 3, outlets: 1" in stats
        chat.say(ann, "/help")
        assert "For you as operator" in (await chat.expect_message()).text
    assert known.read_from[:2] == ["gazette.example", "https://gazette.example/orsel"]


async def test_a_feed_is_not_let_go_by_who_is_no_operator(telegram: BotApi, serving: Serving, settings: Settings) -> None:
    ann, ben, group = telegram.person("Ann"), telegram.person("Ben"), telegram.group()
    async with serving(engine(), admins=frozenset({ann.id})):
        group.say(ann, "/add@WhoSaysTestBot https://gazette.example/feed")
        await group.expect_message()
        group.say(ben, "/feeds@WhoSaysTestBot")
        await telegram.everything_read()
        await group.silence(0.2)
        group.say(ann, "/feeds@WhoSaysTestBot")
        feeds = await group.expect_message()
        await group.expect_toast(group.press(ben, feeds, "Orsel Gazette"))
    with closing(open_feeds(settings.store)) as kept:
        assert [feed.url for feed in kept.feeds()] == ["https://gazette.example/feed"]


async def test_commands_are_offered_by_scope_and_language(telegram: BotApi, serving: Serving) -> None:
    ann = telegram.person("Ann")
    async with serving(engine(), admins=frozenset({ann.id})):
        await telegram.called("setMyCommands", times=4 * 5)
    offered = telegram.menus.commands
    scopes = ("default", "all_group_chats", "all_chat_administrators", f"chat:{ann.id}")
    assert offered.keys() == {(scope, language) for scope in scopes for language in ("", "fa", "ar", "uk", "ru")}
    names = {scope: [command["command"] for command in offered[scope, ""]] for scope in scopes}
    assert names["default"][:4] == ["ask", "summary", "sides", "timeline"]
    assert "settings" not in names["all_group_chats"]
    assert "settings" in names["all_chat_administrators"]
    assert {"add", "feeds", "stats"} <= set(names[f"chat:{ann.id}"]) - set(names["default"])
    descriptions = {language: offered["default", language][0]["description"] for language in ("", "fa", "ar", "uk", "ru")}
    assert len(set(descriptions.values())) == 5


async def test_the_language_of_ones_app_is_spoken(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram, language="fa")
    async with serving(engine()):
        chat.say(ann, "/ask")
        first = (await chat.expect_message()).text
        chat.say(telegram.person("Ann", language="de"), "/ask")
        second = (await chat.expect_message()).text
    assert "سؤال" in first or "پرسش" in first
    assert "Please add your question" in second


@pytest.mark.parametrize("said", ["/settings", "/privacy", "/following", "/follow Orsel", "/feeds", "/stats"])
async def test_a_command_whose_store_fails_is_answered_kindly(
    telegram: BotApi, serving: Serving, settings: Settings, said: str
) -> None:
    ann, chat = ann_and_chat(telegram)
    async with serving(engine(), admins=frozenset({ann.id})):
        chat.say(ann, "/help")
        await chat.expect_message()
        with out_of_reach(settings.store, "cards", "followings", "feeds", "chats", "updates"):
            chat.say(ann, said)
            sent = await chat.expect_message()
            await chat.silence(0.1)
    assert sent.text.startswith("Settings" if said == "/settings" else "I cannot reach my articles")


class Clock:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_flood_is_asked_once_to_wait_and_answered_after_it(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    ben = telegram.person("Ben")
    bens, clock = telegram.private_chat(ben), Clock()
    async with serving(engine(), clock=clock, quota_person=3):
        for number in range(8):
            chat.say(ann, f"question {number}")
        shown = [(await chat.expect_message()).text for _ in range(4)]
        assert sum("“question" in text for text in shown) == 3
        (wait,) = [text for text in shown if "“question" not in text]
        assert "Please ask again in 27 s." in wait
        await telegram.everything_read()
        await chat.silence(0.3)
        bens.say(ben, "mine")
        assert (await bens.expect_message()).quotations == ["“mine”"]
        clock.seconds += 27
        chat.say(ann, "after the wait")
        assert (await chat.expect_message()).quotations == ["“after the wait”"]


async def test_a_flood_of_presses_is_asked_to_wait(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    ben = telegram.person("Ben")
    bens, clock = telegram.private_chat(ben), Clock()
    async with serving(engine(), clock=clock, quota_person=1):
        chat.say(ann, "mine")
        bens.say(ben, "mine")
        card, other = await chat.expect_message(), await bens.expect_message()
        toasts = [await chat.expect_toast(chat.press_data(ann, card, f"{card.button('Wrong?').data}")) for _ in range(6)]
        assert toasts[:5] == [None] * 5
        assert "Please wait a little" in f"{toasts[5]}"
        assert await bens.expect_toast(bens.press(ben, other, "Wrong?")) is None
        clock.seconds += 60
        assert await chat.expect_toast(chat.press(ann, card, "Back")) is None
        # A button that asks a question counts as one.
        toast = await chat.expect_toast(chat.press_data(ann, card, f"{card.button('Timeline').data}"))
        assert "Please wait a little" in f"{toast}"


async def test_in_private_who_is_not_served_is_told_so_with_his_number(telegram: BotApi, serving: Serving) -> None:
    ann, chat = ann_and_chat(telegram)
    ben = telegram.person("Ben")
    bens, group, own = telegram.private_chat(ben), telegram.group(), telegram.group()
    known = engine()
    async with serving(known, allowed_chats=frozenset({ann.id, own.id})):
        chat.say(ann, "who holds Orsel?")
        assert (await chat.expect_message()).quotations
        for said in ("who holds Kesh?", "/start", "/help"):
            bens.say(ben, said)
            told = (await bens.expect_message()).text
            assert "chosen chats only" in told
            assert str(ben.id) in told
        group.say(ben, "@WhoSaysTestBot who holds Kesh?")
        await telegram.everything_read()
        await group.silence()
        own.say(ben, "@WhoSaysTestBot who holds Orsel?")
        assert (await own.expect_message()).quotations
    assert known.asked == ["who holds Orsel?", "who holds Orsel?"]


@pytest.mark.parametrize("place", ["private", "group"])
async def test_a_button_of_a_chat_that_is_served_no_longer_does_nothing(telegram: BotApi, serving: Serving, place: str) -> None:
    ann, chat = ann_and_chat(telegram)
    said: Callable[[User, str], int] = chat.say
    if place == "group":
        chat = telegram.group()
        said = chat.say
    async with serving(engine()):
        said(ann, "@WhoSaysTestBot who holds Orsel?")
        card = await chat.expect_message()
    async with serving(engine(), allowed_chats=frozenset({7})):
        toast = await chat.expect_toast(chat.press(ann, card, "Context"))
        await chat.silence(0.1)
    assert (str(ann.id) in f"{toast}") is (place == "private")
