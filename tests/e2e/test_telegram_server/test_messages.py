"""Messages with their buttons, pictures and styles, presses and edits: what Telegram takes, and what it refuses."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from telegram.error import BadRequest, RetryAfter

from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.parse_mode import ParseError, parse_html
from tests.e2e.test_telegram_server.asking import edit, png, send, updates


async def test_a_press_comes_with_its_message_and_its_answer_is_shown(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann", language="fa")
    chat = telegram.private_chat(ann)
    await send(
        bot, chat, "card", [InlineKeyboardButton("▾ more", callback_data="m:1"), InlineKeyboardButton("x", callback_data="x")]
    )
    sent = await chat.expect_message()
    assert sent.labels == [["▾ more", "x"]]
    query = chat.press(ann, sent, "more")
    (update,) = await updates(bot)
    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, Message)
    assert (update.callback_query.data, update.callback_query.message.text) == ("m:1", "card")
    assert update.callback_query.from_user.language_code == "fa"
    await bot.answer_callback_query(query, "here", show_alert=True)
    assert await chat.expect_toast(query) == "here"
    assert (await telegram.pressed_answered(query)).alert
    with pytest.raises(BadRequest, match="once"):
        await bot.answer_callback_query(query)


async def test_a_button_that_is_not_there_now_cannot_be_pressed_but_by_its_data(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    message = await send(bot, chat, "card", [InlineKeyboardButton("more", callback_data="m:1")])
    await edit(bot, chat, message.message_id, "card, more of it")
    with pytest.raises(AssertionError, match="0 buttons"):
        chat.press(ann, message.message_id, "more")
    chat.press_data(ann, message.message_id, "m:1")
    chat.press_data(ann, 999, "m:1")
    there, gone = (update.callback_query for update in await updates(bot))
    assert there is not None
    assert gone is not None
    assert isinstance(there.message, Message)
    assert gone.message is not None
    assert not gone.message.is_accessible


async def test_a_press_that_is_never_answered_or_too_late_is_a_fault_of_the_bot(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    message = await send(bot, chat, "card", [InlineKeyboardButton("more", callback_data="m:1")])
    query = chat.press(ann, message.message_id, "more")
    assert telegram.presses.owed() == []  # it has not been told of it yet
    await updates(bot)
    assert "never answered" in telegram.presses.owed()[0]
    telegram.presses.deadline = 0
    with pytest.raises(BadRequest, match=r"too old"):
        await bot.answer_callback_query(query)
    assert "too old" in telegram.faults_of_the_bot[0]


async def test_a_press_whose_answer_meets_a_mishap_is_no_fault_of_the_bot(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    message = await send(bot, chat, "card", [InlineKeyboardButton("more", callback_data="m:1")])
    query = chat.press(ann, message.message_id, "more")
    await updates(bot)
    telegram.refuse("answerCallbackQuery", chat, retry_after=1)
    with pytest.raises(RetryAfter):
        await bot.answer_callback_query(query)
    assert telegram.presses.owed() == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([[InlineKeyboardButton("more", callback_data="x" * 65)]], "data_invalid"),
        ([[InlineKeyboardButton("more", callback_data="é" * 33)]], "data_invalid"),
        ([[InlineKeyboardButton("more")]], "unallowed"),
        ([[InlineKeyboardButton("more", callback_data="x", url="https://orsel.example")]], "unallowed"),
        ([[InlineKeyboardButton("more", url="javascript:x")]], "url"),
        ([[InlineKeyboardButton(" ", callback_data="x")]], "text is missing"),
        ([[InlineKeyboardButton("more", callback_data="x")] * 9], "more than 8"),
        ([[InlineKeyboardButton("more", callback_data="x")]] * 101, "more than 100"),
    ],
)
async def test_keyboards_that_telegram_would_not_show_are_refused(
    telegram: BotApi, bot: Bot, rows: list[list[InlineKeyboardButton]], why: str
) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await send(bot, chat, "card", *rows)


async def test_an_edit_is_seen_and_one_that_changes_nothing_is_refused_without_blame(telegram: BotApi, bot: Bot) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    more = InlineKeyboardButton("more", callback_data="m:1")
    sent = await send(bot, chat, "one", [more])
    await chat.expect_message()
    with pytest.raises(BadRequest, match="not modified"):
        await edit(bot, chat, sent.message_id, "one", [more])
    assert telegram.faults_of_the_bot == []
    await edit(bot, chat, sent.message_id, "<b>two</b>")
    state = await chat.expect_edit(sent.message_id)
    assert (state.text, state.buttons, [before.text for before in state.history]) == ("two", [], ["one"])
    assert [message.text for message in chat.sent] == ["two"]
    await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=InlineKeyboardMarkup([[more]]))
    with pytest.raises(AssertionError, match="edited"):
        await chat.silence(0.01)


async def test_only_the_bots_own_messages_are_edited_or_deleted(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    anns = chat.say(ann, "mine")
    with pytest.raises(BadRequest, match="can't be edited"):
        await edit(bot, chat, anns, "yours")
    with pytest.raises(BadRequest, match="to edit not found"):
        await edit(bot, chat, 99, "nobody's")
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(chat.id, anns)
    own = (await send(bot, chat)).message_id
    await bot.delete_message(chat.id, own)
    assert (await chat.expect_deletion(own)).deleted
    assert len(telegram.faults_of_the_bot) == 3
    with pytest.raises(BadRequest, match="to edit not found"):
        await edit(bot, chat, own, "gone")
    assert len(telegram.faults_of_the_bot) == 3  # it was there once: who deletes it tells no bot


async def test_a_picture_comes_with_its_caption_and_can_be_exchanged(telegram: BotApi, bot: Bot) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    more = InlineKeyboardMarkup([[InlineKeyboardButton("dark", callback_data="d")]])
    message = await bot.send_photo(chat.id, png(20, 10), caption="<b>light</b>", parse_mode="HTML", reply_markup=more)
    sent = await chat.expect_message()
    assert (sent.photo, sent.text, sent.labels) == (png(20, 10), "light", [["dark"]])
    assert (message.photo[0].width, message.photo[0].height, message.caption) == (20, 10, "light")
    await bot.edit_message_media(InputMediaPhoto(png(10, 20), caption="dark", parse_mode="HTML"), chat.id, sent.id)
    assert (await chat.expect_edit(sent)).photo == png(10, 20)
    await bot.edit_message_caption(chat.id, sent.id, caption="still dark", parse_mode="HTML")
    assert (await chat.expect_edit(sent)).text == "still dark"
    with pytest.raises(BadRequest, match="no text in the message"):
        await edit(bot, chat, sent.id, "words")


@pytest.mark.parametrize(
    ("photo", "why"),
    [(b"GIF89a...", "PROCESS"), (png(8000, 2001), "DIMENSIONS"), (png(210, 10), "DIMENSIONS"), (png(1, 1)[:-4], "PROCESS")],
)
async def test_pictures_that_telegram_would_not_take_are_refused(telegram: BotApi, bot: Bot, photo: bytes, why: str) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_photo(chat.id, photo)


async def test_a_caption_is_shorter_than_a_text_and_counted_in_utf_16_units(telegram: BotApi, bot: Bot) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    await bot.send_photo(chat.id, png(1, 1), caption="😀" * 512, parse_mode="HTML")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, png(1, 1), caption="😀" * 512 + "x", parse_mode="HTML")


@pytest.mark.parametrize(
    ("markup", "types"),
    [
        ("<blockquote expandable><b>a</b></blockquote>", ["bold", "expandable_blockquote"]),
        ("<tg-spoiler>a</tg-spoiler>", ["spoiler"]),
        ('<span class="tg-spoiler"><u>a</u></span>', ["underline", "spoiler"]),
        ('<pre><code class="language-python">a</code></pre>', ["code", "pre"]),
        ("<blockquote><code>a</code></blockquote>", ["code", "blockquote"]),
    ],
)
def test_styles_are_read_as_telegram_reads_them(markup: str, types: list[str]) -> None:
    assert [entity.type for entity in parse_html(markup)[1]] == types


@pytest.mark.parametrize(
    "markup",
    [
        "<b><strong>a</strong></b>",
        "<blockquote><blockquote expandable>a</blockquote></blockquote>",
        "<b><code>a</code></b>",
        "<code><b>a</b></code>",
        "<span>a</span>",
        '<b class="x">a</b>',
        "<blockquote expandable=1>a</blockquote>",
        "<p>a</p>",
        "a & b",
    ],
)
def test_styles_that_telegram_would_refuse_or_drop_are_refused(markup: str) -> None:
    with pytest.raises(ParseError):
        parse_html(markup)
