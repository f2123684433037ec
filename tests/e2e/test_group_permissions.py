"""Who may choose for a group, who may turn a card in it, and how much is asked there."""

from __future__ import annotations

import pytest

from tests.e2e.asking import QUESTION, ask, card_of, full, link, toast, told
from tests.e2e.conftest import Serving
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Group, User
from whosays.chats import Chats

ADMINS_ONLY = "Only admins of this group may do that."


def engine() -> FixedEngine:
    return FixedEngine(answers={QUESTION: full()})


@pytest.fixture
def ann(telegram: BotApi) -> User:
    """Who runs the group."""
    return telegram.person("Ann")


@pytest.fixture
def ben(telegram: BotApi) -> User:
    """A member."""
    return telegram.person("Ben")


@pytest.fixture
def group(telegram: BotApi, ann: User, ben: User) -> Group:
    group = telegram.group(admins=(ann,))
    group.join(ben)
    return group


@pytest.mark.parametrize("command", ["settings", "follow", "unfollow"])
async def test_settings_and_topics_are_for_admins(
    serving: Serving, chats: Chats, group: Group, ann: User, ben: User, command: str
) -> None:
    said = f"/{command}@WhoSaysTestBot {'' if command == 'settings' else 'Orsel'}"
    async with serving(engine()):
        refused = await told(group, ben, said)
        assert "In this group only admins may do that" in refused.text
        assert refused.buttons == []
        assert chats.followed_in(group.id) == []
        assert "only admins" not in (await told(group, ann, said)).text


async def test_what_is_followed_is_shown_to_all_and_stopped_by_admins(
    serving: Serving, chats: Chats, group: Group, ann: User, ben: User
) -> None:
    async with serving(engine()):
        await told(group, ann, "/follow@WhoSaysTestBot Orsel")
        listed = await told(group, ben, "/following@WhoSaysTestBot")
        assert await toast(group, ben, listed, "Orsel") == ADMINS_ONLY
        assert len(chats.followed_in(group.id)) == 1
        await toast(group, ann, listed, "Orsel")
        await group.expect_edit(listed)
        assert await toast(group, ann, listed, "Stop following this") == "Done."
        assert "Nothing is followed here" in (await group.expect_edit(listed)).text


async def test_the_buttons_that_choose_for_a_group_are_for_admins(
    serving: Serving, chats: Chats, group: Group, ann: User, ben: User
) -> None:
    async with serving(engine()):
        menu = await told(group, ann, "/settings@WhoSaysTestBot")
        for button in ("Language", "Answers", "Pictures", "Settings and topics", "Alerts"):
            assert await toast(group, ben, menu, button) == ADMINS_ONLY
        card = await ask(group, ben)
        # Even who has asked does not choose for the others.
        assert await toast(group, ben, card, "Follow") == ADMINS_ONLY
        assert chats.chat(group.id) is None
        assert chats.followed_in(group.id) == []
        question = await told(group, ben, "/forget@WhoSaysTestBot")
        assert await toast(group, ben, question, "Delete all of this group") == ADMINS_ONLY
        assert chats.kept_of_chat(group.id).cards == 1
        await toast(group, ann, question, "Delete all of this group")
        await group.expect_edit(question)
        assert chats.kept_of_chat(group.id).cards == 0


async def test_a_group_that_admins_open_is_everybodys_until_they_close_it(
    serving: Serving, chats: Chats, group: Group, ann: User, ben: User
) -> None:
    async with serving(engine()):
        menu = await told(group, ann, "/settings@WhoSaysTestBot")
        await toast(group, ann, menu, "Settings and topics")
        menu = await group.expect_edit(menu)
        assert "for everybody" in menu.labels[-2][0]
        assert "follows: Orsel" in (await told(group, ben, "/follow@WhoSaysTestBot Orsel")).text
        await toast(group, ben, menu, "Answers")
        menu = await group.expect_edit(menu)
        # Whom an admin has let in does not decide who else is.
        assert await toast(group, ben, menu, "Settings and topics") == ADMINS_ONLY
        assert await group.expect_toast(group.press_data(ben, menu, "g:open:no")) == ADMINS_ONLY
        kept = chats.chat(group.id)
        assert kept is not None
        assert (kept.open, kept.length.value) == (True, "short")
        await toast(group, ann, menu, "Settings and topics")
        await group.expect_edit(menu)
        assert await toast(group, ben, menu, "Answers") == ADMINS_ONLY


async def test_made_up_presses_choose_nothing(serving: Serving, chats: Chats, group: Group, ann: User, ben: User) -> None:
    async with serving(engine()):
        card = await ask(group, ann)
        on_card = [f"{does}:{card_of(card)}" for does in "fo"]
        of_topics = ["u:1", "u:1:l", "k:1:x", "k:list", "a:1:7"]
        of_group = ["g:open:yes", "g:language:fa", "g:length:short", "g:quiet:off", "z:group", "d:x"]
        for data in (*on_card, *of_topics, *of_group):
            said = await group.expect_toast(group.press_data(ben, card, data))
            assert said is not None
        for data in ("g:open:maybe", "g:language:xx", "g:nonsense", "u:" + "9" * 24, "z:all", "g", "u"):
            assert await group.expect_toast(group.press_data(ann, card, data))
        await group.silence()
    assert chats.chat(group.id) is None
    assert chats.followed_in(group.id) == []


async def test_telegram_is_asked_once_in_five_minutes_who_is_an_admin(
    telegram: BotApi, serving: Serving, group: Group, ben: User
) -> None:
    passed = [0.0]
    async with serving(engine(), clock=lambda: passed[0]):
        for _ in range(3):
            assert "only admins" in (await told(group, ben, "/settings@WhoSaysTestBot")).text
        assert telegram.calls.count(("getChatMember", group.id)) == 1
        group.join(ben, "administrator")
        passed[0] = 299.0
        assert "only admins" in (await told(group, ben, "/settings@WhoSaysTestBot")).text
        passed[0] = 301.0
        assert "Settings" in (await told(group, ben, "/settings@WhoSaysTestBot")).text
        assert telegram.calls.count(("getChatMember", group.id)) == 2


async def test_who_is_an_admin_is_not_guessed_where_telegram_does_not_say(
    telegram: BotApi, serving: Serving, group: Group, ann: User
) -> None:
    async with serving(engine()):
        telegram.refuse("getChatMember", group, code=400, description="Bad Request: PARTICIPANT_ID_INVALID")
        assert "only admins" in (await told(group, ann, "/settings@WhoSaysTestBot")).text
        # It is no answer to be remembered either.
        assert "Settings" in (await told(group, ann, "/settings@WhoSaysTestBot")).text


@pytest.mark.parametrize("button", ["More", "Context", "Timeline", "Wrong?"])
async def test_who_may_not_turn_a_card_gets_one_of_his_own(
    telegram: BotApi, serving: Serving, group: Group, ann: User, ben: User, button: str
) -> None:
    cleo, eve = telegram.person("Cleo"), telegram.person("Eve")
    group.join(cleo)
    async with serving(engine()):
        card = await ask(group, ben)
        opens = await link(telegram, group, cleo, card, button)
        await group.silence()
        chat = telegram.private_chat(cleo)
        own = await told(chat, cleo, opens)
        assert own.quotations == card.quotations
        await toast(chat, cleo, own, "More")
        assert "page" not in (await chat.expect_edit(own)).text
        # A stranger who was sent the address sees nothing, nor does who has left.
        group.join(ben, "left")
        for person in (eve, ben):
            theirs = telegram.private_chat(person)
            assert "no longer have this card" in (await told(theirs, person, opens)).text
        await toast(group, ann, card, "More")
        await group.expect_edit(card)


async def test_in_an_open_group_everybody_turns_cards(serving: Serving, group: Group, ann: User, ben: User) -> None:
    async with serving(engine()):
        menu = await told(group, ann, "/settings@WhoSaysTestBot")
        await toast(group, ann, menu, "Settings and topics")
        card = await ask(group, ann)
        await toast(group, ben, card, "More")
        await group.expect_edit(card)


async def test_a_persons_flood_is_answered_with_one_kind_word(
    telegram: BotApi, serving: Serving, group: Group, ann: User, ben: User
) -> None:
    passed = [0.0]
    async with serving(engine(), quota_person=2, clock=lambda: passed[0]):
        for _ in range(2):
            await ask(group, ben)
        asked = group.say(ben, "@WhoSaysTestBot who holds Orsel?")
        word = await group.expect_message()
        assert (word.text, word.reply_to) == ("That was a lot at once. Please ask again in 40 s.", asked)
        for _ in range(3):
            group.say(ben, "@WhoSaysTestBot who holds Orsel?")
        await telegram.everything_read()
        await group.silence()
        assert (await ask(group, ann)).quotations
        passed[0] = 41.0
        assert (await ask(group, ben)).quotations


async def test_a_group_that_asks_too_much_is_told_once_and_no_other_group_is(
    telegram: BotApi, serving: Serving, group: Group
) -> None:
    people = [telegram.person(name) for name in ("Dan", "Eli", "Fay", "Gil")]
    other = telegram.group()
    async with serving(engine(), quota_chat=2):
        for person in people[:2]:
            await ask(group, person)
        assert "Many questions were asked here" in (await ask(group, people[2])).text
        for person in people:
            group.say(person, "@WhoSaysTestBot who holds Orsel?")
        await telegram.everything_read()
        await group.silence()
        assert (await ask(other, people[2])).quotations
