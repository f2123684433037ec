"""Updates on their way to the bot, inline queries among them; menus; mishaps and rates."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.e2e.telegram_server import BotApi
from tests.e2e.telegram_server.server import TOKEN
from tests.e2e.telegram_server.updates import SECRET_HEADER
from tests.e2e.test_telegram_server.asking import NO_PREVIEW, edit, send, updates


async def test_inline_results_are_offered_and_the_one_chosen_can_be_edited_and_pressed(telegram: BotApi, bot: Bot) -> None:
    ann, elsewhere = telegram.person("Ann"), telegram.group(bot="left")
    query = telegram.inline_query(ann, "who holds Orsel?")
    (asked,) = await updates(bot)
    assert asked.inline_query is not None
    assert asked.inline_query.query == "who holds Orsel?"
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="m")]])
    await bot.answer_inline_query(query, [article("1", "<b>card</b>", markup)], cache_time=10, is_personal=True)
    (result,) = await telegram.expect_inline(query)
    assert (result.id, result.title, result.text, result.labels) == ("1", "Orsel", "card", [["more"]])
    message = telegram.choose(ann, query, result, elsewhere)
    (chosen,) = await updates(bot)
    assert chosen.chosen_inline_result is not None
    inline_id = chosen.chosen_inline_result.inline_message_id
    press = elsewhere.press(ann, message, "more")
    (pressed,) = await updates(bot)
    assert pressed.callback_query is not None
    assert pressed.callback_query.inline_message_id == inline_id
    await bot.answer_callback_query(press)
    await bot.edit_message_text("more", inline_message_id=inline_id, parse_mode="HTML", link_preview_options=NO_PREVIEW)
    assert (await elsewhere.expect_edit()).text == "more"
    assert elsewhere.sent == []


@pytest.mark.parametrize(
    ("results", "button", "why"),
    [
        (["1", "1"], None, "duplicate"),
        (["x" * 65], None, "id_invalid"),
        ([str(number) for number in range(51)], None, "too_?much"),
        (["1"], InlineQueryResultsButton("help", start_parameter="a b"), "start_param"),
    ],
)
async def test_inline_answers_that_telegram_would_not_take_are_refused(
    telegram: BotApi, bot: Bot, results: list[str], button: InlineQueryResultsButton | None, why: str
) -> None:
    query = telegram.inline_query(telegram.person("Ann"), "Orsel")
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.answer_inline_query(query, [article(id_, "x") for id_ in results], button=button)


def article(id_: str, html: str, markup: InlineKeyboardMarkup | None = None) -> InlineQueryResultArticle:
    content = InputTextMessageContent(html, parse_mode="HTML", link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(id_, "Orsel", content, reply_markup=markup)


async def test_an_edited_question_comes_as_an_edit(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    question = chat.say(ann, "who holds Orsle?")
    chat.edit(ann, question, "who holds Orsel?")
    first, second = await updates(bot)
    assert first.message is not None
    assert second.edited_message is not None
    assert (second.edited_message.message_id, second.edited_message.text) == (question, "who holds Orsel?")
    assert second.edited_message.edit_date is not None


async def test_menus_are_kept_by_scope_and_language(telegram: BotApi, bot: Bot) -> None:
    ask = BotCommand("ask", "ask")
    await bot.set_my_commands([ask])
    await bot.set_my_commands([ask], scope=BotCommandScopeAllPrivateChats(), language_code="fa")
    await bot.set_my_commands([ask], scope=BotCommandScopeChatMember(-5, 7))
    await bot.set_my_description("what it does", language_code="uk")
    await bot.set_my_short_description("in short")
    assert telegram.commands == [{"command": "ask", "description": "ask"}]
    assert {("default", ""), ("all_private_chats", "fa"), ("chat_member:-5:7", "")} == telegram.menus.commands.keys()
    assert (telegram.menus.descriptions, telegram.menus.short_descriptions) == ({"uk": "what it does"}, {"": "in short"})
    for wrong in (BotCommand("Ask", "x"), BotCommand("a" * 33, "x"), BotCommand("ask", "x" * 257), BotCommand("ask", " ")):
        with pytest.raises(BadRequest, match=r"(?i)bot_command"):
            await bot.set_my_commands([wrong])


async def test_updates_stay_until_they_are_confirmed_and_come_twice_if_told_so(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    chat.say(ann, "one")
    killed = await bot.get_updates(timeout=0)
    after = await bot.get_updates(timeout=0)
    assert [update.update_id for update in killed] == [update.update_id for update in after]
    assert len(await updates(bot)) == 1
    assert await updates(bot) == []
    telegram.deliver_twice()
    assert [update.update_id for update in await updates(bot)] == [killed[0].update_id]


async def test_a_second_poll_ends_the_first_as_two_bots_would(telegram: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await telegram.called("getUpdates")
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot") as second:
        await second.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await first


async def test_a_webhook_is_brought_each_update_until_it_takes_it(telegram: BotApi, bot: Bot) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    statuses, brought = [503, 500, 200, 200, 200], []

    async def take(request: web.Request) -> web.Response:
        brought.append(((await request.json())["update_id"], request.headers.get(SECRET_HEADER)))
        return web.Response(status=statuses.pop(0))

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(url, secret_token="s-1", allowed_updates=["message"])
    chat.say(ann, "one")
    chat.say(ann, "two")
    await telegram.everything_read()
    assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    telegram.deliver_twice()
    await telegram.everything_read()
    ids = [update for update, _ in brought]
    assert ids == [ids[0]] * 3 + [ids[0] + 1] * 2
    assert {secret for _, secret in brought} == {"s-1"}
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    await runner.cleanup()
    chat.say(ann, "three")
    assert len(await updates(bot)) == 1


async def test_a_webhook_elsewhere_is_https_and_its_secret_plain(telegram: BotApi, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="https"):
        await bot.set_webhook("http://orsel.example/hook")
    with pytest.raises(BadRequest, match="unallowed"):
        await bot.set_webhook("https://orsel.example/hook", secret_token="a b")


async def test_mishaps_befall_the_calls_that_they_were_written_for(telegram: BotApi, bot: Bot) -> None:
    chat, other = telegram.private_chat(telegram.person("Ann")), telegram.private_chat(telegram.person("Ben"))
    telegram.refuse("sendMessage", chat, retry_after=30)
    telegram.slow("sendMessage", 0.2, other)
    telegram.leave_unanswered("editMessageText", other)
    telegram.drop("deleteMessage", other)
    with pytest.raises(RetryAfter):
        await send(bot, chat)
    assert telegram.faults_of_the_bot == []
    sent = await send(bot, other)
    with pytest.raises(TimedOut):
        await edit(bot, other, sent.message_id, "done all the same")
    assert (await other.expect_edit()).text == "done all the same"
    with pytest.raises(NetworkError):
        await bot.delete_message(other.id, sent.message_id)
    await send(bot, chat)
    assert telegram.faults_of_the_bot == [f"chat {chat.id} was written to though Telegram had asked to wait"]


async def test_what_no_rule_foresaw_is_a_fault_of_the_bot_and_not_lost_in_a_log(telegram: BotApi, bot: Bot) -> None:
    with pytest.raises(InvalidToken):
        await bot.get_my_name()
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{telegram.url}/bot{TOKEN}/setMyCommands", data={"commands": "[5]"})
    assert answer.status_code == 500
    assert len(telegram.faults_of_the_bot) == 2


async def test_writing_faster_than_telegram_allows_is_a_fault_where_it_is_watched(telegram: BotApi, bot: Bot) -> None:
    chat = telegram.private_chat(telegram.person("Ann"))
    now = 7.0
    telegram.strict_rates(lambda: now)
    for _ in range(4):
        await send(bot, chat)
    assert telegram.faults_of_the_bot == []
    await send(bot, chat)
    assert telegram.faults_of_the_bot == [f"chat {chat.id}: more than 4 messages a second in one chat"]
    now += 1
    await send(bot, chat)
    assert len(telegram.faults_of_the_bot) == 1
