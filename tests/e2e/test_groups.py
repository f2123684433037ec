"""In a group: an answer where the bot is meant, silence everywhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.asking import QUESTION, ask, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, User
from tests.e2e.telegram_server.server import BOT
from whosays.errors import StoreError

Say = Callable[[Chat, User], int]


@pytest.mark.parametrize("privacy", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        "@WhoSaysTestBot who holds Orsel?",
        "@whosaystestbot: who holds Orsel?",
        "who holds @WhoSaysTestBot Orsel?",
        "who holds Orsel? @WhoSaysTestBot",
        "/ask@WhoSaysTestBot who holds Orsel?",
    ],
)
async def test_a_mention_or_a_command_is_answered_as_a_reply(
    telegram: BotApi, serving: Serving, said: str, privacy: bool
) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=privacy)
    async with serving(FixedEngine()):
        question = group.say(ann, said)
        sent = await group.expect_message()
        await group.silence(0.05)
    assert sent.quotations == ["“who holds Orsel?”"]
    assert sent.reply_to == question


async def test_a_mention_counts_in_utf_16_units(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine()):
        group.say(ann, "😀😀 who holds @WhoSaysTestBot 𝕺rsel?")
        assert (await group.expect_message()).quotations == ["“😀😀 who holds 𝕺rsel?”"]


async def test_a_reply_to_one_of_its_messages_is_answered(telegram: BotApi, serving: Serving) -> None:
    ann, ben, group = telegram.person("Ann"), telegram.person("Ben"), telegram.group()
    async with serving(FixedEngine()):
        group.say(ann, "@WhoSaysTestBot who holds Orsel?")
        first = await group.expect_message()
        group.say(ben, "and the harbour?", reply_to=first.id)
        assert (await group.expect_message()).quotations == ["“and the harbour?”"]


async def test_a_mention_by_name_and_one_under_a_picture_are_answered(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    async with serving(FixedEngine()):
        by_name = {"type": "text_mention", "offset": 0, "length": 8, "user": BOT.json()}
        group.say(ann, "Who says who holds Orsel?", entities=[by_name])
        assert (await group.expect_message()).quotations == ["“who holds Orsel?”"]
        picture = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
        mention = {"type": "mention", "offset": 0, "length": 15}
        group.add(ann, photo=picture, caption="@WhoSaysTestBot is this Orsel?", caption_entities=[mention])
        assert (await group.expect_message()).quotations == ["“is this Orsel?”"]


async def test_a_bare_mention_is_told_how_to_ask(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine()):
        group.say(ann, "@WhoSaysTestBot")
        assert "Please add your question" in (await group.expect_message()).text


@pytest.mark.parametrize("privacy", [True, False])
async def test_it_is_silent_where_it_is_not_meant(telegram: BotApi, serving: Serving, privacy: bool) -> None:
    ann, ben, group = telegram.person("Ann"), telegram.person("Ben"), telegram.group(privacy=privacy)
    engine = FixedEngine()
    async with serving(engine):
        of_ann = group.say(ann, "who holds Orsel?")
        group.say(ben, "the League, I think", reply_to=of_ann)
        group.say(ann, "@AnotherBot who holds Orsel?")
        group.say(ann, "@WhoSaysTestBotter who holds Orsel?")
        group.say(ann, "mail me at me@WhoSaysTestBot.example")
        group.say(ann, "/ask@AnotherBot who holds Orsel?")
        group.say(ann, "/weather")
        group.say(ann, "Who says that?", entities=[{"type": "text_mention", "offset": 0, "length": 8, "user": ben.json()}])
        group.add(ann, new_chat_members=[BOT.json()])
        group.add(ann, sticker={"file_id": "x", "file_unique_id": "y", "type": "regular", "width": 1, "height": 1,
                                "is_animated": False, "is_video": False})  # fmt: skip
        await telegram.everything_read()
        await group.silence()
    assert engine.asked == []


async def test_a_thread_outside_a_forum_is_not_written_to_as_a_topic(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine()):
        group.say(ann, "@WhoSaysTestBot who holds Orsel?", message_thread_id=5)
        assert (await group.expect_message()).topic is None


async def test_a_topic_that_the_bot_opened_makes_not_every_message_in_it_a_reply(telegram: BotApi, serving: Serving) -> None:
    ann, forum = telegram.person("Ann"), telegram.group(privacy=False, topics=frozenset({1}))
    async with serving(FixedEngine()):
        opening = forum.add(BOT, forum_topic_created={"name": "Orsel", "icon_color": 1})
        forum.say(ann, "who holds Orsel?", reply_to=opening, topic=1)
        await telegram.everything_read()
        await forum.silence()


async def test_an_answer_follows_a_group_that_became_a_supergroup(telegram: BotApi, serving: Serving) -> None:
    ann, group, supergroup = telegram.person("Ann"), telegram.group(), telegram.group()

    def migrate(question: str) -> None:
        group.migrated_to = supergroup.id

    async with serving(FixedEngine(before=migrate)):
        group.say(ann, "@WhoSaysTestBot who holds Orsel?")
        assert (await supergroup.expect_message()).quotations == ["“who holds Orsel?”"]
    telegram.faults_of_the_bot.clear()  # that it did not know of the move is none


async def test_a_reply_to_words_that_are_no_card_is_a_plain_question(telegram: BotApi, serving: Serving) -> None:
    ann, ben, group = telegram.person("Ann"), telegram.person("Ben"), telegram.group()
    engine = FixedEngine()
    async with serving(engine):
        hello = await told(group, ann, "/start@WhoSaysTestBot")
        assert "mention me (@WhoSaysTestBot)" in hello.text
        answered = await told(group, ben, "and the harbour?", reply_to=hello.id)
    assert answered.quotations == ["“and the harbour?”"]
    assert engine.followed == [None]


async def test_what_a_bot_says_or_a_person_through_one_is_no_question(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group(privacy=False)
    other = User(id=77, first_name="Other", username="OtherBot", is_bot=True)
    engine = FixedEngine()
    async with serving(engine):
        card = await ask(group, ann)
        group.say(other, "@WhoSaysTestBot who holds Calder?")
        group.say(other, "/ask@WhoSaysTestBot who holds Calder?")
        group.say(other, "and Calder?", reply_to=card.id)
        group.say(ann, "@WhoSaysTestBot who holds Calder?", via_bot=other.json())
        group.say(ann, "Disputed", via_bot=BOT.json(), reply_to=card.id)
        group.say(ann, f"/translate {'x' * 2000}")
        group.say(ann, "/ask@OtherBot and Calder?", reply_to=card.id)
        group.say(ann, "/weather", reply_to=card.id)
        await telegram.everything_read()
        await group.silence()
    assert engine.asked == [QUESTION]


async def test_an_operators_commands_are_unknown_in_a_group_where_nobody_hears_that(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine()):
        for command in ("add", "feeds", "stats"):
            group.say(ann, f"/{command}@WhoSaysTestBot")
        await telegram.everything_read()
        await group.silence()


async def test_a_question_that_is_too_long_is_told_so(telegram: BotApi, serving: Serving) -> None:
    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine()):
        assert "too long" in (await told(group, ann, f"@WhoSaysTestBot {'x' * 2000}")).text


@pytest.mark.parametrize("failed", [False, True])
async def test_a_group_hears_once_what_goes_wrong(telegram: BotApi, serving: Serving, failed: bool) -> None:
    def fail(question: str) -> None:
        raise ZeroDivisionError("secret") if failed else StoreError("secret")

    ann, group = telegram.person("Ann"), telegram.group()
    async with serving(FixedEngine(before=fail)):
        said = (await ask(group, ann)).text
        await group.silence()
    assert said.startswith("Something went wrong" if failed else "I cannot reach my articles")


async def test_people_without_names_are_served_as_well(telegram: BotApi, serving: Serving) -> None:
    nameless = User(id=4711, first_name="")
    group = telegram.group()
    async with serving(FixedEngine()):
        assert (await ask(group, nameless)).quotations == [f"“{QUESTION}”"]
