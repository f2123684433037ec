"""Questions and topics: /ask, /summary, and plain words that are meant for the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.group import meant_for_bot, without_address
from bot.handlers.answering import Answering, message_of
from bot.phrases import Say
from bot.render import render_answer, render_phrase


def handlers(answering: Answering) -> Sequence[BaseHandler[Any, Any, Any]]:
    """Return the handlers of questions."""
    engine, phrases, now = answering.engine, answering.phrases, answering.now

    async def answer(message: Message, question: str) -> None:
        if question:
            await answering.answer(message, lambda: render_answer(engine.ask(question, now()), phrases))
        else:
            await answering.say(message, render_phrase(phrases(Say.HOW_TO_ASK, example=phrases.examples[0])))

    async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = message_of(update)
        await answer(message, without_address(message, context.bot.bot))

    async def summarise(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = message_of(update)
        if topic := without_address(message, context.bot.bot):
            await answering.answer(message, lambda: render_answer(engine.summarise(topic, now()), phrases))
        else:
            await answering.say(message, render_phrase(phrases(Say.HOW_TO_SUMMARISE)))

    async def plain(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = message_of(update)
        question = meant_for_bot(message, context.bot.bot)
        if question is not None:
            await answer(message, question)

    async def wordless(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await answering.say(message_of(update), render_phrase(phrases(Say.WORDS_ONLY)))

    new = filters.UpdateType.MESSAGE
    words = filters.TEXT | filters.CAPTION
    return [
        CommandHandler("ask", ask, filters=new),
        CommandHandler("summary", summarise, filters=new),
        MessageHandler(new & words & ~filters.COMMAND, plain),
        MessageHandler(new & filters.ChatType.PRIVATE & ~words & ~filters.StatusUpdate.ALL, wordless),
    ]
