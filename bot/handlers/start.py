"""What the bot is and has: /start with and without a deep link, /help, /sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot import links
from bot.cards import first_view
from bot.feed_list import fresh_lines
from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.questions import Questions
from bot.phrases import Say
from bot.presses import new_card_id
from bot.render import OUTLETS_SHOWN, render_outlets, render_phrase
from whosays.chats import Card
from whosays.config import Settings


class Start:
    """The commands that begin a chat."""

    def __init__(self, answering: Answering, questions: Questions, settings: Settings) -> None:
        self._answering = answering
        self._questions = questions
        self._settings = settings

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"start": self.start, "help": self.help, "sources": self.sources}

    async def start(self, visit: Visit) -> None:
        """Say what the bot does; or open what a deep link names, which nobody else is to read."""
        phrases, opened = visit.phrases, links.opened(visit.asked.words)
        if visit.asked.in_group:
            await self._answering.say(visit, *render_phrase(phrases(Say.HELLO_GROUP, me=f"@{self._answering.username}")))
        elif opened is None:
            await self._answering.say(visit, *render_phrase(phrases(Say.WELCOME, example=phrases.examples[0])))
        elif opened.question:
            await self._questions.ask(replace(visit, asked=replace(visit.asked, words=opened.question, command="ask")))
        else:
            await self._open(visit, opened.card)

    async def help(self, visit: Visit) -> None:
        """Say how to ask, and which commands there are."""
        phrases = visit.phrases
        parts = [phrases(Say.HELP), phrases(Say.HELP_GROUP, me=f"@{self._answering.username}")]
        if visit.asked.private and visit.asked.person in self._settings.admins:
            parts.append(phrases(Say.HELP_OPERATOR))
        await self._answering.say(visit, *render_phrase(*parts))

    async def sources(self, visit: Visit) -> None:
        """List the outlets that are indexed, and how fresh they are."""

        async def make() -> None:
            outlets = await self._answering.compute(self._answering.engine.outlets)
            feeds = await self._answering.feeds(lambda feeds: feeds.feeds())
            lines = fresh_lines(feeds, visit.phrases, OUTLETS_SHOWN)
            await self._answering.say(visit, *render_outlets(outlets, visit.phrases, lines))

        await self._answering.work(visit, make)

    async def _open(self, visit: Visit, id_: str) -> None:
        """Open a card in a private chat, as one of its own, with buttons that work."""
        asked, answering = visit.asked, self._answering
        card = await answering.records(lambda chats: chats.card(id_))
        if card is None or not await self._may_see(card, asked.person):
            await answering.say(visit, *render_phrase(visit.phrases(Say.TOAST_STALE)))
            return
        own = replace(
            card,
            id=new_card_id(),
            chat=asked.chat,
            thread=None,
            asker=asked.person,
            question_message=asked.to.reply_to,
            message=None,
            language=visit.phrases.language,
            asked=answering.now(),
            shared=False,
        )
        page = first_view(own, visit.phrases, visit.chat.length)
        if not await answering.keep_card(asked.update, own):
            page = replace(page, buttons=())
        sent = await answering.say(visit, page)
        if sent:
            await answering.records(lambda chats: chats.set_message(own.id, sent[-1]))

    async def _may_see(self, card: Card, person: int) -> bool:
        """Say whether a card is for somebody's eyes: his own, one that was shared, one of a group that he is in."""
        if card.shared or card.chat == person:
            return True
        return card.chat < 0 and await self._answering.members.is_member(card.chat, person)
