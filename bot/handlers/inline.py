"""Inline mode: `@bot question` in any chat offers the card, which carries its citations wherever it is shared."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.ext import ContextTypes

from bot import links
from bot.cards import first_view
from bot.handlers.answering import Answering, outcome_of
from bot.letter import keyboard
from bot.limits import Quota
from bot.markup import Button
from bot.phrases import Phrases, Say
from bot.presses import new_card_id
from bot.worker import BusyError
from whosays.chats import Card, CardKind, Length
from whosays.config import Settings
from whosays.errors import InputError
from whosays.observe.trace import note
from whosays.types import Answer, Status

_log = logging.getLogger(__name__)

#: Telegram asks with every letter typed: only what stands for so long is worth an answer.
_STILL = timedelta(seconds=0.4)
_LEAST_LETTERS = 5
_LONGEST = 200
#: How long Telegram may show the same answer to the same words of the same person.
_CACHED = timedelta(seconds=60)
_PEOPLE = 10_000
#: Opens the chat with the bot, and nothing more.
_WELCOME = "ask"


class Inline:
    """Answers inline queries."""

    def __init__(self, answering: Answering, quota: Quota, settings: Settings) -> None:
        self._answering = answering
        self._quota = quota
        self._settings = settings
        #: The last query of each person: an earlier one that is still under way is not answered any more.
        self._last: OrderedDict[int, str] = OrderedDict()

    async def __call__(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a query with a card, or with a button that leads to the chat with the bot."""
        query = update.inline_query
        if query is None:
            return
        words = " ".join(query.query.split())[:_LONGEST]
        answered = len(words) >= _LEAST_LETTERS and self._settings.serves(query.from_user.id)
        if answered and not await self._stands_still(query):
            return
        # What he has chosen in his chat with the bot holds here, too.
        own = await self._answering.chat(query.from_user.id, ChatType.PRIVATE)
        phrases = self._answering.phrases(own, query.from_user.language_code)
        with self._answering.under_way.dealing_with(update.update_id, query.from_user.id):
            card = await self._card(update.update_id, query.from_user.id, words, phrases) if answered else None
        results = [self._article(card, phrases, own.length)] if card is not None and card.shared else []
        await self._answering.delivery.answer_inline(
            query.id, results, button=_button(words, card, phrases), cache=_CACHED if results else timedelta(0)
        )

    async def _stands_still(self, query: InlineQuery) -> bool:
        person = query.from_user.id
        self._last[person] = query.id
        self._last.move_to_end(person)
        if len(self._last) > _PEOPLE:
            self._last.popitem(last=False)
        await asyncio.sleep(_STILL.total_seconds())
        return self._last.get(person) == query.id

    async def _card(self, update: int, person: int, words: str, phrases: Phrases) -> Card | None:
        """Return the card that may be shared, or one that says that there is nothing; None where there is no answer at all."""
        answering = self._answering
        note(where="inline")
        if self._quota.take(person, person) is not None:
            note(outcome="too fast")
            return None
        try:
            answer = await answering.compute(lambda: answering.engine.ask(words, answering.now()))
            note(outcome=answer.status.value)
            card = Card(
                id=new_card_id(),
                kind=CardKind.ANSWER,
                chat=person,
                thread=None,
                asker=person,
                question_message=None,
                language=phrases.language,
                answer=answer,
                asked=answering.now(),
                shared=answer.status not in {Status.NOTHING, Status.OLD},
            )
            named = card.shared or links.for_question(words) is None
            if named and not await answering.keep_card(update, card):
                return None
        except Exception as error:
            # Whatever it is, whoever types is not to wait for results that never come.
            note(outcome=outcome_of(error))
            if isinstance(error, BusyError | InputError):
                _log.info("an inline query has no answer: %s", type(error).__name__)
            else:
                _log.exception("no answer for an inline query")
            return None
        return card

    def _article(self, card: Card, phrases: Phrases, length: Length) -> InlineQueryResultArticle:
        answer = card.answer
        address = links.to_card(self._answering.username, card.id)
        page = replace(first_view(card, phrases, length), buttons=((Button(text=phrases(Say.BUTTON_OPEN), url=address),),))
        return InlineQueryResultArticle(
            id=card.id,
            title=_title(answer, phrases),
            description=phrases(Say.INLINE_CARD),
            input_message_content=InputTextMessageContent(
                page.html, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
            ),
            reply_markup=keyboard(page),
        )


def _title(answer: Answer, phrases: Phrases) -> str:
    status = phrases(Say(f"status.{answer.status.name.lower()}"))
    return phrases.comma.join([status, *(phrases.isolated(side.name) for side in answer.sides)])


def _button(words: str, card: Card | None, phrases: Phrases) -> InlineQueryResultsButton:
    """Return the button above the results: how to ask, or to ask the same in the chat with the bot."""
    if len(words) < _LEAST_LETTERS:
        return InlineQueryResultsButton(phrases(Say.INLINE_HOW), start_parameter=_WELCOME)
    # A link holds but a short question; for a longer one it names its card.
    named = links.for_card(card.id) if card is not None else _WELCOME
    return InlineQueryResultsButton(phrases(Say.INLINE_ASK), start_parameter=links.for_question(words) or named)
