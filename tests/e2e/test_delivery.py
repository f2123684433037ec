"""The one sender, by itself: what it does with each answer of Telegram's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot import deliver
from bot.deliver import Delivery, Destination, Undelivered
from bot.letter import Leave
from bot.markup import Button, Page, Picture, Run, Style
from bot.pace import Pace
from tests.e2e.conftest import REQUEST_TIMEOUT, SOON_TIMED_OUT
from tests.e2e.telegram_server import BotApi, Chat
from tests.e2e.telegram_server.server import TOKEN

#: A picture of one dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
BUTTONS = ((Button(text="More", data="m:abc"), Button(text="Read", url="https://gazette.example/orsel")),)


def page(text: str, *, buttons: tuple[tuple[Button, ...], ...] = ()) -> Page:
    return Page((Run("Orsel", Style.BOLD), Run(f"\n{text}")), buttons)


class Noted:
    """What the delivery has told of chats."""

    def __init__(self) -> None:
        self.shut: list[int] = []
        self.migrated: list[tuple[int, int]] = []

    async def on_shut(self, chat: int) -> None:
        self.shut.append(chat)

    async def on_migrated(self, old: int, new: int) -> None:
        self.migrated.append((old, new))


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def request_timeout() -> timedelta:
    """How long a request may take."""
    return REQUEST_TIMEOUT


@pytest.fixture
async def delivery(telegram: BotApi, noted: Noted, request_timeout: timedelta) -> AsyncIterator[Delivery]:
    seconds = request_timeout.total_seconds()
    request = HTTPXRequest(connect_timeout=seconds, read_timeout=seconds, write_timeout=seconds, pool_timeout=seconds)
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
        yield Delivery(bot, Pace(time.monotonic), on_shut=noted.on_shut, on_migrated=noted.on_migrated)


@pytest.fixture
def chat(telegram: BotApi) -> Chat:
    return telegram.private_chat(telegram.person("Ann"))


async def test_an_answer_has_its_buttons_and_its_ids_are_known(delivery: Delivery, chat: Chat) -> None:
    ids = await delivery.send([page("one"), page("two", buttons=BUTTONS)], Destination(chat=chat.id))
    first, second = chat.sent
    assert ids == (first.id, second.id)
    assert (first.labels, second.labels) == ([], [["More", "Read"]])
    assert second.button("Read").url == "https://gazette.example/orsel"
    assert [first.words(entity) for entity in first.entities] == ["Orsel"]


async def test_a_picture_is_sent_with_its_caption_and_buttons(delivery: Delivery, chat: Chat) -> None:
    (id_,) = await delivery.send([Picture(png=PNG, caption=page("one", buttons=BUTTONS))], Destination(chat=chat.id))
    sent = chat.now(id_)
    assert (sent.photo, sent.text, sent.labels) == (PNG, "Orsel\none", [["More", "Read"]])


async def test_leave_is_asked_once_before_anything_is_sent(delivery: Delivery, chat: Chat) -> None:
    asked = 0

    async def take() -> bool:
        nonlocal asked
        asked += 1
        return len(chat.sent) == 0 and asked == 1

    async def give_back() -> bool:
        raise AssertionError("nothing has to wait")

    leave = Leave(take, give_back)
    assert len(await delivery.send([page("one"), page("two")], Destination(chat=chat.id), leave=leave)) == 2
    assert await delivery.send([page("three")], Destination(chat=chat.id), leave=leave) == ()
    assert (asked, len(chat.sent)) == (2, 2)


@pytest.mark.parametrize("stored", [True, False])
async def test_leave_is_given_back_while_an_answer_that_has_not_left_waits(
    telegram: BotApi, delivery: Delivery, chat: Chat, *, stored: bool
) -> None:
    happened: list[str] = []

    async def take() -> bool:
        happened.append("taken")
        return True

    async def give_back() -> bool:
        happened.append("given back")
        return stored

    telegram.refuse("sendMessage", chat, retry_after=1)
    assert await delivery.send([page("one")], Destination(chat=chat.id), leave=Leave(take, give_back))
    assert happened == ["taken", "given back", *(["taken"] if stored else [])]


@pytest.mark.parametrize("request_timeout", [SOON_TIMED_OUT])
async def test_a_page_that_may_have_arrived_is_not_sent_again_and_the_next_one_follows(
    telegram: BotApi, delivery: Delivery, chat: Chat
) -> None:
    telegram.leave_unanswered("sendMessage", chat)
    ids = await delivery.send([page("one"), page("two")], Destination(chat=chat.id))
    assert [sent.text for sent in chat.sent] == ["Orsel\none", "Orsel\ntwo"]
    assert ids == (chat.sent[1].id,), "only what is known to be there"


@pytest.mark.parametrize("request_timeout", [SOON_TIMED_OUT])
async def test_an_alert_that_may_have_arrived_is_sent_again(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    telegram.leave_unanswered("sendMessage", chat)
    telegram.refuse("sendMessage", chat, code=502)
    telegram.drop("sendMessage", chat)
    id_ = await delivery.alert(page("news"), Destination(chat=chat.id))
    assert [sent.id for sent in chat.sent] == [id_ - 1 if id_ else None, id_]


async def test_an_alert_for_which_there_is_no_time_is_to_be_sent_later(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    telegram.refuse("sendMessage", chat, retry_after=3600)
    with pytest.raises(Undelivered):
        await delivery.alert(page("news"), Destination(chat=chat.id))


async def test_an_alert_that_never_arrives_is_given_up(
    telegram: BotApi, delivery: Delivery, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ALERT_PATIENCE", timedelta(seconds=1))
    telegram.refuse("sendMessage", chat, code=500, times=100)
    with pytest.raises(Undelivered):
        await delivery.alert(page("news"), Destination(chat=chat.id))


async def test_an_edit_gives_a_message_other_words_and_buttons(delivery: Delivery, chat: Chat) -> None:
    (id_,) = await delivery.send([page("one", buttons=BUTTONS)], Destination(chat=chat.id))
    assert await delivery.edit(page("two"), chat.id, id_)
    assert (chat.now(id_).text, chat.now(id_).labels) == ("Orsel\ntwo", [])


@pytest.mark.parametrize("request_timeout", [SOON_TIMED_OUT])
async def test_an_edit_may_be_repeated_until_it_is_known_to_be_done(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    (id_,) = await delivery.send([page("one")], Destination(chat=chat.id))
    telegram.leave_unanswered("editMessageText", chat)
    assert await delivery.edit(page("two"), chat.id, id_), "the second try hears that nothing is to be modified"
    telegram.refuse("editMessageText", chat, code=502)
    telegram.refuse("editMessageText", chat, retry_after=1)
    assert await delivery.edit(page("three"), chat.id, id_)
    assert chat.now(id_).text == "Orsel\nthree"


async def test_a_message_that_is_gone_cannot_be_edited(delivery: Delivery, chat: Chat, noted: Noted) -> None:
    (id_,) = await delivery.send([page("one")], Destination(chat=chat.id))
    chat.delete(id_)
    assert not await delivery.edit(page("two"), chat.id, id_)
    assert noted.shut == []


async def test_what_happens_in_a_chat_happens_in_order(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    (id_,) = await delivery.send([page("zero")], Destination(chat=chat.id))
    telegram.slow("sendMessage", 0.3, chat)
    answer = asyncio.create_task(delivery.send([page("one"), page("two")], Destination(chat=chat.id)))
    await telegram.called("sendMessage", chat, times=2)
    assert await delivery.edit(page("changed"), chat.id, id_)
    await answer
    assert [method for method, _ in telegram.calls][-3:] == ["sendMessage", "sendMessage", "editMessageText"]


async def test_who_has_blocked_the_bot_or_is_no_more_is_noted(
    telegram: BotApi, delivery: Delivery, chat: Chat, noted: Noted
) -> None:
    ben = telegram.private_chat(telegram.person("Ben"))
    ben.deactivate()
    telegram.private_chat(telegram.person("Cyd")).block()
    for id_ in (ben.id, telegram.person("Cyd").id):
        assert await delivery.send([page("one")], Destination(chat=id_)) == ()
        assert await delivery.alert(page("one"), Destination(chat=id_)) is None
        assert not await delivery.edit(page("two"), id_, 7)
    assert noted.shut == [ben.id] * 3 + [telegram.person("Cyd").id] * 3


async def test_a_group_that_mutes_or_removes_the_bot_is_noted(telegram: BotApi, delivery: Delivery, noted: Noted) -> None:
    ann = telegram.person("Ann")
    muting, removing = telegram.group(), telegram.group()
    muting.restrict_bot(ann)
    removing.remove_bot(ann)
    for group in (muting, removing):
        assert await delivery.send([page("one")], Destination(chat=group.id)) == ()
    assert noted.shut == [muting.id, removing.id]


async def test_a_closed_topic_shuts_no_chat(telegram: BotApi, delivery: Delivery, noted: Noted) -> None:
    ann = telegram.person("Ann")
    forum = telegram.forum()
    forum.say(ann, "the first message has the number of the General topic")
    open_topic, closed = forum.open_topic(ann, "Orsel"), forum.open_topic(ann, "Calder")
    forum.close_topic(ann, closed)
    assert await delivery.send([page("one")], Destination(chat=forum.id, topic=closed)) == ()
    assert await delivery.alert(page("one"), Destination(chat=forum.id, topic=closed)) is None
    assert await delivery.send([page("two")], Destination(chat=forum.id, topic=open_topic)) != ()
    assert noted.shut == []


async def test_pictures_alone_may_be_forbidden(telegram: BotApi, delivery: Delivery, noted: Noted) -> None:
    group = telegram.group()
    refusal = "Bad Request: not enough rights to send photos to the chat"
    telegram.refuse("sendPhoto", group, code=400, description=refusal)
    assert await delivery.send([Picture(png=PNG, caption=page("one"))], Destination(chat=group.id)) == ()
    assert noted.shut == []


async def test_a_group_that_has_become_a_supergroup_gets_its_answer_there(
    telegram: BotApi, delivery: Delivery, noted: Noted
) -> None:
    ann = telegram.person("Ann")
    group = telegram.group(basic=True)
    question = group.say(ann, "/ask one")
    new = telegram.migrate(group)
    ids = await delivery.send([page("one"), page("two")], Destination(chat=group.id, reply_to=question))
    assert ids == tuple(sent.id for sent in new.sent)
    assert [sent.text for sent in new.sent] == ["Orsel\none", "Orsel\ntwo"]
    assert await delivery.alert(page("news"), Destination(chat=group.id)) is not None
    assert not await delivery.edit(page("two"), group.id, 7)
    assert noted.migrated == [(group.id, new.id)] * 3


@pytest.mark.parametrize("refusal", ["can't parse entities: unsupported tag <orsel>", "message is too long"])
async def test_markup_that_telegram_refuses_costs_nobody_the_answer(
    telegram: BotApi, delivery: Delivery, chat: Chat, caplog: pytest.LogCaptureFixture, refusal: str
) -> None:
    telegram.refuse("sendMessage", chat, code=400, description=f"Bad Request: {refusal}")
    (id_,) = await delivery.send([page("one", buttons=BUTTONS)], Destination(chat=chat.id))
    sent = chat.now(id_)
    assert (sent.text, sent.entities, sent.labels) == ("Orsel\none", [], [["More", "Read"]])
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert str(chat.id) in record.getMessage()
    assert "orsel" not in record.getMessage().lower()


async def test_a_button_that_telegram_refuses_is_left_out(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    telegram.refuse("sendMessage", chat, code=400, description="Bad Request: BUTTON_DATA_INVALID")
    (id_,) = await delivery.send([page("one", buttons=BUTTONS)], Destination(chat=chat.id))
    assert chat.now(id_).labels == []


async def test_what_is_refused_without_its_styles_too_is_an_error(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    telegram.refuse("sendMessage", chat, code=400, times=2)
    with pytest.raises(BadRequest):
        await delivery.send([page("one")], Destination(chat=chat.id))
    assert await delivery.send([page("two")], Destination(chat=chat.id)) != (), "the chat's turn has come round again"


async def test_an_answer_to_what_was_deleted_is_sent_as_no_reply(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    question = chat.say(telegram.person("Ann"), "one")
    chat.delete(question)
    (id_,) = await delivery.send([page("one")], Destination(chat=chat.id, reply_to=question))
    telegram.refuse("sendMessage", chat, code=400, description="Bad Request: message to be replied not found")
    await delivery.send([page("two")], Destination(chat=chat.id, reply_to=id_))
    assert [sent.reply_to for sent in chat.sent] == [None, None]


async def test_a_press_is_answered_whatever_the_chat_has_to_wait_for(telegram: BotApi, delivery: Delivery, chat: Chat) -> None:
    ann = telegram.person("Ann")
    (id_,) = await delivery.send([page("one", buttons=BUTTONS)], Destination(chat=chat.id))
    telegram.refuse("answerCallbackQuery", chat, retry_after=30)
    chat.held_until = 0.0
    query = chat.press(ann, id_, "More")
    await delivery.answer_press(query, "Noted")
    chat.held_until = 0.0
    started = time.monotonic()
    await delivery.send([page("two")], Destination(chat=chat.id))
    assert time.monotonic() - started < 20, "only what was refused has to wait"
    await delivery.answer_press(query, "Noted", alert=True)
    toast = await telegram.pressed_answered(query)
    assert (toast.text, toast.alert) == ("Noted", True)


async def test_a_press_that_has_expired_is_no_error(
    telegram: BotApi, delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuse("answerCallbackQuery", code=400, description="Bad Request: query is too old and response timeout expired")
    await delivery.answer_press("7")
    assert not [record for record in caplog.records if record.levelno > logging.DEBUG and record.name.startswith("bot")]


async def test_what_would_have_to_wait_too_long_is_dropped(
    telegram: BotApi, delivery: Delivery, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuse("sendMessage", chat, retry_after=3600)
    assert await delivery.send([page("one")], Destination(chat=chat.id)) == ()
    assert "is dropped" in caplog.text
