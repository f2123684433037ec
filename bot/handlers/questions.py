"""Questions and topics: /ask and plain words, /summary, /sides, /timeline."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.asked import Asked
from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.phrases import Say
from bot.render import render_phrase
from whosays.chats import Card, CardKind, Chats
from whosays.errors import StoreError
from whosays.types import Query, Status

_log = logging.getLogger(__name__)

#: In a private chat a question that cannot stand alone goes on from the last answer, if that is not older than this.
_GOES_ON_WITHIN = timedelta(minutes=30)


class Questions:
    """Answers questions with cards."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"ask": self.ask, "summary": self.summary, "sides": self.sides, "timeline": self.timeline}

    async def ask(self, visit: Visit) -> None:
        """Answer a question; a follow-up goes on from the card that it replies to."""
        asked, answering = visit.asked, self._answering
        if not asked.words:
            await self._explain(visit, Say.HOW_TO_ASK, example=visit.phrases.examples[0])
            return

        async def make() -> None:
            follows = await self._before(asked)
            answer = await answering.compute(lambda: answering.engine.ask(asked.words, answering.now(), follows))
            await answering.show(visit, CardKind.ANSWER, answer)

        await answering.work(visit, make)

    async def summary(self, visit: Visit) -> None:
        """Send the best claims of each side on a topic, or in an article."""
        words, engine, now = visit.asked.words, self._answering.engine, self._answering.now
        if not words:
            await self._explain(visit, Say.HOW_TO_SUMMARISE)
            return

        async def make() -> None:
            answer = await self._answering.compute(lambda: engine.summarise(words, now()))
            if answer.status is Status.NOTHING and words.startswith(("http://", "https://")):
                await self._answering.say(visit, *render_phrase(visit.phrases(Say.LINK_UNKNOWN)))
            else:
                await self._answering.show(visit, CardKind.SUMMARY, answer)

        await self._answering.work(visit, make)

    async def sides(self, visit: Visit) -> None:
        """Send who speaks on a topic, and for whom."""
        await self._survey(visit, CardKind.SIDES, Say.HOW_TO_SIDES)

    async def timeline(self, visit: Visit) -> None:
        """Send the claims on a topic by date, as a picture and a list."""
        await self._survey(visit, CardKind.TIMELINE, Say.HOW_TO_TIMELINE)

    async def _survey(self, visit: Visit, kind: CardKind, how: Say) -> None:
        words, answering = visit.asked.words, self._answering
        if not words:
            await self._explain(visit, how)
            return

        async def make() -> None:
            answer = await answering.compute(lambda: answering.engine.survey(words, answering.now()))
            if answer.status in {Status.NOTHING, Status.OLD}:
                await answering.show(visit, CardKind.ANSWER, answer)
            elif kind is CardKind.TIMELINE:
                picture = await answering.drawing.timeline(answer, visit.phrases, dark=visit.chat.dark)
                await answering.show(visit, kind, answer, picture)
            else:
                await answering.show(visit, kind, answer)

        await answering.work(visit, make)

    async def _before(self, asked: Asked) -> Query | None:
        """Return the query that a question may go on from; never one of another chat. None, too, where the store fails."""
        now = self._answering.now()
        try:
            card = await self._answering.records(lambda chats: _card_before(chats, asked, now))
        except StoreError:
            _log.exception("what a question in chat %s goes on from cannot be read", asked.chat)
            return None
        return card.answer.query if card is not None and card.answer.query.text else None

    async def _explain(self, visit: Visit, how: Say, **values: object) -> None:
        await self._answering.say(visit, *render_phrase(visit.phrases(how, **values)))


def _card_before(chats: Chats, asked: Asked, now: datetime) -> Card | None:
    """Return the card that is replied to; in a private chat else the one before, which for an edit is not its own."""
    if asked.replied is not None and (card := chats.card_shown_in(asked.chat, asked.replied)) is not None:
        return card
    if not asked.private:
        return None
    since = (asked.sent if asked.edited else now) - _GOES_ON_WITHIN
    return chats.last_card(asked.chat, asked.to.topic, asked.person, since, asked.to.reply_to)
