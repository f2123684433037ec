"""The commands that say what the bot is and has: /start, /help, /sources, and those that it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, Update
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.handlers.answering import Answering, message_of
from bot.phrases import Phrases, Say
from bot.render import render_outlets, render_phrase


def menu(phrases: Phrases) -> Sequence[BotCommand]:
    """Return what Telegram offers when somebody types a slash."""
    return [
        BotCommand("ask", phrases(Say.COMMAND_ASK)),
        BotCommand("summary", phrases(Say.COMMAND_SUMMARY)),
        BotCommand("sources", phrases(Say.COMMAND_SOURCES)),
        BotCommand("help", phrases(Say.COMMAND_HELP)),
    ]


def handlers(answering: Answering) -> Sequence[BaseHandler[Any, Any, Any]]:
    """Return the handlers of these commands; the one of unknown commands must come after all others."""
    phrases = answering.phrases

    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await answering.say(message_of(update), render_phrase(phrases(Say.WELCOME, example=phrases.examples[0])))

    async def show_help(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        group = phrases(Say.HELP_GROUP, me=f"@{context.bot.username}")
        await answering.say(message_of(update), render_phrase(phrases(Say.HELP), group))

    async def sources(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await answering.answer(message_of(update), lambda: render_outlets(answering.engine.outlets(), phrases))

    async def unknown(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await answering.say(message_of(update), render_phrase(phrases(Say.UNKNOWN_COMMAND)))

    new = filters.UpdateType.MESSAGE
    return [
        CommandHandler("start", start, filters=new),
        CommandHandler("help", show_help, filters=new),
        CommandHandler("sources", sources, filters=new),
        # In a group it may well be another bot's.
        MessageHandler(new & filters.COMMAND & filters.ChatType.PRIVATE, unknown),
    ]
